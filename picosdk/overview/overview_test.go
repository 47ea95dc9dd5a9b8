//go:build linux && cgo

package overview

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

// TestDelivery: every sample of every scripted way to deliver arrives once, in order, on every lane.
func TestDelivery(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var uneven []looptest.Step
	for range 3000 {
		uneven = append(uneven, looptest.Step{Samples: random.Int32N(700)})
	}
	tests := []struct {
		name   string
		buffer int
		steps  []looptest.Step
		rounds int
	}{
		{"even pieces", 1000, steps(100), 500},
		{"pieces that end at the end", 1000, steps(250), 100},
		{"whole buffers", 1000, steps(1000), 100},
		{"uneven pieces", 1000, uneven, 1},
		{"bursts and silence", 5000, steps(0, 0, 0, 4000, 4000, 4000, 0, 0), 50},
		{"callbacks without samples", 1000, []looptest.Step{{Call: true}, {Samples: 10}, {Call: true}}, 200},
		{"one sample at a time", 7, steps(1, 0), 500},
		{"busy before data", 1000, []looptest.Step{{Status: 0x27}, {Samples: 300}, {Status: 0x27}}, 100},
		{"two callbacks in a poll", 1000, []looptest.Step{{Samples: 100, Twice: true}}, 100},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 3, tt.buffer, looptest.Lane{})
			r.fake.Script(t, tt.steps, tt.rounds, 0, false)
			l := r.start(t)
			result := r.finish(t, l)
			n := r.fake.Done(0)
			for lane := range 3 {
				r.judge.Compare(t, lane, looptest.Signals(lane, n, 2))
			}
			if result.Reason != ReasonStopped || !result.Drained || result.Samples != n || result.Inputs[2] != n || n == 0 {
				t.Errorf("result %+v, delivered %d", result, n)
			}
			if r.judge.Uneven != 0 {
				t.Error("lanes do not keep step")
			}
			c := l.Counters()
			if c.Samples != n || c.Batches != uint64(r.judge.Batches)-1 || c.Dropped != 0 || c.Polls == 0 || c.Delivery.Count() != c.Deliveries || c.Jumps != 0 {
				t.Errorf("counters %+v, %d batches", c, r.judge.Batches)
			}
		})
	}
}

// TestAutoStop: the end comes with the last samples, behind them or before them.
func TestAutoStop(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		steps []looptest.Step
		want  uint64
		after bool
	}{
		{"with data", []looptest.Step{{Samples: 100}, {Samples: 50, AutoStop: true}}, 150, false},
		{"without data", []looptest.Step{{Samples: 100}, {Call: true, AutoStop: true}}, 100, false},
		{"with a tail behind it", []looptest.Step{{Samples: 100}, {Call: true, AutoStop: true}, {Samples: 70}, {Samples: 7}}, 177, false},
		{"told again and again", []looptest.Step{{Samples: 100}, {Samples: 5, AutoStop: true}, {Samples: 70, AutoStop: true}}, 175, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 2, 1000, looptest.Lane{})
			r.fake.Script(t, tt.steps, 1, 0, tt.after)
			l := r.start(t)
			result := wait(t, l)
			r.judge.Drain(t)
			if result.Reason != ReasonAutoStopped || !result.Drained || result.Samples != tt.want {
				t.Errorf("result %+v, want %d samples", result, tt.want)
			}
			r.judge.Compare(t, 1, looptest.Signals(1, tt.want, 2))
		})
	}
}

// TestHostile: nothing is read on the word of a library that says what cannot be, and the loop ends with a reason in words.
func TestHostile(t *testing.T) {
	t.Parallel()
	const start = 1 // Step.Start is one more than what is told
	tests := []struct {
		name string
		step looptest.Step
		want string
	}{
		{"negative count", looptest.Step{Samples: -1}, "told of -1 samples for input 0, whose buffer has 1000"},
		{"most negative count", looptest.Step{Samples: -1 << 31}, "-2147483648 samples"},
		{"more than the buffer", looptest.Step{Samples: 1001, Start: start, Lie: true}, "1001 samples"},
		{"largest count", looptest.Step{Samples: 1<<31 - 1, Start: start, Lie: true}, "2147483647 samples"},
		{"beyond the end", looptest.Step{Samples: 600, Start: start + 401, Lie: true}, "600 samples for input 0 from index 401 on, beyond the end"},
		{"start beyond the buffer", looptest.Step{Samples: 1, Start: start + 1000, Lie: true}, "index 1000 on"},
		{"start far away", looptest.Step{Samples: 1, Start: start + 1<<32 - 3, Lie: true}, "index 4294967293 on"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 1, 1000, looptest.Lane{})
			r.fake.Script(t, []looptest.Step{{Samples: 10}, tt.step}, 1, 0, false)
			result := wait(t, r.start(t))
			if result.Reason != ReasonProtocol || !strings.Contains(result.Fault, tt.want) || result.Samples != 10 {
				t.Errorf("result %+v, want %q", result, tt.want)
			}
			r.judge.Drain(t)
			r.judge.Compare(t, 0, looptest.Signals(0, 10, 2))
			if len(r.judge.Errors) != 1 || r.judge.Errors[0].Code != uint32(driver.KindTransient) {
				t.Errorf("ring ends with %+v", r.judge.Errors)
			}
		})
	}
}

// TestStatus: what each status does.
func TestStatus(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status uint32
		reason Reason
		class  driver.Kind
	}{
		{"power", 0x11a, ReasonPower, driver.KindDeviceGone},
		{"not responding", 0x07, ReasonFailed, driver.KindDeviceGone},
		{"invalid handle", 0x0c, ReasonFailed, driver.KindDeviceGone},
		{"anything else", 0x1234, ReasonFailed, driver.KindTransient},
		{"a power code that is not in the table", 0x11e, ReasonFailed, driver.KindTransient},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 2, 1000, looptest.Lane{})
			r.fake.Script(t, []looptest.Step{{Samples: 10}, {Samples: 20, Status: tt.status}}, 1, 0, false)
			result := wait(t, r.start(t))
			if result.Reason != tt.reason || result.Status != tt.status || result.Call != "GetStreamingLatestValues" || result.Samples != 30 {
				t.Errorf("result %+v", result)
			}
			r.judge.Drain(t)
			r.judge.Compare(t, 1, looptest.Signals(1, 30, 2))
			if len(r.judge.Errors) != 1 || r.judge.Errors[0].Code != uint32(tt.class) || r.judge.Errors[0].Status != tt.status {
				t.Errorf("ring ends with %+v", r.judge.Errors)
			}
		})
	}
}

// TestBusyForever: a library that is always busy keeps the loop polling, progressing and ready to stop.
func TestBusyForever(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 1000, looptest.Lane{})
	r.fake.Script(t, nil, 0, 0x27, false)
	l := r.start(t)
	before := r.ring.Progress().ProgressNS
	for deadline := time.Now().Add(10 * time.Second); l.Counters().Busy < 50 || r.ring.Progress().ProgressNS == before; {
		if time.Now().After(deadline) {
			t.Fatalf("counters %+v", l.Counters())
		}
		time.Sleep(time.Millisecond)
	}
	l.Stop()
	if result := wait(t, l); result.Reason != ReasonStopped || !result.Drained || result.Samples != 0 {
		t.Errorf("result %+v", result)
	}
	r.judge.Drain(t)
	if c := l.Counters(); c.Busy != c.Polls || c.Empty != c.Polls {
		t.Errorf("counters %+v", c)
	}
}

// TestHost: the host's word in the ring ends the loop.
func TestHost(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		state  shmring.CoreState
		reason Reason
	}{"draining": {shmring.CoreDraining, ReasonHostDrained}, "closed": {shmring.CoreClosed, ReasonHostClosed}, "fault": {shmring.CoreFault, ReasonHostClosed}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 1, 1000, looptest.Lane{})
			r.fake.Script(t, steps(10), 1, 0, false)
			l := r.start(t)
			for r.fake.PollsAtEnd() == 0 {
				time.Sleep(time.Millisecond)
			}
			r.ring.SetState(tt.state, 1)
			if result := wait(t, l); result.Reason != tt.reason || result.Samples != 10 {
				t.Errorf("result %+v", result)
			}
			r.judge.Drain(t)
			r.judge.Compare(t, 0, looptest.Signals(0, 10, 2))
			if len(r.judge.Errors) != 0 {
				t.Errorf("ring ends with %+v", r.judge.Errors)
			}
		})
	}
}

// TestOverRange: the library's flag is an annotation of the right lane, and codes are counted.
func TestOverRange(t *testing.T) {
	t.Parallel()
	r := newRig(t, 2, 1000, looptest.Lane{})
	r.cfg.Gather = time.Nanosecond // a batch for each delivery
	r.cfg.Inputs[0].MaxCode = 32000
	script := []looptest.Step{{Samples: 100}, {Samples: 100, Overflow: 2}, {Samples: 100, Overflow: 1 | 4}, {Samples: 700}}
	r.fake.Script(t, script, 50, 0, false)
	l := r.start(t)
	r.finish(t, l)
	masks := [2]map[uint32]uint64{{}, {}}
	for lane := range masks {
		for _, s := range r.judge.Spans[lane] {
			masks[lane][s.Mask] += s.Count
		}
	}
	if masks[0][1] != 50*100 || masks[1][2] != 50*100 || len(masks[0]) != 2 || len(masks[1]) != 2 {
		t.Errorf("samples by mask: %v", masks)
	}
	var clipped, low [2]uint64
	for lane := range low {
		for _, v := range r.judge.Samples[lane] {
			if v == -32768 {
				low[lane]++
			}
			if v >= 32000 || v <= -32000 {
				clipped[lane]++
			}
		}
	}
	c := l.Counters()
	if c.Clipped[0] != clipped[0] || c.Clipped[1] != 0 || c.Suspicious[0] != low[0] || c.Suspicious[1] != low[1] || clipped[0] == 0 || c.OverRange[0] != 50 {
		t.Errorf("counters %+v; want clipped %v, suspicious %v", c, clipped, low)
	}
}
