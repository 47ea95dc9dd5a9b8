package native

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/units"
)

// Rounding is how a library rounds the nanoseconds that it tells.
type Rounding struct {
	bits     int     // of the number
	relative float64 // two intervals that are not further apart are the same
}

// The roundings: a float's and a double's.
var (
	RoundedFloat  = Rounding{32, 0x1p-22}
	RoundedDouble = Rounding{64, 0x1p-48}
)

// TimebaseInterval is the exact interval that a library means by a timebase's nanoseconds: that of the model's table where the two
// are the same within the rounding, else the simplest one that rounds to the number. table is nil for a model that has none.
func TimebaseInterval(table *picosdk.Timebase, number uint32, ns float64, r Rounding) (units.Interval, error) {
	meant, err := strconv.ParseFloat(strconv.FormatFloat(ns, 'g', -1, r.bits), 64) // a float's digits, not those of its double
	if err != nil {
		return units.Interval{}, fmt.Errorf("timebase %d has an interval of %v ns: %w", number, ns, err)
	}
	told, err := picosdk.FromDouble(meant, picosdk.Nanoseconds)
	if err != nil {
		return units.Interval{}, fmt.Errorf("timebase %d: %w", number, err)
	}
	if table == nil {
		return told, nil
	}
	listed, ok := table.Interval(number)
	if ok && math.Abs(listed.Float64()*1e9-ns) <= ns*r.relative {
		return listed, nil
	}
	return told, nil
}

// Table is a model's timebases at a resolution (0: its only one); nil where the tables do not know.
func Table(models []picosdk.Model, variant string, resolution int) *picosdk.Timebase {
	m, ok := picosdk.FindModel(models, variant)
	if !ok {
		return nil
	}
	r, ok := m.Resolution(resolution)
	if !ok {
		return nil
	}
	return &r.Timebase
}

// Offsets are the trigger times of a library that tells nothing else: a number and its unit for each waveform.
func Offsets(times []int64, timeUnits []uint32) ([]scope.TriggerTime, error) {
	if len(times) != len(timeUnits) {
		return nil, fmt.Errorf("%d times with %d units", len(times), len(timeUnits))
	}
	list := make([]scope.TriggerTime, len(times))
	for i, time := range times {
		fs, err := Femtoseconds(time, timeUnits[i])
		if err != nil {
			return nil, err
		}
		list[i].OffsetFS, list[i].Timed = fs, true
	}
	return list, nil
}

// Femtoseconds is a time in the vendor's units. Times that do not fit, about two and a half hours, and unknown units are errors.
func Femtoseconds(time int64, unit uint32) (int64, error) {
	each := picosdk.TimeUnit(unit).Femtoseconds()
	if each == 0 {
		return 0, fmt.Errorf("a time of %d in the unknown %v", time, picosdk.TimeUnit(unit))
	}
	size := uint64(time)
	if time < 0 {
		size = -size
	}
	high, low := bits.Mul64(size, uint64(each))
	if high != 0 || low > math.MaxInt64 {
		return 0, fmt.Errorf("a time of %d %v is too long", time, picosdk.TimeUnit(unit))
	}
	if time < 0 {
		return -int64(low), nil
	}
	return int64(low), nil
}

// FemtosecondsOf is [Femtoseconds] of a time that the library tells as a double, to the nearest femtosecond.
func FemtosecondsOf(time float64, unit uint32) (int64, error) {
	each := picosdk.TimeUnit(unit).Femtoseconds()
	if each == 0 {
		return 0, fmt.Errorf("a time of %v in the unknown %v", time, picosdk.TimeUnit(unit))
	}
	fs := math.RoundToEven(time * float64(each))
	if !(math.Abs(fs) < math.MaxInt64) {
		return 0, fmt.Errorf("a time of %v %v is too long or none", time, picosdk.TimeUnit(unit))
	}
	return int64(fs), nil
}

// Flags of a waveform's trigger information: bits of status codes, and no errors.
const (
	flagUnknown  = 0x02000000 // one of those that follow
	flagsTime    = 0x0000000F // the time was not asked for, had no place or could not be calculated
	flagsCounter = 0x00000100 // the counter was not asked for
)

func unknown(flags, what picosdk.Status) bool { return flags&flagUnknown != 0 && flags&what != 0 }

// TimeUnknown tells from the flags of a waveform's trigger information that its time within a sample is not known.
func TimeUnknown(flags picosdk.Status) bool { return unknown(flags, flagsTime) }

// Counted tells from the flags that the counter of a waveform is of use beside that of the one before. The counter begins anew with
// the first waveform of a run; if it does so later, the time since the waveform before is not known.
func Counted(flags picosdk.Status, first bool) bool {
	return !unknown(flags, flagsCounter) && (first || flags&picosdk.StatusDeviceTimeStampReset == 0)
}
