package session

import (
	"fmt"
	"slices"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// EventBlock says what an event block of the plan has found so far.
type EventBlock struct {
	Name   string `json:"name"`
	Source string `json:"source"` // as the plan has it: device, or device and channel
	Count  int64  `json:"count"`  // events found
	// Suppressed is how many of them were not written down and started nothing, as there were too many a second.
	Suppressed int64        `json:"suppressed"`
	Unwatched  int64        `json:"unwatched"` // samples that were recorded and not looked at, as the ring filled up or their range did not allow it
	Starts     []EventStart `json:"starts"`
}

// EventStart says how an event block has started one device. All but Started are events that it missed.
type EventStart struct {
	Device  string `json:"device"`
	Started int64  `json:"started"`
	Busy    int64  `json:"busy"` // an earlier order was being carried out
	Away    int64  `json:"away"` // it was restarting, had failed, or was never there
	Done    int64  `json:"done"` // it had taken all its orders, or its time for them was over
	Late    int64  `json:"late"` // the event had waited behind others
	Failed  int64  `json:"failed"`
	Error   string `json:"error,omitempty"` // of the last that failed
	// From the event's sample, and from its delivery to the host, until the device had taken the order.
	AfterEvent    *Spread `json:"after_event,omitempty"`
	AfterDelivery *Spread `json:"after_delivery,omitempty"`
}

// Spread sums up times in seconds. The median is that of the latest thousand.
type Spread struct {
	Count  int64   `json:"count"`
	Min    float64 `json:"min_s"`
	Median float64 `json:"median_s"`
	Max    float64 `json:"max_s"`
}

// spread gathers times.
type spread struct {
	n        int64
	min, max float64
	latest   []float64
}

const keptTimes = 1000

func (s *spread) add(v float64) {
	if s.n == 0 {
		s.min, s.max = v, v
	}
	s.min, s.max = min(s.min, v), max(s.max, v)
	if len(s.latest) < keptTimes {
		s.latest = append(s.latest, v)
	} else {
		s.latest[s.n%keptTimes] = v
	}
	s.n++
}

// sum is nil when there is nothing.
func (s *spread) sum() *Spread {
	if s.n == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(s.latest))
	return &Spread{Count: s.n, Min: s.min, Median: sorted[len(sorted)/2], Max: s.max}
}

// eventBlocks is what all event blocks of the run have found so far.
func (s *Session) eventBlocks() []EventBlock {
	list := []EventBlock{}
	for _, b := range s.blocks {
		list = append(list, b.figures())
	}
	return list
}

func (b *eventBlock) figures() EventBlock {
	e := EventBlock{Name: b.plan.Name, Source: b.plan.Device, Starts: []EventStart{}}
	if b.plan.Channel != "" {
		e.Source += "." + b.plan.Channel
	}
	b.mu.Lock()
	e.Count, e.Suppressed, e.Unwatched = b.count, b.limiter.Suppressed+b.dropped, b.unwatched+b.dark.samples
	b.mu.Unlock()
	for _, t := range b.targets {
		e.Starts = append(e.Starts, t.figures())
	}
	return e
}

func (t *target) figures() EventStart {
	t.mu.Lock()
	defer t.mu.Unlock()
	return EventStart{
		Device: t.name, Started: t.counts[orderTaken], Busy: t.counts[orderBusy], Away: t.counts[orderAway], Done: t.counts[orderDone], Late: t.counts[orderLate],
		Failed: t.counts[orderFailed], Error: t.err, AfterEvent: t.sample.sum(), AfterDelivery: t.came.sum(),
	}
}

const (
	noticeEvery = time.Second // between two notices of one event block
	warnEvery   = time.Minute // between two warnings
)

// tellings remembers what was told of an event block. Times are monotonic ns.
type tellings struct {
	noticeNS, warnNS      int64
	quiet                 int64 // events since the last notice
	suppressed, unwatched int64
}

// tell shows an event, at most one a second.
func (b *eventBlock) tell(text string) {
	now := clock.Mono()
	b.mu.Lock()
	if b.told.noticeNS != 0 && now-b.told.noticeNS < int64(noticeEvery) {
		b.told.quiet++
		b.mu.Unlock()
		return
	}
	if b.told.quiet > 0 {
		text += fmt.Sprintf("; and %d more before", b.told.quiet)
	}
	b.told.noticeNS, b.told.quiet = now, 0
	b.mu.Unlock()
	b.s.notice(string(recording.EventDetected), b.plan.Device, text)
}

// darkness is what is known of samples in which an event cannot be looked for, as their scale does not allow it.
type darkness struct {
	samples int64
	streams int   // that are so now
	sinceNS int64 // when the latest of such times began: monotonic
	why     error // nil: there was none
	told    bool
}

// warnBlind tells that the event is not looked for any more, once each time that this begins.
func (b *eventBlock) warnBlind() {
	b.mu.Lock()
	d := b.dark
	b.dark.told = true
	b.mu.Unlock()
	if d.why == nil || d.told {
		return
	}
	since := recording.Timestamp(b.s.clock.UTC(d.sinceNS))
	b.s.runEvent(recording.Event{
		Kind: recording.EventWarning, Device: b.plan.Device, UTC: since, MonoNS: d.sinceNS, Data: map[string]any{"event": b.plan.Name},
		Text: fmt.Sprintf("event %s: no longer looked for since %s, the present range does not allow it: %v", b.plan.Name, since.Time().Format(time.RFC3339), d.why),
	})
}

// warn tells of a range in which nothing can be found, and now and then of events that are suppressed and of samples that are not looked at.
func (b *eventBlock) warn() {
	b.warnBlind()
	b.warnCounted(false)
}

// warnCounted tells how many events are only counted, and samples not looked at, since that was told last: once in a while, or the last time.
func (b *eventBlock) warnCounted(last bool) {
	now := clock.Mono()
	b.mu.Lock()
	suppressed, unwatched := b.limiter.Suppressed+b.dropped, b.unwatched
	more, unseen := suppressed-b.told.suppressed, unwatched-b.told.unwatched
	if more == 0 && unseen == 0 || !last && b.told.warnNS != 0 && now-b.told.warnNS < int64(warnEvery) {
		b.mu.Unlock()
		return
	}
	b.told.warnNS, b.told.suppressed, b.told.unwatched = now, suppressed, unwatched
	b.mu.Unlock()
	if more > 0 {
		b.s.runEvent(recording.Event{
			Kind: recording.EventWarning, Device: b.plan.Device, Data: map[string]any{"event": b.plan.Name, "suppressed": more},
			Text: fmt.Sprintf("event %s: %d more than %d a second were only counted", b.plan.Name, more, eventLimit),
		})
	}
	if unseen > 0 {
		b.s.runEvent(recording.Event{
			Kind: recording.EventWarning, Device: b.plan.Device, Data: map[string]any{"event": b.plan.Name, "unwatched": unseen},
			Text: fmt.Sprintf("event %s: %d samples were recorded and not looked at, as the ring filled up", b.plan.Name, unseen),
		})
	}
}
