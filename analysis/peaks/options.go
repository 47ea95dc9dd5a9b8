package peaks

import (
	"fmt"
	"math"
)

// Interval is a condition on a property: Min <= value <= Max. Infinite bounds are open. A NaN fulfils open bounds only.
type Interval struct{ Min, Max float64 }

// AtLeast is the condition value >= limit.
func AtLeast(limit float64) *Interval { return &Interval{limit, math.Inf(1)} }

// AtMost is the condition value <= limit.
func AtMost(limit float64) *Interval { return &Interval{math.Inf(-1), limit} }

// Between is the condition low <= value <= high.
func Between(low, high float64) *Interval { return &Interval{low, high} }

// Any is no condition: it asks for the property to be computed.
func Any() *Interval { return &Interval{math.Inf(-1), math.Inf(1)} }

// has tells whether a value fulfils the condition; nil is fulfilled by all.
func (c *Interval) has(v float64) bool {
	return c == nil || (math.IsInf(c.Min, -1) || c.Min <= v) && (math.IsInf(c.Max, 1) || v <= c.Max)
}

// hasBoth tells it for the smaller and the larger of two values, as SciPy does for thresholds.
func (c *Interval) hasBoth(a, b float64) bool {
	return c == nil || (math.IsInf(c.Min, -1) || c.Min <= min(a, b)) && (math.IsInf(c.Max, 1) || max(a, b) <= c.Max)
}

// lower returns the least value that may fulfil the condition.
func (c *Interval) lower() float64 {
	if c == nil {
		return math.Inf(-1)
	}
	return c.Min
}

// Ties says which of two peaks of equal height is kept where they are nearer than the distance.
type Ties int

// The orders of equal peaks. The package comment says more.
const (
	Later      Ties = iota // the later one: known at once, the same on every machine
	NumPyOrder             // the one that numpy.argsort of NumPy up to 1.24 puts last among all peaks of the stretch
)

// Options are the conditions. Those that are nil or 0 are not applied.
type Options struct {
	PlateauSize *Interval // number of equal samples at the top
	Height      *Interval // value of the peak, in the unit of the samples
	Threshold   *Interval // vertical distance to the two neighbours: the smaller is compared with Min, the larger with Max
	Distance    float64   // least distance between peaks in samples, at least 1, rounded up; lower peaks are removed first
	Prominence  *Interval // height above the higher base
	Width       *Interval // width in samples at RelHeight

	// RelHeight is where the width is measured, as a part of the prominence below the top. 0 means 0.5.
	RelHeight float64
	// Window bounds the search for bases to Window/2 samples (rounded down) on each side, SciPy's wlen; at least 2. With 0 the
	// search goes to the next higher sample, however far: then a stream waits for it. A stream holds up to four windows of samples,
	// 8 bytes each.
	Window int64

	// SelectOnly uses the prominence to choose peaks and leaves Prominence and the bases of the peaks 0. Then a stream need not wait
	// for the next higher sample, only until the least prominence is reached on both sides, and holds next to nothing. Not with
	// Width or an upper bound of Prominence, which need the base.
	SelectOnly bool
	// Unordered hands over each peak when it is known, in no particular order. Without a window a high peak waits long for its bases;
	// so those that follow need not wait with it.
	Unordered bool

	Valleys bool // find the peaks of -x; heights are then those of -x
	Ties    Ties

	// MaxPending bounds what a [Finder] holds: peaks whose fate depends on samples to come, and steps of slopes for their widths;
	// samples of a window up to 8 times as many. It takes up to about 150 bytes for each. 0 means 4,194,304. [Find] is bounded only
	// where it is set.
	MaxPending int
}

const (
	defaultRelHeight  = 0.5
	defaultMaxPending = 1 << 22
	maxDistance       = 1 << 53 // whole numbers end here; times leastSpan it fits an int64
)

// check returns what is wrong with the options, nil for nothing.
func (o *Options) check() error {
	for _, c := range []struct {
		name     string
		interval *Interval
	}{{"plateau size", o.PlateauSize}, {"height", o.Height}, {"threshold", o.Threshold}, {"prominence", o.Prominence}, {"width", o.Width}} {
		if c.interval != nil && !(c.interval.Min <= c.interval.Max) {
			return fmt.Errorf("%s from %v to %v: %w", c.name, c.interval.Min, c.interval.Max, ErrInterval)
		}
	}
	switch {
	case o.Distance != 0 && !(o.Distance >= 1 && o.Distance <= maxDistance):
		return fmt.Errorf("distance %v: %w", o.Distance, ErrDistance)
	case o.Window != 0 && o.Window < 2:
		return fmt.Errorf("window %d: %w", o.Window, ErrWindow)
	case !(o.RelHeight >= 0 && o.RelHeight <= math.MaxFloat64):
		return fmt.Errorf("relative height %v: %w", o.RelHeight, ErrRelHeight)
	case o.SelectOnly && (o.Width != nil || o.Prominence != nil && !math.IsInf(o.Prominence.Max, 1)):
		return ErrSelectOnly
	case o.Ties != Later && o.Ties != NumPyOrder:
		return fmt.Errorf("order of ties %d: %w", o.Ties, ErrTies)
	case o.MaxPending < 0:
		return fmt.Errorf("at most %d pending: %w", o.MaxPending, ErrMaxPending)
	}
	return nil
}

// withDefaults returns the options with their defaults in place.
func (o Options) withDefaults() Options {
	if o.RelHeight == 0 {
		o.RelHeight = defaultRelHeight
	}
	if o.MaxPending == 0 {
		o.MaxPending = defaultMaxPending
	}
	o.Distance = math.Ceil(o.Distance)
	return o
}

// unbounded tells whether bases are searched however far.
func (o *Options) unbounded() bool { return o.Window == 0 && o.needsBases() }

// needsBases tells whether prominences have to be computed.
func (o *Options) needsBases() bool { return o.Prominence != nil || o.Width != nil }
