package analyze

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// weighed is an operation that measures the memory in use whenever a source has ended.
type weighed struct {
	Operation
	mu   sync.Mutex
	most uint64
}

func (w *weighed) begin(list []*source) (state, error) {
	s, err := w.Operation.begin(list)
	return &weighedState{s, w}, err
}

func (w *weighed) weigh() {
	w.mu.Lock()
	defer w.mu.Unlock()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	w.most = max(w.most, m.HeapAlloc)
}

type weighedState struct {
	state
	w *weighed
}

func (s *weighedState) of(i int) taker { return &weighedTaker{s.state.of(i), s.w} }

type weighedTaker struct {
	taker
	w *weighed
}

func (t *weighedTaker) done() error {
	err := t.taker.done()
	t.w.weigh()
	return err
}

// TestLiveMemory: many streams need the memory of those that are looked at at the same time, and a little for the result of each.
func TestLiveMemory(t *testing.T) {
	const samples = 60_000
	many := func(n int) *recording.Recording {
		var streams []recording.StreamInfo
		for i := range n {
			streams = append(streams, recordingtest.Analog(fmt.Sprint("S", i)))
		}
		l := recordingtest.New(t, recordingtest.Device(streams...))
		l.Signal = noisySine
		l.Add(samples)
		return l.Open()
	}
	few, all := many(3), many(24)
	for _, op := range []Operation{
		&PSD{Options: spectrum.Options{Segment: 512}}, &Filter{Design: &filter.Design{Order: 4, Cutoff: 5}, ZeroPhase: true}, &Resample{Up: 1, Down: 3},
	} {
		onCores(2, func() {
			a, b := &weighed{Operation: op}, &weighed{Operation: op}
			run(t, few, Selection{}, a)
			run(t, all, Selection{}, b)
			if b.most > a.most+21*256<<10 { // less than half a stream for each of the others
				t.Errorf("%s: %d KiB for 24 streams, and %d for 3", op.Name(), b.most>>10, a.most>>10)
			}
		})
	}
}
