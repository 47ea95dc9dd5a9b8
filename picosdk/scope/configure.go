package scope

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
	"github.com/scopelog/scopelog/units"
)

// setup is a configuration in the unit's own terms, ready to be applied again and started.
type setup struct {
	applied    driver.Applied
	bits       int
	channels   []ChannelSettings // every channel that the model has
	ports      []PortSettings    // every port
	run        RunPlan
	streams    []LoopStream
	codeMin    int32
	codeMax    int32
	maxSamples int64              // raw; 0: no end
	silence    time.Duration      // longest time without samples that is nothing to tell
	power      driver.PowerSource // that was asked for
	trigger    *trigger.Plan      // nil: none
	block      *blockSetup        // nil: a stream
	stopAfter  *window            // a stream ends behind its trigger; nil: it does not
	stream     *StreamTrigger     // how the loop of a stream heeds its trigger; nil: there is none
}

// window is a stretch around a trigger, in raw samples.
type window struct{ pre, post int64 }

// Configure sets everything up. The run is tried for a moment, since only then the library tells the interval that it
// really uses.
func (d *Device) Configure(ctx context.Context, cfg driver.Config) (driver.Applied, error) {
	if err := d.usable("configure", true); err != nil {
		return driver.Applied{}, err
	}
	set, err := do(ctx, d.work, func() (*setup, error) { return d.configure(cfg) }, nil)
	if err != nil {
		return driver.Applied{}, ofMode(failed(err, "configure", ""), cfg.Mode())
	}
	return set.applied, nil
}

// ofMode names the part of a mode that is at fault, where a status has named that of a stream.
func ofMode(err error, m driver.Mode) error {
	var e *driver.Error
	if part, ok := "", errors.As(err, &e); ok && m != driver.ModeStream {
		if part, ok = strings.CutPrefix(e.Field, string(driver.ModeStream)+"."); ok {
			e.Field = string(m) + "." + part
		}
	}
	return err
}

// configure is for the worker. A change of power that the unit tells of on the way is acknowledged, once.
func (d *Device) configure(cfg driver.Config) (*setup, error) {
	d.set = nil
	set, err := d.tryConfigure(cfg)
	if s, ok := picosdk.StatusOf(err); ok && s.IsPower() {
		d.tell(driver.EventPower, "the unit's power has changed: "+s.Explanation())
		if err := acknowledge(d.unit, s); err != nil {
			return nil, err
		}
		d.readPower()
		d.refresh()
		set, err = d.tryConfigure(cfg)
	}
	if err != nil {
		return nil, err
	}
	d.set = set
	return set, nil
}

func (d *Device) tryConfigure(cfg driver.Config) (*setup, error) {
	if err := checkMode(d.caps, d.family.Name, cfg); err != nil {
		return nil, err
	}
	if err := d.choosePower("configure", cfg.Power); err != nil {
		return nil, err
	}
	d.refresh()
	p := planner{dev: d, caps: d.caps, cfg: cfg, s: &setup{maxSamples: cfg.MaxSamples, power: cfg.Power}}
	for _, step := range []func() error{p.resolution, p.downsample, p.channels, p.digital} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	inputs := func() error { return d.apply(p.s) }
	scale := func() error {
		p.scale()
		return nil
	}
	steps := []func() error{p.rate, inputs, scale, p.tryRun, p.trigger, p.streamTrigger}
	if p.blocks() != nil {
		steps = []func() error{inputs, scale, p.timebase, p.length, p.memory, p.trigger}
	}
	for _, step := range append(steps, func() error { return d.arrange(p.s) }, p.generator) {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return p.s, nil
}

// checkMode refuses what this version does not do at all.
func checkMode(caps driver.Capabilities, family string, cfg driver.Config) error {
	m := cfg.Mode()
	if mc, ok := caps.Mode(m); !ok || !mc.Ready {
		return picosdk.Refuse("configure", string(m), "", "%s", mc.NotReady)
	}
	switch {
	case m == driver.ModeStream && cfg.Stream == nil:
		return driver.Errorf(driver.KindBug, "configure", "the request has no mode of acquisition")
	case cfg.SampleFormat != "" && !slices.Contains(caps.Formats, cfg.SampleFormat):
		return picosdk.Refuse("configure", "sample_format", `"int16"`, "samples are int16, not %s", cfg.SampleFormat)
	case cfg.MaxSamples < 0:
		return driver.Errorf(driver.KindBug, "configure", "a negative number of samples")
	case len(cfg.Options.Values) > 0 || len(cfg.Options.Blocks) > 0:
		return picosdk.Refuse("configure", family, "", "%s has no options of its own", family)
	}
	return nil
}

// planner turns a request into a setup, or refuses.
type planner struct {
	dev  *Device
	caps driver.Capabilities
	cfg  driver.Config
	s    *setup
}

// blocks is what block modes have in common; nil: a stream.
func (p *planner) blocks() *driver.BlockConfig {
	switch {
	case p.cfg.Block != nil:
		return p.cfg.Block
	case p.cfg.RapidBlock != nil:
		return &p.cfg.RapidBlock.BlockConfig
	}
	return nil
}

// down is the downsampling that is asked for.
func (p *planner) down() driver.Downsample {
	if b := p.blocks(); b != nil {
		return b.Downsample
	}
	return p.cfg.Stream.Downsample
}

// field is the path of a part of the mode.
func (p *planner) field(name string) string { return string(p.cfg.Mode()) + "." + name }

// resolution checks the resolution, and that it can be had with so many channels and ports.
func (p *planner) resolution() error {
	c, a := p.cfg, &p.s.applied
	a.Mode, a.Timebase, a.Power, a.Resolution = c.Mode(), -1, p.dev.present, c.Resolution
	if a.Resolution == 0 {
		a.Resolution = p.caps.Resolutions[0]
	}
	p.s.bits = a.Resolution
	if !slices.Contains(p.caps.Resolutions, a.Resolution) {
		near := slices.MinFunc(p.caps.Resolutions, func(x, y int) int { return abs(x-a.Resolution) - abs(y-a.Resolution) })
		return picosdk.Refuse("configure", "resolution", fmt.Sprintf(`"%dbit"`, near), "the %s has no resolution of %d bits; it has %s", p.caps.Model, a.Resolution, listed(p.caps.Resolutions))
	}
	if len(c.Channels)+len(c.Digital) == 0 {
		return picosdk.Refuse("configure", "channel", "", "at least one channel or digital port must be enabled")
	}
	if c.Stream != nil && c.Stream.Unthrottled {
		a.Notes = append(a.Notes, "a real unit delivers as fast as it samples, and no faster")
	}
	channels, ports := len(c.Channels), len(c.Digital)
	if channels > len(p.caps.Channels) || ports > len(p.caps.Digital) {
		return nil // the channel that is too much will be named
	}
	err := p.together(a.Resolution)
	if err == nil {
		return nil
	}
	near := ""
	for _, bits := range p.caps.Resolutions {
		if p.together(bits) == nil && (near == "" || bits < a.Resolution) {
			near = fmt.Sprintf(`"%dbit"`, bits)
		}
	}
	return picosdk.Refuse("configure", "resolution", near, "%w", err)
}

// together tells whether the channels and ports that are wanted can be on at once at a resolution: how many, and which.
func (p *planner) together(bits int) error {
	m, ports := p.dev.model, len(p.cfg.Digital)
	if p.cfg.Stream != nil {
		if _, _, err := m.StreamingSpans(bits, len(p.cfg.Channels), ports, p.dev.state); err != nil {
			return err
		}
	}
	set := p.set()
	if set.Len() < len(p.cfg.Channels) {
		return nil // one that there is not, or twice, will be named
	}
	return m.Together(bits, set, ports)
}

// set is the set of channels that are wanted.
func (p *planner) set() picosdk.ChannelSet {
	var names []string
	for _, c := range p.cfg.Channels {
		names = append(names, c.Channel)
	}
	return picosdk.Channels(names...)
}

func abs(n int) int { return max(n, -n) }

func listed(list []int) string {
	s := make([]string, len(list))
	for i, n := range list {
		s[i] = fmt.Sprint(n)
	}
	return strings.Join(s, ", ")
}

// rate checks the interval against what the unit can do in its present state; what it makes of it is known after
// the trial.
func (p *planner) rate() error {
	want := p.cfg.Stream.Interval
	spans, fact, err := p.dev.model.StreamingSpans(p.s.bits, len(p.cfg.Channels), len(p.cfg.Digital), p.dev.state)
	if err != nil {
		return picosdk.Refuse("configure", "stream.sample_interval", "", "%w", err)
	}
	limit := driver.RateLimit{Spans: spans}
	first, last := spans[0].First, spans[len(spans)-1].Last
	if want.Cmp(last.Rational) > 0 {
		return picosdk.Refuse("configure", "stream.sample_interval", picosdk.Quoted(last), "%s is not possible: %s is the longest", want, last)
	}
	if want.Cmp(first.Rational) < 0 {
		near, _, _ := limit.Nearest(want)
		return picosdk.Refuse("configure", "stream.sample_interval", picosdk.Quoted(near), "%s is not possible: %s", want, fact)
	}
	if p.s.run.Interval, err = p.count(want); err != nil {
		return picosdk.Refuse("configure", "stream.sample_interval", picosdk.Quoted(last), "%w", err)
	}
	for i := range p.s.run.Parts {
		part := &p.s.run.Parts[i]
		part.Samples = bufferSamples(want, part.Ratio, len(p.s.run.Sources))
	}
	return nil
}

// count writes an interval as the library takes it.
func (p *planner) count(want units.Interval) (c Count, err error) {
	if p.dev.model.Intervals == picosdk.IntervalsDouble {
		c.Value, c.Unit, err = picosdk.DoubleInterval(want)
		return c, err
	}
	n, unit, _, err := picosdk.WholeInterval(want)
	return Count{Value: float64(n), Unit: unit}, err
}

const (
	bufferTime    = 0.25 // seconds of samples that one buffer holds
	leastTime     = 0.1  // the same at rates where memory counts
	leastBuffer   = 4096 // samples
	bufferMemory  = 256 << 20
	bytesPerGroup = 2 * 2 * 3 // int16, largest and smallest, three buffers at most
)

// bufferSamples is how long a buffer is: a quarter of a second, less at rates that would need too much memory.
func bufferSamples(interval units.Interval, ratio int64, sources int) int {
	rate := 1 / (interval.Float64() * float64(ratio))
	n := math.Min(rate*bufferTime, float64(bufferMemory)/float64(bytesPerGroup*sources))
	return int(math.Min(math.Max(math.Max(n, rate*leastTime), leastBuffer), math.MaxInt32/2))
}

// generator sets the generator, or turns it off.
func (p *planner) generator() error {
	g, ok := p.dev.unit.(Generator)
	switch {
	case p.cfg.Generator != nil:
		a, err := p.dev.generate(p.cfg.Generator)
		p.s.applied.Generator = &a
		return err
	case ok && !p.dev.silent:
		return p.dev.mute(g)
	}
	return nil
}
