package measure

import (
	"fmt"
	"math"
)

// Options say how edges are found. The zero value is the usual.
type Options struct {
	// Lower, Middle and Upper are the reference levels as parts of the amplitude above the base. All 0: 0.1, 0.5 and 0.9.
	Lower, Middle, Upper float64
	// Hysteresis is how far the signal has to go around the middle level, in all, as a part of the amplitude: an edge counts when the
	// signal gets from half of it below the middle to half of it above, or back. 0: 0.1, or less where the reference levels
	// are that close to the middle; negative: none.
	Hysteresis float64
	// Observe is called for each single measurement as soon as it is known, from within [Meter.Add]. It may be nil.
	Observe func(Observation)
}

// Observation is one measurement of one edge, pulse or cycle.
type Observation struct {
	Quantity Quantity
	Index    int64 // of the first sample at or behind its end
	Value    float64
}

// resolve fills in the defaults.
func (o Options) resolve() (Options, error) {
	if o.Lower == 0 && o.Middle == 0 && o.Upper == 0 {
		o.Lower, o.Middle, o.Upper = 0.1, 0.5, 0.9
	}
	if !(0 < o.Lower && o.Lower < o.Middle && o.Middle < o.Upper && o.Upper < 1) {
		return o, fmt.Errorf("reference levels of %v, %v and %v; they must be parts of the amplitude between 0 and 1, in rising order, such as 0.1, 0.5 and 0.9", o.Lower, o.Middle, o.Upper)
	}
	room := 2 * min(o.Middle-o.Lower, o.Upper-o.Middle)
	switch {
	case o.Hysteresis == 0:
		o.Hysteresis = min(0.1, room)
	case o.Hysteresis < 0:
		o.Hysteresis = 0
	case !(o.Hysteresis <= room*(1+1e-12)):
		return o, fmt.Errorf("a hysteresis of %v reaches beyond the reference levels of %v and %v; it can be at most %.3g", o.Hysteresis, o.Lower, o.Upper, room)
	}
	return o, nil
}

func checkInterval(interval float64) error {
	if !(interval > 0) || math.IsInf(interval, 0) {
		return fmt.Errorf("a sample interval of %v s; it must be above 0", interval)
	}
	return nil
}
