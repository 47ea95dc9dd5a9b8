//go:build linux && cgo

package lent

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/internal/looptest"
)

// skewed makes polls in which the inputs get different numbers of samples but never drift apart by more than skew.
func skewed(seed uint64, polls, inputs int, most, skew int32) []looptest.LentStep {
	random := rand.New(rand.NewPCG(seed, 4))
	behind := make([]int32, inputs)
	var list []looptest.LentStep
	for p := range polls {
		n := random.Int32N(most + 1)
		s := looptest.LentStep{Samples: make([]int32, inputs)}
		for i := range s.Samples {
			want := n + behind[i]
			behind[i] = random.Int32N(min(skew, want) + 1)
			if p == polls-1 {
				behind[i] = 0
			}
			s.Samples[i] = want - behind[i]
		}
		list = append(list, s)
	}
	return list
}

// checkAll compares every lane with what its input was given. Every lane is complete.
func (r *rig) checkAll(t *testing.T, result Result) {
	t.Helper()
	for i := range r.cfg.Inputs {
		n := r.fake.Done(i)
		r.judge.Compare(t, i, looptest.Signals(i, n, 2))
		if result.Inputs[i] != n || n == 0 {
			t.Errorf("input %d: delivered %d, the loop counted %d", i, n, result.Inputs[i])
		}
	}
}

// TestDelivery: every sample of every scripted way to deliver arrives once, in order, on every lane, and no buffer is given back too early.
func TestDelivery(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		buffer int
		steps  []looptest.LentStep
		rounds int
	}{
		{"even pieces", 1000, []looptest.LentStep{step(100, 100, 100)}, 500},
		{"whole buffers", 1000, []looptest.LentStep{step(1000, 1000, 1000)}, 100},
		{"pieces of changing length", 1000, []looptest.LentStep{step(1000, 1000, 1000), step(), step(3, 3, 3)}, 100},
		{"one input a poll behind", 1000, []looptest.LentStep{step(100, 100, 0), step(0, 0, 100)}, 300},
		{"one short at each buffer's end", 100, []looptest.LentStep{step(60, 60, 60), step(60, 30, 60), step(0, 30, 0)}, 300},
		{"busy between", 1000, []looptest.LentStep{step(100, 100, 100), {Status: 0x27}}, 200},
		{"one sample at a time", 3, []looptest.LentStep{step(1, 1, 1), step(1, 0, 1), step(0, 1, 0)}, 300},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 3, tt.buffer, looptest.Lane{})
			r.fake.LentScript(t, tt.steps, tt.rounds, 0, false)
			l := r.start(t)
			result := r.finish(t, l)
			r.checkAll(t, result)
			if result.Reason != ReasonStopped || !result.Drained || result.Samples != r.fake.Done(0) {
				t.Errorf("result %+v", result)
			}
			c := l.Counters()
			if r.judge.Uneven > 1 || uint64(r.judge.Uneven) > c.Uneven || c.Uneven > 1 { // the last batch may be
				t.Errorf("%d uneven batches, counters %+v", r.judge.Uneven, c)
			}
			if c.Stalls != 0 || c.Dropped != 0 {
				t.Errorf("counters %+v", c)
			}
		})
	}
}

// TestSkew: ten thousand polls in which the counts of the inputs differ; every batch brings all the same, until the end.
func TestSkew(t *testing.T) {
	t.Parallel()
	polls := 10_000
	if testing.Short() {
		polls = 2000
	}
	r := newRig(t, 4, 3000, looptest.Lane{})
	r.cfg.PollInterval = 10 * time.Microsecond
	r.fake.LentScript(t, skewed(1, polls, 4, 250, 200), 1, 0, false)
	l := r.start(t)
	result := r.finish(t, l)
	r.checkAll(t, result)
	c := l.Counters()
	if r.judge.Batches < 5 || c.Polls < uint64(polls) {
		t.Errorf("%d batches, counters %+v", r.judge.Batches, c)
	}
	// The fake cuts pieces at the ends of buffers and does not catch up: what an input has more waits until the end.
	if r.judge.Uneven > 1 || c.Uneven > 1 {
		t.Errorf("%d uneven batches, counters %+v", r.judge.Uneven, c)
	}
}

// TestWaiting: the flow with 0x197: the library has no buffer left, since it took none, and goes on when it has.
func TestWaiting(t *testing.T) {
	t.Parallel()
	refuse := looptest.LentStep{Samples: []int32{1000, 1000}, Refuse: true}
	r := newRig(t, 2, 1000, looptest.Lane{})
	r.fake.LentScript(t, []looptest.LentStep{refuse, refuse, refuse, refuse, step(1000, 1000), step(1000, 1000), step(500, 500)}, 60, 0, false)
	l := r.start(t)
	result := r.finish(t, l)
	r.checkAll(t, result)
	if c := l.Counters(); r.fake.Waited() == 0 || c.Waiting != r.fake.Waited() || c.Stalls != 0 || c.WaitingFor != 0 || c.Uneven != 0 {
		t.Errorf("counters %+v, the library waited %d times", c, r.fake.Waited())
	}
}

// TestStall: waiting for buffers for more than two seconds is a stall, counted once each.
func TestStall(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes more than two seconds")
	}
	refuse := looptest.LentStep{Samples: []int32{100}, Refuse: true}
	long := refuse
	long.Sleep = 2200 * time.Millisecond
	r := newRig(t, 1, 100, looptest.Lane{})
	r.fake.LentScript(t, []looptest.LentStep{refuse, refuse, refuse, long, refuse, step(100), step(100), step(100)}, 1, 0, false)
	l := r.start(t)
	result := r.finish(t, l)
	r.checkAll(t, result)
	if c := l.Counters(); c.Stalls != 1 {
		t.Errorf("counters %+v", c)
	}
}

// TestLaggard: an input so far behind that the others hold all their buffers does not stop the library: alignment gives way, no sample.
func TestLaggard(t *testing.T) {
	t.Parallel()
	r := newRig(t, 2, 100, looptest.Lane{})
	var script []looptest.LentStep
	for range 12 {
		script = append(script, step(100, 0))
	}
	for range 12 {
		script = append(script, step(0, 100))
	}
	r.fake.LentScript(t, script, 5, 0, false)
	l := r.start(t)
	result := r.finish(t, l)
	r.checkAll(t, result)
	if c := l.Counters(); c.Uneven == 0 || r.fake.Done(0) != 6000 || r.fake.Done(1) != 6000 {
		t.Errorf("counters %+v, delivered %d and %d", c, r.fake.Done(0), r.fake.Done(1))
	}
}

// TestAutoStop: the tail behind the flag is taken, and what one input is ahead at the end is not lost.
func TestAutoStop(t *testing.T) {
	t.Parallel()
	r := newRig(t, 2, 100, looptest.Lane{})
	r.fake.LentScript(t, []looptest.LentStep{step(50, 40), {Samples: []int32{10, 10}, AutoStop: true}, step(30, 37), step(10, 10)}, 1, 0, true)
	l := r.start(t)
	result := wait(t, l)
	r.judge.Drain(t)
	r.checkAll(t, result)
	if result.Reason != ReasonAutoStopped || !result.Drained || result.Inputs[0] != 100 || result.Inputs[1] != 97 || result.Samples != 100 {
		t.Errorf("result %+v", result)
	}
	if c := l.Counters(); c.Uneven != 1 {
		t.Errorf("counters %+v", c)
	}
}

// TestStatus: what a status does to the loop, and what came before is there.
func TestStatus(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status uint32
		reason Reason
		class  driver.Kind
	}{
		"power": {0x119, ReasonPower, driver.KindDeviceGone}, "gone": {7, ReasonFailed, driver.KindDeviceGone}, "other": {0x7002, ReasonFailed, driver.KindTransient},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 2, 100, looptest.Lane{})
			r.fake.LentScript(t, []looptest.LentStep{step(70, 60), {Status: tt.status}}, 1, 0, false)
			result := wait(t, r.start(t))
			r.judge.Drain(t)
			r.checkAll(t, result)
			if result.Reason != tt.reason || result.Status != tt.status || result.Call != "GetStreamingLatestValues" {
				t.Errorf("result %+v", result)
			}
			if len(r.judge.Errors) != 1 || r.judge.Errors[0].Code != uint32(tt.class) {
				t.Errorf("ring ends with %+v", r.judge.Errors)
			}
		})
	}
}

// TestOverRange: the mark is on the lane of the input that had it.
func TestOverRange(t *testing.T) {
	t.Parallel()
	r := newRig(t, 2, 1000, looptest.Lane{})
	r.cfg.Gather, r.cfg.Inputs[1].OverflowMask = time.Nanosecond, 2
	over := step(100, 100)
	over.Overflow = []int16{0, 1}
	r.fake.LentScript(t, []looptest.LentStep{step(100, 100), over, step(300, 300)}, 40, 0, false)
	l := r.start(t)
	r.finish(t, l)
	var marked [2]uint64
	for lane := range marked {
		for _, s := range r.judge.Spans[lane] {
			if s.Mask == uint32(2*lane) && s.Mask != 0 {
				marked[lane] += s.Count
			} else if s.Mask != 0 {
				t.Errorf("lane %d: mask %#x", lane, s.Mask)
			}
		}
	}
	if c := l.Counters(); marked != [2]uint64{0, 4000} || c.OverRange[1] != 40 || c.OverRange[0] != 0 {
		t.Errorf("marked %v, counters %+v", marked, c)
	}
}
