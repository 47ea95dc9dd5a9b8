package plan

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// generator reads the signal_generator block.
func (b *block) generator(dev *Device) {
	k, ok := b.one("signal_generator")
	if !ok {
		return
	}
	g := &Generator{Enabled: k.boolean("enabled", true)}
	dev.Generator = g
	g.GeneratorConfig = k.generatorConfig(driver.GeneratorConfig{Operation: "normal"}, true)
	last := int64(-1)
	for i, n := range k.nested["change"] {
		k.notReady(FeatureChanges, n.DefRange, "a change of the signal generator")
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
		q := k.child(n, under(k.path, "change", fmt.Sprint(i)), out)
		k.d.plan.places.alias(under(k.path, "change", n.Labels[0]), q.path)
		before := g.GeneratorConfig
		if len(g.Changes) > 0 {
			before = g.Changes[len(g.Changes)-1].Config
		}
		g.Changes = append(g.Changes, GeneratorChange{At: at, Enabled: q.boolean("enabled", true), Config: q.generatorConfig(before, false)})
	}
}

// generatorConfig reads the attributes that the block and its changes share. What a change does not name stays as
// it was before.
func (k *block) generatorConfig(g driver.GeneratorConfig, first bool) driver.GeneratorConfig {
	if s, ok := k.text("wave"); ok {
		g.Wave = strings.ToLower(s)
	}
	if k.has("operation") || first {
		g.Operation = choice(k, "operation", "normal", "noise", "prbs")
	}
	if f, ok := k.positive("frequency"); ok {
		g.Frequency = f
	}
	if v, ok := k.voltage("amplitude"); ok {
		if g.Amplitude = v; v < 0 {
			k.fail("amplitude", "amplitude is negative", "It is peak to peak. Write it without the sign.")
		}
	}
	if v, ok := k.voltage("offset"); ok {
		g.Offset = v
	}
	if n, ok := k.integer("shots", 0, 1<<32-1); ok {
		g.Shots = n
	}
	if n, ok := k.integer("sweeps", 0, 1<<32-1); ok {
		g.Sweeps = n
	}
	k.sweep(&g)
	if a, ok := k.one("arbitrary"); ok {
		if g.Wave != "" && g.Wave != "arbitrary" && k.has("wave") {
			k.fail("wave", "wave and arbitrary exclude each other", `Remove wave, or the arbitrary block.`)
		}
		g.Wave = "arbitrary"
		g.Arbitrary = a.arbitrary()
	}
	if t, ok := k.one("trigger"); ok {
		g.Trigger = &driver.GeneratorTrigger{
			Type:   choice(t, "type", "", "rising", "falling", "gate_high", "gate_low"),
			Source: choice(t, "source", "", "none", "scope", "aux", "external", "software", "pulse_width"),
		}
		g.Trigger.Level, _ = t.voltage("level")
	}
	if first {
		k.generatorComplete(g)
	}
	return g
}

// generatorComplete reports what a generator cannot do without.
func (k *block) generatorComplete(g driver.GeneratorConfig) {
	switch {
	case k.isBad("wave") || k.isBad("operation") || k.isBad("arbitrary") || k.broken:
	case g.Operation == "normal" && g.Wave == "":
		k.failBlock("wave is missing", `Write wave = "sine", or an arbitrary block.`)
	case g.Wave == "arbitrary" && g.Arbitrary == nil:
		k.failBlock("The arbitrary block is missing", `wave = "arbitrary" needs arbitrary { values = [...] }, or file, or expression.`)
	}
	needsFrequency := g.Operation == "normal" && g.Wave != "dc" && g.Wave != "dc_voltage" && g.Wave != "" &&
		(g.Arbitrary == nil || g.Arbitrary.SampleRate.IsZero())
	if needsFrequency && !k.has("frequency") && !k.isBad("arbitrary") {
		k.d.plan.places.mark(under(k.path, "frequency"))
		k.d.p.add(errorAt(k.def, "frequency is missing", `Write frequency = "1kHz".`))
	}
	if !k.has("amplitude") && g.Wave != "dc" && g.Wave != "dc_voltage" {
		k.d.plan.places.mark(under(k.path, "amplitude"))
		k.d.p.add(errorAt(k.def, "amplitude is missing", `Write amplitude = "2V"; it is peak to peak.`))
	}
}

func (k *block) sweep(g *driver.GeneratorConfig) {
	if k.has("sweep") {
		g.Sweep = choice(k, "sweep", "", "up", "down", "up_down", "down_up")
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
	if k.isBad("sweep") {
		return
	}
	for _, name := range []string{"stop_frequency", "step", "dwell"} {
		switch {
		case g.Sweep == "" && k.has(name):
			k.fail(name, fmt.Sprintf("%s has no effect here", name), `It belongs to a sweep: write sweep = "up" too, or remove it.`)
		case k.has("sweep") && g.Sweep != "" && !k.has(name):
			k.d.plan.places.mark(under(k.path, name))
			k.d.p.add(errorAt(k.place("sweep"), fmt.Sprintf("%s is missing", name), fmt.Sprintf("A sweep needs %s = %s.", name, examples[name])))
		}
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
