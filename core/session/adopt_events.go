package session

import (
	"slices"
	"sync"

	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/recording"
)

// maxRecent bounds the events that are remembered until their lines are durable.
const maxRecent = 1000

// recentHits are the events of a block whose lines may not be durable: the journal may tell of their samples before. They stand in the journal too,
// for a session that adopts the source.
type recentHits struct {
	mu   sync.Mutex // guards what follows
	list []recentHit
}

// recentHit is one of them.
type recentHit struct {
	Index       int64    `json:"index"`
	Epoch       int      `json:"epoch"`
	MonoNS      int64    `json:"mono_ns"`
	DeliveredNS int64    `json:"delivered_ns"`
	Value       *float64 `json:"value,omitempty"`

	seq int64 // of its line; -1: it has none yet
}

func (r *recentHits) add(h hit) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := recentHit{Index: h.RawIndex, Epoch: h.Epoch, MonoNS: h.MonoNS, DeliveredNS: h.DeliveredNS, seq: -1}
	if h.has {
		e.Value = &h.value
	}
	if len(r.list) == maxRecent {
		r.list = slices.Delete(r.list, 0, 1)
	}
	r.list = append(r.list, e)
}

// noted tells which line an event is in.
func (r *recentHits) noted(index, seq int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.list {
		if r.list[i].Index == index {
			r.list[i].seq = seq
		}
	}
}

// take returns those whose lines are not durable, which lie behind the line before the one numbered durable, and forgets the others.
func (r *recentHits) take(durable int64) []recentHit {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = slices.DeleteFunc(r.list, func(e recentHit) bool { return e.seq >= 0 && e.seq < durable })
	return slices.Clone(r.list)
}

// knownHits are the raw device indexes of events that another process has written down, the last ones. A stream is not looked at in the order of another
// one: what lies before an event that is written down may not be.
type knownHits struct {
	list  map[int64]bool
	least int64 // those below are all known; 0: none are
}

func (k *knownHits) set(indexes []int64) {
	k.list = make(map[int64]bool, len(indexes))
	for _, i := range indexes {
		k.list[i] = true
	}
	if len(indexes) >= recording.MaxDetected {
		k.least = slices.Min(indexes)
	}
}

func (k *knownHits) has(index int64) bool { return index < k.least || k.list[index] }

// lateHits are events that came while nobody recorded their source: as many as come at once when it is adopted.
type lateHits struct {
	news chan struct{} // holds one

	mu   sync.Mutex // guards what follows
	list []hit
}

// maxLate bounds them.
const maxLate = 10_000

// foundLate is [eventBlock.found] for an event that came while nobody recorded its source. It needs the block's mu.
func (b *eventBlock) foundLate(h hit) {
	if !b.limiter.Allow(h.DeliveredNS) {
		return
	}
	b.late.mu.Lock()
	defer b.late.mu.Unlock()
	if len(b.late.list) == maxLate {
		b.dropped++
		return
	}
	b.late.list = append(b.late.list, h)
	b.recent.add(h)
	b.working.Add(1)
	select {
	case b.late.news <- struct{}{}:
	default:
	}
}

func (l *lateHits) take() []hit {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.list
	l.list = nil
	return list
}

// recentEvents are the events of a device that may not be durable, by their block's name.
func (d *device) recentEvents() map[string][]recentHit {
	var all map[string][]recentHit
	for _, b := range d.s.blocks {
		if b.plan.Device != d.name {
			continue
		}
		if list := b.recent.take(d.s.run.DurableEvents()); len(list) > 0 {
			if all == nil {
				all = map[string][]recentHit{}
			}
			all[b.plan.Name] = list
		}
	}
	return all
}

// findAgain lets the blocks find what another process had found, and had perhaps not written down.
func (s *Session) findAgain(events map[string][]recentHit) {
	for _, b := range s.blocks {
		for _, e := range events[b.plan.Name] {
			h := hit{Moment: recorder.Moment{RawIndex: e.Index, Epoch: e.Epoch, MonoNS: e.MonoNS, DeliveredNS: e.DeliveredNS, Late: true}}
			if e.Value != nil {
				h.value, h.has = *e.Value, true
			}
			b.found(h)
		}
	}
}
