package recorder

import (
	"context"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// resume goes on with the run of a rig that has ended, on the boot of that name.
func (r *rig) resume(o Options, cause recording.Cause, boot string) *rig {
	r.t.Helper()
	was, err := recording.Resume(context.Background(), r.run.Dir(), recording.ResumeOptions{BootID: boot})
	if err != nil {
		r.t.Fatal(err)
	}
	n := &rig{t: r.t, run: was.Run, info: r.info, mono: r.mono}
	w, err := was.Run.ResumeDevice(r.info)
	if err != nil {
		r.t.Fatal(err)
	}
	o.Name, o.Writer, o.Run, o.Info, o.Clock = "dev", w, was.Run, r.info, clock.NewSampler(nil)
	o.Failed = func(err error) { n.failed = append(n.failed, err) }
	o.Resume = &Resume{Cause: cause, Was: was.Devices[0]}
	n.dev = New(o)
	n.dev.mono = r.dev.mono
	return n
}

// TestResume goes on behind 5 s: in the same boot, in another one, after a stop. The estimate's bounds hold the truth.
func TestResume(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		boot  string
		cause recording.Cause
		mono  bool
	}{
		{"the same boot", "", recording.CauseCore, true},
		{"another boot", "0b54b6a8-1b3c-4c5e-9a53-9a7a0f6f0001", recording.CauseReboot, false},
		{"stopped on purpose", "", recording.CauseNotKept, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, Options{Sync: 20 * time.Millisecond}, nil, 1, 10)
			r.record(100)
			r.dev.Abandon()
			if err := r.run.Abandon(); err != nil {
				t.Fatal(err)
			}
			n := r.resume(Options{}, c.cause, c.boot)
			if st := n.dev.Stats(); st.Streams[0].Recorded != 100_000 || st.RawIndex != 100_000 {
				t.Errorf("stats %+v", st)
			}
			const away = 5_000_000 // samples
			n.mono += away * rawNS
			n.record(50)
			n.finish(recording.CauseNone)
			n.verify()
			for name, ratio := range map[string]int64{"dev.A": 1, "dev.B": 10} {
				s := n.stream(name)
				gaps := s.Gaps()
				if s.Samples() != 150_000/ratio || len(gaps) != 1 {
					t.Fatalf("%s: %d samples, gaps %+v", name, s.Samples(), gaps)
				}
				g := gaps[0]
				if g.Cause != c.cause || g.Exact || g.LostMin > away/ratio || g.LostMax < away/ratio || g.From == 0 || g.To <= g.From {
					t.Errorf("%s: gap %+v", name, g)
				}
				if mono := g.MonoFromNS != 0 && g.MonoToNS != 0; mono != c.mono {
					t.Errorf("%s: gap %+v, monotonic times wanted: %v", name, g, c.mono)
				}
				if g.StreamIndex != 100_000/ratio || g.DeviceIndex != 100_000/ratio {
					t.Errorf("%s: the gap lies at %d, %d", name, g.StreamIndex, g.DeviceIndex)
				}
				// A delivery's delay and the clocks' errors on either side: of the same boot that is 100 ms and 150 ppm.
				if c.mono && g.LostMax-g.LostMin > 210_000/ratio {
					t.Errorf("%s: bounds %d to %d", name, g.LostMin, g.LostMax)
				}
			}
			for ch, ratio := range map[string]int{"A": 1, "B": 10} {
				if got := n.samples(ch + "-000001"); len(got) != 50_000/ratio {
					t.Errorf("%d samples in the second segment", len(got))
				}
			}
			st := n.dev.Stats()
			if lost := st.Streams[0].Lost; (lost == 0) != (c.cause == recording.CauseNotKept) || st.Epoch != 1 {
				t.Errorf("stats %+v", st)
			}
		})
	}
}

// record takes so many deliveries of a generation that dies then.
func (r *rig) record(deliveries int) {
	r.t.Helper()
	r.start(1<<20, recording.CauseNone)
	for range deliveries {
		r.push(1000, 0)
	}
	if err := r.prod.Finish(nil); err != nil {
		r.t.Fatal(err)
	}
	if out := r.end(); out.End != EndFinished {
		r.t.Fatalf("outcome %+v", out)
	}
}

// TestResumeLimit: what is missing counts for the limit, and nothing behind it is lost.
func TestResumeLimit(t *testing.T) {
	t.Parallel()
	limit := Options{Limit: Limit{RawIndex: 1_000_000}}
	r := newRig(t, limit, nil, 1)
	r.record(100)
	r.dev.Abandon()
	if err := r.run.Abandon(); err != nil {
		t.Fatal(err)
	}
	n := r.resume(limit, recording.CauseCore, "")
	if isClosed(n.dev.Full()) {
		t.Error("it is full before anything was recorded")
	}
	n.mono += 5_000_000 * rawNS // the end lies in there
	n.record(10)
	if !isClosed(n.dev.Full()) {
		t.Error("it is not full")
	}
	n.finish(recording.CauseNone)
	n.verify()
	s := n.stream("dev.A")
	gaps := s.Gaps()
	if s.Samples() != 100_000 || len(gaps) != 1 || gaps[0].Lost != 900_000 {
		t.Errorf("%d samples, gaps %+v", s.Samples(), gaps)
	}
}

// TestResumeLateStart: the first deliveries behind a start may be late by more than later ones. The bounds hold the truth all the same.
func TestResumeLateStart(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1, 10)
	r.record(100)
	r.dev.Abandon()
	if err := r.run.Abandon(); err != nil {
		t.Fatal(err)
	}
	const away, late = 3_000_000, 180_000 // samples
	n := r.resume(Options{}, recording.CauseCore, "")
	n.mono += away * rawNS
	n.startNS = n.mono
	n.mono += late * rawNS
	n.record(50)
	n.finish(recording.CauseNone)
	n.verify()
	for name, ratio := range map[string]int64{"dev.A": 1, "dev.B": 10} {
		gaps := n.stream(name).Gaps()
		if len(gaps) != 1 || gaps[0].LostMin > away/ratio || gaps[0].LostMax < away/ratio || gaps[0].LostMin < (away-2*late)/ratio {
			t.Errorf("%s: gaps %+v", name, gaps)
		}
	}
}

// TestResumeNothingCame: a device that goes on and delivers nothing has lost all until its end.
func TestResumeNothingCame(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1)
	r.record(100)
	r.dev.Abandon()
	if err := r.run.Abandon(); err != nil {
		t.Fatal(err)
	}
	n := r.resume(Options{}, recording.CauseCore, "")
	n.mono += 3_000_000 * rawNS
	n.finish(recording.CauseNone)
	n.verify()
	gaps := n.stream("dev.A").Gaps()
	if len(gaps) != 1 || gaps[0].Cause != recording.CauseCore || gaps[0].LostMin > 3_000_000 || gaps[0].LostMax < 3_000_000 {
		t.Errorf("gaps %+v", gaps)
	}
}

// TestResumeBehindLoss goes on with a run that ended with a loss which no sample followed: what comes then is loss of its own.
func TestResumeBehindLoss(t *testing.T) {
	t.Parallel()
	r := newRig(t, Options{}, nil, 1)
	r.record(100)
	r.mono += 200_000 * rawNS
	if err := r.dev.Finish(recording.SealStop, recording.CauseUSB, r.mono); err != nil {
		t.Fatal(err)
	}
	if err := r.run.Close(recording.End{Reason: "device"}); err != nil {
		t.Fatal(err)
	}
	n := r.resume(Options{}, recording.CauseNotKept, "")
	before := n.dev.Stats().RawIndex
	n.mono += 1_000_000 * rawNS
	n.record(10)
	n.finish(recording.CauseNone)
	n.verify()
	gaps := n.stream("dev.A").Gaps()
	if len(gaps) != 2 || gaps[0].Cause != recording.CauseUSB || gaps[1].Cause != recording.CauseNotKept || before != 100_000+gaps[0].Lost {
		t.Fatalf("%d before, gaps %+v", before, gaps)
	}
	if lo, hi := gaps[0].LostMin+gaps[1].LostMin, gaps[0].LostMax+gaps[1].LostMax; lo > 1_200_000 || hi < 1_200_000 {
		t.Errorf("gaps %+v", gaps)
	}
	if first := gaps[1].DeviceIndex; first != before {
		t.Errorf("the second loss begins at %d, not %d", first, before)
	}
}
