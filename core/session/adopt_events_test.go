package session

import (
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/events"
	"github.com/scopelog/scopelog/core/keep"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// TestFoundBehindWrittenEvents: of the events that another process has found those that it has written down are dropped, and no others: streams are looked
// at one after the other, so that a line may tell of a later event than one that has no line.
func TestFoundBehindWrittenEvents(t *testing.T) {
	t.Parallel()
	many := make([]int64, recording.MaxDetected)
	for i := range many {
		many[i] = int64(5000 + 2*i)
	}
	for _, c := range []struct {
		name           string
		written, found []int64
		want           []int64
	}{
		{"none is written", nil, []int64{0, 900}, []int64{0, 900}},
		{"the later one is written", []int64{1000}, []int64{900, 1000, 1100}, []int64{900, 1100}},
		{"so many that not all are known", many, []int64{4000, 5000, 5001, 9000}, []int64{5001, 9000}},
	} {
		p := &plan.Event{Name: "turn"}
		b := &eventBlock{plan: p, limiter: events.Limiter{PerSecond: eventLimit}, late: lateHits{news: make(chan struct{}, 1)}}
		b.known.set(c.written)
		for _, at := range c.found {
			b.found(hit{Moment: recorder.Moment{RawIndex: at, DeliveredNS: clock.Mono(), Late: true}})
		}
		var got []int64
		for _, h := range b.late.take() {
			got = append(got, h.RawIndex)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: found %v, want %v", c.name, got, c.want)
		}
	}
}

// TestSkippedKeepsTheHoldTime: what nobody has looked at is kept for as long as the device's own ring holds, also of an adopted one.
func TestSkippedKeepsTheHoldTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hold time.Duration
		gone int
	}{{time.Second, 1}, {time.Minute, 0}} {
		k := &keeper{s: &Session{}, judge: keep.New(0), devices: map[string]*keep.Device{}}
		w := k.watch(&unit{plan: &plan.Device{Name: "cell"}, applied: driver.Applied{Interval: units.Interval{Rational: units.Rat(1, 1000)}}}, c.hold)
		now := clock.Mono()
		w.dev.Sealed(keep.Segment{ToldNS: now - int64(30*time.Second)})
		w.Skipped(0, 1)
		if gone := k.judge.Look(now, nil, true); len(gone) != c.gone {
			t.Errorf("a ring that holds %v: %d segments are not needed, want %d", c.hold, len(gone), c.gone)
		}
	}
}
