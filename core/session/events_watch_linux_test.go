package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/events"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/recording"
)

// TestEventsInARangeTooCoarse: where a change of range makes a condition one that noise alone would fulfil, nobody looks, what is not looked at is
// counted, and the recording says since when.
func TestEventsInARangeTooCoarse(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := eventPlan("", slowStream, strings.Replace(fastRapid, "captures", "repeat = 1\n    captures", 1), `event "turn" {
  source = "slow.A"
  slope  = "600V/s"
  over   = 2
}`)
	s := l.start(strings.Replace(text, `frequency = "10Hz"`, `frequency = "1mHz"`, 1)) // which brings no event
	d := s.devices[0]
	// Another look at the same stream, whose unit changes its range.
	w, err := newDeviceWatch(s.o.Plan, d.unit.plan, d.unit.applied, func(i int) finder { return s.blocks[i] })
	if err != nil {
		t.Fatal(err)
	}
	batch := recorder.Batch{Samples: make([]byte, 200), Ratio: 1, IntervalNS: 10_000}
	steep := recorder.Batch{Index: 100, Samples: []byte{0, 0, 0, 0, 0, 0x40, 0, 0x40}, Ratio: 1, IntervalNS: 10_000}
	w.Samples(batch)
	w.Rescaled(0, 1, 0) // 1 V a count, and 12 mV are looked for
	w.Samples(batch)
	w.Rescaled(0, 2, 0)
	w.Samples(batch)
	if got := s.Status().EventBlocks[0]; got.Unwatched != 200 {
		t.Errorf("%d samples were not looked at, want 200", got.Unwatched)
	}
	warned := func() int {
		b, err := os.ReadFile(filepath.Join(s.Dir(), recording.FileEvents))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(b), "event turn: no longer looked for since ")
	}
	l.until(s, func(Status) bool { return warned() == 1 })
	w.Rescaled(0, 1e-4, 0)
	w.Samples(steep)
	if got := s.Status().EventBlocks[0]; got.Unwatched != 200 || got.Count != 1 {
		t.Errorf("in a finer range again: %+v", got)
	}
	w.Rescaled(0, 1, 0)
	s.Stop("stop")
	l.sealed(s)
	if warned() != 2 {
		t.Errorf("%d warnings, want 2", warned())
	}
}

// TestLongestDistance: what a plan allows is what can be looked for.
func TestLongestDistance(t *testing.T) {
	t.Parallel()
	if plan.MaxSlopeSamples != events.MaxLag {
		t.Errorf("a plan allows %d samples, %d can be looked for", plan.MaxSlopeSamples, events.MaxLag)
	}
}
