package events

import (
	"fmt"
	"math"
)

// MaxOver is the longest distance of the two samples that a slope compares.
const MaxOver = 1 << 20

// Direction is which way a signal goes, or where it is, in the words of a plan.
type Direction string

// The directions. Each condition says which it takes.
const (
	DirectionRising      Direction = "rising"
	DirectionFalling     Direction = "falling"
	DirectionEither      Direction = "either"
	DirectionAbove       Direction = "above"
	DirectionBelow       Direction = "below"
	DirectionEnter       Direction = "enter"
	DirectionExit        Direction = "exit"
	DirectionEnterOrExit Direction = "enter_or_exit"
	DirectionInside      Direction = "inside"
	DirectionOutside     Direction = "outside"
)

// Condition is what a [Detector] looks for. It is a value without references; the functions of this package make it.
type Condition struct {
	// The signal is inside from inside[0] to inside[1], outside below outside[0] and above outside[1]. In between it stays what it was.
	inside, outside [2]float64
	over            int64   // the signal is the change over so many samples; 0: the samples
	change          float64 // of a slope: no smaller change is an event

	enter, leave Kind       // points that are reported; "": none
	held         [3]Kind    // by side: stretches that are reported
	span         Span       // which of them
	whole        bool       // stretches that are cut are not reported
	dropout      bool       // stretches are counted from the first sample, also before the side is known
	beyond       [2]float64 // stretches with samples at or below [0], or at or above [1], are not reported; NaN: none
	edge         side       // intervals go from one beginning of this side to the next
	centre       float64    // extremes are farthest from here: -Inf for the largest
}

// blank is a condition that reports nothing.
func blank() Condition {
	return Condition{beyond: [2]float64{math.NaN(), math.NaN()}}
}

// Level is a condition on one level, in the signal's unit. Rising is the first sample at or above the level after one that was
// below it, or, with a hysteresis above 0, at or below level - hysteresis; falling is the same downwards. Either goes up at the
// level and down at level - hysteresis, and both are events. Above and below are stretches from the level on until the signal has
// gone back by the hysteresis, also when the first sample is in one.
func Level(d Direction, level, hysteresis float64) (Condition, error) {
	c := blank()
	if err := c.level(d == DirectionFalling || d == DirectionBelow, level, hysteresis); err != nil {
		return Condition{}, err
	}
	switch d {
	case DirectionRising:
		c.enter = KindRising
	case DirectionFalling:
		c.enter = KindFalling
	case DirectionEither:
		c.enter, c.leave = KindRising, KindFalling
	case DirectionAbove:
		c.held[inside] = KindAbove
	case DirectionBelow:
		c.held[inside] = KindBelow
	default:
		return Condition{}, fmt.Errorf("a level has no direction %q; it can be rising, falling, either, above or below", string(d))
	}
	return c, nil
}

// level sets the bounds of a level, of which the inside is at or above, or with down at or below.
func (c *Condition) level(down bool, level, hysteresis float64) error {
	if err := finite("level", level); err != nil {
		return err
	}
	if err := notNegative("hysteresis", hysteresis); err != nil {
		return err
	}
	inf := math.Inf(1)
	c.inside, c.outside, c.centre = [2]float64{level, inf}, [2]float64{level, inf}, -inf
	if hysteresis > 0 {
		c.outside[0] = min(level, math.Nextafter(level-hysteresis, inf))
	}
	if down {
		c.inside, c.outside, c.centre = [2]float64{-inf, level}, [2]float64{-inf, level}, inf
		if hysteresis > 0 {
			c.outside[1] = max(level, math.Nextafter(level+hysteresis, -inf))
		}
	}
	return nil
}

// Window is a condition on two levels, which both belong to the window. Enter is the first sample inside after one that was
// outside by the hysteresis; exit the first one outside after one that was inside by the hysteresis; enter_or_exit both, where
// outside is by the hysteresis. Inside and outside are stretches that begin as enter and exit do, also at the first sample.
func Window(d Direction, lower, upper, hysteresis float64) (Condition, error) {
	if err := ordered(lower, upper); err != nil {
		return Condition{}, err
	}
	if err := notNegative("hysteresis", hysteresis); err != nil {
		return Condition{}, err
	}
	c := blank()
	c.inside, c.outside, c.centre = [2]float64{lower, upper}, [2]float64{lower, upper}, lower+(upper-lower)/2
	switch d {
	case DirectionEnter, DirectionInside, DirectionEnterOrExit:
		if hysteresis > 0 {
			c.outside[0] = min(lower, math.Nextafter(lower-hysteresis, math.Inf(1)))
			c.outside[1] = max(upper, math.Nextafter(upper+hysteresis, math.Inf(-1)))
		}
	case DirectionExit, DirectionOutside:
		c.inside = [2]float64{lower + hysteresis, upper - hysteresis}
		if c.inside[0] > c.inside[1] {
			return Condition{}, fmt.Errorf("a hysteresis of %v closes the window from %v to %v; it must be at most half of it", hysteresis, lower, upper)
		}
	}
	switch d {
	case DirectionEnter:
		c.enter = KindEnter
	case DirectionExit:
		c.leave = KindExit
	case DirectionEnterOrExit:
		c.enter, c.leave = KindEnter, KindExit
	case DirectionInside:
		c.held[inside] = KindInside
	case DirectionOutside:
		c.held[outside] = KindOutside
	default:
		return Condition{}, fmt.Errorf("a window has no direction %q; it can be enter, exit, enter_or_exit, inside or outside", string(d))
	}
	return c, nil
}

// Runt is a condition on pulses that are too small. A positive one (above) goes up through lower and back, by the hysteresis,
// without a sample at or above upper; a negative one (below) goes down through upper and back without a sample at or below lower.
func Runt(d Direction, lower, upper, hysteresis float64) (Condition, error) {
	if err := ordered(lower, upper); err != nil {
		return Condition{}, err
	}
	c := blank()
	level := lower
	switch d {
	case DirectionAbove:
		c.held[inside], c.beyond[1] = KindPositiveRunt, upper
	case DirectionBelow:
		c.held[inside], c.beyond[0], level = KindNegativeRunt, lower, upper
	default:
		return Condition{}, fmt.Errorf("a runt has no direction %q; it can be above for positive ones and below for negative ones", string(d))
	}
	c.whole = true
	return c, c.level(d == DirectionBelow, level, hysteresis)
}

// PulseWidth is a condition on the length of what lies above or below a level, from its first sample to the one that is back by the
// hysteresis. Pulses that are cut count when their length beyond doubt does.
func PulseWidth(d Direction, level, hysteresis float64, length Span) (Condition, error) {
	if err := length.check(); err != nil {
		return Condition{}, err
	}
	c := blank()
	c.span = length
	switch d {
	case DirectionAbove:
		c.held[inside] = KindPositivePulse
	case DirectionBelow:
		c.held[inside] = KindNegativePulse
	default:
		return Condition{}, fmt.Errorf("a pulse has no direction %q; it can be above or below", string(d))
	}
	return c, c.level(d == DirectionBelow, level, hysteresis)
}

// Interval is a condition on the interval from one rising edge to the next, or one falling edge to the next, at a level.
func Interval(d Direction, level, hysteresis float64, length Span) (Condition, error) {
	if err := length.check(); err != nil {
		return Condition{}, err
	}
	if d != DirectionRising && d != DirectionFalling {
		return Condition{}, fmt.Errorf("an interval has no direction %q; it can be rising or falling", string(d))
	}
	c := blank()
	c.span, c.edge = length, inside
	err := c.level(d == DirectionFalling, level, hysteresis)
	c.centre = level
	return c, err
}

// Dropout is a condition on a signal that stays above or below a level for more than a number of samples: a dropout. It begins
// at the last crossing, or where the samples begin, and ends at the next one.
func Dropout(level, hysteresis float64, longerThan int64) (Condition, error) {
	c := blank()
	c.span, c.dropout = GreaterThan(longerThan), true
	if err := c.span.check(); err != nil {
		return Condition{}, err
	}
	c.held = [3]Kind{KindDropout, KindDropout, KindDropout}
	err := c.level(false, level, hysteresis)
	c.centre = level
	return c, err
}

// Slope is a condition on the change between a sample and the one over samples before it: at least change up (rising), down
// (falling), or either, where change is above 0 and in the signal's unit. It is a stretch, which ends when the change is smaller,
// by the hysteresis. A limit of r V/s is the change r x over x interval.
func Slope(d Direction, change, hysteresis float64, over int64) (Condition, error) {
	if over < 1 || over > MaxOver {
		return Condition{}, fmt.Errorf("a slope over %d samples; there can be 1 to %d", over, MaxOver)
	}
	if err := finite("change", change); err != nil {
		return Condition{}, err
	}
	if change <= 0 {
		return Condition{}, fmt.Errorf("a change of %v; it must be above 0, the direction says which way", change)
	}
	if !(hysteresis >= 0 && hysteresis < change) {
		return Condition{}, fmt.Errorf("a hysteresis of %v with a change of %v; it must be 0 or more, and below the change", hysteresis, change)
	}
	c := blank()
	c.over, c.change = over, change
	var err error
	switch d {
	case DirectionRising:
		c.held[inside], err = KindSlope, c.level(false, change, hysteresis)
	case DirectionFalling:
		c.held[inside], err = KindSlope, c.level(true, -change, hysteresis)
	case DirectionEither:
		c.held[outside] = KindSlope
		limit := math.Nextafter(change, 0)
		back := limit
		if hysteresis > 0 {
			back = min(limit, change-hysteresis)
		}
		c.outside, c.inside = [2]float64{-limit, limit}, [2]float64{-back, back}
	default:
		return Condition{}, fmt.Errorf("a slope has no direction %q; it can be rising, falling or either", string(d))
	}
	return c, err
}

func finite(what string, v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("a %s of %v; it must be a number", what, v)
	}
	return nil
}

func notNegative(what string, v float64) error {
	if err := finite(what, v); err != nil {
		return err
	}
	if v < 0 {
		return fmt.Errorf("a %s of %v; it must be 0 or more", what, v)
	}
	return nil
}

func ordered(lower, upper float64) error {
	if !(lower < upper) || math.IsInf(upper-lower, 0) {
		return fmt.Errorf("levels from %v to %v; the first must be the smaller one, and both numbers", lower, upper)
	}
	return nil
}
