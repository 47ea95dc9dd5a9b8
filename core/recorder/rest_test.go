package recorder

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

func TestRest(t *testing.T) {
	repeat := func(n int, fill float64) []float64 {
		f := make([]float64, n)
		for i := range f {
			f[i] = fill
		}
		return f
	}
	for _, tc := range []struct {
		name  string
		fills []float64
		want  time.Duration
	}{
		{"at the start", nil, 0},
		{"not calm yet", repeat(calmPasses-1, 0), 0},
		{"nearly empty for long", repeat(100, 0.001), longRest},
		{"filled a little", repeat(100, 0.1), shortRest},
		{"as fast as it is drained", repeat(100, 0.9), 0},
		{"a burst", append(repeat(100, 0), 0.5), 0},
		{"calm again: rests less than before", append(append(repeat(100, 0), 0.5), repeat(calmPasses, 0.1)...), longRest / 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var r rest
			for _, f := range tc.fills {
				r.saw(f)
			}
			if got := r.next(); got != tc.want {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
}

// TestRestKeepsTheSyncInterval: a drainer that rests longer than samples may be unsynced would put the syncs off.
func TestRestKeepsTheSyncInterval(t *testing.T) {
	for sync, want := range map[time.Duration]time.Duration{
		time.Second: longRest, 30 * time.Second: longRest, 400 * time.Millisecond: 100 * time.Millisecond, 100 * time.Millisecond: 25 * time.Millisecond,
		8 * time.Millisecond: 2 * time.Millisecond, 1: time.Millisecond,
	} {
		r := newRest(sync)
		for range 100 {
			r.saw(0)
		}
		if got := r.next(); got != want {
			t.Errorf("sync every %v: a rest of %v, want %v", sync, got, want)
		}
	}
}

// teller is a watcher that tells of each look.
type teller struct {
	keeper
	seen atomic.Int64
}

func (w *teller) Samples(b Batch) {
	w.keeper.Samples(b)
	w.seen.Add(1)
}

// TestPromptLooksWriteNothing: who looks at every delivery at once does not make the recorder write each for itself.
func TestPromptLooksWriteNothing(t *testing.T) {
	t.Parallel()
	w := &teller{}
	fsys := &countingFS{FS: recording.OSFS()}
	r := newRig(t, Options{Watcher: w, Prompt: time.Millisecond, Sync: time.Minute}, fsys, 1, 1)
	r.start(1<<20, recording.CauseNone)
	const deliveries = 300
	for n := range int64(deliveries) { // each is seen before the next one comes
		r.push(10, 0)
		for end := time.Now().Add(30 * time.Second); w.seen.Load() <= n; time.Sleep(100 * time.Microsecond) {
			if time.Now().After(end) {
				t.Fatalf("delivery %d is not looked at", n)
			}
		}
	}
	while := fsys.writes.Load()
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	if while > deliveries/2 {
		t.Errorf("%d deliveries to 2 streams were written by %d calls", deliveries, while)
	}
	if got := r.samples("B"); len(got) != 10*deliveries || !slices.Equal(w.samples, got) {
		t.Errorf("%d samples were shown, %d are recorded", len(w.samples), len(got))
	}
	r.verify()
}
