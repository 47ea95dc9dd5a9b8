//go:build linux && cgo

package overview

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

// TestFullRing: what finds no room is counted to the sample, on all lanes, and computed groups that a loss touches are not there.
func TestFullRing(t *testing.T) {
	t.Parallel()
	const ratio = 13
	lanes, streams := derived(ratio, 64)
	r := newRigOf(t, 1, 30_000, lanes, streams)
	r.cfg.Ratio = ratio
	script := randomSteps(11, 250, 12_000)
	for i := range script {
		script[i].Sleep = 100 * time.Microsecond
	}
	r.fake.Script(t, script, 1, 0, false)
	l := r.start(t)
	for pass := 0; r.fake.PollsAtEnd() == 0; pass++ { // a slow recorder
		if pass%3 == 0 {
			r.judge.Pass(t)
		}
		time.Sleep(2 * time.Millisecond)
	}
	l.Stop()
	result := wait(t, l)
	r.judge.Drain(t)
	raw := looptest.Signals(0, r.fake.Done(0), 2)
	if r.judge.Lost(0) == 0 || len(r.judge.Samples[0]) == 0 {
		t.Fatalf("recorded %d, lost %d", len(r.judge.Samples[0]), r.judge.Lost(0))
	}
	r.judge.Compare(t, 0, raw)
	for i, s := range streams {
		if lost := r.judge.Lost(i); result.Lost[i] != lost {
			t.Errorf("lane %d: lost %d by the loop, %d by the ring", i, result.Lost[i], lost)
		}
		if i > 0 {
			r.judge.Compare(t, i, reference(raw, s.Kind, ratio, false))
		}
	}
	checkTouched(t, r.judge, ratio)
	if c := l.Counters(); c.Dropped == 0 {
		t.Errorf("counters %+v", c)
	}
	t.Logf("recorded %d, lost %d of %d", len(r.judge.Samples[0]), r.judge.Lost(0), len(raw))
}

// checkTouched: exactly the groups without a lost raw sample are on the computed lanes.
func checkTouched(t *testing.T, j *looptest.Judge, ratio uint64) {
	t.Helper()
	touched := map[uint64]bool{}
	for _, s := range j.Spans[0] {
		for k := s.First / ratio; s.Lost && s.Count > 0 && k <= (s.First+s.Count-1)/ratio; k++ {
			touched[k] = true
		}
	}
	for lane := 1; lane < len(j.Spans); lane++ {
		for _, s := range j.Spans[lane] {
			for k := s.First; k < s.First+s.Count; k++ {
				if touched[k] != s.Lost {
					t.Fatalf("lane %d: group %d: touched by a loss %v, lost %v", lane, k, touched[k], s.Lost)
				}
			}
		}
	}
}

// TestDropIsShort: a delivery without room takes none of those after it along, although batches gather for longer.
func TestDropIsShort(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 4000, looptest.Lane{KiB: 64})
	r.cfg.Gather = maxGather
	const fit = 8 // deliveries
	script := append(steps(4000, 4000, 4000, 4000, 4000, 4000, 4000, 4000, 4000), looptest.Step{Samples: 4000, Sleep: time.Second})
	r.fake.Script(t, script, 1, 0, false)
	l := r.start(t)
	for deadline := time.Now().Add(10 * time.Second); l.Counters().Polls <= fit; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the script does not go on")
		}
	}
	r.finish(t, l)
	r.judge.Compare(t, 0, looptest.Signals(0, r.fake.Done(0), 2))
	if lost := r.judge.Lost(0); lost != 4000 || l.Counters().Dropped != 1 {
		t.Errorf("%d samples lost in %d batches", lost, l.Counters().Dropped)
	}
}

// maxGather is the longest time that batches may gather.
const maxGather = 100 * time.Millisecond

// TestLargePieces: a delivery larger than a quarter of its lanes comes in several batches.
func TestLargePieces(t *testing.T) {
	t.Parallel()
	r := newRig(t, 2, 60_000, looptest.Lane{KiB: 256})
	r.fake.Script(t, []looptest.Step{{Samples: 60_000, Sleep: 20 * time.Millisecond}}, 20, 0, false)
	result := r.finish(t, r.start(t))
	r.judge.Compare(t, 0, looptest.Signals(0, 1_200_000, 2))
	r.judge.Compare(t, 1, looptest.Signals(1, 1_200_000, 2))
	if result.Samples != 1_200_000 || r.judge.Uneven != 0 {
		t.Errorf("result %+v, uneven batches %d", result, r.judge.Uneven)
	}
}

// TestPowerGoesOn: a second loop goes on in the ring of one that a power code has ended, behind a loss of unknown length.
func TestPowerGoesOn(t *testing.T) {
	t.Parallel()
	const ratio = 10
	lanes, streams := derived(ratio, 0)
	r := newRigOf(t, 1, 1000, lanes, streams)
	r.cfg.Ratio, r.cfg.HoldOnPower = ratio, true
	r.fake.Script(t, []looptest.Step{{Samples: 107}, {Status: 0x11a}}, 1, 0, false)
	first := r.start(t)
	if result := wait(t, first); result.Reason != ReasonPower || result.Samples != 107 {
		t.Fatalf("result %+v", result)
	}
	before := r.ring.Progress().ProgressNS
	if first.Progress(); r.ring.Progress().ProgressNS <= before {
		t.Error("no progress is shown")
	}
	again := newRigOf(t, 1, 1000, lanes, streams)
	cfg := again.cfg
	cfg.Ratio, cfg.After, cfg.RingFD, cfg.RingBytes = ratio, first, -1, 0
	again.fake.Script(t, steps(500, 51), 1, 0, false)
	second, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	again.awaitScript(t, make(chan struct{}), second)
	if result := wait(t, second); result.Reason != ReasonStopped || result.Samples != 551 {
		t.Errorf("result %+v", result)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	r.judge.Drain(t)
	raw := append(looptest.Signals(0, 107, 2), looptest.Signals(0, 551, 2)...)
	r.judge.Compare(t, 0, raw)
	for i, s := range streams[1:] {
		r.judge.Compare(t, i+1, reference(raw, s.Kind, ratio, false))
	}
	for lane := range lanes {
		var unknown, lost uint64
		for _, s := range r.judge.Spans[lane] {
			if s.Unknown {
				unknown++
			}
			lost += s.Count * map[bool]uint64{true: 1}[s.Lost]
			if s.Lost && s.Cause != shmring.CausePower {
				t.Errorf("lane %d: gap of cause %v", lane, s.Cause)
			}
		}
		if want := map[bool]uint64{true: 1}[lane > 0]; unknown != 1 || lost != want { // the group that the loss touches
			t.Errorf("lane %d: %d losses without a number, %d samples lost, want 1 and %d", lane, unknown, lost, want)
		}
	}
}

// TestPowerGivenUp: a ring that was held is finished by Finish or Close, with its reason.
func TestPowerGivenUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 1000, looptest.Lane{})
	r.cfg.HoldOnPower = true
	r.fake.Script(t, []looptest.Step{{Samples: 7}, {Status: 0x119}}, 1, 0, false)
	l := r.start(t)
	wait(t, l)
	if err := l.Finish(3, 0x119); err != nil {
		t.Fatal(err)
	}
	r.judge.Drain(t)
	if len(r.judge.Errors) != 1 || r.judge.Errors[0].Code != 3 {
		t.Errorf("ring ends with %+v", r.judge.Errors)
	}
}
