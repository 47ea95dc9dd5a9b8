//go:build linux && cgo

package lent

import (
	"context"
	"testing"
	"time"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

// modeRaw is a vendor mode number, of no meaning to the loop.
const modeRaw = 0x80000000

// rig is a fake library with a ring and the configuration that joins them.
type rig struct {
	fake  *looptest.Fake
	ring  *shmring.Ring
	judge *looptest.Judge
	cfg   Config
}

// newRig makes raw int16 inputs with buffers of so many samples each, and a raw lane for each.
func newRig(t testing.TB, inputs, buffer int, lane looptest.Lane) *rig {
	t.Helper()
	bytes := make([]int, inputs)
	var lanes []looptest.Lane
	var streams []Stream
	var list []Input
	for i := range inputs {
		bytes[i] = 2
		lanes = append(lanes, lane)
		streams = append(streams, Stream{Lane: i, Input: i, Format: Int16})
		list = append(list, Input{Channel: uint32(i), VendorMode: modeRaw, DataType: 1, Format: Int16})
	}
	return newRigOf(t, bytes, buffer, lanes, streams, list)
}

func newRigOf(t testing.TB, bytes []int, buffer int, lanes []looptest.Lane, streams []Stream, inputs []Input) *rig {
	t.Helper()
	r := &rig{fake: looptest.New(t, bytes...), ring: looptest.Ring(t, lanes...)}
	r.judge = looptest.NewJudge(r.ring)
	r.cfg = Config{
		Common: Common{
			RingFD: int(r.ring.File().Fd()), RingBytes: r.ring.Size(), Handle: r.fake.Handle, Streams: streams, PowerCodes: []uint32{0x119, 0x11a},
			PollInterval: time.Millisecond,
		},
		GetStreamingLatestValues: looptest.LentLatest(), SetDataBuffer: looptest.LentBuffer(), SetDataBuffers: looptest.LentBuffers(),
		BufferSamples: int32(buffer), Inputs: inputs,
	}
	signal := 0
	for i := range inputs {
		in := &r.cfg.Inputs[i]
		r.fake.Mode(i, in.Channel, in.VendorMode, signal)
		signal++
		for k := range Buffers {
			in.Buffers[k] = looptest.Buffer(t, buffer*bytes[i])
			if in.Mode == ModeAggregate {
				in.MinBuffers[k] = looptest.Buffer(t, buffer*bytes[i])
			}
		}
		if in.Mode == ModeAggregate {
			signal++
		}
	}
	return r
}

func (r *rig) start(t testing.TB) *Loop {
	t.Helper()
	if err := Register(r.cfg); err != nil {
		t.Fatal(err)
	}
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
	for deadline := time.Now().Add(20 * time.Second); r.fake.PollsAtEnd() == 0 && !closed(ended); time.Sleep(time.Millisecond) {
		r.judge.Pass(t)
		if time.Now().After(deadline) {
			t.Error("the script does not end")
			break
		}
	}
	l.Stop()
	r.judge.Drain(t)
	<-ended
	r.fake.Judge(t)
	return result
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
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

func step(samples ...int32) looptest.LentStep { return looptest.LentStep{Samples: samples} }
