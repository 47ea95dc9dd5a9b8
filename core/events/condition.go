package events

import (
	"errors"
	"fmt"
	"math"

	"github.com/scopelog/scopelog/driver"
)

// MaxLag is the longest distance of the two samples that a slope compares.
const MaxLag = 4096

// ErrShallow says that a slope is below one count of the converter over its distance, so that noise alone would be an event. A longer
// distance helps.
var ErrShallow = errors.New("the change that is looked for is smaller than one count")

// Scale says which voltage a count stands for: volts = count x PerCount + Offset. The voltages of a condition are of the same
// place, the tip of the probe.
type Scale struct{ PerCount, Offset float64 }

// Condition is what a [Detector] looks for, in counts. The signal is the sample itself, or with Lag the change since the sample so
// far back. It is inside from Inside[0] to Inside[1], and outside below Outside[0] and above Outside[1]; in between it stays what
// it was, which is the hysteresis.
type Condition struct {
	Inside, Outside [2]float64
	Enter, Leave    bool // an event is where it comes inside, and where it comes outside
	// First says that the first sample which is there can be an event too. Else nothing is known before it, so that nothing has changed.
	First bool
	Lag   int64 // samples; 0: the sample itself
	Flip  bool  // counts are taken times -1, as more of them are fewer volts
}

// counts turns voltages into counts; volts that lie on a count stay there although the division is not exact.
type counts struct{ Scale }

func (c counts) up(volts float64) float64   { return math.Ceil(c.exact(volts)) }
func (c counts) down(volts float64) float64 { return math.Floor(c.exact(volts)) }

// exact divides; within a millionth of a count it is that count.
func (c counts) exact(volts float64) float64 {
	n := (volts - c.Offset) / math.Abs(c.PerCount)
	if near := math.Round(n); math.Abs(n-near) < 1e-6 {
		return near
	}
	return n
}

func (c counts) check() error {
	if c.PerCount == 0 || math.IsNaN(c.PerCount+c.Offset) || math.IsInf(c.PerCount+c.Offset, 0) {
		return fmt.Errorf("counts stand for no voltage: scale %v, offset %v", c.PerCount, c.Offset)
	}
	return nil
}

// Level is a condition on one voltage. It is reached at the level; to be reached again, the signal has to go back by the
// hysteresis, or below the level where that is 0. Rising, falling and either are changes; above and below are states, of which
// the beginning is the event. Either goes up at the level and down at the level less the hysteresis.
func Level(d driver.Direction, level, hysteresis float64, s Scale) (Condition, error) {
	c := counts{s}
	if err := c.check(); err != nil {
		return Condition{}, err
	}
	inf := math.Inf(1)
	cond := Condition{Enter: true, Flip: s.PerCount < 0}
	up, back := c.up(level), c.up(level)
	if hysteresis > 0 {
		back = min(back, c.down(level-hysteresis)+1)
	}
	cond.Inside, cond.Outside = [2]float64{up, inf}, [2]float64{back, inf}
	switch d {
	case driver.DirectionRising:
	case driver.DirectionEither:
		cond.Leave = true
	case driver.DirectionAbove:
		cond.First = true
	case driver.DirectionFalling, driver.DirectionBelow:
		down, back := c.down(level), c.down(level)
		if hysteresis > 0 {
			back = max(back, c.up(level+hysteresis)-1)
		}
		cond.Inside, cond.Outside = [2]float64{-inf, down}, [2]float64{-inf, back}
		cond.First = d == driver.DirectionBelow
	default:
		return Condition{}, fmt.Errorf("a level has no direction %q", d)
	}
	return cond, nil
}

// Window is a condition on two voltages, which belong to the window. The signal is inside when it comes into the window, and
// outside when it is beyond it by the hysteresis; for exit and outside it is outside when it leaves the window, and inside when it
// is within it by the hysteresis. Enter, exit and enter_or_exit are changes; inside and outside are states, of which the beginning
// is the event.
func Window(d driver.Direction, lower, upper, hysteresis float64, s Scale) (Condition, error) {
	c := counts{s}
	if err := c.check(); err != nil {
		return Condition{}, err
	}
	cond := Condition{Flip: s.PerCount < 0}
	lo, hi := c.up(lower), c.down(upper)
	cond.Inside, cond.Outside = [2]float64{lo, hi}, [2]float64{lo, hi}
	switch d {
	case driver.DirectionEnter, driver.DirectionInside, driver.DirectionEnterOrExit:
		cond.Enter, cond.Leave = true, d == driver.DirectionEnterOrExit
		if hysteresis > 0 {
			cond.Outside = [2]float64{min(lo, c.down(lower-hysteresis)+1), max(hi, c.up(upper+hysteresis)-1)}
		}
	case driver.DirectionExit, driver.DirectionOutside:
		cond.Leave = true
		cond.Inside = [2]float64{c.up(lower + hysteresis), c.down(upper - hysteresis)}
	default:
		return Condition{}, fmt.Errorf("a window has no direction %q", d)
	}
	cond.First = d == driver.DirectionInside || d == driver.DirectionOutside
	if cond.Inside[0] > cond.Inside[1] {
		return Condition{}, fmt.Errorf("no count lies within the window and its hysteresis")
	}
	return cond, nil
}

// Slope is a condition on the change between a sample and the one lag samples before it: at least change volts up, down, or
// either. To count again, it has to fall below the change less the hysteresis. It is [ErrShallow] when change is below one count.
func Slope(d driver.Direction, change, hysteresis float64, lag int64, s Scale) (Condition, error) {
	s.Offset = 0 // of differences
	c := counts{s}
	if err := c.check(); err != nil {
		return Condition{}, err
	}
	if lag < 1 || lag > MaxLag {
		return Condition{}, fmt.Errorf("a slope over %d samples; there can be 1 to %d", lag, MaxLag)
	}
	if c.exact(change) < 1 {
		return Condition{}, fmt.Errorf("%w: %.3g of one", ErrShallow, c.exact(change))
	}
	inf, high := math.Inf(1), c.up(change)
	back := high // it has ended below back
	if hysteresis > 0 {
		back = max(min(high, c.down(change-hysteresis)+1), 1)
	}
	cond := Condition{First: true, Lag: lag, Flip: s.PerCount < 0}
	switch d {
	case driver.DirectionRising:
		cond.Enter, cond.Inside, cond.Outside = true, [2]float64{high, inf}, [2]float64{back, inf}
	case driver.DirectionFalling:
		cond.Enter, cond.Inside, cond.Outside = true, [2]float64{-inf, -high}, [2]float64{-inf, -back}
	case driver.DirectionEither:
		cond.Leave, cond.Inside, cond.Outside = true, [2]float64{1 - back, back - 1}, [2]float64{1 - high, high - 1}
	default:
		return Condition{}, fmt.Errorf("a slope has no direction %q", d)
	}
	return cond, nil
}
