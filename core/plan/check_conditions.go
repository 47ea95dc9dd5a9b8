package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
)

// Checks of trigger conditions that need no capabilities: what could never fire, whatever the unit.

// levelCanReturn reports a level whose hysteresis is so wide that the channel never comes to its other side.
func (k *block) levelCanReturn(dev *Device, l driver.LevelCondition) {
	ch, ok := dev.Channel(l.Source)
	if !ok || l.Hysteresis <= 0 || ch.Range <= 0 || k.isBad("threshold") || k.isBad("hysteresis") || k.d.plan.places.isBad(under(dev.text, "channel", l.Source)) {
		return
	}
	below, above := l.Threshold-(-ch.Range-ch.Offset), ch.Range-ch.Offset-l.Threshold
	room, side := below, "below"
	switch l.Direction {
	case driver.DirectionRising:
	case driver.DirectionFalling:
		room, side = above, "above"
	case driver.DirectionEither:
		room, side = max(below, above), "below or above"
	default:
		return
	}
	if l.Hysteresis > room {
		k.fail("hysteresis", fmt.Sprintf("The trigger on %s could never fire", l.Source),
			fmt.Sprintf("The signal would first have to be by the hysteresis %s the threshold, and the channel measures %s there. Write a smaller hysteresis, or a larger range.", side, k.hiddenIn(under(dev.text, "channel", ch.Name), k.hidden(compact(room), "threshold", "hysteresis"), "range", "offset")))
	}
}

// windowStaysOpen reports a window that its hysteresis closes.
func (k *block) windowStaysOpen(w driver.WindowCondition) {
	if strings.HasSuffix(string(w.Direction), "_lower") || w.Lower >= w.Upper {
		return // these compare with one threshold
	}
	for _, name := range []string{"lower", "upper", "lower_hysteresis", "upper_hysteresis"} {
		if k.isBad(name) {
			return
		}
	}
	// In this order, as both may be as large as a voltage can be.
	width := w.Upper/2 - w.Lower/2
	if w.LowerHysteresis/2 <= width && w.UpperHysteresis/2 <= width-w.LowerHysteresis/2 {
		return
	}
	name := "upper_hysteresis"
	if w.LowerHysteresis > w.UpperHysteresis {
		name = "lower_hysteresis"
	}
	k.fail(name, fmt.Sprintf("The window on %s is closed by its hysteresis", w.Source),
		fmt.Sprintf("Both together must be smaller than the window, which is %s wide.", k.hidden(compact(w.Upper-w.Lower), "lower", "upper")))
}

// hidden returns the text unless it could tell a secret of these attributes.
func (k *block) hidden(text string, names ...string) string {
	for _, n := range names {
		if _, secret := k.d.plan.Sensitive(under(k.path, n)); secret {
			return hidden
		}
	}
	return text
}

// hiddenIn is hidden for a text that could tell a secret of attributes of another block.
func (k *block) hiddenIn(path, text string, names ...string) string {
	return (&block{d: k.d, path: path}).hidden(text, names...)
}

// measures tells from which voltage to which a channel measures, at the tip of its probe.
func (k *block) measures(dev *Device, ch *Channel) string {
	at := under(dev.text, "channel", ch.Name)
	from, to := compact(-ch.Range-ch.Offset), compact(ch.Range-ch.Offset)
	return fmt.Sprintf("from %s to %s%s", k.hiddenIn(at, from, "range", "offset"), k.hiddenIn(at, to, "range", "offset"), withProbe(ch))
}

// pulseThresholds reports a pulse width that has nothing to compare with: its thresholds are those of a level or window of its source.
func (k *block) pulseThresholds(q *block, t *driver.TriggerConfig, broken bool) {
	p := t.PulseWidth
	if p.Direction == "" || broken || k.d.plan.places.isBad(q.path) {
		return
	}
	if slices.Contains(levelDirections, p.Direction) {
		if !slices.ContainsFunc(t.Levels, func(l driver.LevelCondition) bool { return l.Source == p.Source }) {
			q.failBlock(fmt.Sprintf("The pulse width of %s has no threshold", p.Source),
				fmt.Sprintf(`Write level %q { name = "edge" ... } beside it: its threshold counts. any_of = [[%q]] says that the pulse width alone is the trigger.`, p.Source, p.Name))
		}
		return
	}
	if !slices.ContainsFunc(t.Windows, func(w driver.WindowCondition) bool { return w.Source == p.Source }) {
		q.failBlock(fmt.Sprintf("The pulse width of %s has no thresholds for the direction %q", p.Source, p.Direction),
			fmt.Sprintf(`Write window %q { name = "band" ... } beside it: its thresholds count. any_of = [[%q]] says that the pulse width alone is the trigger.`, p.Source, p.Name))
	}
}

// givesThresholds tells whether a condition has a use although any_of does not name it.
func givesThresholds(t *driver.TriggerConfig, name string) bool {
	p := t.PulseWidth
	if p == nil {
		return false
	}
	if slices.Contains(levelDirections, p.Direction) {
		return slices.ContainsFunc(t.Levels, func(l driver.LevelCondition) bool { return l.Name == name && l.Source == p.Source })
	}
	return slices.ContainsFunc(t.Windows, func(w driver.WindowCondition) bool { return w.Name == name && w.Source == p.Source })
}

// possible reports an AND that no signal fulfils, and one that names a condition twice.
func (k *block) possible(name string, terms [][]driver.ConditionRef) {
	for _, term := range terms {
		for i, ref := range term {
			j := slices.IndexFunc(term[:i], func(r driver.ConditionRef) bool { return r.Name == ref.Name })
			if j < 0 {
				continue
			}
			if term[j].Not != ref.Not {
				k.fail(name, fmt.Sprintf("A list with %q and %q never holds", ref.Name, "!"+ref.Name), "A list is an AND. Write them in two lists, or remove one.")
			} else {
				k.fail(name, fmt.Sprintf("A list names %q twice", ref.Name), "Once is enough.")
			}
			return
		}
	}
}

// pulseLimits reports widths that no pulse has.
func (k *block) pulseLimits(p *driver.PulseWidthCondition) {
	none := func(s driver.Span) bool { return s.Samples == 0 && s.Time.Sign() == 0 }
	written := "lower"
	if k.has("upper") && !k.has("lower") {
		written = "upper"
	}
	switch {
	case k.isBad(written) || !k.has(written):
	case p.Type == driver.PulseLessThan && none(p.Lower):
		k.fail(written, "No pulse is shorter than that", `Write a width above 0, such as `+written+` = "10us".`)
	case p.Type == driver.PulseGreaterThan && none(p.Lower):
		k.fail(written, "Every pulse is longer than that", `Write a width above 0, such as `+written+` = "10us", or use the level or window alone.`)
	}
}

// repeated reports settings of a block's repetition that change nothing. Devices that an event starts repeat without being told.
func (d *decoder) repeated() {
	for _, dev := range d.plan.Devices {
		b := dev.block()
		if b == nil || b.Repeat.Count != 1 || b.Repeat.Ordered {
			continue
		}
		for _, name := range []string{"every", "repeat_for"} {
			path := under(dev.text, dev.modeName(), name)
			if _, written := d.plan.places.ranges[path]; !written || d.plan.places.isBad(path) || d.plan.places.isBad(under(dev.text, dev.modeName(), "repeat")) {
				continue
			}
			r, _ := d.plan.Range(path)
			d.plan.places.mark(path)
			d.p.add(errorAt(r, name+" has no effect", fmt.Sprintf(`The unit is armed once. Write repeat = "forever" or a number above 1, or remove %s.`, name)))
		}
	}
}
