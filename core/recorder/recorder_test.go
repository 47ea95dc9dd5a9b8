package recorder

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// contiguous fails unless the samples count on from the index first.
func contiguous(t *testing.T, got []uint16, first int) {
	t.Helper()
	for i, v := range got {
		if v != uint16(first+i) {
			t.Fatalf("sample %d is %d, want %d", i, v, uint16(first+i))
		}
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{Sync: 20 * time.Millisecond}, nil, 1, 10)
	r.start(1<<20, recording.CauseNone)
	for range 200 {
		r.push(1000, 0)
	}
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	if out := r.end(); out.End != EndFinished {
		t.Fatalf("outcome %+v", out)
	}
	r.finish(recording.CauseNone)
	for ch, want := range map[string]int{"A": 200_000, "B": 20_000} {
		got := r.samples(ch)
		if len(got) != want {
			t.Fatalf("%s: %d samples, want %d", ch, len(got), want)
		}
		contiguous(t, got, 0)
	}
	s := r.stream("dev.A")
	if gaps := s.Gaps(); len(gaps) != 0 {
		t.Errorf("gaps: %+v", gaps)
	}
	st := r.dev.Stats()
	if st.Streams[0].Recorded != 200_000 || st.Streams[1].Recorded != 20_000 || st.Bytes != 440_000 || st.RawIndex != 200_000 {
		t.Errorf("stats: %+v", st)
	}
	r.verify()
}

// TestOneBeginning: all streams of a device have one time for its first sample, also where the first delivery came later than the next ones tell.
func TestOneBeginning(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1, 10, 10)
	r.prepare(1 << 20)
	const late = 300_000
	r.mono += late
	began := r.mono - late
	r.push(1000, 0)
	r.mono -= late
	r.push(1000, 0)
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.drain(recording.CauseNone)
	r.end()
	r.finish(recording.CauseNone)
	rec, err := recording.Open(r.run.Dir())
	if err != nil {
		t.Fatal(err)
	}
	first := rec.Epochs("dev")[0].First
	if first.MonoNS != began {
		t.Errorf("began %d ns late", first.MonoNS-began)
	}
	for _, s := range rec.Streams() {
		if late := int64(s.Segments()[0].Captures()[0].Datetime) - int64(first.UTCNS); late != 0 {
			t.Errorf("%s began %d ns late", s.Name(), late)
		}
	}
}

// TestRingFull lets the producer run into a full ring: recorded + lost is what was produced, and the gaps say where.
func TestRingFull(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1, 1)
	hold := make(chan struct{})
	// The first flush waits in the writer's place: nothing is drained meanwhile.
	r.start(1<<16, recording.CauseNone)
	r.push(1000, 0)
	r.waitRecorded(1000)
	r.dev.mu.Lock() // publish, and with it the drainer, stands still here
	go func() { time.Sleep(50 * time.Millisecond); close(hold) }()
	for range 100 {
		r.push(1000, 0)
	}
	<-hold
	r.dev.mu.Unlock()
	r.waitRoom()
	r.push(1000, 0)
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.finish(recording.CauseNone)
	s := r.stream("dev.A")
	var lost int64
	for _, g := range s.Gaps() {
		if !g.Gap.Exact || g.Gap.Cause == recording.CauseRestart {
			t.Errorf("gap %+v", g)
		}
		lost += g.Gap.Lost
	}
	if s.Samples()+lost != 102_000 || lost == 0 || r.prod.Lost(0) != uint64(lost) {
		t.Errorf("recorded %d + lost %d is not 102000 (producer: %d)", s.Samples(), lost, r.prod.Lost(0))
	}
	got := r.samples("A")
	for i, c := range s.Captures() {
		end := int64(len(got))
		if i+1 < len(s.Captures()) {
			end = s.Captures()[i+1].SampleStart
		}
		contiguous(t, got[c.SampleStart:end], int(c.GlobalIndex))
	}
	if st := r.dev.Stats(); st.Streams[0].Lost != lost || len(st.Gaps) != 2*len(s.Gaps()) {
		t.Errorf("stats: %+v", st)
	}
	r.verify()
}

// waitRecorded waits until the first stream has n samples.
func (r *rig) waitRecorded(n int64) {
	r.t.Helper()
	for end := time.Now().Add(10 * time.Second); r.dev.Stats().Streams[0].Recorded < n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("only %d samples are recorded", r.dev.Stats().Streams[0].Recorded)
		}
	}
}

// waitRoom waits until the ring is drained.
func (r *rig) waitRoom() {
	r.t.Helper()
	for end := time.Now().Add(10 * time.Second); r.prod.Room(0) < 1<<14; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatal("no room")
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		limit   Limit
		lose    bool
		a, b    int   // samples recorded
		lostOfA int64 // inside the run
	}{
		{"by device index", Limit{RawIndex: 12_345}, false, 12_345, 1234, 0},
		{"by device index, lost ones count", Limit{RawIndex: 12_345}, true, 11_345, 1134, 1000},
		{"by recorded samples", Limit{Samples: 12_340}, false, 12_340, 1234, 0},
		{"by recorded samples, lost ones do not count", Limit{Samples: 12_340}, true, 12_340, 1234, 1000},
		{"in the middle of a loss", Limit{RawIndex: 5500}, true, 5000, 500, 500},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, Options{Limit: c.limit}, nil, 1, 10)
			r.start(1<<20, recording.CauseNone)
			for i := range 30 {
				if i == 5 && c.lose {
					for lane, n := range []uint64{1000, 100} {
						if err := r.prod.Gap(lane, n, shmring.CauseDriver); err != nil {
							t.Fatal(err)
						}
					}
				}
				r.push(1000, 0)
			}
			select {
			case <-r.dev.Full():
			case <-time.After(10 * time.Second):
				t.Fatal("the limit is not noticed")
			}
			if err := r.prod.Finish(nil); err != nil {
				t.Fatal(err)
			}
			r.end()
			r.finish(recording.CauseNone)
			if a, b := len(r.samples("A")), len(r.samples("B")); a != c.a || b != c.b {
				t.Errorf("%d and %d samples, want %d and %d", a, b, c.a, c.b)
			}
			if lost := r.dev.Stats().Streams[0].Lost; lost != c.lostOfA {
				t.Errorf("lost %d, want %d", lost, c.lostOfA)
			}
			r.verify()
		})
	}
}

// TestRestart lets a producer die with losses that it had counted and not written down, and another generation follow.
func TestRestart(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1, 10)
	r.start(1<<20, recording.CauseNone)
	for range 50 {
		r.push(1000, 0)
	}
	close(r.dead)
	if out := r.end(); out.End != EndDead {
		t.Fatalf("outcome %+v", out)
	}
	const away = 700_000 // raw samples
	r.mono += away * rawNS
	r.start(1<<20, recording.CauseRestart)
	for range 50 {
		r.push(1000, 0)
	}
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.finish(recording.CauseNone)
	for name, ratio := range map[string]int64{"dev.A": 1, "dev.B": 10} {
		s := r.stream(name)
		gaps := s.Gaps()
		if len(gaps) != 1 || gaps[0].Gap.Cause != recording.CauseRestart || gaps[0].Gap.Exact {
			t.Fatalf("%s: gaps %+v", name, gaps)
		}
		if lo, hi := gaps[0].Gap.Bounds(); away/ratio < lo || away/ratio > hi {
			t.Errorf("%s: %d lost is not within %d to %d", name, away/ratio, lo, hi)
		}
		if caps := s.Captures(); len(caps) != 2 || caps[1].Epoch != 1 {
			t.Errorf("%s: captures %+v", name, caps)
		}
	}
	a := r.samples("A")
	if len(a) != 100_000 {
		t.Fatalf("%d samples", len(a))
	}
	contiguous(t, a[:50_000], 0)
	contiguous(t, a[50_000:], 0)
	r.verify()
}

// TestEmptyGeneration has a producer that dies before its first sample: what follows begins behind a loss from the
// start on, and the epoch is the first.
func TestEmptyGeneration(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1)
	r.start(1<<20, recording.CauseNone)
	close(r.dead)
	r.end()
	r.mono = clock.Mono() + 500e6
	r.start(1<<20, recording.CauseRestart)
	r.push(1000, 0)
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.finish(recording.CauseNone)
	s := r.stream("dev.A")
	gaps := s.Gaps()
	if len(gaps) != 1 || gaps[0].Gap.LostMin > 500_000 || gaps[0].Gap.LostMax < 500_000 || gaps[0].Gap.Lost > 2_000_000 {
		t.Errorf("gaps %+v", gaps)
	}
	if caps := s.Captures(); len(caps) != 1 || caps[0].Epoch != 0 {
		t.Errorf("captures %+v", caps)
	}
	r.verify()
}

// TestBehindTheLimit has losses when the run has all it wanted: they are none.
func TestBehindTheLimit(t *testing.T) {
	t.Parallel()
	for _, limit := range []Limit{{RawIndex: 2000}, {Samples: 2000}} {
		r := newRig(t, Options{Limit: limit}, nil, 1)
		r.start(1<<20, recording.CauseNone)
		r.push(1000, 0)
		r.push(1000, 0)
		if err := r.prod.Gap(0, 777, shmring.CauseUSB); err != nil {
			t.Fatal(err)
		}
		r.push(1000, 0)
		close(r.dead)
		r.end()
		r.mono += 1e9
		r.finish(recording.CauseRestart)
		if st := r.dev.Stats().Streams[0]; st.Recorded != 2000 || st.Lost != 0 {
			t.Errorf("%+v: %+v", limit, st)
		}
		r.verify()
	}
}

// TestDeadToTheEnd has a producer that dies and never comes back: what is missing behind it is told.
func TestDeadToTheEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{Limit: Limit{RawIndex: 100_000}}, nil, 1)
	r.start(1<<20, recording.CauseNone)
	r.push(1000, 0)
	close(r.dead)
	r.end()
	r.mono += 3e9
	r.finish(recording.CauseRestart)
	g := r.stream("dev.A").Global().GapAfter
	if g == nil || g.Cause != recording.CauseRestart || g.Lost != 99_000 || g.LostMax != 99_000 {
		t.Fatalf("gap behind the last sample: %+v", g)
	}
	r.verify()
}

func TestAnnotations(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1)
	r.start(1<<20, recording.CauseNone)
	r.push(1000, 0)
	r.push(500, 1)
	r.push(500, 1)
	r.push(1000, 0)
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.dev.Mark("here", 7, 1234)
	r.dev.Mark("at the end", 8, 1<<40)
	r.end()
	r.finish(recording.CauseNone)
	anns := r.stream("dev.A").Annotations()
	i := slices.IndexFunc(anns, func(a recording.Annotation) bool { return a.Label == recording.LabelOverRange })
	if i < 0 || anns[i].SampleStart != 1000 || anns[i].SampleCount != 1000 || anns[i].Exact == nil || *anns[i].Exact {
		t.Errorf("annotations %+v", anns)
	}
	var marks []string
	for _, a := range anns {
		if a.Label == recording.LabelMark {
			marks = append(marks, fmt.Sprintf("%s %d %d", a.Comment, *a.Event, a.SampleStart))
		}
	}
	if want := []string{"here 7 1234", "at the end 8 2999"}; !slices.Equal(marks, want) {
		t.Errorf("marks %q, want %q", marks, want)
	}
	r.verify()
}

// TestFault lets the producer break the rules: what was good before is recorded.
func TestFault(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1)
	r.start(1<<20, recording.CauseNone)
	r.push(1000, 0)
	if err := r.prod.Mark(shmring.Mark{Type: shmring.DescWaveBegin}); err != nil {
		t.Fatal(err)
	}
	r.push(1000, 0)
	if out := r.end(); out.End != EndFault || out.Fault == nil {
		t.Fatalf("outcome %+v", out)
	}
	r.finish(recording.CauseRestart)
	if n := len(r.samples("A")); n != 1000 {
		t.Errorf("%d samples", n)
	}
	r.verify()
}
