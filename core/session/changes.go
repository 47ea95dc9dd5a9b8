package session

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

const (
	// changeTries is how often a change is tried that could not be made for the moment, changePause what lies between.
	changeTries = 5
	changePause = 200 * time.Millisecond
)

// changes carries the changes of a device's signal generator out, each at its time since the device's start.
type changes struct {
	list []plan.GeneratorChange

	mu   sync.Mutex // guards what follows
	next int        // index of the first change that was not made and not refused
	made int        // how many of them the unit has made
	last *driver.GeneratorConfig
}

// newChanges takes the changes out of a device's plan.
func newChanges(d *plan.Device) *changes {
	c := &changes{}
	if g := d.Generator; g != nil {
		c.list = g.Changes
	}
	return c
}

// due returns the last change whose time has come after so long, and how many come at once with it; of the changes that
// were missed only the last one counts. Without one, wait is how long to wait for the next; ok is false when there is none.
func (c *changes) due(after time.Duration) (i, missed int, wait time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next >= len(c.list) {
		return -1, 0, 0, false
	}
	i = c.next - 1
	for i+1 < len(c.list) && c.list[i+1].At <= after {
		i++
	}
	if i < c.next {
		return -1, 0, c.list[c.next].At - after, true
	}
	return i, i - c.next, 0, true
}

// done notes that a change was made, or refused.
func (c *changes) done(i int, made bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = i + 1
	if made {
		c.made++
		c.last = c.list[i].Driver()
	}
}

// present puts the generator's present state into the configuration of a unit that is started again.
func (c *changes) present(cfg *driver.Config) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made > 0 {
		cfg.Generator = c.last
	}
}

// changed tells whether the generator is not any more as the plan had it at the start.
func (c *changes) changed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.made > 0
}

// presently adds the generator's present state to what a restart changes in the plan's configuration.
func (d *device) presently(tune func(*driver.Config)) func(*driver.Config) {
	return func(cfg *driver.Config) {
		if tune != nil {
			tune(cfg)
		}
		d.changes.present(cfg)
	}
}

// changeGenerator makes the changes of the signal generator while a generation of the unit records: until ctx ends, or the
// run is to end.
func (d *device) changeGenerator(ctx context.Context, u *unit, gen uint64) {
	switch {
	case gen > 0 && d.changes.changed():
		d.tellGenerator("set again after the restart: ", u.config.Generator, u.applied.Generator, nil)
	case gen == 0 && u.config.Generator != nil && u.applied.Generator != nil:
		d.tellGenerator("from the start: ", u.config.Generator, u.applied.Generator, map[string]any{"at_s": 0})
	}
	for {
		i, missed, wait, ok := d.changes.due(time.Since(d.began))
		switch {
		case !ok:
			return
		case i < 0:
			if !d.rest(ctx, wait) {
				return
			}
			continue
		}
		if !d.change(ctx, u, i, missed) {
			return
		}
	}
}

// rest waits; false: the generation, or the run, is about to end.
func (d *device) rest(ctx context.Context, wait time.Duration) bool {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
	case <-d.s.stopping:
	case <-d.recorder.Full():
	}
	return false
}

// change makes one change, and tells what became of it. It is false when the unit does not answer any more: then the change
// is left to the next generation.
func (d *device) change(ctx context.Context, u *unit, i, missed int) bool {
	c := d.changes.list[i]
	at := units.IntervalOf(c.At)
	data := map[string]any{"at_s": at.Float64()}
	if missed > 0 {
		data["missed"] = missed // while the device was away
	}
	for try := 1; ; try++ {
		applied, err := u.device.SetGenerator(ctx, c.Driver())
		if err == nil {
			d.changes.done(i, true)
			d.tellGenerator(fmt.Sprintf("at %s: ", at), c.Driver(), &applied, data)
			return true
		}
		switch kind := driver.KindOf(err); {
		case ctx.Err() != nil, kind == driver.KindDeviceGone, kind == driver.KindPluginGone, kind == driver.KindPluginHung:
			return false
		case kind == driver.KindTransient && try < changeTries:
			if !d.rest(ctx, changePause) {
				return false
			}
			continue
		}
		d.changes.done(i, false)
		text := fmt.Sprintf("the change of the signal generator at %s was refused, it stays as it was: %v", at, d.s.opener.redacted(err))
		d.s.log.Warn("a change of the signal generator was refused", "device", d.name, "at", at.String(), "error", d.s.opener.redacted(err))
		d.event(recording.Event{Kind: recording.EventWarning, Device: d.name, MonoNS: clock.Mono(), Text: text, Data: data})
		d.s.notice(string(recording.EventWarning), d.name, text)
		return true
	}
}

// tellGenerator writes down what the generator does from now on.
func (d *device) tellGenerator(when string, g *driver.GeneratorConfig, a *driver.AppliedGenerator, data map[string]any) {
	if data == nil {
		data = map[string]any{}
	}
	data["enabled"] = g != nil
	text := when + "off"
	if g != nil && a != nil {
		text = when + describeGenerator(*g, *a)
		data["frequency_hz"], data["amplitude_v"], data["offset_v"] = a.Frequency.Float64(), a.Amplitude.Volts(), a.Offset.Volts()
		if len(a.Notes) > 0 {
			data["notes"] = a.Notes
		}
	}
	raw := d.rawIndex(clock.Mono())
	e := recording.Event{Kind: recording.EventGenerator, Device: d.name, MonoNS: clock.Mono(), Index: &raw, Text: text, Data: data}
	if _, err := d.s.run.NoteEvent(e); err != nil { // a line of its own: each counts
		d.s.log.Warn("event was not written", "device", d.name, "error", err)
	}
	d.s.notice(string(recording.EventGenerator), d.name, text)
}

// rawIndex is about the raw device index at a monotonic time not long ago: what has come, and in streams what must have been
// sampled since. It is exact to the time that samples take from the unit to the ring.
func (d *device) rawIndex(ns int64) int64 {
	d.mu.Lock()
	u := d.unit
	d.mu.Unlock()
	st := d.recorder.Stats()
	if isBlock(u.applied) || st.LastNS == 0 || ns < st.LastNS {
		return st.RawIndex
	}
	return st.RawIndex + int64(float64(ns-st.LastNS)/1e9/u.applied.Interval.Float64())
}

// describeGenerator says in words what a generator puts out.
func describeGenerator(g driver.GeneratorConfig, a driver.AppliedGenerator) string {
	what := g.Wave
	if g.Operation != "" && g.Operation != "normal" {
		what = g.Operation
	}
	parts := []string{what}
	switch {
	case g.Sweep != "" && !a.Frequency.IsZero():
		parts[0] += sweepText(g, a.Frequency)
	case !a.Frequency.IsZero():
		parts[0] += " of " + a.Frequency.String()
	}
	if a.Amplitude != 0 {
		parts = append(parts, a.Amplitude.String()+" peak to peak")
	}
	if a.Offset != 0 || a.Amplitude == 0 {
		parts = append(parts, "about "+a.Offset.String())
	}
	if g.Shots > 0 {
		parts = append(parts, fmt.Sprintf("%d periods", g.Shots))
	}
	if g.Sweeps > 0 {
		parts = append(parts, fmt.Sprintf("%d sweeps", g.Sweeps))
	}
	if t := g.Trigger; t != nil && t.Source != "" && t.Source != "none" {
		parts = append(parts, fmt.Sprintf("started by %s (%s)", t.Source, t.Type))
	}
	return strings.Join(append(parts, a.Notes...), ", ")
}

// sweepText says how a frequency is swept: whichever of the two is the higher one, "down" begins there.
func sweepText(g driver.GeneratorConfig, from units.Frequency) string {
	low, high := from, g.StopFrequency
	if low.Cmp(high.Rational) > 0 {
		low, high = high, low
	}
	text := fmt.Sprintf(" swept up from %s to %s", low, high)
	switch g.Sweep {
	case "up_down":
		text = fmt.Sprintf(" swept from %s to %s and back", low, high)
	case "down":
		text = fmt.Sprintf(" swept down from %s to %s", high, low)
	case "down_up":
		text = fmt.Sprintf(" swept from %s to %s and back", high, low)
	}
	return text + fmt.Sprintf(" in steps of %s, %s each", g.Step, g.Dwell)
}
