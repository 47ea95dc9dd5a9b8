package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/signal"
	"github.com/scopelog/scopelog/units"
)

// setup is a configured unit, ready to start.
type setup struct {
	applied    driver.Applied
	clock      sampleClock
	block      *blockSetup   // nil: streaming
	trigger    *triggerSetup // nil: none
	stopAfter  *window       // nil: streaming goes on
	output     *signal.Output
	generator  *generator              // nil: off
	analog     map[string]analogSource // what triggers can look at
	wirings    []wiring
	how        signal.Reduction // 0: none
	ratio      int64
	batch      int64 // most raw samples per batch
	fast       bool
	delivery   int64 // ns between deliveries
	maxSamples int64 // raw, lost ones included; 0: no end
	faults     []fault
	first      int64 // streams: the unit's number of the first sample; block modes: of the first waveform and arming
	truth      string
	seed       uint64
}

const (
	// usualDelivery is the time between deliveries.
	usualDelivery = int64(20 * time.Millisecond)
	// A batch must fit a quarter of a lane, and a lane holds at least half a second and 64 KiB. Larger batches than
	// maxBatch would leave the processor's cache.
	leastBatch = 8192
	maxBatch   = 1 << 17
)

// configurer turns a request into a setup, or refuses.
type configurer struct {
	caps   driver.Capabilities
	serial string
	cfg    driver.Config
	s      *setup
	b      builder
	analog map[string]analogSource // by channel, EXT and AUX
	ports  map[string]maker
}

// configure checks a request against what the unit can do.
func configure(caps driver.Capabilities, serial string, cfg driver.Config) (*setup, error) {
	c := configurer{caps: caps, serial: serial, cfg: cfg, s: &setup{}, analog: map[string]analogSource{}, ports: map[string]maker{}}
	for _, step := range []func() error{
		c.mode, c.device, c.rate, c.downsample, c.length, c.channels, c.digital, c.external, c.trigger, c.generator, c.faults,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c.s.analog = c.analog
	return c.s, nil
}

func (c *configurer) mode() error {
	m := c.cfg.Mode()
	if mc, ok := c.caps.Mode(m); !ok || !mc.Ready {
		return refuse("configure", string(m), "", "%s", mc.NotReady)
	}
	switch {
	case m == driver.ModeStream && c.cfg.Stream == nil:
		return driver.Errorf(driver.KindBug, "configure", "the request has no mode of acquisition")
	case c.cfg.SampleFormat != "" && c.cfg.SampleFormat != "int16":
		return refuse("configure", "sample_format", `"int16"`, "samples are int16, not %s", c.cfg.SampleFormat)
	case c.cfg.MaxSamples < 0:
		return driver.Errorf(driver.KindBug, "configure", "a negative number of samples")
	}
	return nil
}

// field is the path of a part of the mode.
func (c *configurer) field(name string) string { return string(c.cfg.Mode()) + "." + name }

// blocks returns what block modes have in common; nil: streaming.
func (c *configurer) blocks() *driver.BlockConfig {
	switch {
	case c.cfg.Block != nil:
		return c.cfg.Block
	case c.cfg.RapidBlock != nil:
		return &c.cfg.RapidBlock.BlockConfig
	}
	return nil
}

// device reads the options, resolution and power of the device.
func (c *configurer) device() error {
	if err := checkOptions("configure", c.cfg.Options, deviceSchema(), driverName); err != nil {
		return err
	}
	v, a := values{c.cfg.Options}, &c.s.applied
	a.Mode, a.Timebase = c.cfg.Mode(), -1
	a.Power = driver.PowerStateUSB
	if c.cfg.Power == driver.PowerSupply {
		a.Power = driver.PowerStateSupply
	}
	a.Resolution = c.cfg.Resolution
	if a.Resolution == 0 {
		a.Resolution = c.caps.Resolutions[0]
	}
	if !slices.Contains(c.caps.Resolutions, a.Resolution) {
		return refuse("configure", "resolution", fmt.Sprintf(`"%dbit"`, nearestInt(a.Resolution, c.caps.Resolutions)),
			"%s has no resolution of %d bits; it has %s", c.caps.Model, a.Resolution, listed(c.caps.Resolutions))
	}
	c.s.fast = c.cfg.Stream != nil && c.cfg.Stream.Unthrottled || v.text("pace", paceNames[0]) == paceNames[1]
	c.s.delivery = v.nanoseconds("delivery", usualDelivery)
	c.s.maxSamples, c.s.truth = c.cfg.MaxSamples, v.text("truth", "")
	first, other := "first_sample", "first_waveform"
	if c.cfg.Stream == nil {
		first, other = other, first
	}
	if v.has(other) {
		return refuse("configure", driverName+"."+other, "", "%s has no meaning in the mode %q", other, a.Mode)
	}
	c.s.first = v.count(first, 0)
	if c.s.fast {
		a.Notes = append(a.Notes, "samples come as fast as they are taken; time stamps do not follow the sample clock")
	} else {
		a.DeliveryPeriod = time.Duration(c.s.delivery)
	}
	c.s.seed = signal.Seed(0, c.serial)
	if v.has("seed") {
		c.s.seed = signal.Seed(uint64(v.count("seed", 0)), "device")
	}
	var err error
	c.s.faults, err = parseFaults("configure", c.cfg.Options)
	return err
}

func (c *configurer) rate() error {
	mc, _ := c.caps.Mode(c.cfg.Mode())
	limit, _ := mc.Limit(len(c.cfg.Channels), c.s.applied.Resolution, len(c.cfg.Digital) > 0)
	want, field := units.Interval{}, c.field("sample_interval")
	switch b := c.blocks(); {
	case b == nil:
		want = c.cfg.Stream.Interval
	case b.Timebase != nil:
		return refuse("configure", c.field("timebase"), "", "a simulated unit has no timebase numbers; give a rate or an interval")
	default:
		want = b.Interval
	}
	got, exact, ok := limit.Nearest(want)
	if !exact || !ok {
		return refuse("configure", field, quoted(got), "%s is not possible: %s", want, limit.Limit)
	}
	v := values{c.cfg.Options}
	clock, err := newSampleClock(got, v.float("clock_error_ppm", 0), v.float("clock_drift_ppm_per_hour", 0))
	if err != nil {
		return refuse("configure", field, quoted(wholeFemtoseconds(got)), "%s is not possible: %w", want, err)
	}
	c.s.clock, c.s.applied.Interval = clock, got
	c.s.batch = min(max(int64(0.1/got.Float64()), leastBatch), maxBatch)
	c.s.output = &signal.Output{}
	c.b = builder{serial: c.serial, interval: got, seed: c.s.seed, output: c.s.output}
	return nil
}

// reductions are the reductions by their mode.
var reductions = map[driver.DownsampleMode]signal.Reduction{
	driver.DownsampleAggregate: signal.Aggregate, driver.DownsampleDecimate: signal.Decimate, driver.DownsampleAverage: signal.Average,
}

// down is the downsampling that is asked for.
func (c *configurer) down() driver.Downsample {
	if b := c.blocks(); b != nil {
		return b.Downsample
	}
	return c.cfg.Stream.Downsample
}

func (c *configurer) downsample() error {
	d := c.down()
	mc, _ := c.caps.Mode(c.cfg.Mode())
	if d.Mode == "" || d.Mode == driver.DownsampleNone {
		c.s.ratio = 1
		return nil
	}
	how, ok := reductions[d.Mode]
	switch {
	case !ok:
		return refuse("configure", c.field("downsample.mode"), "", "downsampling %q is not known", d.Mode)
	case d.Ratio < 1:
		return refuse("configure", c.field("downsample.ratio"), "1", "a ratio of %d is not possible", d.Ratio)
	case d.Ratio > mc.MaxRatio:
		return refuse("configure", c.field("downsample.ratio"), fmt.Sprint(mc.MaxRatio), "a ratio of %d is not possible; the largest is %d", d.Ratio, mc.MaxRatio)
	case how == signal.Average && len(c.cfg.Digital) > 0:
		return refuse("configure", c.field("downsample.mode"), `"aggregate"`, "digital ports have no average")
	}
	c.s.how, c.s.ratio = how, d.Ratio
	return nil
}

func (c *configurer) channels() error {
	if len(c.cfg.Channels)+len(c.cfg.Digital) == 0 {
		return refuse("configure", "channel", "", "at least one channel or digital port must be enabled")
	}
	seen := map[string]bool{}
	for _, ch := range c.cfg.Channels {
		if err := c.channel(ch, seen[ch.Channel]); err != nil {
			return err
		}
		seen[ch.Channel] = true
	}
	return nil
}

func (c *configurer) channel(ch driver.ChannelConfig, again bool) error {
	field := "channel." + ch.Channel
	cc, ok := c.caps.Channel(ch.Channel)
	if ch.Coupling == "" {
		ch.Coupling = driver.CouplingDC
	}
	var names []string
	for _, other := range c.caps.Channels {
		names = append(names, other.Name)
	}
	switch {
	case !ok:
		return refuse("configure", field, `"`+closest(ch.Channel, names)+`"`, "%s has no channel %q; it has %s", c.caps.Model, ch.Channel, strings.Join(names, ", "))
	case again:
		return refuse("configure", field, "", "channel %s is set up twice", ch.Channel)
	case !slices.Contains(cc.Couplings, ch.Coupling):
		return refuse("configure", field+".coupling", `"dc"`, "coupling %q is not possible", ch.Coupling)
	case !ch.Bandwidth.IsZero() && ch.Bandwidth.Cmp(bandwidthLimit.Rational) != 0:
		return refuse("configure", field+".bandwidth", quoted(bandwidthLimit), "the only bandwidth limit is %s", bandwidthLimit)
	}
	if near, ok := nearestRange(cc, ch.Range); !ok {
		return refuse("configure", field+".range", quoted(near), "%s has no range of %s; the nearest is %s", c.caps.Model, ch.Range, near)
	}
	for _, l := range cc.Offsets {
		if ch.Range > l.Range {
			continue
		}
		if near := min(max(ch.Offset, l.Min), l.Max); near != ch.Offset {
			return refuse("configure", field+".offset", quoted(near), "an offset of %s is not possible in the range %s; the limits are %s and %s", ch.Offset, ch.Range, l.Min, l.Max)
		}
		break
	}
	if err := checkOptions("configure", ch.Options, channelSchema(), field+"."+driverName); err != nil {
		return err
	}
	m, err := c.b.channel(ch, c.s.applied.Resolution)
	if err != nil {
		return err
	}
	low, high := signal.Codes(c.s.applied.Resolution)
	perCount, err := ch.Range.Rational().Div(units.Rat(int64(high), 1))
	if err != nil {
		return refuse("configure", field+".range", "", "the range cannot be divided by the codes exactly: %w", err)
	}
	c.s.applied.Channels = append(c.s.applied.Channels, driver.AppliedChannel{
		Channel: ch.Channel, Range: ch.Range, Coupling: ch.Coupling,
		Offset: ch.Offset, Bandwidth: ch.Bandwidth, CodeMin: low, CodeMax: high, VoltsPerCount: perCount,
	})
	if ch.Coupling == driver.CouplingAC {
		c.s.applied.Notes = append(c.s.applied.Notes, "channel "+ch.Channel+": ac coupling takes away the offset of the signal, and nothing else")
	}
	number := ch.Channel[0] - 'A'
	c.analog[ch.Channel] = analogSource{m, ch.Range, ch.Offset, high, field}
	c.connect(wiring{maker: m, size: 2, mask: 1 << number, counts: isProof(m)}, driver.Stream{Channel: ch.Channel, Type: driver.SampleInt16})
	return nil
}

func (c *configurer) digital() error {
	blocks := map[string]driver.Options{}
	for _, b := range c.cfg.Options.BlocksNamed("digital") {
		if !slices.Contains(ports, b.Labels[0]) {
			return refuse("configure", driverName+".digital."+b.Labels[0], `"`+closest(b.Labels[0], ports)+`"`, "there is no digital port %q", b.Labels[0])
		}
		blocks[b.Labels[0]] = b.Options
	}
	seen := map[string]bool{}
	for _, d := range c.cfg.Digital {
		if err := c.port(d, blocks[d.Port], seen[d.Port]); err != nil {
			return err
		}
		seen[d.Port] = true
	}
	return nil
}

func (c *configurer) port(d driver.DigitalConfig, o driver.Options, again bool) error {
	field := "digital." + d.Port
	at := slices.IndexFunc(c.caps.Digital, func(p driver.DigitalCapabilities) bool { return p.Name == d.Port })
	if at < 0 {
		return refuse("configure", field, "", "%s has no digital port %q", c.caps.Model, d.Port)
	}
	p := c.caps.Digital[at]
	if len(d.Thresholds) == 0 {
		d.Thresholds = []units.Voltage{1500 * units.Millivolt}
	}
	switch {
	case again:
		return refuse("configure", field, "", "port %s is set up twice", d.Port)
	case len(d.Thresholds) != 1 && len(d.Thresholds) != len(p.Pins):
		return refuse("configure", field+".threshold", "", "give one threshold or %d, one per pin", len(p.Pins))
	case d.Hysteresis != "" && !slices.Contains(p.Hysteresis, d.Hysteresis):
		return refuse("configure", field+".hysteresis", `"`+closest(d.Hysteresis, p.Hysteresis)+`"`, "hysteresis %q is not possible", d.Hysteresis)
	}
	for _, t := range d.Thresholds {
		if near := min(max(t, p.ThresholdMin), p.ThresholdMax); near != t {
			return refuse("configure", field+".threshold", quoted(near), "a threshold of %s is not possible; the limits are %s and %s", t, p.ThresholdMin, p.ThresholdMax)
		}
	}
	if d.Hysteresis == "" {
		d.Hysteresis = "normal"
	}
	m, err := c.b.port(at, o)
	if err != nil {
		return err
	}
	c.s.applied.Digital = append(c.s.applied.Digital, driver.AppliedDigital{Port: d.Port, Thresholds: slices.Clone(d.Thresholds), Hysteresis: d.Hysteresis})
	c.ports[d.Port] = m
	c.connect(wiring{maker: m, size: 1, counts: isProof(m)}, driver.Stream{Channel: d.Port, Digital: true, Type: driver.SampleUint8})
	return nil
}

// connect gives a channel or port its streams.
func (c *configurer) connect(w wiring, base driver.Stream) {
	add := func(kind driver.StreamKind, ratio int64) int {
		s := base
		s.Kind, s.Ratio = kind, ratio
		if ratio > 1 {
			s.Computed = "device"
		}
		if c.s.block != nil {
			s.WaveformSamples = c.s.block.samples() / ratio
		}
		c.s.applied.Streams = append(c.s.applied.Streams, s)
		return len(c.s.applied.Streams) - 1
	}
	w.raw, w.reduced = -1, [2]int{-1, -1}
	if c.s.how == 0 || c.down().KeepRaw {
		w.raw = add(driver.StreamRaw, 1)
	}
	switch c.s.how {
	case signal.Aggregate:
		w.reduced = [2]int{add(driver.StreamMin, c.s.ratio), add(driver.StreamMax, c.s.ratio)}
	case signal.Decimate:
		w.reduced[0] = add(driver.StreamDecimate, c.s.ratio)
	case signal.Average:
		w.reduced[0] = add(driver.StreamAverage, c.s.ratio)
	}
	c.s.wirings = append(c.s.wirings, w)
}

// nearestRange returns the possible range closest to want, and whether it is want itself.
func nearestRange(c driver.ChannelCapabilities, want units.Voltage) (units.Voltage, bool) {
	if c.AnyRange {
		near := min(max(want, c.Ranges[0]), c.Ranges[1])
		return near, near == want
	}
	best := c.Ranges[0]
	for _, r := range c.Ranges {
		if max(r-want, want-r) < max(best-want, want-best) {
			best = r
		}
	}
	return best, best == want
}

func nearestInt(want int, list []int) int {
	best := list[0]
	for _, n := range list {
		if max(n-want, want-n) < max(best-want, want-best) {
			best = n
		}
	}
	return best
}

func listed(list []int) string {
	s := make([]string, len(list))
	for i, n := range list {
		s[i] = fmt.Sprint(n)
	}
	return strings.Join(s, ", ")
}
