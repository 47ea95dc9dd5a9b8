//go:build linux && cgo

package overview

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

const us = 1_000_000_000 // a raw sample in femtoseconds

// TestTriggerPlace: the mark is at the sample of which the library tells, wherever that lies in what it delivers.
func TestTriggerPlace(t *testing.T) {
	t.Parallel()
	told := func(samples int32, at uint32) looptest.Step {
		return looptest.Step{Samples: samples, Trigger: true, At: at}
	}
	tests := []struct {
		name        string
		steps       []looptest.Step
		first, last uint64 // raw samples
		within      uint32
		strays      uint64
	}{
		{"first sample of all", []looptest.Step{told(100, 0), {Samples: 50}}, 0, 0, 0, 0},
		{"first sample of a piece", []looptest.Step{{Samples: 100}, told(100, 0)}, 100, 100, 0, 0},
		{"last sample of a piece", []looptest.Step{{Samples: 100}, told(100, 99), {Samples: 3}}, 199, 199, 0, 0},
		{"last sample of the buffer", append(steps(600), told(400, 399), looptest.Step{Samples: 10}), 999, 999, 0, 0},
		{"behind the buffer's wrap", append(steps(1000, 1000, 400, 600), told(7, 3)), 3003, 3003, 0, 0},
		{"second piece of a poll", []looptest.Step{{Samples: 10}, {Samples: 20, Twice: true, Trigger: true, At: 4}}, 14, 14, 0, 0},
		{"further ones do not count", []looptest.Step{{Samples: 10}, told(20, 4), told(20, 5), told(20, 500)}, 14, 14, 0, 0},
		{"busy about it", []looptest.Step{{Status: 0x27}, {Samples: 10, Trigger: true, At: 9, Status: 0x27}, {Status: 0x27}}, 9, 9, 0, 0},
		{"behind the piece", []looptest.Step{{Samples: 30}, told(20, 20), {Samples: 50}}, 30, 49, 20, 1},
		{"far behind the piece", []looptest.Step{{Samples: 30}, told(20, 1<<32-1), {Samples: 50}}, 30, 49, 20, 1},
		{"without samples", []looptest.Step{{Samples: 30}, {Samples: 11}, {Call: true, Trigger: true, At: 5}, {Samples: 50}}, 30, 90, 61, 1},
		{"before all samples", []looptest.Step{{Call: true, Trigger: true}, {Samples: 50}, {Samples: 50}}, 0, 49, 50, 1},
		{"behind all samples", []looptest.Step{{Samples: 50}, {Samples: 20}, {Call: true, Trigger: true}}, 50, 69, 20, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 2, 1000, looptest.Lane{})
			r.cfg.Trigger = &Trigger{}
			r.cfg.Gather = maxGather
			r.fake.Script(t, tt.steps, 1, 0, false)
			l := r.start(t)
			result := r.finish(t, l)
			r.judge.Compare(t, 1, looptest.Signals(1, r.fake.Done(0), 2))
			wantMark(t, r.judge, 0, tt.first*us, tt.within)
			c := l.Counters()
			if s := c.Trigger; !s.Seen || s.First != tt.first || s.Last != tt.last || s.Strays != tt.strays || s.Auto {
				t.Errorf("state %+v", s)
			}
			if result.Reason != ReasonStopped || result.Cut != 0 {
				t.Errorf("result %+v", result)
			}
		})
	}
}

// wantMark wants one trigger in the ring, so many femtoseconds behind the first sample.
func wantMark(t *testing.T, j *looptest.Judge, lane uint16, at uint64, within uint32) {
	t.Helper()
	if len(j.Marks) != 1 || j.Marks[0].Lane != lane || j.Marks[0].AtFS != int64(at) || j.Marks[0].Within != within {
		t.Errorf("marks %+v, want lane %d at %d fs within %d", j.Marks, lane, at, within)
	}
}

// TestTriggerNotWanted: without Trigger the library may say what it likes.
func TestTriggerNotWanted(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 1000, looptest.Lane{})
	r.fake.Script(t, []looptest.Step{{Samples: 100, Trigger: true, At: 5}, {Samples: 10, Trigger: true, At: 500}}, 1, 0, false)
	l := r.start(t)
	r.finish(t, l)
	if s := l.Counters().Trigger; len(r.judge.Marks) != 0 || s.Seen || s.Strays != 0 {
		t.Errorf("marks %+v, state %+v", r.judge.Marks, s)
	}
}

// groups makes a rig whose library delivers groups of ten, the largest and the smallest.
func groups(t *testing.T) *rig {
	t.Helper()
	const ratio = 10
	lanes := []looptest.Lane{{Kind: shmring.Max, Ratio: ratio}, {Kind: shmring.Min, Ratio: ratio}}
	r := newRigOf(t, 2, 1000, lanes, []Stream{{Lane: 0, Kind: Max, Format: Int16}, {Lane: 1, Kind: Min, Format: Int16}})
	r.cfg.Ratio = ratio
	in := &r.cfg.Inputs[0]
	in.Mode, in.MinBuffer = ModeAggregate, r.cfg.Inputs[1].Buffer
	r.cfg.Inputs = r.cfg.Inputs[:1]
	return r
}

// TestTriggerOfGroups: in streams of groups the trigger lies in its group; where the loop makes the groups its place is exact.
func TestTriggerOfGroups(t *testing.T) {
	t.Parallel()
	script := []looptest.Step{{Samples: 100}, {Samples: 100, Trigger: true, At: 37}, {Samples: 10}}
	t.Run("of the library", func(t *testing.T) {
		t.Parallel()
		r := groups(t)
		r.cfg.Trigger = &Trigger{}
		r.fake.Script(t, script, 1, 0, false)
		l := r.start(t)
		r.finish(t, l)
		wantMark(t, r.judge, 0, 1370*us, 1)
		if s := l.Counters().Trigger; s.First != 1370 || s.Last != 1379 {
			t.Errorf("state %+v", s)
		}
	})
	t.Run("of the loop", func(t *testing.T) {
		t.Parallel()
		lanes, streams := derived(13, 0)
		r := newRigOf(t, 1, 1000, lanes[1:], nil)
		for i, s := range streams[1:] {
			s.Lane = i
			r.cfg.Streams = append(r.cfg.Streams, s)
		}
		r.cfg.Ratio, r.cfg.Trigger = 13, &Trigger{}
		r.fake.Script(t, script, 1, 0, false)
		r.finish(t, r.start(t))
		wantMark(t, r.judge, 0, 137*us, 0)
	})
	t.Run("beside raw samples", func(t *testing.T) {
		t.Parallel()
		lanes, streams := derived(13, 0)
		r := newRigOf(t, 1, 1000, lanes, streams)
		r.cfg.Ratio, r.cfg.Trigger = 13, &Trigger{}
		r.fake.Script(t, script, 1, 0, false)
		r.finish(t, r.start(t))
		wantMark(t, r.judge, 0, 137*us, 0)
	})
}

// TestTriggerBehindLoss: samples that found no room do not move the trigger, nor does it get lost with them.
func TestTriggerBehindLoss(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]int{"before it is lost": 2, "lost itself": 12, "behind the loss": 20} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 1, 4000, looptest.Lane{KiB: 64}) // holds eight deliveries
			r.cfg.Trigger = &Trigger{}
			var script []looptest.Step
			for i := range 24 {
				script = append(script, looptest.Step{Samples: 4000, Trigger: i == at, At: 1234})
			}
			script[16].Sleep = time.Second
			r.fake.Script(t, script, 1, 0, false)
			l := r.start(t)
			for deadline := time.Now().Add(10 * time.Second); l.Counters().Polls < 16; time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the script does not go on")
				}
			}
			r.finish(t, l)
			r.judge.Compare(t, 0, looptest.Signals(0, 24*4000, 2))
			if r.judge.Lost(0) == 0 {
				t.Error("nothing is lost")
			}
			wantMark(t, r.judge, 0, (uint64(at)*4000+1234)*us, 0)
		})
	}
}
