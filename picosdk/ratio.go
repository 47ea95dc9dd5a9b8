package picosdk

import "github.com/scopelog/scopelog/driver"

// RatioModes are a family's numbers of the downsampling modes. They are bits; the families differ in what stands for
// no downsampling.
type RatioModes struct {
	Raw, Aggregate, Decimate, Average uint32
}

// The two vocabularies in use.
var (
	// RatioModesRawZero is for libraries where mode 0 delivers every sample.
	RatioModesRawZero = RatioModes{Raw: 0, Aggregate: 1, Decimate: 2, Average: 4}
	// RatioModesRawBit is for libraries where raw data is a mode like the others.
	RatioModesRawBit = RatioModes{Raw: 0x80000000, Aggregate: 1, Decimate: 2, Average: 4}
)

// Of returns the number of a mode; ok is false for a mode that hardware does not have. The empty mode is none.
func (m RatioModes) Of(d driver.DownsampleMode) (number uint32, ok bool) {
	switch d {
	case driver.DownsampleNone, "":
		return m.Raw, true
	case driver.DownsampleAggregate:
		return m.Aggregate, true
	case driver.DownsampleDecimate:
		return m.Decimate, true
	case driver.DownsampleAverage:
		return m.Average, true
	}
	return 0, false
}
