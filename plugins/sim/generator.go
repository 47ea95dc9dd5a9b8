package main

import (
	"context"
	"encoding/binary"
	"math/big"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/signal"
	"github.com/scopelog/scopelog/plugins/sim/internal/trigger"
	"github.com/scopelog/scopelog/units"
)

// The limits of the signal generator.
const (
	maxGeneratorAmplitude = 20 * units.Volt // peak to peak
	maxGeneratorOffset    = 10 * units.Volt // amplitude and offset together go no further
	minArbitrary          = 2
	maxArbitrary          = 1 << 16
)

var (
	minGeneratorFrequency = units.Hertz(1, 1_000_000)
	maxGeneratorFrequency = units.Hertz(100_000_000, 1)
	maxArbitraryRate      = units.PerSecond(200_000_000, 1)

	sweepNames     = []string{"up", "down", "up_down", "down_up"}
	generatorTypes = []string{"rising", "falling", "gate_high", "gate_low"}
	// generatorInputs are the trigger inputs that can start the generator, by their names there.
	generatorInputs  = map[string]string{"external": "EXT", "aux": "AUX"}
	generatorSources = []string{sourceNone, sourceScope, sourceSoftware, "external", "aux"}
)

// What starts the generator.
const (
	sourceNone     = "none"
	sourceScope    = "scope"    // the trigger of the acquisition
	sourceSoftware = "software" // the host
)

func generatorCapabilities() *driver.GeneratorCapabilities {
	return &driver.GeneratorCapabilities{
		Waves: signal.Waves, Operations: []string{"noise", "prbs"}, MinFrequency: minGeneratorFrequency, MaxFrequency: maxGeneratorFrequency,
		MaxAmplitude: maxGeneratorAmplitude, MaxOffset: maxGeneratorOffset, MaxOutput: maxGeneratorOffset, Sweeps: sweepNames, Arbitrary: true,
		MinArbitrary: minArbitrary, MaxArbitrary: maxArbitrary, MaxArbitraryRate: maxArbitraryRate,
		TriggerTypes: generatorTypes, TriggerSources: generatorSources,
	}
}

// generator is the signal generator as set. It does not change.
type generator struct {
	wave    *signal.Wave
	idle    *signal.Wave // before it is started
	applied driver.AppliedGenerator
	source  string          // what starts it
	gate    signal.Gate     // opens and closes it; nil: none
	edge    *trigger.Config // of input, starts it; nil: none
	input   trigger.Input
}

// begin is what the output does when the generator is set: the wave, or a rest until it is started.
func (g *generator) begin() (*signal.Wave, signal.Gate) {
	switch {
	case g == nil:
		return nil, nil
	case g.gate != nil:
		return g.wave, g.gate
	case g.source != sourceNone:
		return g.idle, nil
	}
	return g.wave, nil
}

// generator reads the signal generator.
func (c *configurer) generator() error {
	g, err := newGenerator(c.cfg.Generator, c.s, c.analog)
	if err != nil || g == nil {
		return err
	}
	c.s.generator = g
	applied := g.applied
	c.s.applied.Generator = &applied
	return nil
}

// newGenerator checks a request; nil: off.
func newGenerator(cfg *driver.GeneratorConfig, s *setup, analog map[string]analogSource) (*generator, error) {
	if cfg == nil {
		return nil, nil
	}
	if err := checkGenerator(cfg); err != nil {
		return nil, err
	}
	interval := s.applied.Interval
	spec := signal.WaveSpec{
		Name: cfg.Wave, Frequency: cfg.Frequency, PeakToPeak: cfg.Amplitude.Volts(), Offset: cfg.Offset.Volts(), Shots: cfg.Shots,
		Seed: signal.Seed(s.seed, "generator"),
	}
	if cfg.Operation == "noise" || cfg.Operation == "prbs" {
		spec.Name = cfg.Operation
	}
	g := &generator{source: sourceNone, applied: driver.AppliedGenerator{Frequency: cfg.Frequency, Amplitude: cfg.Amplitude, Offset: cfg.Offset}}
	switch spec.Name {
	case "arbitrary":
		spec.Values = cfg.Arbitrary.Values
		if rate := cfg.Arbitrary.SampleRate; !rate.IsZero() {
			f, err := rate.Div(units.Rat(int64(len(spec.Values)), 1))
			if err != nil {
				return nil, refuse("configure", "signal_generator.arbitrary.sample_rate", "", "the rate cannot be kept exactly: %w", err)
			}
			spec.Frequency = units.Frequency{Rational: f}
			g.applied.Frequency = spec.Frequency
		}
	case "dc":
		g.applied.Amplitude, g.applied.Frequency = 0, units.Frequency{}
	case "noise":
		g.applied.Frequency = units.Frequency{}
	}
	if cfg.Sweep != "" {
		spec.Sweep = &signal.Sweep{Stop: cfg.StopFrequency, Step: cfg.Step, Dwell: cfg.Dwell, Kind: cfg.Sweep, Count: cfg.Sweeps}
	}
	var err error
	if g.wave, err = signal.NewWave(spec, interval); err != nil {
		return nil, refuse("configure", "signal_generator.frequency", "", "%w", err)
	}
	if g.idle, err = signal.NewWave(signal.WaveSpec{Name: "dc", Offset: spec.Offset}, interval); err != nil {
		return nil, refuse("configure", "signal_generator.offset", "", "%w", err)
	}
	return g, g.trigger(cfg, s, analog)
}

// trigger reads what starts the generator.
func (g *generator) trigger(cfg *driver.GeneratorConfig, s *setup, analog map[string]analogSource) error {
	t := cfg.Trigger
	if t == nil || t.Source == "" || t.Source == sourceNone {
		return nil
	}
	const field = "signal_generator.trigger"
	if !slices.Contains(generatorSources, t.Source) {
		return refuse("configure", field+".source", `"`+closest(t.Source, generatorSources)+`"`, "the generator cannot be started by %q", t.Source)
	}
	if !slices.Contains(generatorTypes, t.Type) {
		return refuse("configure", field+".type", `"rising"`, "the generator cannot be started by %q; write one of %s", t.Type, strings.Join(generatorTypes, ", "))
	}
	g.source = t.Source
	name, external := generatorInputs[t.Source]
	if !external {
		if strings.HasPrefix(t.Type, "gate") {
			return refuse("configure", field+".type", `"rising"`, "a gate needs an input: source = \"external\" or \"aux\"")
		}
		return nil
	}
	in, ok := analog[name]
	if !ok {
		return refuse("configure", field+".source", "", "the input %s was not set up when the unit was configured", name)
	}
	code, err := threshold(in, t.Level, field+".level")
	if err != nil {
		return err
	}
	switch t.Type {
	case "gate_high", "gate_low":
		g.gate = &gate{maker: in.maker, level: code, high: t.Type == "gate_high"}
		return nil
	}
	g.input = in.maker
	g.edge = &trigger.Config{Conditions: []trigger.Condition{{Direction: driver.Direction(t.Type), Upper: code}}, Terms: [][]trigger.Member{{{}}}}
	return nil
}

// gate is open while an input is at or above a level, or below it.
type gate struct {
	maker maker
	level int32
	high  bool
	codes []byte
	open  []bool
}

// Open looks at the input.
func (g *gate) Open(first int64, n int) []bool {
	g.codes = grown(g.codes, 2*n)
	g.maker.Fill(g.codes[:2*n], first)
	if cap(g.open) < n {
		g.open = make([]bool, n)
	}
	open := g.open[:n]
	for i := range open {
		open[i] = (int32(int16(binary.LittleEndian.Uint16(g.codes[2*i:]))) >= g.level) == g.high
	}
	return open
}

func checkGenerator(g *driver.GeneratorConfig) error {
	const field = "signal_generator."
	dc, arbitrary := g.Wave == "dc" && g.Operation != "noise" && g.Operation != "prbs", g.Wave == "arbitrary"
	frequency := func(name string, f units.Frequency) error {
		near := f
		if f.Cmp(minGeneratorFrequency.Rational) < 0 {
			near = minGeneratorFrequency
		} else if f.Cmp(maxGeneratorFrequency.Rational) > 0 {
			near = maxGeneratorFrequency
		}
		if near != f {
			return refuse("configure", field+name, quoted(near), "%s is not possible; it goes from %s to %s", f, minGeneratorFrequency, maxGeneratorFrequency)
		}
		return nil
	}
	switch {
	case g.Operation != "" && g.Operation != "normal" && g.Operation != "noise" && g.Operation != "prbs":
		return refuse("configure", field+"operation", `"normal"`, "the generator has no operation %q", g.Operation)
	case g.Operation == "noise" || g.Operation == "prbs":
	case arbitrary && g.Arbitrary == nil:
		return refuse("configure", field+"arbitrary", "", "the wave is missing")
	case !arbitrary && !slices.Contains(signal.Waves, g.Wave):
		return refuse("configure", field+"wave", `"`+closest(g.Wave, signal.Waves)+`"`, "the generator has no wave %q", g.Wave)
	}
	switch {
	case g.Amplitude < 0 || g.Amplitude > maxGeneratorAmplitude:
		return refuse("configure", field+"amplitude", quoted(min(max(g.Amplitude, 0), maxGeneratorAmplitude)), "an amplitude of %s is not possible; it goes to %s", g.Amplitude, maxGeneratorAmplitude)
	case g.Offset < -maxGeneratorOffset || g.Offset > maxGeneratorOffset:
		return refuse("configure", field+"offset", quoted(min(max(g.Offset, -maxGeneratorOffset), maxGeneratorOffset)), "an offset of %s is not possible; it goes to %s", g.Offset, maxGeneratorOffset)
	case !dc && g.Amplitude/2+max(g.Offset, -g.Offset) > maxGeneratorOffset:
		return refuse("configure", field+"amplitude", quoted(2*(maxGeneratorOffset-max(g.Offset, -g.Offset))), "with an offset of %s, an amplitude of %s goes beyond %s", g.Offset, g.Amplitude, maxGeneratorOffset)
	case g.Shots < 0 || g.Sweeps < 0:
		return driver.Errorf(driver.KindBug, "configure", "a negative number of shots or sweeps")
	}
	if arbitrary && g.Arbitrary != nil {
		if err := checkArbitrary(g.Arbitrary); err != nil {
			return err
		}
	}
	ownRate := arbitrary && g.Arbitrary != nil && !g.Arbitrary.SampleRate.IsZero()
	if !dc && g.Operation != "noise" && !ownRate {
		if err := frequency("frequency", g.Frequency); err != nil {
			return err
		}
	}
	if g.Sweep == "" {
		return nil
	}
	switch {
	case !slices.Contains(sweepNames, g.Sweep):
		return refuse("configure", field+"sweep", `"`+closest(g.Sweep, sweepNames)+`"`, "the generator has no sweep %q", g.Sweep)
	case dc || g.Operation == "noise" || g.Operation == "prbs" || ownRate:
		return refuse("configure", field+"sweep", "", "a wave without a frequency cannot be swept")
	case g.Step.Sign() <= 0:
		return refuse("configure", field+"step", `"10Hz"`, "a sweep needs a step")
	case g.Dwell.Sign() <= 0:
		return refuse("configure", field+"dwell", `"1ms"`, "a sweep needs a dwell time")
	case g.Shots > 0:
		return refuse("configure", field+"shots", "0", "shots and sweeps exclude each other; write sweeps")
	}
	if err := frequency("stop_frequency", g.StopFrequency); err != nil {
		return err
	}
	width := new(big.Rat).Sub(g.StopFrequency.Big(), g.Frequency.Big())
	switch width.Abs(width); {
	case width.Sign() == 0:
		return refuse("configure", field+"stop_frequency", "", "the sweep would end where it begins")
	case g.Step.Big().Cmp(width) > 0:
		return refuse("configure", field+"step", "", "a step of %s is longer than the whole sweep", g.Step)
	}
	return nil
}

func checkArbitrary(w *driver.ArbitraryWave) error {
	const field = "signal_generator.arbitrary"
	if n := len(w.Values); n < minArbitrary || n > maxArbitrary {
		return refuse("configure", field, "", "a wave of %d values is not possible; it has %d to %d", n, minArbitrary, maxArbitrary)
	}
	for i, v := range w.Values {
		if !(v >= -1 && v <= 1) {
			return refuse("configure", field, "", "value %d is %g; values go from -1 to 1", i, v)
		}
	}
	if w.SampleRate.Sign() < 0 || w.SampleRate.Cmp(maxArbitraryRate.Rational) > 0 {
		return refuse("configure", field+".sample_rate", quoted(maxArbitraryRate), "a rate of %s is not possible; the most is %s", w.SampleRate, maxArbitraryRate)
	}
	return nil
}

// SetGenerator sets the signal generator, also while an acquisition is running: then the output changes with the next
// sample that is looked at. nil turns it off.
func (d *Device) SetGenerator(_ context.Context, cfg *driver.GeneratorConfig) (driver.AppliedGenerator, error) {
	if err := d.usable("generator"); err != nil {
		return driver.AppliedGenerator{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.set == nil {
		return driver.AppliedGenerator{}, driver.Errorf(driver.KindBug, "generator", "the unit is not configured")
	}
	g, err := newGenerator(cfg, d.set, d.set.analog)
	if err != nil {
		return driver.AppliedGenerator{}, err
	}
	d.set.generator = g
	if d.active() {
		d.running.command(command{generator: g, set: true})
	}
	if g == nil {
		return driver.AppliedGenerator{}, nil
	}
	return g.applied, nil
}

// SoftwareTrigger fires the trigger that the acquisition waits for, and starts a generator that waits for it.
func (d *Device) SoftwareTrigger(context.Context) error {
	if err := d.usable("software trigger"); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.active() {
		return driver.Errorf(driver.KindPermanent, "software trigger", "the acquisition does not run")
	}
	waits := d.set.generator != nil && d.set.generator.source == sourceSoftware
	if d.set.trigger == nil && !waits {
		return driver.Errorf(driver.KindPermanent, "software trigger", "nothing waits for it now: the acquisition has no trigger, and the source of the signal generator's is not software")
	}
	d.running.command(command{fire: true})
	return nil
}
