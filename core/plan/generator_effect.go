package plan

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// What a signal_generator block says without an effect.

// idle reports attributes that change nothing of what is put out. last tells that no change follows, which could go on from them.
func (k *block) idle(g driver.GeneratorConfig, last bool) {
	what, words := "", g.Operation == "noise" || g.Operation == "prbs"
	switch {
	case words:
		what = fmt.Sprintf("operation = %q", g.Operation)
	case isDC(g):
		what = `wave = "dc"`
	}
	if words && k.has("operation") && !k.isBad("operation") {
		switch {
		case k.has("wave"):
			k.fail("wave", "wave has no effect here", fmt.Sprintf("%s is put out instead of a wave. Remove one of the two.", what))
		case len(k.nested["arbitrary"]) > 0:
			k.fail("operation", "operation and arbitrary exclude each other", fmt.Sprintf("%s is put out instead of a wave. Remove one of the two.", what))
		}
	}
	silent := func(name, why string) {
		if last && k.has(name) && !k.isBad(name) {
			k.fail(name, name+" has no effect here", fmt.Sprintf("%s %s. Remove it.", what, why))
		}
	}
	if isDC(g) {
		silent("amplitude", "is a level: offset says which")
	}
	if isDC(g) || g.Operation == "noise" {
		silent("frequency", "has no frequency")
		if g.Shots > 0 && k.has("shots") {
			k.fail("shots", "shots has no effect here", fmt.Sprintf("%s has no periods that could be counted. Remove it.", what))
		} else if g.Shots > 0 && (k.has("wave") || k.has("operation")) {
			k.failBlock("shots has no effect here", fmt.Sprintf("It goes on from before, and %s has no periods that could be counted: write shots = 0 too.", what))
		}
	}
}

// idleTrigger reports what a generator's trigger has no use for.
func (t *block) idleTrigger(source string) {
	if input := source == "external" || source == "aux" || source == ""; !input && t.has("level") && !t.isBad("level") {
		t.fail("level", "level has no effect here", fmt.Sprintf(`It is the threshold of an input, and source = %q is none. Remove it.`, source))
	}
}

// empty tells whether nothing is written in a block.
func (k *block) empty() bool {
	for name := range k.attrs {
		if k.has(name) {
			return false
		}
	}
	for _, n := range k.nested {
		if len(n) > 0 {
			return false
		}
	}
	return !k.broken
}

// checkChange reports a change that changes nothing, and one that never comes.
func (k *block) checkChange(n *hcl.Block, c GeneratorChange) {
	if k.empty() {
		k.failBlock("The change changes nothing", `Write what is different from then on, such as frequency = "2kHz" or enabled = false, or remove it.`)
	}
	if r := k.d.plan.Run; r.Duration > 0 && c.At >= r.Duration && !k.d.plan.places.isBad("run.duration") {
		k.d.p.add(warningAt(n.LabelRanges[0], "The change never comes", fmt.Sprintf("The run ends %s after its start.", units.FormatDuration(r.Duration))))
	}
}
