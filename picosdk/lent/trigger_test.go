//go:build linux && cgo

package lent

import (
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

const us = 1_000_000_000 // a raw sample in femtoseconds

func told(at uint64, samples ...int32) looptest.LentStep {
	return looptest.LentStep{Samples: samples, Trigger: true, At: at}
}

// TestTriggerPlace: whatever number the library gives, the trigger lies in the samples that came with it, those of all inputs.
func TestTriggerPlace(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		steps       []looptest.LentStep
		first, last uint64
		strays      uint64
	}{
		{"in the first call", []looptest.LentStep{told(5, 100, 100), step(50, 50)}, 0, 99, 0},
		{"a place that may count from anywhere", []looptest.LentStep{step(100, 100), told(1<<63, 80, 80), step(10, 10)}, 100, 179, 0},
		{"with the last sample of a buffer", []looptest.LentStep{step(100, 100), told(899, 900, 900), step(10, 10)}, 100, 999, 0},
		{"skewed", []looptest.LentStep{step(100, 70), told(3, 50, 70), step(0, 10), step(20, 20)}, 70, 149, 0},
		{"one input brings nothing", []looptest.LentStep{step(100, 70), told(3, 0, 30), step(20, 20)}, 70, 99, 0},
		{"a laggard behind all of it", []looptest.LentStep{step(100, 10), told(3, 50, 10), step(10, 140), step(20, 20)}, 10, 149, 0},
		{"further ones do not count", []looptest.LentStep{step(100, 100), told(1, 5, 5), told(1, 7, 7), step(10, 10)}, 100, 104, 0},
		{"without samples", []looptest.LentStep{step(100, 100), step(30, 20), told(3, 0, 0), step(0, 0), step(20, 30)}, 100, 149, 1},
		{"before all samples", []looptest.LentStep{told(3), step(20, 30)}, 0, 29, 1},
		{"behind all samples", []looptest.LentStep{step(100, 100), step(20, 20), told(3)}, 100, 119, 1},
		{"an answer that means nothing", []looptest.LentStep{step(100, 100), {Status: 0x27, Trigger: true}, told(3, 10, 10), step(1, 1)}, 100, 109, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 2, 1000, looptest.Lane{})
			r.cfg.Trigger, r.cfg.Gather = &Trigger{}, 100*time.Millisecond
			r.fake.LentScript(t, tt.steps, 1, 0, false)
			l := r.start(t)
			result := r.finish(t, l)
			r.checkAll(t, result)
			wantMark(t, r.judge, 0, tt.first*us, uint32(tt.last-tt.first+1))
			if s := l.Counters().Trigger; !s.Seen || s.First != tt.first || s.Last != tt.last || s.Strays != tt.strays {
				t.Errorf("state %+v", s)
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

// TestTriggerOfModes: raw samples and groups beside each other are of one time; groups alone hold the trigger within whole ones.
func TestTriggerOfModes(t *testing.T) {
	t.Parallel()
	const ratio = 10
	raw := Input{Channel: 0, VendorMode: modeRaw, DataType: 1, Format: Int16}
	group := Input{Channel: 0, VendorMode: 1, DataType: 1, Mode: ModeAggregate, Format: Int16}
	lanes := []looptest.Lane{{}, {Kind: shmring.Max, Ratio: ratio}, {Kind: shmring.Min, Ratio: ratio}}
	streams := []Stream{{Lane: 0, Format: Int16}, {Lane: 1, Input: 1, Kind: Max, Format: Int16}, {Lane: 2, Input: 1, Kind: Min, Format: Int16}}
	t.Run("beside raw samples", func(t *testing.T) {
		t.Parallel()
		r := newRigOf(t, []int{2, 2}, 1000, lanes, streams, []Input{raw, group})
		r.cfg.Ratio, r.cfg.Trigger = ratio, &Trigger{Stop: true, After: 33}
		r.fake.LentScript(t, []looptest.LentStep{step(100, 9), told(7, 57, 6), step(0, 1), step(100, 10)}, 1, 0, false)
		result := wait(t, r.start(t))
		r.judge.Drain(t)
		// The chunk is raw 90..156: groups come when they are whole.
		wantMark(t, r.judge, 0, 90*us, 67)
		if result.Reason != ReasonTriggered || result.Inputs[0] != 156+33 || result.Inputs[1] != 18 || result.Samples != 189 {
			t.Errorf("result %+v", result)
		}
		r.judge.Compare(t, 0, looptest.Signals(0, 189, 2))
		r.judge.Compare(t, 1, looptest.Signals(1, 18, 2))
		r.judge.Compare(t, 2, looptest.Signals(2, 18, 2))
	})
	t.Run("groups alone", func(t *testing.T) {
		t.Parallel()
		alone := slices.Clone(streams[1:])
		for i := range alone {
			alone[i].Lane, alone[i].Input = i, 0
		}
		r := newRigOf(t, []int{2}, 1000, lanes[1:], alone, []Input{group})
		r.cfg.Ratio, r.cfg.Trigger = ratio, &Trigger{Stop: true, After: 33}
		r.fake.LentScript(t, []looptest.LentStep{step(9), told(7, 6), step(1), step(10)}, 1, 0, false)
		result := wait(t, r.start(t))
		r.judge.Drain(t)
		wantMark(t, r.judge, 0, 90*us, 6)
		if result.Reason != ReasonTriggered || result.Inputs[0] != 19 { // sample 149 and 33 behind it
			t.Errorf("result %+v", result)
		}
	})
}

// TestStopBehindTrigger: inputs that come at different times all end at the same sample.
func TestStopBehindTrigger(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		steps []looptest.LentStep
		want  Trigger
		end   uint64
		marks int
	}{
		{"with the chunk", []looptest.LentStep{step(100, 100), told(5, 100, 100)}, Trigger{After: 1}, 200, 1},
		{"in a later one", []looptest.LentStep{step(100, 100), told(5, 100, 100), step(100, 100)}, Trigger{After: 31}, 230, 1},
		{"one input later", []looptest.LentStep{told(5, 100, 100), step(100, 0), step(0, 100), step(50, 50)}, Trigger{After: 51}, 150, 1},
		{"one input in several", []looptest.LentStep{told(5, 100, 100), step(100, 20), step(0, 20), step(100, 5), step(0, 80)}, Trigger{After: 51}, 150, 1},
		{"buffers later", []looptest.LentStep{told(5, 100, 100), step(900, 900), step(1000, 1000), step(1000, 1000), step(1000, 1000)}, Trigger{After: 3000}, 3099, 1},
		{"by the time-out", []looptest.LentStep{step(100, 100), step(60, 40), step(0, 20), told(3, 10, 10)}, Trigger{After: 7, Auto: 120}, 127, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 2, 1000, looptest.Lane{})
			want := tt.want
			want.Stop = true
			r.cfg.Trigger = &want
			r.fake.LentScript(t, tt.steps, 1, 0, false)
			l := r.start(t)
			result := wait(t, l)
			r.judge.Drain(t)
			r.fake.Judge(t)
			if result.Reason != ReasonTriggered || result.Inputs[0] != tt.end || result.Inputs[1] != tt.end || len(r.judge.Marks) != tt.marks {
				t.Errorf("result %+v, want %d samples; marks %+v", result, tt.end, r.judge.Marks)
			}
			for lane := range 2 {
				r.judge.Compare(t, lane, looptest.Signals(lane, tt.end, 2))
			}
			if c := l.Counters(); c.Uneven != 0 {
				t.Errorf("counters %+v", c)
			}
		})
	}
}

// TestTriggerOfSkew: with random skews the bounds hold the sample at which the trigger was in the library.
func TestTriggerOfSkew(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		r := newRig(t, 3, 500, looptest.Lane{})
		script := skewed(seed, 60, 3, 250, 200)
		script[40].Trigger = true
		r.cfg.Trigger, r.cfg.PollInterval = &Trigger{}, 10*time.Microsecond
		r.fake.LentScript(t, script, 1, 0, false)
		l := r.start(t)
		r.finish(t, l)
		s := l.Counters().Trigger
		if first, end := r.fake.Triggered(); !s.Seen || end == 0 || s.First > first || s.Last+1 < end || s.Last-s.First > 1000 {
			t.Errorf("seed %d: state %+v, the samples are %d to %d", seed, s, first, end)
		}
		wantMark(t, r.judge, 0, s.First*us, uint32(s.Last-s.First+1))
	}
}
