//go:build linux && cgo

package overview

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

// reference computes a stream of groups the plain way.
func reference(raw []int16, kind Kind, ratio int, digital bool) []int16 {
	var out []int16
	for ; len(raw) >= ratio; raw = raw[ratio:] {
		low, high, sum, and, or := raw[0], raw[0], int64(0), raw[0], raw[0]
		for _, v := range raw[:ratio] {
			low, high, sum, and, or = min(low, v), max(high, v), sum+int64(v), and&v, or|v
		}
		half := int64(ratio / 2)
		if sum < 0 {
			half = -half
		}
		switch {
		case kind == Decimated:
			out = append(out, raw[0])
		case kind == Averaged:
			out = append(out, int16((sum+half)/int64(ratio)))
		case kind == Min && digital:
			out = append(out, and)
		case kind == Max && digital:
			out = append(out, or)
		case kind == Min:
			out = append(out, low)
		default:
			out = append(out, high)
		}
	}
	return out
}

// derived is a lane of each kind beside the raw one.
func derived(ratio uint32, kib int) ([]looptest.Lane, []Stream) {
	lanes := []looptest.Lane{{KiB: kib}}
	streams := []Stream{{Format: Int16}}
	for k, kind := range []shmring.Kind{shmring.Min, shmring.Max, shmring.Decimate, shmring.Average} {
		lanes = append(lanes, looptest.Lane{Kind: kind, Ratio: ratio, KiB: kib})
		streams = append(streams, Stream{Lane: k + 1, Kind: Kind(kind), Format: Int16})
	}
	return lanes, streams
}

func randomSteps(seed uint64, n int, most int32) []looptest.Step {
	random := rand.New(rand.NewPCG(seed, 9))
	var list []looptest.Step
	for range n {
		list = append(list, looptest.Step{Samples: random.Int32N(most + 1)})
	}
	return list
}

// TestComputed: streams that the loop computes agree with a plain reference, whatever the pieces.
func TestComputed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ratio, buffer, steps int
		most                 int32 // samples of a piece
	}{
		{2, 4000, 400, 3000},
		{3, 4000, 400, 3000},
		{10, 4000, 400, 3000},
		{128, 4000, 400, 3000},
		{999, 4000, 400, 3000},
		{5000, 4000, 400, 3000},
		{7, 60_000, 50, 30_000},
		{20_000, 60_000, 50, 30_000}, // pieces of several blocks
	} {
		ratio := tt.ratio
		t.Run(fmt.Sprintf("ratio %d, pieces up to %d", ratio, tt.most), func(t *testing.T) {
			t.Parallel()
			lanes, streams := derived(uint32(ratio), 4<<10)
			r := newRigOf(t, 1, tt.buffer, lanes, streams)
			r.cfg.Ratio = uint32(ratio)
			r.fake.Script(t, randomSteps(uint64(ratio), tt.steps, tt.most), 1, 0, false)
			r.finish(t, r.start(t))
			raw := looptest.Signals(0, r.fake.Done(0), 2)
			r.judge.Compare(t, 0, raw)
			for i, s := range streams[1:] {
				want := reference(raw, s.Kind, ratio, false)
				if len(want) == 0 {
					t.Fatal("no groups")
				}
				r.judge.Compare(t, i+1, want)
			}
		})
	}
}

// TestComputedWithoutRaw: the raw samples need no lane of their own.
func TestComputedWithoutRaw(t *testing.T) {
	t.Parallel()
	lanes, streams := derived(7, 0)
	for i := range streams[1:] {
		streams[i+1].Lane--
	}
	r := newRigOf(t, 1, 4000, lanes[1:], streams[1:])
	r.cfg.Ratio = 7
	r.fake.Script(t, randomSteps(5, 300, 2000), 1, 0, false)
	result := r.finish(t, r.start(t))
	raw := looptest.Signals(0, r.fake.Done(0), 2)
	if result.Samples != uint64(len(raw)) {
		t.Errorf("result %+v, %d raw samples", result, len(raw))
	}
	for i, s := range streams[1:] {
		r.judge.Compare(t, i, reference(raw, s.Kind, 7, false))
	}
}

// TestFormats: narrowing, widening, digital ports.
func TestFormats(t *testing.T) {
	t.Parallel()
	signed := func(v int16) int16 { return v }
	tests := []struct {
		name   string
		bytes  int
		in     Format
		out    Format
		lane   shmring.SampleType
		change func(int16) int16
		bits   bool
	}{
		{"int16", 2, Int16, Int16, shmring.I16, signed, false},
		{"port", 2, Int16, Uint8, shmring.U8, func(v int16) int16 { return v & 0xff }, true},
		{"high byte", 2, Int16, Int8, shmring.I8, func(v int16) int16 { return v >> 8 }, false},
		{"int8", 1, Int8, Int8, shmring.I8, signed, false},
		{"int8 to int16", 1, Int8, Int16, shmring.I16, func(v int16) int16 { return v << 8 }, false},
		{"port of int8", 1, Int8, Uint8, shmring.U8, func(v int16) int16 { return v & 0xff }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const ratio = 6
			kinds := []Kind{Min, Max, Decimated, Averaged}
			if tt.bits {
				kinds = kinds[:3]
			}
			lanes := []looptest.Lane{{Type: tt.lane}}
			streams := []Stream{{Format: tt.out, Digital: tt.bits}}
			for i, k := range kinds {
				lanes = append(lanes, looptest.Lane{Type: tt.lane, Kind: shmring.Kind(k), Ratio: ratio})
				streams = append(streams, Stream{Lane: i + 1, Kind: k, Format: tt.out, Digital: tt.bits})
			}
			r := &rig{fake: looptest.New(t, tt.bytes), ring: looptest.Ring(t, lanes...)}
			r.judge = looptest.NewJudge(r.ring)
			r.cfg = Config{
				Common:                   Common{RingFD: int(r.ring.File().Fd()), Handle: r.fake.Handle, Streams: streams, Ratio: ratio},
				GetStreamingLatestValues: looptest.Latest(), BufferSamples: 9000,
				Inputs: []Input{{Buffer: r.fake.Overview(t, 0, 9000), Format: tt.in, MaxCode: 100}},
			}
			r.fake.Script(t, randomSteps(7, 60, 9000), 1, 0, false)
			r.finish(t, r.start(t))
			raw := looptest.Signals(0, r.fake.Done(0), tt.bytes)
			for i := range raw {
				raw[i] = tt.change(raw[i])
			}
			r.judge.Compare(t, 0, raw)
			for i, k := range kinds {
				r.judge.Compare(t, i+1, reference(raw, k, ratio, tt.bits))
			}
		})
	}
}

// TestAggregateOfTheDevice: the library's own groups come in two buffers; samples count raw ones.
func TestAggregateOfTheDevice(t *testing.T) {
	t.Parallel()
	lanes := []looptest.Lane{{Kind: shmring.Min, Ratio: 50}, {Kind: shmring.Max, Ratio: 50}}
	r := newRigOf(t, 2, 500, lanes, []Stream{{Lane: 0, Kind: Min, Format: Int16}, {Lane: 1, Kind: Max, Format: Int16}})
	r.cfg.Inputs[0].Mode, r.cfg.Inputs[0].MinBuffer, r.cfg.Inputs = ModeAggregate, r.cfg.Inputs[1].Buffer, r.cfg.Inputs[:1]
	r.cfg.Ratio = 50
	r.fake.Script(t, randomSteps(3, 300, 400), 1, 0, false)
	result := r.finish(t, r.start(t))
	n := r.fake.Done(0)
	if result.Samples != 50*n || len(result.Inputs) != 1 || result.Inputs[0] != n {
		t.Errorf("result %+v, %d groups", result, n)
	}
	r.judge.Compare(t, 1, looptest.Signals(0, n, 2))
	r.judge.Compare(t, 0, looptest.Signals(1, n, 2))
}
