package modeltest

import (
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// Inconsistencies finds what no entry of a table may have, whatever the facts are: rates without a timebase, intervals
// that a plan could ask for and the library's form cannot hold, empty lists. It returns each in words.
func Inconsistencies(models []picosdk.Model) []string {
	c := &comparison{}
	for _, m := range models {
		c.name = m.Name
		for _, r := range m.Resolutions {
			c.converter(m, r)
		}
		for _, s := range []picosdk.State{{}, {USB: picosdk.USB3}, {USB: picosdk.USB2}, {USB: picosdk.USB2, Reduced: true}} {
			c.capabilities(m, s)
		}
	}
	return c.diffs
}

func (c *comparison) bad(format string, args ...any) {
	c.diffs = append(c.diffs, c.name+": "+fmt.Sprintf(format, args...))
}

// converter checks that each highest rate is one of the intervals that the model has.
func (c *comparison) converter(m picosdk.Model, r picosdk.Resolution) {
	for _, f := range r.Fastest {
		want := units.PerSecond(f.Rate, 1).Interval()
		found := false
		for n := r.Timebase.First; n < r.Timebase.First+64 && !found; n++ {
			i, ok := r.Timebase.Interval(n)
			found = ok && i.Cmp(want.Rational) == 0
		}
		if !found {
			c.bad("%d bit: no timebase of %v, the shortest with %d on", r.Bits, want, f.UpTo)
		}
	}
	if r.MaxChannels < 1 || r.MaxChannels > m.Channels || r.MaxCode < 1 || r.MaxCode > 32767 || r.Memory < 1 {
		c.bad("%d bit: %d channels, code %d, memory %d", r.Bits, r.MaxChannels, r.MaxCode, r.Memory)
	}
	if !slices.IsSortedFunc(r.Streaming, func(a, b picosdk.StreamLimit) int { return int(b.USB) - int(a.USB) }) {
		c.bad("%d bit: the limits of streaming are not in the order of connections", r.Bits)
	}
}

func (c *comparison) capabilities(m picosdk.Model, s picosdk.State) {
	caps := m.Capabilities(s)
	if len(caps.Channels) == 0 || len(caps.Power) == 0 || len(caps.Resolutions) != len(caps.MaxCodes) {
		c.bad("%+v: %d channels, power %v, %d resolutions", s, len(caps.Channels), caps.Power, len(caps.Resolutions))
	}
	for _, ch := range caps.Channels {
		if len(ch.Ranges) == 0 || len(ch.Couplings) == 0 || slices.Contains(ch.Ranges, 0) || !slices.IsSorted(ch.Ranges) {
			c.bad("%+v: channel %s: ranges %v, couplings %v", s, ch.Name, ch.Ranges, ch.Couplings)
		}
		if n := len(ch.Offsets); n > 0 && ch.Offsets[n-1].Range < ch.Ranges[len(ch.Ranges)-1] {
			c.bad("%+v: channel %s: no offset for the largest range", s, ch.Name)
		}
	}
	stream, _ := caps.Mode(driver.ModeStream)
	for _, r := range m.Resolutions {
		for n := 1; n <= min(r.MaxChannels, len(caps.Channels)); n++ {
			for _, digital := range []bool{false, m.Ports > 0} {
				if l, ok := stream.Limit(n, r.Bits, digital); !ok {
					c.bad("%+v: no limit for %d channels at %d bit, ports %v", s, n, r.Bits, digital)
				} else {
					c.limit(m, l)
				}
			}
		}
	}
}

// limit checks the ends of what streaming accepts.
func (c *comparison) limit(m picosdk.Model, l driver.RateLimit) {
	if len(l.Spans) == 0 || l.Limit == "" {
		c.bad("a limit without intervals or fact: %+v", l)
	}
	for _, s := range l.Spans {
		if s.First.Sign() <= 0 || s.Last.Cmp(s.First.Rational) < 0 {
			c.bad("%s: intervals from %v to %v", l.Limit, s.First, s.Last)
		}
		if m.Intervals != picosdk.IntervalsWhole {
			continue
		}
		for _, at := range []units.Interval{s.First, s.Last} {
			if _, _, exact, err := picosdk.WholeInterval(at); err != nil || !exact {
				c.bad("%s: the interval %v cannot be asked for: %v", l.Limit, at, err)
			}
		}
	}
}
