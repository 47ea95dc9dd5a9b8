package session

import (
	"fmt"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// What one device may write of each kind of its own events: a burst, then one each floodEvery, of at most so long a text.
// In a month that is less than 300 MiB for each kind however much a driver has to say; what is left out is counted.
const (
	floodBurst = 50
	floodEvery = 10 * time.Second
	floodText  = 1 << 10
	floodTold  = time.Minute // from one word about those that are left out to the next
)

// floodOther is the kind that stands for all which are not written down.
const floodOther driver.EventKind = ""

// flood bounds what a device's driver writes into events.jsonl and tells terminals. The zero value is ready. Its methods
// may be called from any goroutine.
type flood struct {
	mu    sync.Mutex
	kinds map[driver.EventKind]*floodKind
}

// floodKind is the account of one kind.
type floodKind struct {
	spent  int64 // monotonic time up to which the allowance is used; a burst reaches that far ahead
	out    int64 // left out since that was told last
	toldNS int64
}

// admit tells whether an event is written down; else it is counted.
func (f *flood) admit(kind driver.EventKind, now int64) bool {
	if _, ok := eventKinds[kind]; !ok {
		kind = floodOther // a driver may make up as many as it likes
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	k := f.kinds[kind]
	if k == nil {
		k = &floodKind{spent: now - floodBurst*int64(floodEvery), toldNS: now}
		if f.kinds == nil {
			f.kinds = map[driver.EventKind]*floodKind{}
		}
		f.kinds[kind] = k
	}
	k.spent = max(k.spent, now-floodBurst*int64(floodEvery))
	if k.spent+int64(floodEvery) > now {
		if k.out == 0 {
			k.toldNS = now
		}
		k.out++
		return false
	}
	k.spent += int64(floodEvery)
	return true
}

// leftOut returns how many events of each kind were left out, where that is to be told: from time to time, or now.
func (f *flood) leftOut(now int64, always bool) map[driver.EventKind]int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list map[driver.EventKind]int64
	for kind, k := range f.kinds {
		if k.out == 0 || !always && now-k.toldNS < int64(floodTold) {
			continue
		}
		if list == nil {
			list = map[driver.EventKind]int64{}
		}
		list[kind], k.out, k.toldNS = k.out, 0, now
	}
	return list
}

// tellFlood writes down how many events of the driver were left out. The counts of events.jsonl stay exact by that.
func (w *watch) tellFlood(always bool) {
	for kind, n := range w.d.flood.leftOut(clock.Mono(), always) {
		text := fmt.Sprintf("%d more, too many to be written one by one", n)
		if kind == floodOther {
			w.d.s.notice(string(recording.EventWarning), w.u.plan.Name, "events of kinds that are not known: "+text)
			continue
		}
		w.d.event(recording.Event{Kind: eventKinds[kind], Device: w.u.plan.Name, Count: n, Text: text})
		w.d.s.notice(string(eventKinds[kind]), w.u.plan.Name, text)
	}
}

// shortText bounds the text of a driver's event, in whole characters.
func shortText(text string) string {
	if len(text) <= floodText {
		return text
	}
	n := floodText
	for n > 0 && text[n]&0xc0 == 0x80 {
		n--
	}
	return text[:n] + "..."
}
