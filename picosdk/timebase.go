package picosdk

import (
	"fmt"
	"math/big"

	"github.com/scopelog/scopelog/units"
)

// Timebase is how a model numbers its sample intervals in block modes: a few listed ones, then equal steps.
type Timebase struct {
	First  uint32  // smallest number
	Listed []int64 // intervals of First, First+1 ... in picoseconds
	Minus  uint32  // after those: (n - Minus) / Clock seconds
	Clock  int64   // Hz
	Last   uint32  // largest number
}

// Interval is the exact interval of a number; ok is false when the number does not exist.
func (t Timebase) Interval(n uint32) (i units.Interval, ok bool) {
	if n < t.First || n > t.Last {
		return i, false
	}
	if k := int64(n) - int64(t.First); k < int64(len(t.Listed)) {
		return units.Seconds(t.Listed[k], 1e12), true
	}
	return units.Seconds(int64(n)-int64(t.Minus), t.Clock), true
}

// near returns the number whose interval is closest to want and not shorter than fastest; of two equally close ones the
// smaller. ok is false when every interval is shorter than fastest.
func (t Timebase) near(want, fastest units.Interval) (n uint32, got units.Interval, ok bool) {
	var best *big.Rat
	try := func(c uint32) {
		i, exists := t.Interval(c)
		if !exists || i.Cmp(fastest.Rational) < 0 {
			return
		}
		d := new(big.Rat).Sub(i.Big(), want.Big())
		if d.Abs(d); best == nil || d.Cmp(best) < 0 {
			best, n, got, ok = d, c, i, true
		}
	}
	for k := range t.Listed {
		try(t.First + uint32(k))
	}
	linear := t.First + uint32(len(t.Listed))
	for _, around := range []units.Interval{want, fastest} {
		x := new(big.Rat).Mul(around.Big(), big.NewRat(t.Clock, 1))
		x.Add(x, big.NewRat(int64(t.Minus), 1))
		q := new(big.Int).Quo(x.Num(), x.Denom())
		at := uint32(1<<32 - 1)
		if q.IsInt64() && q.Int64() < int64(at) {
			at = uint32(max(q.Int64(), 0))
		}
		at = min(max(at, linear), t.Last)
		try(at)
		if at < t.Last {
			try(at + 1)
		}
	}
	return n, got, ok
}

// LimitError says which fact about a model forbids something.
type LimitError struct {
	Model string
	What  string         // the limiting fact, in words
	Near  units.Interval // nearest possible interval; 0 when there is none
}

func (e *LimitError) Error() string { return fmt.Sprintf("the %s: %s", e.Model, e.What) }

// Timebase returns the exact interval of timebase number n with these channels and a number of ports on, at a
// resolution (0: the default). The error is a *[LimitError].
func (m Model) Timebase(n uint32, bits int, channels ChannelSet, ports int) (units.Interval, error) {
	r, fast, err := m.fastest(bits, channels, ports)
	if err != nil {
		return units.Interval{}, err
	}
	i, ok := r.Timebase.Interval(n)
	if !ok {
		near, got := r.Timebase.First, units.Interval{}
		if n > r.Timebase.Last {
			near = r.Timebase.Last
		}
		got, _ = r.Timebase.Interval(near)
		return units.Interval{}, m.limit(got, "timebases at %d bit go from %d to %d", r.Bits, r.Timebase.First, r.Timebase.Last)
	}
	if i.Cmp(fast.Interval().Rational) < 0 {
		_, got, _ := r.Timebase.near(i, fast.Interval())
		return units.Interval{}, m.limit(got, "timebase %d (%v) is too fast: %s", n, i, m.fact(r, fast, channels.Len(), ports))
	}
	return i, nil
}

// NearestTimebase returns the number whose interval is closest to want and possible with these channels and a number of
// ports on. The error is a *[LimitError], and only for a set-up that cannot run at all.
func (m Model) NearestTimebase(want units.Interval, bits int, channels ChannelSet, ports int) (n uint32, got units.Interval, err error) {
	r, fast, err := m.fastest(bits, channels, ports)
	if err != nil {
		return 0, got, err
	}
	n, got, ok := r.Timebase.near(want, fast.Interval())
	if !ok {
		return 0, got, m.limit(got, "no timebase is slow enough: %s", m.fact(r, fast, channels.Len(), ports))
	}
	return n, got, nil
}

// FastestInterval is the shortest interval of block modes with these channels and a number of ports on. The error is a
// *[LimitError].
func (m Model) FastestInterval(bits int, channels ChannelSet, ports int) (units.Interval, error) {
	r, fast, err := m.fastest(bits, channels, ports)
	if err != nil {
		return units.Interval{}, err
	}
	_, got, _ := r.Timebase.near(fast.Interval(), fast.Interval())
	return got, nil
}

// Together tells whether these channels and a number of ports can be on at once at a resolution. The error is a *[LimitError].
func (m Model) Together(bits int, channels ChannelSet, ports int) error {
	_, _, err := m.fastest(bits, channels, ports)
	return err
}

// fastest checks a set-up and returns its resolution and its highest rate.
func (m Model) fastest(bits int, channels ChannelSet, ports int) (Resolution, units.Rate, error) {
	r, err := m.setup(bits, channels.Len(), ports)
	if err != nil {
		return r, units.Rate{}, err
	}
	if extra := channels &^ FirstChannels(m.Channels); extra != 0 {
		return r, units.Rate{}, m.limit(units.Interval{}, "there is no channel %v", extra)
	}
	if clash := clashing(channels, r.OnePer); clash != 0 {
		return r, units.Rate{}, m.limit(units.Interval{}, "at %d bit only one of the channels %v can be on", r.Bits, clash)
	}
	active := r.active(channels.Len(), ports)
	for _, f := range r.Fastest {
		if active <= f.UpTo && clashing(channels, f.OnePer) == 0 {
			return r, units.PerSecond(f.Rate, 1), nil
		}
	}
	return r, units.Rate{}, m.limit(units.Interval{}, "%s cannot be on together at %d bit", onText(channels.Len(), ports), r.Bits)
}

// clashing returns the first set of which more than one channel is on.
func clashing(on ChannelSet, onePer []ChannelSet) ChannelSet {
	for _, set := range onePer {
		if (on & set).Len() > 1 {
			return set
		}
	}
	return 0
}

// active counts what takes a channel's place; at least 1.
func (r Resolution) active(channels, ports int) int {
	if r.PortsCount {
		channels += ports
	}
	return max(channels, 1)
}

// setup checks numbers of channels and ports against a resolution.
func (m Model) setup(bits, channels, ports int) (Resolution, error) {
	r, ok := m.Resolution(bits)
	switch {
	case !ok:
		return r, m.limit(units.Interval{}, "it has no resolution of %d bit", bits)
	case channels > m.Channels:
		return r, m.limit(units.Interval{}, "it has %d channels", m.Channels)
	case channels > r.MaxChannels:
		return r, m.limit(units.Interval{}, "at %d bit at most %s can be on", r.Bits, plural(r.MaxChannels, "channel"))
	case ports > m.Ports && m.Ports == 0:
		return r, m.limit(units.Interval{}, "it has no digital ports")
	case ports > m.Ports:
		return r, m.limit(units.Interval{}, "it has %s", plural(m.Ports, "digital port"))
	case channels == 0 && ports == 0:
		return r, m.limit(units.Interval{}, "nothing is switched on")
	case channels == 0 && !r.PortsAlone:
		return r, m.limit(units.Interval{}, "at %d bit digital ports need an analog channel beside them", r.Bits)
	}
	return r, nil
}

func (m Model) limit(near units.Interval, format string, args ...any) *LimitError {
	return &LimitError{Model: m.Name, What: fmt.Sprintf(format, args...), Near: near}
}

// fact words a highest rate of block modes.
func (m Model) fact(r Resolution, fast units.Rate, channels, ports int) string {
	return fmt.Sprintf("%v at most with %s on at %d bit", fast, onText(channels, ports), r.Bits)
}

// onText lists what is on: "2 channels and 1 digital port".
func onText(channels, ports int) string {
	switch {
	case ports == 0:
		return plural(channels, "channel")
	case channels == 0:
		return plural(ports, "digital port")
	}
	return plural(channels, "channel") + " and " + plural(ports, "digital port")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
