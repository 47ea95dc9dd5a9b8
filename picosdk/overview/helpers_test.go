//go:build linux && cgo

package overview

import (
	"context"
	"testing"
	"time"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

// rig is a fake library with a ring and the configuration that joins them.
type rig struct {
	fake  *looptest.Fake
	ring  *shmring.Ring
	judge *looptest.Judge
	cfg   Config
}

// newRig makes raw int16 inputs with a buffer of so many samples each, and a raw lane for each.
func newRig(t testing.TB, inputs, buffer int, lane looptest.Lane) *rig {
	t.Helper()
	var lanes []looptest.Lane
	var streams []Stream
	for i := range inputs {
		lanes = append(lanes, lane)
		streams = append(streams, Stream{Lane: i, Input: i, Format: Int16})
	}
	return newRigOf(t, inputs, buffer, lanes, streams)
}

func newRigOf(t testing.TB, inputs, buffer int, lanes []looptest.Lane, streams []Stream) *rig {
	t.Helper()
	bytes := make([]int, inputs)
	for i := range bytes {
		bytes[i] = 2
	}
	r := &rig{fake: looptest.New(t, bytes...), ring: looptest.Ring(t, lanes...)}
	r.judge = looptest.NewJudge(r.ring)
	r.cfg = Config{
		Common: Common{
			RingFD: int(r.ring.File().Fd()), RingBytes: r.ring.Size(), Handle: r.fake.Handle, Streams: streams, PowerCodes: []uint32{0x119, 0x11a},
			PollInterval: time.Millisecond,
		},
		GetStreamingLatestValues: looptest.Latest(), BufferSamples: uint32(buffer),
	}
	for i := range inputs {
		r.cfg.Inputs = append(r.cfg.Inputs, Input{Buffer: r.fake.Overview(t, i, buffer), Format: Int16, OverflowMask: 1 << i})
	}
	return r
}

func (r *rig) start(t testing.TB) *Loop {
	t.Helper()
	l, err := Start(r.cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// finish waits for the end of the script, stops the loop if it does not end by itself, and drains the ring.
func (r *rig) finish(t testing.TB, l *Loop) Result {
	t.Helper()
	ended := make(chan struct{})
	var result Result
	go func() {
		defer close(ended)
		result = wait(t, l)
	}()
	r.awaitScript(t, ended, l)
	r.judge.Drain(t)
	<-ended
	r.fake.Judge(t)
	return result
}

func (r *rig) awaitScript(t testing.TB, ended chan struct{}, l *Loop) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); r.fake.PollsAtEnd() == 0; {
		select {
		case <-ended:
			return
		case <-time.After(time.Millisecond):
		}
		r.judge.Pass(t)
		if time.Now().After(deadline) {
			t.Fatal("the script does not end")
		}
	}
	l.Stop()
}

func wait(t testing.TB, l *Loop) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	result, err := l.Wait(ctx)
	if err != nil {
		t.Error(err)
	}
	return result
}

// steps makes one step per number of samples.
func steps(samples ...int32) []looptest.Step {
	var list []looptest.Step
	for _, n := range samples {
		list = append(list, looptest.Step{Samples: n})
	}
	return list
}
