package picosdk

import (
	"fmt"
	"math"
	"math/big"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// block is what a model can do in a block mode, in a state.
func (m Model) block(mode driver.Mode, s State) driver.ModeCapabilities {
	c := driver.ModeCapabilities{
		Mode: mode, Ready: true, Rates: m.blockLimits(s), Downsample: downsampling(), MaxRatio: maxRatio, RawBeside: true,
		MaxSegments: m.MaxSegments, Triggered: true, TimebaseNumbers: true, Memory: m.memoryLimits(s), MaxDelay: known(m.Trigger.MaxDelay),
	}
	for _, r := range m.Resolutions {
		if r.Timebase.Clock != 0 {
			c.Timebases = append(c.Timebases, r.Timebase.driver(r.Bits))
		}
	}
	for _, r := range m.Resolutions {
		c.MaxSamples = max(c.MaxSamples, r.Memory)
	}
	if mode == driver.ModeRapidBlock {
		c.MaxCaptures = m.MaxSegments
	}
	return c
}

// blockLimits lists the intervals of the timebases for every number of channels, resolution, and ports on or off. Of channels that
// share converters the best choice counts. Entries that are not worth telling apart are one.
func (m Model) blockLimits(s State) []driver.RateLimit {
	var limits []driver.RateLimit
	for _, r := range m.Resolutions {
		for ports := 0; ports <= min(m.Ports, 1); ports++ {
			first := len(limits)
			for channels := 1; channels <= min(m.channels(s), r.MaxChannels); channels++ {
				beside := channels
				if ports > 0 && channels == 1 && r.PortsAlone {
					beside = 0 // the contract counts ports without a channel to this entry
				}
				rate, ok := r.best(beside, ports)
				if !ok {
					continue
				}
				l := driver.RateLimit{MaxChannels: channels, Bits: r.Bits, Spans: r.Timebase.spans(rate.Interval()), Limit: m.fact(r, rate, beside, ports)}
				if len(l.Spans) == 0 {
					continue
				}
				if m.Ports > 0 {
					l.Digital = 1 + ports
				}
				if n := len(limits); n > first && limits[n-1].Spans[0].First.Cmp(l.Spans[0].First.Rational) == 0 {
					limits = limits[:n-1]
				}
				limits = append(limits, l)
			}
		}
	}
	return limits
}

// memoryLimits lists what a channel can have of the memory for every number of channels, resolution, and ports on or off. What is on
// shares it in 1, 2, 4 or 8 equal parts, so that three have no more than four.
func (m Model) memoryLimits(s State) []driver.MemoryLimit {
	var limits []driver.MemoryLimit
	for _, r := range m.Resolutions {
		if r.Memory == 0 {
			continue // the table does not know
		}
		for ports := 0; ports <= min(m.Ports, 1); ports++ {
			for channels := 1; channels <= min(m.channels(s), r.MaxChannels); channels++ {
				beside := channels
				if ports > 0 && channels == 1 && r.PortsAlone {
					beside = 0 // the contract counts ports without a channel to this entry
				}
				parts := int64(1)
				for parts < int64(r.active(beside, ports)) {
					parts *= 2
				}
				l := driver.MemoryLimit{
					MaxChannels: channels, Bits: r.Bits, Samples: r.Memory / parts, Limit: fmt.Sprintf("%d samples of memory at %d bit", r.Memory, r.Bits),
				}
				if parts > 1 {
					l.Limit += ", shared by " + onText(beside, ports)
				}
				if m.Ports > 0 {
					l.Digital = 1 + ports
				}
				limits = append(limits, l)
			}
		}
	}
	return limits
}

// driver is the numbering in the words of the contract.
func (t Timebase) driver(bits int) driver.Timebases {
	d := driver.Timebases{Bits: bits, First: t.First, Last: t.Last, Minus: t.Minus, Clock: units.Hertz(t.Clock, 1)}
	for _, ps := range t.Listed {
		d.Listed = append(d.Listed, units.Seconds(ps, 1e12))
	}
	return d
}

// known is a limit in samples as the contract has it: 0 for one that no plan can reach.
func known(samples uint64) int64 {
	if samples > math.MaxInt64 {
		return 0
	}
	return int64(samples)
}

// best is the highest rate with numbers of channels and ports on, the channels chosen well.
func (r Resolution) best(channels, ports int) (units.Rate, bool) {
	if len(r.OnePer) > 0 && channels > len(r.OnePer) {
		return units.Rate{}, false
	}
	active := r.active(channels, ports)
	for _, f := range r.Fastest {
		if active <= f.UpTo && (len(f.OnePer) == 0 || channels <= len(f.OnePer)) {
			return units.PerSecond(f.Rate, 1), true
		}
	}
	return units.Rate{}, false
}

// fineSteps is how many steps of its clock an interval has from which on any interval counts as possible: the nearest number is
// less than a hundredth off then.
const fineSteps = 50

// spans are the intervals that a unit can be asked for, from fastest on: one by one as long as steps are coarse, then all.
func (t Timebase) spans(fastest units.Interval) []driver.IntervalSpan {
	if t.Clock == 0 {
		return nil // the table does not know
	}
	var spans []driver.IntervalSpan
	for k := range t.Listed {
		if i, ok := t.Interval(t.First + uint32(k)); ok && i.Cmp(fastest.Rational) >= 0 {
			spans = append(spans, driver.IntervalSpan{First: i, Last: i})
		}
	}
	steps := func(n int64) units.Interval { return units.Seconds(n, t.Clock) }
	need := new(big.Rat).Mul(fastest.Big(), big.NewRat(t.Clock, 1))
	q := new(big.Int).Add(need.Num(), new(big.Int).Sub(need.Denom(), big.NewInt(1)))
	least := max(q.Quo(q, need.Denom()).Int64(), int64(t.First)+int64(len(t.Listed))-int64(t.Minus), 1)
	last := int64(t.Last) - int64(t.Minus)
	if least < fineSteps && least <= last {
		spans = append(spans, driver.IntervalSpan{First: steps(least), Last: steps(min(fineSteps-1, last)), Step: steps(1)})
	}
	if from := max(least, fineSteps); from <= last {
		spans = append(spans, driver.IntervalSpan{First: steps(from), Last: steps(last)})
	}
	return spans
}
