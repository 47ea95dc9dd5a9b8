package scope

import (
	"fmt"
	"math"
	"math/big"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// StreamTrigger says how a loop heeds the triggers of which the library tells. The first one since Start is marked; it counts also
// when the unit's power has changed since. Without Stop nothing else follows from it.
type StreamTrigger struct {
	// Stop ends the loop behind the trigger, with [EndTriggered].
	Stop bool
	// After is how many raw samples from the trigger's on are delivered then, at least one. Where the library does not tell which sample it
	// is, they are counted from the last one that it may be.
	After int64
	// Auto is the raw sample since Start that counts as the trigger, unmarked, when none has come before it; 0: none does. With Stop.
	Auto int64
}

// StreamTriggerState is what a loop has seen of triggers.
type StreamTriggerState struct {
	Seen bool
	Auto bool // it was none of the library's, see [StreamTrigger]
	// First and Last are the raw samples since Start, lost ones included, between which the trigger lies.
	First, Last int64
	Strays      uint64 // times that the library told of a trigger outside the samples that came with it
}

// streamTrigger makes what is to follow from a trigger in a stream. It needs the interval and the trigger of the setup.
//
// The library gets the conditions only. Delay and time-out are the loop's, since no documentation tells what libraries do with them in
// streams: so the place of which the library tells is that of the trigger itself.
func (p *planner) streamTrigger() error {
	c, t := p.cfg.Stream, p.s.trigger
	if t == nil {
		if c.StopAfterTrigger {
			return picosdk.Refuse("configure", "stream.stop_after_trigger", "false", "there is no trigger to stop after")
		}
		return nil
	}
	library := *t
	library.Delay, library.Auto = 0, 0
	p.s.trigger, p.s.stream = &library, &StreamTrigger{}
	a := &p.s.applied
	p.noteInexact()
	if !c.StopAfterTrigger {
		a.Notes = append(a.Notes, "the stream goes on behind its trigger: the first one is marked")
		return nil
	}
	w, err := p.window(c.Pre, c.Post)
	if err != nil {
		return err
	}
	p.s.stopAfter = &w
	a.PreSamples, a.PostSamples = w.pre, w.post
	p.s.run.Pre, p.s.run.Post = w.pre, w.post
	p.s.stream.Stop, p.s.stream.After = true, max(w.post+int64(t.Delay), 1)
	if auto := p.cfg.Trigger.Auto; auto > 0 {
		n := new(big.Rat).Quo(units.IntervalOf(auto).Big(), a.Interval.Big())
		p.s.stream.Auto = w.pre + max(new(big.Int).Quo(n.Num(), n.Denom()).Int64(), 1)
	}
	return nil
}

// noteInexact says where the place of the trigger is not told to the sample.
func (p *planner) noteInexact() {
	switch ratio := p.s.run.Ratio(); {
	case p.dev.family.VagueTrigger:
		p.s.applied.Notes = append(p.s.applied.Notes, "the library does not tell at which sample a stream was triggered: the trigger is marked as lying in the samples that came with it")
	case ratio > 1:
		p.s.applied.Notes = append(p.s.applied.Notes, "of groups made by the unit the library does not tell at which sample a stream was triggered: the trigger is marked as lying in its group")
	}
}

// window reads how much lies around a stream's trigger.
func (p *planner) window(pre, post driver.Span) (w window, err error) {
	if w.pre, err = p.streamSpan(pre, "stream.pre"); err != nil {
		return w, err
	}
	if w.post, err = p.streamSpan(post, "stream.post"); err != nil {
		return w, err
	}
	if w.pre+w.post == 0 {
		return w, picosdk.Refuse("configure", "stream.post", `"1ms"`, "nothing lies around the trigger; give pre or post")
	}
	if most := p.mostPre(); w.pre > most {
		return w, picosdk.Refuse("configure", "stream.pre", fmt.Sprint(most), "%d samples before the trigger are not possible; the most is %d", w.pre, most)
	}
	return w, nil
}

// mostPre is how many samples a library can be told to wait before it looks for a trigger.
func (p *planner) mostPre() int64 {
	if p.dev.family.WideCounts {
		return mostAround
	}
	return math.MaxInt32
}

// mostAround keeps sums of sample numbers within their type.
const mostAround = math.MaxInt64 / 4

// streamSpan turns a stretch into samples; a time that is no whole number of them is rounded up.
func (p *planner) streamSpan(s driver.Span, field string) (int64, error) {
	n, _ := picosdk.Samples(s, p.s.applied.Interval)
	if n.Sign() < 0 || n.Cmp(big.NewInt(mostAround)) > 0 {
		return 0, picosdk.Refuse("configure", field, "", "%s samples are not possible; the most is %d", n, int64(mostAround))
	}
	return n.Int64(), nil
}

// triggerWatch tells the host what becomes of the trigger of a stream.
type triggerWatch struct {
	waits, came, stray bool // were told
}

// look compares what the loop has seen with what was told.
func (w *triggerWatch) look(a *acquisition, c Counters) {
	want, seen := a.set.stream, c.Trigger
	if want == nil {
		return
	}
	if want.Stop && !w.waits { // also when it has come already: it was waited for
		w.waits = true
		a.dev.notify(driver.Event{Kind: driver.EventTriggerWait, MonoNS: monotonic(), Index: c.Samples, Text: "armed, and waiting for a trigger"})
	}
	if seen.Strays > 0 && !w.stray {
		w.stray = true
		a.dev.notify(driver.Event{Kind: driver.EventWarning, MonoNS: monotonic(), Index: c.Samples,
			Text: "the library told of a trigger outside the samples that came with it: it is marked as lying somewhere in them"})
	}
	if !seen.Seen || w.came {
		return
	}
	w.came = true
	text := "triggered"
	if seen.Auto {
		text = "no trigger came in time: triggered without"
	}
	a.dev.notify(driver.Event{Kind: driver.EventTriggered, MonoNS: monotonic(), Index: seen.First, Text: text})
	if s := a.set.stopAfter; s != nil && seen.Last < s.pre {
		a.dev.notify(driver.Event{Kind: driver.EventWarning, MonoNS: monotonic(), Index: seen.First,
			Text: fmt.Sprintf("the library did not wait for %d samples before the trigger: %d are there", s.pre, seen.Last)})
	}
}
