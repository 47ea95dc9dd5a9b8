package plan

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// waveform is what a generator block has made of the settings so far: a block of changes goes on from the one before.
type waveform struct {
	driver.GeneratorConfig
	enabled   bool
	amplitude bool // an amplitude was given
	triggered bool // the device has a trigger
	secret    bool // its frequencies tell a secret
}

// generator reads the signal_generator block.
func (b *block) generator(dev *Device) {
	k, ok := b.one("signal_generator")
	if !ok {
		return
	}
	now := k.waveform(waveform{GeneratorConfig: driver.GeneratorConfig{Operation: "normal"}, enabled: true, triggered: len(b.nested["trigger"]) > 0 || b.broken}, true, len(k.nested["change"]) == 0)
	g := &Generator{GeneratorConfig: now.GeneratorConfig, Enabled: now.enabled}
	dev.Generator = g
	last := int64(-1)
	for i, n := range k.nested["change"] {
		at, err := units.ParseDuration(n.Labels[0])
		if err != nil {
			k.d.p.add(errorAt(n.LabelRanges[0], "The time of the change cannot be read", sentence(err.Error())))
			continue
		}
		if int64(at) <= last {
			k.d.p.add(errorAt(n.LabelRanges[0], "The changes are not in order", "Write them in the order of their times, each time once."))
		}
		last = int64(at)
		out := k.out.item("change")
		out.set("at", n.Labels[0])
		q := k.child(n, under(k.path, "change", fmt.Sprint(len(g.Changes))), out)
		k.d.plan.places.alias(under(k.path, "change", n.Labels[0]), q.path)
		now = q.waveform(now, false, i == len(k.nested["change"])-1)
		g.Changes = append(g.Changes, GeneratorChange{At: at, Enabled: now.enabled, Config: now.GeneratorConfig})
		q.checkChange(n, g.Changes[len(g.Changes)-1])
	}
}

// waveform reads the attributes that the block and its changes share. What a change does not name stays as it was before,
// but for what the new wave has no use for. first is the block, last what no change follows.
func (k *block) waveform(g waveform, first, last bool) waveform {
	g.enabled = k.boolean("enabled", g.enabled)
	if s, ok := k.text("wave"); ok {
		if g.Wave = strings.ToLower(s); g.Wave != "arbitrary" {
			g.Arbitrary = nil
		}
	}
	switch {
	case k.has("operation") || first:
		g.Operation = choice(k, "operation", "normal", "noise", "prbs")
	case k.has("wave") || len(k.nested["arbitrary"]) > 0:
		g.Operation = "normal" // who names a wave wants to have it
	}
	frequency, given := k.positive("frequency")
	if v, ok := k.voltage("amplitude"); ok {
		g.amplitude = true
		if g.Amplitude = v; v < 0 {
			k.fail("amplitude", "amplitude is negative", "It is peak to peak. Write it without the sign.")
		}
	}
	g.amplitude = g.amplitude || k.has("amplitude")
	if v, ok := k.voltage("offset"); ok {
		g.Offset = v
	}
	if n, ok := k.integer("shots", 0, 1<<30); ok {
		g.Shots = n
	}
	if n, ok := k.integer("sweeps", 0, 1<<30); ok {
		g.Sweeps = n
	}
	k.arbitraryWave(&g.GeneratorConfig)
	if given {
		g.Frequency = frequency
		k.ownRate(&g.GeneratorConfig)
	}
	k.sweep(&g.GeneratorConfig)
	g.secret = g.secret || k.hidden("", "frequency", "stop_frequency") == hidden
	k.sweepWidth(g)
	k.generatorTrigger(&g.GeneratorConfig, g.triggered)
	k.counts(g.GeneratorConfig)
	k.idle(g.GeneratorConfig, last)
	k.generatorComplete(g)
	return g
}

// arbitraryWave reads a user's wave.
func (k *block) arbitraryWave(g *driver.GeneratorConfig) {
	a, ok := k.one("arbitrary")
	if !ok {
		return
	}
	if g.Wave != "" && g.Wave != "arbitrary" && k.has("wave") {
		k.fail("wave", "wave and arbitrary exclude each other", `Remove wave, or the arbitrary block.`)
	}
	g.Wave = "arbitrary"
	g.Arbitrary = a.arbitrary()
}

// ownRate sorts out a frequency beside a wave with a rate of its own: the later one of two blocks counts.
func (k *block) ownRate(g *driver.GeneratorConfig) {
	switch {
	case g.Arbitrary == nil || g.Arbitrary.SampleRate.IsZero():
	case len(k.nested["arbitrary"]) > 0:
		k.fail("frequency", "frequency and the wave's sample_rate exclude each other", "The rate says how long a period is. Remove one of them.")
	default:
		g.Arbitrary = &driver.ArbitraryWave{Values: g.Arbitrary.Values}
	}
}

// generatorTrigger reads what starts the generator.
func (k *block) generatorTrigger(g *driver.GeneratorConfig, triggered bool) {
	t, ok := k.one("trigger")
	if !ok {
		return
	}
	g.Trigger = &driver.GeneratorTrigger{
		Type:   choice(t, "type", "", "rising", "falling", "gate_high", "gate_low"),
		Source: choice(t, "source", "", "none", "scope", "aux", "external", "software", "pulse_width"),
	}
	g.Trigger.Level, _ = t.voltage("level")
	t.idleTrigger(g.Trigger.Source)
	if g.Trigger.Source == "scope" && !triggered {
		t.fail("source", "The generator would never start", `It waits for the trigger of the acquisition, and the device has none. Write a trigger block in the device, or another source.`)
	}
	input := g.Trigger.Source == "external" || g.Trigger.Source == "aux" || g.Trigger.Source == ""
	if strings.HasPrefix(g.Trigger.Type, "gate") && !input {
		t.fail("type", "A gate needs an input", `It is open as long as the input is high or low: write source = "external" or "aux", or type = "rising".`)
	}
}

// counts reports numbers of periods and of sweeps, and sweeps themselves, that cannot be meant.
func (k *block) counts(g driver.GeneratorConfig) {
	steady := g.Operation == "noise" || g.Operation == "prbs" || isDC(g) || g.Arbitrary != nil && !g.Arbitrary.SampleRate.IsZero()
	switch {
	case steady && g.Sweep != "" && k.has("sweep"):
		k.fail("sweep", "There is no frequency to sweep", "A sweep belongs to a wave that frequency makes go: remove it.")
	case steady && g.Sweep != "":
		k.failBlock("There is no frequency to sweep", `The sweep goes on from before: write sweep = "none" too.`)
	case g.Sweeps > 0 && g.Sweep == "" && k.has("sweeps"):
		k.fail("sweeps", "sweeps has no effect here", `It belongs to a sweep: write sweep = "up" too, or shots for a number of periods.`)
	case g.Sweeps > 0 && g.Shots > 0 && k.has("shots"):
		k.fail("shots", "shots and sweeps exclude each other", "The output ends after one or the other. Write 0 for one of them.")
	case g.Sweeps > 0 && g.Shots > 0 && k.has("sweeps"):
		k.fail("sweeps", "shots and sweeps exclude each other", "The output ends after one or the other. Write 0 for one of them.")
	}
}

// isDC tells whether nothing but a level is put out.
func isDC(g driver.GeneratorConfig) bool {
	return g.Operation == "normal" && (g.Wave == "dc" || g.Wave == "dc_voltage")
}

// generatorComplete reports what a generator cannot do without.
func (k *block) generatorComplete(g waveform) {
	dc := isDC(g.GeneratorConfig)
	switch {
	case k.isBad("wave") || k.isBad("operation") || k.isBad("arbitrary") || k.broken:
	case g.Operation == "normal" && g.Wave == "":
		k.failBlock("wave is missing", `Write wave = "sine", or an arbitrary block.`)
	case g.Operation == "normal" && g.Wave == "arbitrary" && g.Arbitrary == nil:
		k.failBlock("The arbitrary block is missing", `wave = "arbitrary" needs arbitrary { values = [...] }, or file, or expression.`)
	}
	needsFrequency := g.Operation == "prbs" || g.Operation == "normal" && !dc && g.Wave != "" && (g.Arbitrary == nil || g.Arbitrary.SampleRate.IsZero())
	if needsFrequency && g.Frequency.IsZero() && !k.has("frequency") && !k.isBad("arbitrary") {
		k.d.plan.places.mark(under(k.path, "frequency"))
		k.d.p.add(errorAt(k.def, "frequency is missing", `Write frequency = "1kHz".`))
	}
	if !g.amplitude && !dc {
		k.d.plan.places.mark(under(k.path, "amplitude"))
		k.d.p.add(errorAt(k.def, "amplitude is missing", `Write amplitude = "2V"; it is peak to peak.`))
	}
}

// sweep reads a sweep; "none" ends one.
func (k *block) sweep(g *driver.GeneratorConfig) {
	if k.has("sweep") {
		g.Sweep = choice(k, "sweep", "", "up", "down", "up_down", "down_up", "none")
	}
	if f, ok := k.positive("stop_frequency"); ok {
		g.StopFrequency = f
	}
	if f, ok := k.positive("step"); ok {
		g.Step = f
	}
	if k.has("dwell") {
		g.Dwell, _ = k.interval("dwell")
	}
	if g.Sweep == "none" {
		g.Sweep, g.StopFrequency, g.Step, g.Dwell = "", units.Frequency{}, units.Frequency{}, units.Interval{}
		if !k.has("sweeps") {
			g.Sweeps = 0
		}
	}
	if k.isBad("sweep") {
		return
	}
	for _, a := range []struct {
		name  string
		given bool
	}{{"stop_frequency", !g.StopFrequency.IsZero()}, {"step", !g.Step.IsZero()}, {"dwell", !g.Dwell.IsZero()}} {
		switch {
		case g.Sweep == "" && k.has(a.name):
			k.fail(a.name, fmt.Sprintf("%s has no effect here", a.name), `It belongs to a sweep: write sweep = "up" too, or remove it.`)
		case k.has("sweep") && g.Sweep != "" && !k.has(a.name) && !a.given:
			k.d.plan.places.mark(under(k.path, a.name))
			k.d.p.add(errorAt(k.place("sweep"), fmt.Sprintf("%s is missing", a.name), fmt.Sprintf("A sweep needs %s = %s.", a.name, examples[a.name])))
		}
	}
}

// sweepWidth reports a sweep that goes nowhere, or no step far. What is not written here was reported before.
func (k *block) sweepWidth(g waveform) {
	at := ""
	for _, name := range []string{"frequency", "stop_frequency", "step"} {
		if k.isBad(name) {
			return
		}
		if k.has(name) {
			at = name
		}
	}
	if g.Sweep == "" || at == "" || g.Frequency.Sign() <= 0 || g.StopFrequency.Sign() <= 0 || g.Step.Sign() <= 0 {
		return
	}
	width := new(big.Rat).Sub(g.StopFrequency.Big(), g.Frequency.Big())
	switch width.Abs(width); {
	case width.Sign() == 0:
		k.fail(at, "The sweep would end where it begins", "Write another frequency or stop_frequency.")
	case g.Step.Big().Cmp(width) > 0:
		detail := "Write a smaller step."
		if r, ok := fraction(width); ok && !g.secret {
			detail = fmt.Sprintf("The sweep goes from %s to %s: write step = %q or less.", compact(g.Frequency), compact(g.StopFrequency), compact(units.Frequency{Rational: r}))
		}
		k.fail(at, "A step is longer than the whole sweep", detail)
	}
}

// positive reads a frequency above 0.
func (k *block) positive(name string) (units.Frequency, bool) {
	f, ok := quantity(k, name, "", units.ParseFrequency)
	if ok && f.Sign() <= 0 {
		k.fail(name, fmt.Sprintf("%s must be above 0", name), fmt.Sprintf("Write %s = %s.", name, examples[name]))
		return f, false
	}
	return f, ok
}

// Driver is what the driver is told at the change; nil: off.
func (c GeneratorChange) Driver() *driver.GeneratorConfig {
	if !c.Enabled {
		return nil
	}
	g := c.Config
	return &g
}
