package session

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/keep"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/recording"
)

// lateBlocks is how long it may take beyond a capture's length until the driver of a block mode tells of its trigger: polls and calls to the library.
const lateBlocks = 10 * time.Second

// keeper lets a run keep only what lies around events: it removes the segments of all devices that no event can need any more. A nil keeper keeps all.
type keeper struct {
	s             *Session
	judge         *keep.Judge
	before, after time.Duration // the longest of the plan's events, which marks have too
	triggers      bool          // the plan has no event block: the triggers of all devices are the events

	busy     atomic.Bool
	wg       sync.WaitGroup
	bytes    atomic.Int64 // of samples that were removed
	unsteady int64        // of the looks: what the host's clock said last
	failing  bool         // of the looks: the last one could not remove what it wanted to

	mu      sync.Mutex // guards what follows
	devices map[string]*keep.Device
	removed map[string]int64 // samples by stream
}

// newKeeper makes the keeper of a session's run, before its first device; nil when the plan keeps all.
func newKeeper(s *Session) *keeper {
	p := s.o.Plan
	if p.Run.Keep != plan.KeepEvents {
		return nil
	}
	k := &keeper{s: s, triggers: len(p.Events) == 0, devices: map[string]*keep.Device{}, removed: map[string]int64{}}
	for _, e := range p.Events {
		k.before, k.after = max(k.before, e.Before), max(k.after, e.After)
	}
	k.judge = keep.New(k.before)
	if s.resumed != nil {
		// Events of just before the end may have been written down nowhere: what followed them is kept. What was there before stays in any case.
		k.judge.FoundAt(math.MinInt64, clock.Mono(), 0, k.after)
	}
	s.run.OnSealed(k.sealed)
	return k
}

// add adds a device that is about to record.
func (k *keeper) add(u *unit) *keep.Device {
	d := k.judge.Add(u.plan.Name, u.applied.Interval.Float64()*1e9, isBlock(u.applied), ordered(u.config))
	k.mu.Lock()
	defer k.mu.Unlock()
	k.devices[u.plan.Name] = d
	return d
}

func (k *keeper) device(name string) *keep.Device {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.devices[name]
}

// sealed is told of each segment that is complete.
func (k *keeper) sealed(s recording.SealedSegment) {
	if d := k.device(s.Device); d != nil { // else it records nothing any more
		d.Sealed(keep.Segment{Number: s.Segment, From: s.From, To: s.To, FirstNS: s.FirstNS, LastNS: s.LastNS, ToldNS: clock.Mono(), Value: s})
	}
}

// mark keeps what lies around this moment.
func (k *keeper) mark() {
	if k != nil {
		now := clock.Mono()
		k.judge.FoundAt(now, now, k.before, k.after)
	}
}

// look removes what can go, in a goroutine of its own: a disk that hangs lets it wait, and nothing but it.
func (k *keeper) look() {
	if k == nil || !k.busy.CompareAndSwap(false, true) {
		return
	}
	k.wg.Go(func() {
		defer k.busy.Store(false)
		k.remove(false)
	})
}

// wait returns when no look is under way. None may begin any more.
func (k *keeper) wait() {
	if k != nil {
		k.wg.Wait()
	}
}

// end removes all that lies around no event. Nothing is recorded any more.
func (k *keeper) end() {
	if k != nil {
		k.remove(true)
	}
}

func (k *keeper) remove(final bool) {
	k.steady()
	now := clock.Mono()
	heard := k.heard(now) // before events are gathered
	list := k.judge.Look(now, heard, final)
	if len(list) == 0 {
		return
	}
	segments := make([]recording.SealedSegment, len(list))
	for i, s := range list {
		segments[i] = s.Value.(recording.SealedSegment)
	}
	removed, staying, err := k.s.run.NotKeep(segments)
	if err != nil {
		if !k.failing { // the disk may be full or gone for a while: it is tried again
			k.s.log.Warn("segments without events stay for now", "segments", len(list), "error", err)
		}
		k.failing = true
		return
	}
	k.failing = false
	k.judge.Gone(slices.DeleteFunc(list, func(s keep.Segment) bool {
		v := s.Value.(recording.SealedSegment)
		return slices.ContainsFunc(staying, func(o recording.SealedSegment) bool { return o.Device == v.Device && o.Segment == v.Segment })
	}))
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range removed {
		k.bytes.Add(removed[i].Bytes)
		for name, n := range removed[i].Samples() {
			k.removed[name] += n
		}
		k.s.log.Debug("segment not kept", "device", removed[i].Device, "segment", removed[i].Segment)
	}
}

// steady draws no line of a device's clock through a moment at which the host's could not be relied on.
func (k *keeper) steady() {
	at := k.s.clock.Unsteady()
	if at == k.unsteady {
		return
	}
	k.unsteady = at
	for _, d := range k.s.devices {
		if dev := k.device(d.name); dev != nil && !isBlock(d.unit.applied) {
			dev.Broken(d.recorder.Stats().RawIndex)
		}
	}
}

// heard says of each source of events up to when they have come to light.
func (k *keeper) heard(now int64) []keep.Heard {
	var list []keep.Heard
	for _, d := range k.s.devices {
		dev := k.device(d.name)
		if dev == nil {
			continue
		}
		over := isClosed(d.done)
		if over {
			dev.End()
		}
		if h := (keep.Heard{Device: dev, NS: now}); !over && k.source(d) {
			d.hearing(&h, now)
			list = append(list, h)
		}
	}
	return list
}

// source tells whether events come from a device.
func (k *keeper) source(d *device) bool {
	if k.triggers {
		return d.unit.plan.Trigger != nil
	}
	return slices.ContainsFunc(k.s.o.Plan.Events, func(e plan.Event) bool { return e.Device == d.name })
}

// hearing fills in up to when what the device has captured has been looked at.
func (d *device) hearing(h *keep.Heard, now int64) {
	d.mu.Lock()
	state, u := d.state, d.unit
	d.mu.Unlock()
	if state != stateRecording {
		return // what it had is drained, and what comes will be taken later
	}
	f := d.recorder.Stats()
	_, waits := d.waits(f.LastNS)
	if !isBlock(u.applied) {
		if waits && now-f.LastNS > int64(lateBlocks) { // it delivers nothing until its trigger comes
			h.NS = now - int64(sum(lateBlocks, lasting(u.applied.Interval.Float64()*float64(u.applied.PreSamples+u.applied.PostSamples))))
			return
		}
		h.NS, h.Raw = 0, f.Taken
		return
	}
	if _, idle := d.idle(f); idle {
		return
	}
	_, captures, _ := blockOf(u.config)
	length := lasting(u.applied.Interval.Float64() * float64(u.applied.PreSamples+u.applied.PostSamples))
	if t := u.config.Trigger; t != nil {
		length = sum(length, spanTime(t.Delay, u.applied.Interval))
	}
	// The triggers of an arming are told when all of it was captured.
	h.NS = f.ArmEndNS
	if progress := d.progressNS.Load(); waits && captures == 1 {
		h.NS = max(h.NS, min(progress, now))
	}
	h.NS = max(h.NS-int64(sum(lateBlocks, length)), 1)
}

// follower is what a device's recorder tells of its clock; nil where nobody wants to know.
func (w *keepWatch) follower() recorder.Follower {
	if w == nil {
		return nil
	}
	return w.dev
}

// notKept is how many bytes of samples were removed; 0 for a run that keeps all.
func (k *keeper) notKept() int64 {
	if k == nil {
		return 0
	}
	return k.bytes.Load()
}

// tell fills in how many samples of each stream were removed.
func (k *keeper) tell(streams []StreamStatus) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range streams {
		streams[i].NotKept = k.removed[streams[i].Name]
	}
}

// figures are what status says of keeping; nil for a run that keeps all.
func (k *keeper) figures() *KeepStatus {
	if k == nil {
		return nil
	}
	kept, waiting := k.judge.Figures()
	return &KeepStatus{Kept: kept, Waiting: waiting}
}
