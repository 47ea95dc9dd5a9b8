package main

import (
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/trigger"
)

// watch is how an acquisition looks for triggers, and what starts the generator.
type watch struct {
	hunt *trigger.Hunt // nil: no trigger
	seen int64         // hardware index of the next sample that nobody has looked at
	from int64         // no trigger before this one
	fire bool          // the host has fired the trigger

	armed bool // the host has ordered an arming

	generator *generator
	edges     *trigger.Hunt // of the generator's own input; nil: none
	edgesSeen int64

	since int64 // when it was armed, on the monotonic clock
	told  bool  // that it waits

	done  bool  // streaming: the trigger came
	stops bool  // streaming ends behind the trigger
	end   int64 // there
	at    int64 // sample of the trigger, for a mark; -1: none
	fs    int64 // from it to the crossing
}

func newWatch(s *setup) watch {
	w := watch{at: -1}
	if s.trigger != nil {
		w.hunt = trigger.New(s.trigger.config, s.trigger.inputs)
	}
	w.attach(s.generator)
	return w
}

func (w *watch) attach(g *generator) {
	w.generator, w.edges = g, nil
	if g != nil && g.edge != nil {
		w.edges = trigger.New(*g.edge, []trigger.Input{g.input})
		w.edges.Arm()
		w.edgesSeen = w.seen
	}
}

// setGenerator makes the generator another one from the next sample on.
func (a *acquisition) setGenerator(g *generator) {
	wave, gate := g.begin()
	a.watch.seen = max(a.watch.seen, a.waves.end)
	a.set.output.Change(max(a.watch.seen, a.watch.edgesSeen), wave, gate)
	a.watch.attach(g)
}

// startGenerator starts a generator that waits for a source, from a sample on.
func (a *acquisition) startGenerator(source string, from int64) {
	if g := a.watch.generator; g != nil && g.source == source && g.gate == nil && g.edge == nil {
		a.set.output.Change(from, g.wave, nil)
	}
}

// The most samples that are looked at before the acquisition looks around, and the same where each edge of another input
// begins a wave.
const (
	searchStep     = int64(1) << 22
	searchStepEdge = int64(1) << 14
)

// arm begins a new search: a sample is the first that can fire.
func (a *acquisition) arm(from int64) {
	a.watch.seen, a.watch.from, a.watch.told, a.watch.since = max(from-1, 0), from, false, a.clock.now()
	if a.watch.hunt != nil {
		a.watch.hunt.Arm()
	}
}

// search looks at samples up to limit, not more than a step of them, and returns the one that fires. offset is the time from
// it to the crossing in femtoseconds.
func (a *acquisition) search(limit int64) (at, offset int64, found bool) {
	w := &a.watch
	if w.fire && max(w.seen, w.from) < limit {
		w.fire = false
		at = max(w.seen, w.from)
		w.seen = at + 1
		a.startGenerator(sourceScope, w.seen)
		return at, 0, true
	}
	step := searchStep
	if w.edges != nil {
		step = searchStepEdge
	}
	n := min(limit-w.seen, step)
	if n <= 0 {
		return 0, 0, false
	}
	a.followEdges(w.seen + n)
	if at, found = w.hunt.Run(w.seen, n); !found {
		w.seen += n
		return 0, 0, false
	}
	offset = w.hunt.Offset(a.set.clock.femtoseconds())
	w.seen = at + 1
	a.startGenerator(sourceScope, w.seen)
	return at, offset, true
}

// followEdges begins the generator's wave anew at each edge of its input up to a sample.
func (a *acquisition) followEdges(limit int64) {
	w := &a.watch
	for w.edges != nil && w.edgesSeen < limit {
		at, found := w.edges.Run(w.edgesSeen, limit-w.edgesSeen)
		if !found {
			w.edgesSeen = limit
			return
		}
		a.set.output.Change(at, w.generator.wave, nil)
		w.edges.Arm()
		w.edgesSeen = at // as the first sample of a search it does not fire again
	}
}

// never tells that no trigger will come as things are.
func (a *acquisition) never() bool {
	w := &a.watch
	return w.hunt.Never(w.seen) && (w.edges == nil || w.edges.Never(w.edgesSeen))
}

// triggerWaitAfter is how long the search for a trigger may take before the host is told that the unit waits.
const triggerWaitAfter = int64(100 * time.Millisecond)

// tellWaiting tells the host once that the unit waits for a trigger: when it is about to rest, or has searched for long.
func (a *acquisition) tellWaiting(rests bool) {
	if w := &a.watch; !w.told && (rests || a.clock.now()-w.since >= triggerWaitAfter) {
		w.told = true
		a.unit.notify(driver.Event{Kind: driver.EventTriggerWait, MonoNS: a.clock.now(), Index: a.epoch, Text: "armed, and waiting for a trigger"})
	}
}

// tellTriggered tells that the wait is over, if the host knows of it.
func (a *acquisition) tellTriggered(index int64) {
	if a.watch.told {
		a.watch.told = false
		a.unit.notify(driver.Event{Kind: driver.EventTriggered, MonoNS: a.clock.now(), Index: index, Text: "triggered"})
	}
}

// follow looks for the trigger of a stream in the next n samples. The first one counts; where the stream ends behind it, the
// end is known then.
func (a *acquisition) follow(n int64) {
	w, end := &a.watch, a.hardware+n
	if w.hunt == nil || w.done {
		w.seen = max(w.seen, end)
		a.followEdges(w.seen)
		return
	}
	var pre int64
	if a.set.stopAfter != nil {
		pre = a.set.stopAfter.pre
	}
	if w.since == 0 || a.hardware > w.seen+1 && a.hardware > pre { // the start, or samples were lost
		a.arm(max(a.hardware, pre))
	}
	t, auto := a.set.trigger, forEver
	if t.auto > 0 && a.set.stopAfter != nil {
		auto = pre + t.auto
	}
	for limit := min(end, auto); w.seen < limit && !w.done; {
		if at, offset, found := a.search(limit); found {
			w.at, w.fs = at, offset
			a.triggered(at)
		}
	}
	switch {
	case w.done:
	case end > auto && w.seen >= auto:
		a.triggered(auto)
	case a.set.stopAfter != nil:
		a.tellWaiting(true)
	}
}

// triggered notes the trigger of a stream.
func (a *acquisition) triggered(at int64) {
	w := &a.watch
	w.done, w.told = true, true
	if s := a.set.stopAfter; s != nil {
		w.stops, w.end = true, max(at+a.set.trigger.delay+s.post, at+1)
	}
	a.tellTriggered(a.epoch + at - a.hardware)
}

// streamMark is the mark of a trigger that lies in the next n samples of a stream.
func (a *acquisition) streamMark(n int64) (driver.Mark, bool) {
	w := &a.watch
	if w.at < a.hardware || w.at >= a.hardware+n {
		return driver.Mark{}, false
	}
	return a.triggerMark(w.at-a.hardware, w.fs), true
}

// triggerMark is the mark of a trigger that lies so many raw samples behind the first new one of the open batch.
func (a *acquisition) triggerMark(behind, fs int64) driver.Mark {
	m := driver.Mark{Kind: driver.MarkTrigger, OffsetFS: fs, Position: behind}
	for i, s := range a.set.applied.Streams {
		if s.Kind == driver.StreamRaw {
			m.Stream = i
			break
		}
	}
	if ratio := a.set.applied.Streams[m.Stream].Ratio; ratio > 1 {
		raw := a.epoch + behind // groups begin at epoch index 0
		group := raw / ratio
		m.Position = group - a.epoch/ratio
		m.OffsetFS += a.set.clock.span(raw - group*ratio)
	}
	return m
}
