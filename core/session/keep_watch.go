package session

import (
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/keep"
	"github.com/scopelog/scopelog/core/recorder"
)

// keepWatch tells the keeper of all that is found in a device, however much that is: what is looked at, what nobody could look at, and triggers. It is a
// [recorder.Watcher]; what events mean beside is its inner one's.
type keepWatch struct {
	k     *keeper
	dev   *keep.Device
	inner *deviceWatch // nil: no event block looks at the device
	block bool
	bytes []int64       // of a sample, by stream
	hold  time.Duration // of the device's ring

	batch recorder.Batch // that is being looked at
}

// watch makes the keeper's watch of a unit; nil when all is kept.
func (k *keeper) watch(u *unit, hold time.Duration) *keepWatch {
	if k == nil {
		return nil
	}
	w := &keepWatch{k: k, dev: k.add(u), block: isBlock(u.applied), hold: hold}
	for _, s := range u.applied.Streams {
		w.bytes = append(w.bytes, int64(s.Type.Bytes()))
	}
	return w
}

// finder lets the keeper know what an event block finds.
func (w *keepWatch) finder(b *eventBlock) finder {
	if w == nil {
		return b
	}
	return &keepFinder{finder: b, w: w, before: b.plan.Before, after: b.plan.After}
}

// keepFinder passes on what is found, once the keeper knows of it.
type keepFinder struct {
	finder
	w             *keepWatch
	before, after time.Duration
	last          recorder.Moment
}

func (f *keepFinder) found(h hit) {
	f.last = h.Moment
	f.w.dev.Found(h.RawIndex, h.MonoNS, f.before, f.after)
	f.finder.found(h)
}

// flooded keeps the rest of a delivery of which no more events are told one by one.
func (f *keepFinder) flooded(n int64) {
	end := f.w.end()
	f.w.dev.FoundBetween(f.last.RawIndex, end.RawIndex, f.last.MonoNS, end.MonoNS, f.before, f.after)
	f.finder.flooded(n)
}

// blinded keeps what nobody can look at.
func (f *keepFinder) blinded(n int64) {
	first, end := f.w.batch.At(f.w.batch.Index), f.w.end()
	f.w.dev.FoundBetween(first.RawIndex, end.RawIndex, first.MonoNS, end.MonoNS, f.before, f.after)
	f.finder.blinded(n)
}

// end is the moment behind the delivery that is being looked at.
func (w *keepWatch) end() recorder.Moment {
	return w.batch.At(w.batch.Index + int64(len(w.batch.Samples))/w.bytes[w.batch.Stream])
}

// Watches implements recorder.Watcher.
func (w *keepWatch) Watches(stream int) bool { return w.inner != nil && w.inner.Watches(stream) }

// Samples implements recorder.Watcher.
func (w *keepWatch) Samples(b recorder.Batch) {
	if w.inner == nil {
		return
	}
	w.batch = b
	w.inner.Samples(b)
	w.batch.Samples = nil
}

// Skipped implements recorder.Watcher. What nobody has looked at is kept: it came at the most as long ago as the ring holds.
func (w *keepWatch) Skipped(stream int, n int64) {
	now := clock.Mono()
	w.k.judge.FoundAt(now-int64(w.hold), now, w.k.before, w.k.after)
	if w.inner != nil {
		w.inner.Skipped(stream, n)
	}
}

// Rescaled implements recorder.Watcher.
func (w *keepWatch) Rescaled(stream int, volts, offset float64) {
	if w.inner != nil {
		w.inner.Rescaled(stream, volts, offset)
	}
}

// Triggered implements recorder.Watcher. A waveform keeps its own segment, whatever the events of the plan are.
func (w *keepWatch) Triggered(m recorder.Moment) {
	if w.inner != nil {
		w.inner.Triggered(m)
	}
	if w.block {
		w.dev.Own(m.RawIndex)
	}
	if w.k.triggers {
		w.dev.Found(m.RawIndex, m.MonoNS, 0, 0)
	}
}
