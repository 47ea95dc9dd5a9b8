package picosdk

import (
	"fmt"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// Range is the vendor's code of an input range. All families number them alike.
type Range uint32

// The ranges, named by their full scale to each side of zero.
const (
	Range10mV Range = iota
	Range20mV
	Range50mV
	Range100mV
	Range200mV
	Range500mV
	Range1V
	Range2V
	Range5V
	Range10V
	Range20V
	Range50V
)

var rangeVolts = [...]units.Voltage{
	10 * units.Millivolt, 20 * units.Millivolt, 50 * units.Millivolt, 100 * units.Millivolt, 200 * units.Millivolt, 500 * units.Millivolt,
	units.Volt, 2 * units.Volt, 5 * units.Volt, 10 * units.Volt, 20 * units.Volt, 50 * units.Volt,
}

// Voltage is the full scale at the input; 0 for a code that is not in the table.
func (r Range) Voltage() units.Voltage {
	if int64(r) < int64(len(rangeVolts)) {
		return rangeVolts[r]
	}
	return 0
}

// String is the full scale, such as "500 mV".
func (r Range) String() string {
	if v := r.Voltage(); v != 0 {
		return v.String()
	}
	return fmt.Sprintf("range %d", uint32(r))
}

// RangeOf returns the code of a full scale; ok is false when there is no such range.
func RangeOf(full units.Voltage) (r Range, ok bool) {
	for i, v := range rangeVolts {
		if v == full {
			return Range(i), true
		}
	}
	return 0, false
}

// NearestRange returns the range of a list whose full scale is closest to want, and whether it is want itself; of two
// equally close ones the larger. The list must not be empty and is ascending.
func NearestRange(list []Range, want units.Voltage) (near Range, exact bool) {
	near = list[0]
	for _, r := range list {
		if apart(r.Voltage(), want) <= apart(near.Voltage(), want) {
			near = r
		}
	}
	return near, near.Voltage() == want
}

func apart(a, b units.Voltage) units.Voltage {
	if a < b {
		return b - a
	}
	return a - b
}

// Coupling is the vendor's code of an input's coupling.
type Coupling uint32

// The couplings. Only some families have the 50 ohm input.
const (
	CouplingAC   Coupling = 0
	CouplingDC   Coupling = 1
	CouplingDC50 Coupling = 50
)

// CouplingOf returns the code of a coupling.
func CouplingOf(c driver.Coupling) (code Coupling, ok bool) {
	switch c {
	case driver.CouplingAC:
		return CouplingAC, true
	case driver.CouplingDC:
		return CouplingDC, true
	case driver.CouplingDC50:
		return CouplingDC50, true
	}
	return 0, false
}

// Driver is the coupling in the contract's words; empty for an unknown code.
func (c Coupling) Driver() driver.Coupling {
	switch c {
	case CouplingAC:
		return driver.CouplingAC
	case CouplingDC:
		return driver.CouplingDC
	case CouplingDC50:
		return driver.CouplingDC50
	}
	return ""
}

var resolutionCodes = map[int]uint32{8: 0, 12: 1, 14: 2, 15: 3, 16: 4, 10: 10}

// ResolutionCode is the vendor's number of a resolution in bits, where a family has resolutions to choose from.
func ResolutionCode(bits int) (code uint32, ok bool) {
	code, ok = resolutionCodes[bits]
	return code, ok
}

// ResolutionBits is the inverse of [ResolutionCode]; 0 for an unknown code.
func ResolutionBits(code uint32) int {
	for bits, c := range resolutionCodes {
		if c == code {
			return bits
		}
	}
	return 0
}
