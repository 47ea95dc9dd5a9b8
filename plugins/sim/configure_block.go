package main

import (
	"math/big"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/signal"
	"github.com/scopelog/scopelog/units"
)

// window is a stretch around a trigger, in raw samples.
type window struct{ pre, post int64 }

func (w window) samples() int64 { return w.pre + w.post }

// blockSetup is a block mode as configured. Times are in samples of the unit.
type blockSetup struct {
	window
	captures int64 // waveforms per arming
	segment  uint32
	rapid    bool
	repeat   int64 // armings; 0: without end
	lasts    int64 // no arming after this; 0: no limit
	every    int64 // from one arming to the next; 0: at once
	ordered  bool  // each arming waits for an order
	rearm    int64 // from the end of a waveform to the next arming
}

// length reads how much lies around a trigger, and how often it is captured.
func (c *configurer) length() error {
	b := c.blocks()
	if b == nil {
		return c.streamLength()
	}
	w, err := c.window(b.Pre, b.Post)
	if err != nil {
		return err
	}
	mc, _ := c.caps.Mode(c.cfg.Mode())
	switch limit := mc.MaxSamples; {
	case w.samples() == 0:
		return refuse("configure", c.field("post"), `"1ms"`, "a waveform without samples is not possible")
	case w.samples() > limit:
		return refuse("configure", c.field("post"), "", "a waveform of %d samples is not possible; the most is %d", w.samples(), limit)
	case int64(b.MemorySegment) >= mc.MaxSegments:
		return refuse("configure", c.field("memory_segment"), "0", "there is no memory segment %d; the last is %d", b.MemorySegment, mc.MaxSegments-1)
	case b.Repeat.Count < 0 || b.Repeat.For < 0 || b.Repeat.Every < 0:
		return driver.Errorf(driver.KindBug, "configure", "a negative number of repeats, or a negative time")
	}
	if odd := w.samples() % c.s.ratio; odd != 0 { // so that all streams have whole waveforms
		w.post += c.s.ratio - odd
		c.s.applied.Notes = append(c.s.applied.Notes, "waveforms are made longer behind the trigger, to whole groups of downsampling")
	}
	rearm := units.Interval{Rational: values{c.cfg.Options}.number("rearm", units.Rat(1, 1e6))}
	s := &blockSetup{
		window: w, captures: 1, segment: b.MemorySegment, repeat: b.Repeat.Count,
		ordered: b.Repeat.Ordered, every: c.s.clock.index(units.IntervalOf(b.Repeat.Every)), rearm: c.s.clock.index(rearm),
	}
	if b.Repeat.For > 0 {
		s.lasts = max(c.s.clock.index(units.IntervalOf(b.Repeat.For)), 1)
	}
	if b.Repeat.Forever {
		s.repeat = 0
	}
	if r := c.cfg.RapidBlock; r != nil {
		s.captures, s.rapid = r.Captures, true
		if s.captures < 1 || s.captures > mc.MaxCaptures {
			return refuse("configure", c.field("captures"), "", "%d captures are not possible; there are 1 to %d", s.captures, mc.MaxCaptures)
		}
		c.s.applied.Captures = s.captures
	}
	c.s.block = s
	c.s.applied.PreSamples, c.s.applied.PostSamples = w.pre, w.post
	return nil
}

func (c *configurer) streamLength() error {
	s := c.cfg.Stream
	if !s.StopAfterTrigger {
		return nil
	}
	w, err := c.window(s.Pre, s.Post)
	switch {
	case err != nil:
		return err
	case c.cfg.Trigger == nil:
		return refuse("configure", c.field("stop_after_trigger"), "false", "there is no trigger to stop after")
	case w.samples() == 0:
		return refuse("configure", c.field("post"), `"1ms"`, "nothing lies around the trigger; give pre or post")
	}
	c.s.stopAfter = &w
	c.s.applied.PreSamples, c.s.applied.PostSamples = w.pre, w.post
	return nil
}

func (c *configurer) window(pre, post driver.Span) (w window, err error) {
	if w.pre, err = c.span(pre, c.field("pre")); err != nil {
		return w, err
	}
	w.post, err = c.span(post, c.field("post"))
	return w, err
}

// span turns a stretch into samples; a time that is no whole number of them is rounded up.
func (c *configurer) span(s driver.Span, field string) (int64, error) {
	n := big.NewInt(s.Samples)
	if s.Samples == 0 {
		q := new(big.Rat).Quo(s.Time.Big(), c.s.applied.Interval.Big())
		n.Add(q.Num(), new(big.Int).Sub(q.Denom(), big.NewInt(1)))
		n.Quo(n, q.Denom())
	}
	if n.Sign() < 0 || n.Cmp(big.NewInt(maxBlock)) > 0 {
		return 0, refuse("configure", field, "", "%s samples are not possible; the most is %d", n, int64(maxBlock))
	}
	return n.Int64(), nil
}

// streamFaults are the faults that make no sense where the unit's memory stands between samples and host.
var streamFaults = []string{faultLate, faultBurst, faultUneven, faultLose}

// faults refuses those that the mode cannot have.
func (c *configurer) faults() error {
	if c.s.block == nil {
		return nil
	}
	for _, f := range c.s.faults {
		if slices.Contains(streamFaults, f.kind) {
			return refuse("configure", driverName+".fault."+f.kind, "", "fault %q happens in streams only", f.kind)
		}
	}
	return nil
}

// external makes what the trigger inputs see.
func (c *configurer) external() error {
	blocks := map[string]driver.Options{}
	for _, b := range c.cfg.Options.BlocksNamed("input") {
		if !slices.Contains(triggerInputs, b.Labels[0]) {
			return refuse("configure", driverName+".input."+b.Labels[0], `"`+closest(b.Labels[0], triggerInputs)+`"`, "there is no trigger input %q", b.Labels[0])
		}
		blocks[b.Labels[0]] = b.Options
	}
	for _, name := range triggerInputs {
		o := blocks[name] // all of them: a change of the generator may look at one later
		m, err := c.b.triggerInput(name, o)
		if err != nil {
			return err
		}
		_, high := signal.Codes(16)
		c.analog[name] = analogSource{m, triggerRange, 0, high, driverName + ".input." + name}
	}
	return nil
}
