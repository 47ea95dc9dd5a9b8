package judge

import (
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/internal/chaos/truth"
)

// early is by how much, in ns, the time of a first sample may be before the truth: it is an estimate.
const early = 1e6

// look is how many samples are looked at to find their place in the signal.
const look = 64

// place is where a sample lies: the index in its run of the unit.
type place struct {
	run   int
	index int64
}

// walk goes through one raw stream of a device and compares each stretch with what the unit did.
type walk struct {
	j      *Judgement
	r      *Recording
	d      *RunDevice
	e      *Expect
	s      *Stream
	proof  truth.Proof
	others bool // it is not the first stream of the device
	anew   int  // a run of the unit that began within an epoch, which is anewIn; the signal is shifted by shift there
	anewIn int
	shift  int64
	lost   int64   // in truth
	widest float64 // bounds, in ms
}

// stream judges the stream.
func (w *walk) stream() {
	var err error
	if w.proof, err = w.s.proof(); err != nil {
		w.j.wrong("%s: %v", w.s.Name, err)
		return
	}
	if w.e.Unjudged {
		return
	}
	if len(w.s.Captures) == 0 {
		w.nothing(0)
		return
	}
	var before *place // behind the last sample of the stretch before
	for i, c := range w.s.Captures {
		end := w.s.End()
		if i+1 < len(w.s.Captures) {
			end = w.s.Captures[i+1].Start
		}
		first, last, ok := w.stretch(c, end)
		if !ok {
			return // all behind it would be found wrong too
		}
		if before == nil {
			w.begins(c, first)
		} else {
			w.gap(c, *before, first, last)
		}
		if before != nil && before.run != last.run {
			w.ended(*before, false)
		}
		behind := last
		before = &behind
	}
	w.after(*before)
	w.ended(*before, true)
	w.nothing(before.run + 1)
}

// nothing judges the runs of the unit from one on, of which nothing is recorded: what they handed over must be told of at the end.
func (w *walk) nothing(from int) {
	if w.s.GapAfter != nil || w.e.Limit > 0 && len(w.s.Captures) > 0 {
		return // what it tells of, or the plan's end, is judged already
	}
	missing := int64(0)
	for _, r := range w.e.Unit.Runs[from:] {
		missing += max(r.Handed, 0)
	}
	if missing > w.slack(true) {
		w.j.wrong("%s: %d samples of whole runs of the unit are not recorded, and there is no gap", w.s.Name, missing)
	}
}

// count is the unit's own count at a place.
func (w *walk) count(p place) int64 { return w.e.Unit.Runs[p.run].Counter + p.index }

// stretch finds where a capture begins, and the place behind its last sample.
func (w *walk) stretch(c Capture, end int64) (first, last place, ok bool) {
	run, base, ok := w.runOf(c.Epoch)
	if !ok {
		return first, last, false
	}
	want, u := c.Global-base, w.e.Unit
	// Where its power changes, a unit begins anew within an epoch: the signal does, too.
	if w.anew > run && w.anewIn == c.Epoch {
		run, want = w.anew, want-w.shift
	}
	if c.Gap != nil && c.Gap.Cause == "power" {
		if now := u.RunAt(c.Gap.MonoToNS + early); now > run {
			at := u.Samples(float64(c.Gap.MonoToNS - u.Runs[now].StartNS))
			run, want, w.anew, w.anewIn, w.shift = now, at, now, c.Epoch, c.Global-base-at
		}
	}
	reach := u.Samples(3e9) + 1000
	ranges := w.s.Vouched(c.Start, end)
	if len(ranges) == 0 {
		return place{run, want}, place{run, want + end - c.Start}, true // there is nothing to tell it by
	}
	head := ranges[0]
	f, ok := w.locate(head[0], head[1], want+head[0]-c.Start, reach)
	if !ok {
		w.j.wrong("%s: samples from %d on (device index %d) are nowhere near their place", w.s.Name, head[0], c.Global+head[0]-c.Start)
		return first, last, false
	}
	f -= head[0] - c.Start
	rear := ranges[len(ranges)-1]
	tail := max(rear[0], rear[1]-look)
	l, ok := w.locate(tail, rear[1], f+tail-c.Start, reach)
	if !ok {
		w.j.wrong("%s: samples from %d to %d are nowhere near their place", w.s.Name, tail, rear[1])
		return first, last, false
	}
	first, last = place{run, f}, place{run, l + end - tail}
	inferred := c.Gap != nil && c.Gap.Cause == "inferred" // bytes are not moved: the jump lies behind the capture's start
	if !inferred && l != f+tail-c.Start {
		w.j.wrong("%s: the %d samples from %d on are %d of the signal: some are missing, or there twice", w.s.Name, end-c.Start, c.Start, last.index-first.index)
	}
	w.all(ranges, f-c.Start, l-tail)
	return first, last, true
}

// all compares every sample of ranges of one stretch with the signal: old is by how much their places there are ahead of their stream indexes, from some
// sample on it may be now.
func (w *walk) all(ranges [][2]int64, old, now int64) {
	const chunk = 1 << 16
	shift := old
	for _, r := range ranges {
		for from := r[0]; from < r[1]; from += chunk {
			samples, err := w.s.Samples(from, min(chunk, r[1]-from))
			if err != nil {
				w.j.wrong("%s: %v", w.s.Name, err)
				return
			}
			for i, v := range samples {
				at := from + int64(i)
				if v == w.proof.At(at+shift) {
					continue
				}
				if shift = now; v != w.proof.At(at+shift) {
					w.j.wrong("%s: sample %d is %d, of the signal it would be %d", w.s.Name, at, v, w.proof.At(at+shift))
					return
				}
			}
		}
	}
}

func (w *walk) locate(from, end, want, reach int64) (int64, bool) {
	samples, err := w.s.Samples(from, min(look, end-from))
	if err != nil {
		w.j.wrong("%s: %v", w.s.Name, err)
		return 0, false
	}
	return w.proof.Locate(samples, want, reach)
}

// runOf finds the run of the unit that an epoch recorded: the last one that began before its first sample.
func (w *walk) runOf(epoch int) (run int, base int64, ok bool) {
	for _, e := range w.d.Epochs {
		if e.Epoch != epoch {
			continue
		}
		if e.First.MonoNS == 0 && epoch == 0 { // the recorder died before it told of it: it was the first run that brought anything
			return slices.IndexFunc(w.e.Unit.Runs, func(r truth.Run) bool { return r.Handed != 0 }), e.Base, true
		}
		if run = w.e.Unit.RunAt(e.First.MonoNS + early); run < 0 {
			w.j.wrong("%s: epoch %d begins before the unit began", w.s.Name, epoch)
			return 0, 0, false
		}
		return run, e.Base, true
	}
	w.j.wrong("%s: there is no epoch %d", w.s.Name, epoch)
	return 0, 0, false
}

// begins judges the first capture.
func (w *walk) begins(c Capture, first place) {
	if c.Start > 0 {
		return // what was before is not kept any more
	}
	lo, hi := int64(0), int64(0)
	if c.Gap != nil {
		lo, hi = c.Gap.bounds()
	}
	if first.run > 0 && w.lostBefore(c, lo, hi, first) { // of an earlier run nothing is left
		return
	}
	if first.index < lo || first.index > hi {
		w.j.wrong("%s: it begins with sample %d of the unit's, told are %d to %d lost before", w.s.Name, first.index, lo, hi)
	}
	w.lost += first.index
}

// lostBefore judges a loss in front of all that is recorded: runs of the unit of which nothing was kept. It tells whether there are any.
func (w *walk) lostBefore(c Capture, lo, hi int64, first place) bool {
	u := w.e.Unit
	for i, r := range u.Runs[:first.run] {
		if r.Handed == 0 {
			continue // a trial of the settings
		}
		lost := w.count(first) - w.count(place{i, 0})
		w.lost += lost
		if lost < lo-u.Rough || lost > hi+u.Rough {
			told := "no gap"
			if c.Gap != nil {
				told = fmt.Sprintf("a gap (%s) that tells of %d lost, %d to %d", c.Gap.Cause, c.Gap.Lost, lo, hi)
			}
			w.j.wrong("%s: in front of the first sample there is %s; really %d are lost", w.s.Name, told, lost)
		}
		return true
	}
	return false
}

// gap judges the loss in front of a capture: what the unit counted between the last sample before and the first behind it.
func (w *walk) gap(c Capture, before, first, last place) {
	begin := first
	if c.Gap != nil && c.Gap.Cause == "inferred" {
		begin = place{last.run, last.index - (w.behind(c) - c.Start)}
		w.position(c, before, first, begin)
	}
	rough := int64(0)
	if before.run != begin.run {
		rough = w.e.Unit.Rough
	}
	lost := w.count(begin) - w.count(before)
	w.lost += lost
	if c.Gap == nil {
		if lost < -rough || lost > rough {
			w.j.wrong("%s: %d samples are missing in front of sample %d, and there is no gap", w.s.Name, lost, c.Start)
		}
		return
	}
	lo, hi := c.Gap.bounds()
	if lost < lo-rough || lost > hi+rough {
		w.j.wrong("%s: the gap in front of sample %d (%s) tells of %d lost, %d to %d; really it is %d", w.s.Name, c.Start, c.Gap.Cause, c.Gap.Lost, lo, hi, lost)
	}
	w.width(c.Gap, lost)
}

// behind is the stream index behind a capture's last sample.
func (w *walk) behind(c Capture) int64 {
	for _, next := range w.s.Captures {
		if next.Start > c.Start {
			return next.Start
		}
	}
	return w.s.End()
}

// width judges how wide bounds are.
func (w *walk) width(g *Gap, lost int64) {
	if g.Exact {
		return
	}
	u := w.e.Unit
	wide := float64(g.Max-g.Min-2) * u.IntervalNS
	most := max(3*(lateness+clockApart*float64(lost)*u.IntervalNS)+w.e.DeliveryNS, w.e.Wide)
	if wide > most {
		w.j.wrong("%s: the bounds of a gap (%s) are %.1f ms wide, allowed are %.1f ms", w.s.Name, g.Cause, wide/1e6, most/1e6)
	}
	w.widest = max(w.widest, wide/1e6)
}

// position wants the place of an inferred gap within what the recording says: between PositionMin and PositionMax the samples go over from the old
// place in the signal to the new one.
func (w *walk) position(c Capture, before, first, begin place) {
	old, now := before.index-c.Start, begin.index-c.Start // index of the signal minus stream index
	if old == now {
		w.j.wrong("%s: a loss is inferred at %d, and there is none", w.s.Name, c.Start)
		return
	}
	lo, hi := c.Start, w.behind(c)
	if first.index-c.Start == now {
		hi = lo // it is the first sample of the window
	}
	for hi-lo > 1 { // the first sample at the new place is in (lo, hi]
		mid := lo + (hi-lo)/2
		if i, ok := w.locate(mid-1, mid, mid-1+old, 0); ok && i == mid-1+old && w.still(mid, old) {
			lo = mid
		} else {
			hi = mid
		}
	}
	if hi < c.Gap.PositionMin || lo > c.Gap.PositionMax {
		w.j.wrong("%s: a loss is inferred between %d and %d; it is at %d", w.s.Name, c.Gap.PositionMin, c.Gap.PositionMax, lo)
	}
}

// still tells whether the samples in front of a stream index are at the old place.
func (w *walk) still(at, shift int64) bool {
	from := max(at-look, w.s.First())
	i, ok := w.locate(from, at, from+shift, 0)
	return ok && i == from+shift
}

// after judges the loss behind the last sample.
func (w *walk) after(end place) {
	g := w.s.GapAfter
	if g == nil || g.Cause == "not_kept" {
		return
	}
	lo, hi := g.bounds()
	lost := w.e.Unit.CounterAt(g.MonoToNS) - w.count(end)
	rough := w.e.Unit.Rough + int64(float64(lost)*clockApart)
	if g.Exact { // told by who lost them: as many as the unit handed over
		if r := w.e.Unit.Runs[end.run]; r.Sure {
			lost, rough = r.Handed-end.index, w.slack(true)
		}
	}
	if w.e.Limit > 0 {
		last := w.s.Captures[len(w.s.Captures)-1]
		lost = min(lost, w.e.Limit-(last.Global+w.s.End()-last.Start))
	}
	if lost < lo-rough || lost > hi+rough {
		w.j.wrong("%s: the gap at the end (%s) tells of %d lost, %d to %d; really it is %d", w.s.Name, g.Cause, g.Lost, lo, hi, lost)
	}
	w.lost += lost
	w.width(g, lost)
}

// ended compares the end of a run with what the unit handed over in it. last: no other run follows in the recording.
func (w *walk) ended(end place, last bool) {
	r := w.e.Unit.Runs[end.run]
	if r.Handed < 0 {
		return
	}
	ahead := int64(0)
	if w.others {
		ahead = w.e.Unit.Samples(w.e.ApartNS)
	}
	if r.Sure && end.index > r.Handed+ahead {
		w.j.wrong("%s: %d samples are recorded of a run that handed over %d", w.s.Name, end.index, r.Handed)
		return
	}
	missing := r.Handed - end.index
	switch {
	case last && w.e.Limit > 0:
		c := w.s.Captures[len(w.s.Captures)-1]
		told := int64(0)
		if w.s.GapAfter != nil {
			told = w.s.GapAfter.Lost
		}
		if at := c.Global + w.s.End() - c.Start + told; at != w.e.Limit && w.s.GapAfter == nil {
			w.j.wrong("%s: it ends at device index %d, the plan's end is %d", w.s.Name, at, w.e.Limit)
		}
	case last && w.s.GapAfter != nil:
	case missing > w.slack(last):
		w.j.wrong("%s: %d samples that were handed over are not recorded, at most %d may be", w.s.Name, missing, w.slack(last))
	}
}

// slack is how many samples that were handed over may be missing at the end of a run of the unit.
func (w *walk) slack(last bool) int64 {
	ns := w.e.DeadNS
	if last {
		ns = w.e.SlackNS
	}
	if w.others {
		ns += w.e.ApartNS
	}
	return w.e.Unit.Samples(ns)
}
