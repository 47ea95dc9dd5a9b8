package recorder

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

const slowNS = 100_000 // 10 kS/s

// slowRig records 10 kS/s, a second lane having a tenth of it.
func slowRig(t *testing.T, cut int64) *rig {
	t.Helper()
	run, err := recording.Create(t.TempDir(), "test", recording.Options{Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return newRigOf(t, Options{}, run, recording.DeviceInfo{
		Name: "dev", Driver: "test", Serial: "1", RawInterval: recording.Fraction{Num: 1, Den: 10_000}, CutSamples: cut,
		Streams: []recording.StreamInfo{
			{Channel: "A", Kind: recording.KindRaw, Ratio: 1, Global: recording.Global{Scale: 1}},
			{Channel: "B", Kind: recording.KindDecimate, Ratio: 10, Global: recording.Global{Scale: 1}},
		},
	})
}

// stream delivers seconds in deliveries of 200 ms.
func (r *rig) streamFor(seconds int) {
	r.t.Helper()
	for range 5 * seconds {
		r.waitRoom()
		r.mono += 2000 * (slowNS - rawNS)
		r.push(2000, 0)
	}
}

func (r *rig) finished() {
	r.t.Helper()
	if err := r.prod.Finish(nil); err != nil {
		r.t.Fatal(err)
	}
	if out := r.end(); out.End != EndFinished {
		r.t.Fatalf("outcome %+v", out)
	}
	r.finish(recording.CauseNone)
}

// A producer that drops samples without a word is found out by the clock.
func TestInferred(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		cut  int64
	}{{"one segment", 0}, {"rotated", 300_000}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := slowRig(t, c.cut)
			r.start(1<<16, recording.CauseNone)
			losses := []struct {
				after int // s of samples
				lost  int64
			}{{100, 3000}, {130, 100_000}, {200, 1700}}
			for _, l := range losses {
				r.streamFor(l.after)
				r.mono += l.lost * slowNS
			}
			r.streamFor(90)
			r.finished()
			r.verify()
			for i, name := range []string{"dev.A", "dev.B"} {
				s, ratio := r.stream(name), []int64{1, 10}[i]
				gaps := s.Gaps()
				if len(gaps) != len(losses) {
					t.Fatalf("%s: %d gaps: %+v", name, len(gaps), gaps)
				}
				var at, total int64
				for k, g := range gaps {
					at += int64(losses[k].after) * 10_000
					lost := losses[k].lost / ratio
					if g.Cause != recording.CauseInferred || g.Exact || g.LostMin > lost || g.LostMax < lost || g.LostMax-g.LostMin > 4000/ratio+3 {
						t.Errorf("%s: %d are lost, told is %+v", name, lost, g)
					}
					if g.PositionMin > at/ratio || g.PositionMax < at/ratio {
						t.Errorf("%s: lost at %d, told is %+v", name, at/ratio, g)
					}
					total += g.Lost
				}
				if st := r.dev.Stats().Streams[i]; st.Lost != total || st.Gaps != len(losses) {
					t.Errorf("%s: %+v, in gaps %d", name, st, total)
				}
			}
			in := r.dev.Stats().Inside
			if in.Lost < 100_000 || in.Most < 104_700 || in.Most > 110_000 {
				t.Errorf("inside: %+v", in)
			}
		})
	}
}

// What ends too soon to be told is a warning; a loss whose length is not known makes the detector learn anew.
func TestInferredAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		behind         int // s of samples behind the loss
		gaps, warnings int
	}{{"long enough", 40, 1, 0}, {"too soon", 12, 0, 1}, {"at once", 0, 0, 0}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := slowRig(t, 0)
			r.start(1<<16, recording.CauseNone)
			r.streamFor(150)
			r.mono += int64(400 * time.Millisecond)
			r.streamFor(c.behind)
			r.finished()
			r.verify()
			if gaps := r.stream("dev.A").Gaps(); len(gaps) != c.gaps {
				t.Errorf("gaps: %+v", gaps)
			}
			rec, err := recording.Open(r.run.Dir())
			if err != nil {
				t.Fatal(err)
			}
			events, err := rec.Events()
			if err != nil {
				t.Fatal(err)
			}
			warnings := 0
			for _, e := range events {
				if e.Kind == recording.EventWarning {
					warnings++
				}
			}
			if warnings != c.warnings {
				t.Errorf("%d warnings: %+v", warnings, events)
			}
		})
	}
}

// A loss that the producer told of is not concluded once more.
func TestInferredNotTwice(t *testing.T) {
	t.Parallel()
	r := slowRig(t, 0)
	r.start(1<<16, recording.CauseNone)
	r.streamFor(100)
	r.mono += 5000 * slowNS
	r.prod.Begin(r.mono)
	for i, n := range []uint64{5000, 500} {
		if err := r.prod.Gap(i, n, shmring.CauseDriver); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.prod.Commit(); err != nil {
		t.Fatal(err)
	}
	r.streamFor(100)
	r.finished()
	r.verify()
	if gaps := r.stream("dev.A").Gaps(); len(gaps) != 1 || gaps[0].Cause != recording.CauseDriver || gaps[0].Lost != 5000 {
		t.Errorf("gaps: %+v", gaps)
	}
	if in := r.dev.Stats().Inside; in != (Inside{5000, 5000}) {
		t.Errorf("inside: %+v", in)
	}
}

// A suspended host makes the detector learn anew.
func TestInferredNotWhenSuspended(t *testing.T) {
	t.Parallel()
	r := slowRig(t, 0)
	var suspended int64
	r.dev.o.Clock = clock.NewSampler(func() clock.Reading {
		now := clock.Mono()
		return clock.Reading{MonoNS: now, UTCNS: now + suspended, SuspendedNS: suspended}
	})
	r.start(1<<16, recording.CauseNone)
	r.streamFor(100)
	r.waitRecorded(1_000_000)
	suspended = int64(time.Minute)
	r.dev.o.Clock.Sample()
	r.mono += int64(400 * time.Millisecond)
	r.streamFor(100)
	r.finished()
	if gaps := r.stream("dev.A").Gaps(); len(gaps) != 0 {
		t.Errorf("gaps: %+v", gaps)
	}
}

func TestBreaksInsert(t *testing.T) {
	t.Parallel()
	var b breaks
	b.add(place{0, 0})
	b.add(place{100, 150})
	b.insert(40, 7) // in front of a place
	b.insert(120, 3)
	b.insert(100, 1) // at one
	for _, c := range []struct {
		device, stream int64
		found          bool
	}{{39, 39, true}, {42, 40, false}, {47, 40, true}, {106, 99, true}, {150, 100, false}, {158, 100, true}, {177, 119, true}, {179, 120, false}, {181, 120, true}} {
		if s, ok := b.find(c.device); s != c.stream || ok != c.found {
			t.Errorf("find(%d) = %d, %v, want %d, %v", c.device, s, ok, c.stream, c.found)
		}
	}
	for k := range int64(2 * keptBreaks) {
		b.insert(200+k*10, 1)
	}
	if b.n != keptBreaks || b.list[b.n-1].stream != 200+(2*keptBreaks-1)*10 {
		t.Errorf("%d kept: %+v", b.n, b.list)
	}
	for i := 1; i < b.n; i++ {
		if b.list[i].stream <= b.list[i-1].stream || b.list[i].device <= b.list[i-1].device {
			t.Errorf("out of order: %+v", b.list)
		}
	}
}
