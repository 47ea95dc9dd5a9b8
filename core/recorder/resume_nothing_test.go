package recorder

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// TestResumeOfNothing: a device of which nothing had come to the disk when the recorder was killed, and whose time is over when
// the run goes on, has lost all of it.
func TestResumeOfNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		limit Limit
		least int64 // raw samples
		most  int64
	}{
		{"with a duration", Limit{RawIndex: 1_000_000}, 1_000_000, 1_000_000},
		{"until a moment", Limit{}, 1, 1 << 40}, // the rig's clocks are made up
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := Options{Sync: 20 * time.Millisecond, Limit: c.limit}
			r := newRig(t, o, nil, 1, 10)
			r.dev.Abandon()
			if err := r.run.Abandon(); err != nil {
				t.Fatal(err)
			}
			n := r.resume(o, recording.CauseCore, "")
			n.mono += 5_000_000 * rawNS
			n.finish(recording.CauseNone)
			n.verify()
			for name, ratio := range map[string]int64{"dev.A": 1, "dev.B": 10} {
				s := n.stream(name)
				gaps := s.Gaps()
				if s.Samples() != 0 || len(gaps) != 1 {
					t.Fatalf("%s: %d samples, gaps %+v", name, s.Samples(), gaps)
				}
				g := gaps[0]
				if g.Cause != recording.CauseCore || g.Exact || g.LostMin != 0 || g.LostMax < g.Lost || g.Lost < c.least/ratio || g.LostMax > c.most/ratio || g.From == 0 {
					t.Errorf("%s: gap %+v", name, g)
				}
			}
			if st := n.dev.Stats(); st.Streams[0].Lost == 0 {
				t.Errorf("stats %+v", st)
			}
		})
	}
}

// TestResumeBehindNothing: a device of which nothing had come to the disk when the recorder was killed, and that records now, has
// lost what it may have delivered before: the gap stands in front of its first sample.
func TestResumeBehindNothing(t *testing.T) {
	t.Parallel()
	o := Options{Sync: 20 * time.Millisecond}
	r := newRig(t, o, nil, 1, 10)
	r.dev.Abandon()
	if err := r.run.Abandon(); err != nil {
		t.Fatal(err)
	}
	n := r.resume(o, recording.CauseCore, "")
	n.mono += 5_000_000 * rawNS
	n.record(50)
	n.finish(recording.CauseNone)
	n.verify()
	for name, ratio := range map[string]int64{"dev.A": 1, "dev.B": 10} {
		s := n.stream(name)
		gaps := s.Gaps()
		if s.Samples() != 50_000/ratio || len(gaps) != 1 {
			t.Fatalf("%s: %d samples, gaps %+v", name, s.Samples(), gaps)
		}
		const most = 5_100_000 // the rig's own start and end take their time
		g := gaps[0]
		if g.Cause != recording.CauseCore || g.Exact || g.LostMin != 0 || g.LostMax < 5_000_000/ratio || g.LostMax > 2*most/ratio || g.StreamIndex != 0 || g.From == 0 {
			t.Errorf("%s: gap %+v", name, g)
		}
	}
	if st := n.dev.Stats(); st.Streams[0].Lost == 0 || st.Epoch != 0 {
		t.Errorf("stats %+v", st)
	}
}

// TestResumeBehindNothingWithUTCBack: UTC went back by an hour before the run goes on that was killed before anything had come to the disk. The loss
// is told all the same: in the same boot by the monotonic clock, and in another one its bounds leave open how long it was.
func TestResumeBehindNothingWithUTCBack(t *testing.T) {
	t.Parallel()
	const away = 5_000_000 // samples
	for _, c := range []struct {
		name  string
		boot  string
		cause recording.Cause
		most  int64 // raw samples
		mono  bool
	}{
		{"the same boot", "", recording.CauseCore, 2 * away, true},
		{"another boot", "0b54b6a8-1b3c-4c5e-9a53-9a7a0f6f0001", recording.CauseReboot, 1 << 40, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ahead := func() recording.Stamp {
				s := recording.Now()
				s.UTCNS += int64(time.Hour)
				return s
			}
			run, err := recording.Create(t.TempDir(), "test", recording.Options{Program: "test", Now: ahead})
			if err != nil {
				t.Fatal(err)
			}
			info := recording.DeviceInfo{Name: "dev", Driver: "test", Serial: "1", RawInterval: recording.Fraction{Num: 1, Den: 1_000_000}}
			info.Streams = []recording.StreamInfo{
				{Channel: "A", Kind: recording.KindRaw, Ratio: 1, Global: recording.Global{Scale: 1}},
				{Channel: "B", Kind: recording.KindDecimate, Ratio: 10, Global: recording.Global{Scale: 1}},
			}
			r := newRigOf(t, Options{}, run, info)
			r.dev.Abandon()
			if err := r.run.Abandon(); err != nil {
				t.Fatal(err)
			}
			n := r.resume(Options{}, c.cause, c.boot)
			n.mono += away * rawNS
			slept := clock.Read().SuspendedNS / rawNS
			n.record(10)
			n.finish(recording.CauseNone)
			n.verify()
			for name, ratio := range map[string]int64{"dev.A": 1, "dev.B": 10} {
				s := n.stream(name)
				gaps := s.Gaps()
				if s.Samples() != 10_000/ratio || len(gaps) != 1 {
					t.Fatalf("%s: %d samples, gaps %+v", name, s.Samples(), gaps)
				}
				g := gaps[0]
				if g.Cause != c.cause || g.Exact || g.LostMin != 0 || g.LostMax < away/ratio || g.LostMax > (c.most+slept)/ratio || g.From == 0 || g.To < g.From {
					t.Errorf("%s: gap %+v", name, g)
				}
				if mono := g.MonoFromNS != 0; mono != c.mono {
					t.Errorf("%s: gap %+v, monotonic times wanted: %v", name, g, c.mono)
				}
			}
			if st := n.dev.Stats(); st.Streams[0].Gaps != 1 {
				t.Errorf("stats %+v", st)
			}
		})
	}
}
