package session

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/events"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/recording"
)

const (
	// eventLimit is how many events of one event block a second are written down and start devices; more are counted.
	eventLimit = 100
	// waitingEvents is how many events of one event block wait for those before them.
	waitingEvents = 64
)

// eventBlock is an event block of the plan at work: what its source finds becomes events in the recording, and orders.
type eventBlock struct {
	s       *Session
	plan    *plan.Event
	source  *device // nil: it is not there
	targets []*target
	begun   bool
	hits    chan hit
	recent  recentHits
	late    lateHits
	done    chan struct{} // closed when all that was found is written down

	working atomic.Int64 // events found and not written down

	known knownHits // what another process has written down, before its device was adopted

	mu        sync.Mutex // guards what follows
	limiter   events.Limiter
	count     int64 // found
	dropped   int64 // found, and no place to wait
	unwatched int64 // samples that nobody looked at
	dark      darkness
	told      tellings
}

// hit is an event that was found.
type hit struct {
	recorder.Moment
	foundNS int64
	value   float64 // volts at the tip, with hasValue
	has     bool
}

// newEventBlocks makes the event blocks of the run's plan. Their sources and targets are known later, by [eventBlock.begin].
func newEventBlocks(s *Session) []*eventBlock {
	list := make([]*eventBlock, len(s.o.Plan.Events))
	for i := range list {
		list[i] = &eventBlock{
			s: s, plan: &s.o.Plan.Events[i], limiter: events.Limiter{PerSecond: eventLimit}, hits: make(chan hit, waitingEvents), done: make(chan struct{}),
			late: lateHits{news: make(chan struct{}, 1)},
		}
		list[i].goOn()
	}
	return list
}

// begin finds the block's devices and begins to carry out what is found. end is called once behind it.
func (b *eventBlock) begin() {
	find := func(name string) *device {
		if i := slices.IndexFunc(b.s.devices, func(d *device) bool { return d.name == name }); i >= 0 {
			return b.s.devices[i]
		}
		return nil
	}
	b.source = find(b.plan.Device)
	for _, name := range b.plan.Start {
		t := &target{name: name, device: find(name)}
		t.goOn(b)
		b.targets = append(b.targets, t)
	}
	b.begun = true
	go b.run()
}

// end waits until all is written down. The recorders of the devices have ended.
func (b *eventBlock) end() {
	if !b.begun {
		return
	}
	close(b.hits)
	<-b.done
	b.warnBlind()
	b.warnCounted(true)
}

// found takes note of an event. It is called by the goroutine that drains the source's ring, and does not wait.
func (b *eventBlock) found(h hit) {
	if b.known.has(h.RawIndex) {
		return // a process before has found it too
	}
	h.foundNS = clock.Mono()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
	if h.Late {
		b.foundLate(h)
		return
	}
	if !b.limiter.Allow(h.foundNS) {
		return
	}
	select {
	case b.hits <- h:
		b.recent.add(h)
		b.working.Add(1)
	default:
		b.dropped++
	}
}

// flooded counts events that are too many.
func (b *eventBlock) flooded(n int64) {
	b.mu.Lock()
	b.count += n
	b.limiter.Suppressed += n
	b.mu.Unlock()
}

func (b *eventBlock) unseen(n int64) {
	b.mu.Lock()
	b.unwatched += n
	b.mu.Unlock()
}

// blinded is unseen for samples whose scale does not allow to look for the event.
func (b *eventBlock) blinded(n int64) {
	b.mu.Lock()
	b.dark.samples += n
	b.mu.Unlock()
}

// blind notes that the event cannot be looked for in one stream from now on. It is told by another goroutine.
func (b *eventBlock) blind(why error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dark.streams++; b.dark.streams == 1 {
		b.dark.sinceNS, b.dark.why, b.dark.told = clock.Mono(), why, false
	}
}

func (b *eventBlock) sees() {
	b.mu.Lock()
	b.dark.streams--
	b.mu.Unlock()
}

// run carries out one event after the other.
func (b *eventBlock) run() {
	defer close(b.done)
	for more := true; more; {
		var h hit
		select {
		case h, more = <-b.hits:
		case <-b.late.news:
		}
		for _, l := range b.late.take() {
			b.carryOut(l)
		}
		if h.foundNS != 0 {
			b.carryOut(h)
		}
	}
}

func (b *eventBlock) carryOut(h hit) {
	b.write(h, b.order(h))
	b.working.Add(-1)
}

// write makes the event's line in the recording.
func (b *eventBlock) write(h hit, orders []order) {
	epoch, raw := h.Epoch, h.RawIndex
	data := map[string]any{
		"event": b.plan.Name, "looks_for": string(b.plan.Kind),
		"delivered_after_s": inSeconds(h.DeliveredNS - h.MonoNS), "found_after_s": inSeconds(h.foundNS - h.MonoNS),
	}
	if b.plan.Channel != "" {
		data["channel"] = b.plan.Channel
	}
	if h.has {
		data["value_v"] = h.value
	}
	text := b.plan.Name
	if len(orders) > 0 {
		var list []map[string]any
		for _, o := range orders {
			list = append(list, o.data())
			text += "; " + o.text()
		}
		data["start"] = list
	}
	seq, err := b.s.run.NoteEvent(recording.Event{
		Kind: recording.EventDetected, Device: b.plan.Device, UTC: recording.Timestamp(b.s.clock.UTC(h.MonoNS)), MonoNS: h.MonoNS,
		Index: &raw, Epoch: &epoch, Text: text, Data: data,
	})
	if err != nil {
		b.s.log.Warn("event was not written", "event", b.plan.Name, "error", err)
	}
	b.recent.noted(h.RawIndex, seq)
	b.tell(text)
}

func inSeconds(ns int64) float64 { return float64(ns) / 1e9 }

// beginEvents begins to carry out what is found. The devices are known by now.
func (s *Session) beginEvents() {
	if s.eventsBegun.Load() {
		return // as all devices were adopted
	}
	for _, b := range s.blocks {
		b.begin()
	}
	s.eventsBegun.Store(true)
}

// endEvents waits until all events are written down. Nothing may be recorded any more.
func (s *Session) endEvents() {
	for _, b := range s.blocks {
		b.end()
	}
}

// startOrder lets devices that wait for events start before those that bring them.
func startOrder(devices []*device) []*device {
	list := slices.Clone(devices)
	slices.SortStableFunc(list, func(a, b *device) int {
		switch x, y := ordered(a.unit.config), ordered(b.unit.config); {
		case x && !y:
			return -1
		case y && !x:
			return 1
		}
		return 0
	})
	return list
}

// watcher makes what looks for the events of a unit, nil when there are none, and what lets the keeper know of them, nil when all is kept.
// hold is that of its ring.
func (s *Session) watcher(u *unit, hold time.Duration) (*deviceWatch, *keepWatch, error) {
	kept := s.keep.watch(u, hold)
	w, err := newDeviceWatch(s.o.Plan, u.plan, u.applied, func(i int) finder { return kept.finder(s.blocks[i]) })
	if kept != nil {
		kept.inner = w
	}
	return w, kept, err
}
