//go:build linux && cgo

package overview

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

// TestStopBehindTrigger: every lane ends with the wanted number of samples behind the trigger, wherever the library's pieces end.
func TestStopBehindTrigger(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		steps []looptest.Step
		round int
		want  Trigger
		end   uint64 // samples delivered
		cut   uint64
		marks int
		auto  bool
	}{
		{"the trigger alone", []looptest.Step{{Samples: 100}, {Samples: 100, Trigger: true, At: 50}}, 1, Trigger{After: 1}, 151, 49, 1, false},
		{"within its piece", []looptest.Step{{Samples: 100}, {Samples: 100, Trigger: true, At: 50}}, 1, Trigger{After: 20}, 170, 30, 1, false},
		{"at its end", []looptest.Step{{Samples: 100}, {Samples: 100, Trigger: true, At: 50}, {Samples: 10}}, 1, Trigger{After: 50}, 200, 0, 1, false},
		{"with its last sample", []looptest.Step{{Samples: 100, Trigger: true, At: 99}, {Samples: 10}}, 1, Trigger{After: 1}, 100, 0, 1, false},
		{"with the first sample", []looptest.Step{{Samples: 100, Trigger: true}, {Samples: 10}}, 1, Trigger{After: 1}, 1, 99, 1, false},
		{"in a later piece", []looptest.Step{{Samples: 100, Trigger: true, At: 99}, {Samples: 10}, {Samples: 10}}, 1, Trigger{After: 13}, 112, 8, 1, false},
		{"in the second of a poll", []looptest.Step{{Samples: 100, Trigger: true, At: 99, Twice: true}}, 1, Trigger{After: 13}, 112, 88, 1, false},
		{"many buffers later", []looptest.Step{{Samples: 700, Trigger: true, At: 699}}, 200, Trigger{After: 50_001}, 50_700, 0, 1, false},
		{"without a place", []looptest.Step{{Samples: 100}, {Samples: 100, Trigger: true, At: 100}, {Samples: 100}}, 1, Trigger{After: 20}, 219, 81, 1, false},
		{"told with no samples", []looptest.Step{{Samples: 100}, {Call: true, Trigger: true}, {Samples: 100}, {Samples: 100}}, 1, Trigger{After: 20}, 219, 81, 1, false},
		{"before the time-out", []looptest.Step{{Samples: 100}, {Samples: 100, Trigger: true, At: 49}}, 1, Trigger{After: 5, Auto: 150}, 154, 46, 1, false},
		{"by the time-out", []looptest.Step{{Samples: 100}, {Samples: 100, Trigger: true, At: 51}}, 1, Trigger{After: 5, Auto: 150}, 155, 45, 0, true},
		{"by the time-out with a piece's last sample", []looptest.Step{{Samples: 100}, {Samples: 100, Trigger: true}}, 1, Trigger{After: 1, Auto: 99}, 100, 0, 0, true},
		{"by the time-out, later", []looptest.Step{{Samples: 100}}, 100, Trigger{After: 1000, Auto: 150}, 1150, 50, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 2, 1000, looptest.Lane{})
			want := tt.want
			want.Stop = true
			r.cfg.Trigger = &want
			r.fake.Script(t, tt.steps, tt.round, 0, false)
			l := r.start(t)
			result := wait(t, l)
			r.judge.Drain(t)
			if result.Reason != ReasonTriggered || result.Samples != tt.end || result.Inputs[1] != tt.end {
				t.Errorf("result %+v, want %d samples", result, tt.end)
			}
			if result.Cut != r.fake.Done(0)-tt.end || tt.round == 1 && result.Cut != tt.cut {
				t.Errorf("%d samples cut, want %d", result.Cut, r.fake.Done(0)-tt.end)
			}
			for lane := range 2 {
				r.judge.Compare(t, lane, looptest.Signals(lane, tt.end, 2))
			}
			if s := l.Counters().Trigger; len(r.judge.Marks) != tt.marks || s.Auto != tt.auto || !s.Seen {
				t.Errorf("marks %+v, state %+v", r.judge.Marks, s)
			}
			if len(r.judge.Errors) != 0 || !result.Reason.Wished() {
				t.Errorf("ring ends with %+v", r.judge.Errors)
			}
		})
	}
}

// TestStopOfGroups: raw samples end exactly, computed groups with the last whole one; groups of the library alone with the one that holds the
// end.
func TestStopOfGroups(t *testing.T) {
	t.Parallel()
	t.Run("of the library", func(t *testing.T) {
		t.Parallel()
		for _, after := range []uint64{1, 2, 11, 20, 21, 22, 30} {
			r := groups(t)
			r.cfg.Trigger = &Trigger{Stop: true, After: after}
			r.fake.Script(t, []looptest.Step{{Samples: 100}, {Samples: 100, Trigger: true, At: 37}, {Samples: 10}}, 1, 0, false)
			result := wait(t, r.start(t))
			r.judge.Drain(t)
			// The trigger may be sample 1379.
			if end := (1379 + after + 9) / 10; result.Reason != ReasonTriggered || result.Inputs[0] != end || result.Samples != 10*end || result.Cut != 2000-10*end {
				t.Errorf("%d samples behind the trigger: result %+v, want %d groups", after, result, end)
			}
			if n := uint64(len(r.judge.Samples[0])); n != (1379+after+9)/10 || len(r.judge.Samples[1]) != int(n) {
				t.Errorf("%d samples behind the trigger: %d groups", after, n)
			}
		}
	})
	t.Run("of the loop", func(t *testing.T) {
		t.Parallel()
		lanes, streams := derived(13, 64)
		r := newRigOf(t, 1, 60_000, lanes, streams)
		r.cfg.Ratio, r.cfg.Trigger = 13, &Trigger{Stop: true, After: 20_000}
		// The piece is larger than a quarter of a lane.
		r.fake.Script(t, []looptest.Step{{Samples: 137}, {Samples: 30_000, Trigger: true}}, 1, 0, false)
		result := wait(t, r.start(t))
		r.judge.Drain(t)
		const end = 137 + 20_000
		if result.Reason != ReasonTriggered || result.Samples != end {
			t.Errorf("result %+v", result)
		}
		raw := looptest.Signals(0, end, 2)
		r.judge.Compare(t, 0, raw)
		for i, s := range streams[1:] {
			r.judge.Compare(t, i+1, reference(raw, s.Kind, 13, false))
		}
		wantMark(t, r.judge, 0, 137*us, 0)
	})
}

// TestStopIsFirst: who asks for the end before the trigger, or before enough came behind it, gets it.
func TestStopIsFirst(t *testing.T) {
	t.Parallel()
	for name, script := range map[string][]looptest.Step{
		"no trigger": steps(100, 100), "not enough behind it": {{Samples: 100}, {Samples: 100, Trigger: true, At: 7}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 1, 1000, looptest.Lane{})
			r.cfg.Trigger = &Trigger{Stop: true, After: 1000, Auto: 1 << 40}
			r.fake.Script(t, script, 1, 0, false)
			result := r.finish(t, r.start(t))
			if result.Reason != ReasonStopped || result.Samples != 200 || result.Cut != 0 || !result.Drained {
				t.Errorf("result %+v", result)
			}
			r.judge.Compare(t, 0, looptest.Signals(0, 200, 2))
		})
	}
}

// TestStopBeforeFailure: what the library answers with the last samples that were wanted does not matter any more, unless it lies.
func TestStopBeforeFailure(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		last   looptest.Step
		reason Reason
	}{
		"power": {looptest.Step{Samples: 50, Status: 0x11a}, ReasonTriggered}, "gone": {looptest.Step{Samples: 50, Status: 7}, ReasonTriggered},
		"lie": {looptest.Step{Samples: 5000, Start: 1, Lie: true}, ReasonProtocol}, "power before": {looptest.Step{Samples: 10, Status: 0x11a}, ReasonPower},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 1, 1000, looptest.Lane{})
			r.cfg.Trigger = &Trigger{Stop: true, After: 50}
			r.fake.Script(t, []looptest.Step{{Samples: 100, Trigger: true, At: 90}, tt.last}, 1, 0, false)
			if result := wait(t, r.start(t)); result.Reason != tt.reason {
				t.Errorf("result %+v", result)
			}
			r.judge.Drain(t)
		})
	}
}

// TestTriggerOverPower: a trigger before the unit's power changed is not marked again, and what is wanted behind it is counted on.
func TestTriggerOverPower(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, behind []looptest.Step
		want           Trigger
		at             uint64
		marks          int
		end            uint64
	}{
		"trigger before":   {[]looptest.Step{{Samples: 107, Trigger: true, At: 100}}, []looptest.Step{{Samples: 80, Trigger: true, At: 3}}, Trigger{After: 50}, 100, 1, 150},
		"end reached":      {[]looptest.Step{{Samples: 107, Trigger: true, At: 106}}, []looptest.Step{{Samples: 80}}, Trigger{After: 2}, 106, 1, 108},
		"trigger behind":   {[]looptest.Step{{Samples: 107}}, []looptest.Step{{Samples: 30}, {Samples: 80, Trigger: true, At: 3}}, Trigger{After: 50}, 140, 1, 190},
		"time-out behind":  {[]looptest.Step{{Samples: 107}}, []looptest.Step{{Samples: 30}, {Samples: 80}}, Trigger{After: 50, Auto: 130}, 0, 0, 180},
		"told with no end": {[]looptest.Step{{Samples: 107, Trigger: true, At: 3}}, []looptest.Step{{Samples: 30}, {Samples: 80}}, Trigger{}, 3, 1, 217},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := tt.want
			want.Stop = want.After > 0
			r := newRig(t, 1, 1000, looptest.Lane{})
			r.cfg.Trigger, r.cfg.HoldOnPower = &want, true
			r.fake.Script(t, append(tt.before, looptest.Step{Status: 0x11a}), 1, 0, false)
			first := r.start(t)
			if result := wait(t, first); result.Reason != ReasonPower || result.Samples != 107 {
				t.Fatalf("result %+v", result)
			}
			again := newRig(t, 1, 1000, looptest.Lane{})
			cfg := again.cfg
			cfg.Trigger, cfg.After, cfg.RingFD, cfg.RingBytes = &want, first, -1, 0
			again.fake.Script(t, tt.behind, 1, 0, false)
			second, err := Start(cfg)
			if err != nil {
				t.Fatal(err)
			}
			if !want.Stop {
				again.awaitScript(t, make(chan struct{}), second)
			}
			result := wait(t, second)
			if err := second.Close(); err != nil {
				t.Error(err)
			}
			r.judge.Drain(t)
			if (result.Reason == ReasonTriggered) != want.Stop || result.Samples != tt.end-107 {
				t.Errorf("result %+v, want the end at sample %d", result, tt.end)
			}
			if tt.marks == 0 && len(r.judge.Marks) == 0 {
				return
			}
			wantMark(t, r.judge, 0, tt.at*us, 0)
			if s := second.Counters().Trigger; s.First != tt.at || !s.Seen {
				t.Errorf("state %+v", s)
			}
		})
	}
}

// TestGroupsOverPower: groups of the library keep their places beside raw indices when it begins anew.
func TestGroupsOverPower(t *testing.T) {
	t.Parallel()
	r := groups(t)
	r.cfg.HoldOnPower = true
	r.fake.Script(t, []looptest.Step{{Samples: 33}, {Status: 0x11a}}, 1, 0, false)
	first := r.start(t)
	wait(t, first)
	again := groups(t)
	cfg := again.cfg
	cfg.Trigger, cfg.After, cfg.RingFD, cfg.RingBytes = &Trigger{Stop: true, After: 1}, first, -1, 0
	again.fake.Script(t, []looptest.Step{{Samples: 20, Trigger: true, At: 10}}, 1, 0, false)
	second, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if result := wait(t, second); result.Reason != ReasonTriggered || result.Inputs[0] != 11 {
		t.Errorf("result %+v", result)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	r.judge.Drain(t)
	wantMark(t, r.judge, 0, 430*us, 1)
}

// TestTriggerRefused: a trigger that contradicts itself starts nothing.
func TestTriggerRefused(t *testing.T) {
	t.Parallel()
	for name, trigger := range map[string]Trigger{
		"no sample": {Stop: true}, "too many": {Stop: true, After: 1 << 63}, "an end without a stop": {After: 1}, "a time-out without a stop": {Auto: 1},
	} {
		r := newRig(t, 1, 1000, looptest.Lane{})
		r.cfg.Trigger = &trigger
		if l, err := Start(r.cfg); err == nil {
			t.Errorf("%s: started", name)
			_ = l.Close()
		}
	}
}

// TestTriggerIsSoon: the mark is in the batch of its samples, which wakes the recorder.
func TestTriggerIsSoon(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 1000, looptest.Lane{})
	r.cfg.Trigger = &Trigger{}
	r.fake.Script(t, []looptest.Step{{Samples: 10}, {Samples: 10, Trigger: true}}, 1, 0, false)
	l := r.start(t)
	for deadline := time.Now().Add(10 * time.Second); len(r.judge.Marks) == 0; time.Sleep(time.Millisecond) {
		if r.judge.Pass(t); time.Now().After(deadline) {
			t.Fatal("the mark does not come")
		}
	}
	if n := r.judge.Batches; r.judge.Marks[0].Batch >= n || len(r.judge.Samples[0]) != 20 || r.ring.State() != shmring.CoreReady {
		t.Errorf("mark %+v, %d batches, %d samples", r.judge.Marks[0], n, len(r.judge.Samples[0]))
	}
	l.Stop()
	wait(t, l)
	r.judge.Drain(t)
}
