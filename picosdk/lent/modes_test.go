//go:build linux && cgo

package lent

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

// TestRawAndAggregate: the library delivers raw samples and groups of them side by side, the one often ahead of the other.
func TestRawAndAggregate(t *testing.T) {
	t.Parallel()
	const ratio = 10
	lanes := []looptest.Lane{{}, {Kind: shmring.Min, Ratio: ratio}, {Kind: shmring.Max, Ratio: ratio}}
	streams := []Stream{
		{Lane: 0, Input: 0, Kind: Raw, Format: Int16}, {Lane: 1, Input: 1, Kind: Min, Format: Int16}, {Lane: 2, Input: 1, Kind: Max, Format: Int16},
	}
	inputs := []Input{
		{VendorMode: modeRaw, DataType: 1, Format: Int16},
		{VendorMode: 1, DataType: 1, Mode: ModeAggregate, Format: Int16},
	}
	tests := []struct {
		name  string
		steps []looptest.LentStep
	}{
		{"together", []looptest.LentStep{step(100, 10)}},
		{"raw within a group", []looptest.LentStep{step(105, 10), step(95, 10)}},
		{"raw ahead", []looptest.LentStep{step(300, 0), step(0, 30)}},
		{"groups ahead", []looptest.LentStep{step(0, 30), step(300, 0)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRigOf(t, []int{2, 2}, 500, lanes, streams, append([]Input{}, inputs...))
			r.cfg.Ratio = ratio
			r.fake.LentScript(t, tt.steps, 200, 0, false)
			l := r.start(t)
			result := r.finish(t, l)
			raw, groups := r.fake.Done(0), r.fake.Done(1)
			if result.Inputs[0] != raw || result.Inputs[1] != groups || raw == 0 || groups == 0 || result.Samples != max(raw, groups*ratio) {
				t.Errorf("result %+v, delivered %d and %d", result, raw, groups)
			}
			r.judge.Compare(t, 0, looptest.Signals(0, raw, 2))
			r.judge.Compare(t, 2, looptest.Signals(1, groups, 2))
			r.judge.Compare(t, 1, looptest.Signals(2, groups, 2))
		})
	}
}

// TestLongGroups: raw samples within a group do not wait for its end, or the library would run out of buffers.
func TestLongGroups(t *testing.T) {
	t.Parallel()
	const ratio = 10_000
	r := newRigOf(t, []int{2, 2}, 500, []looptest.Lane{{}, {Kind: shmring.Average, Ratio: ratio}},
		[]Stream{{Lane: 0, Input: 0, Format: Int16}, {Lane: 1, Input: 1, Kind: Averaged, Format: Int16}},
		[]Input{{VendorMode: modeRaw, Format: Int16}, {VendorMode: 4, Mode: ModeAverage, Format: Int16}})
	r.cfg.Ratio = ratio
	var script []looptest.LentStep
	for range ratio / 500 {
		script = append(script, step(500, 0))
	}
	r.fake.LentScript(t, append(script, step(0, 1)), 20, 0, false)
	l := r.start(t)
	r.finish(t, l)
	r.judge.Compare(t, 0, looptest.Signals(0, 20*ratio, 2))
	r.judge.Compare(t, 1, looptest.Signals(1, 20, 2))
	if c := l.Counters(); c.Uneven != 0 {
		t.Errorf("counters %+v", c)
	}
}

// TestBytes: 8-bit formats and digital ports.
func TestBytes(t *testing.T) {
	t.Parallel()
	lanes := []looptest.Lane{{Type: shmring.I8}, {}, {Type: shmring.U8}}
	streams := []Stream{{Lane: 0, Input: 0, Format: Int8}, {Lane: 1, Input: 1, Format: Int16}, {Lane: 2, Input: 2, Format: Uint8, Digital: true}}
	inputs := []Input{
		{Channel: 0, VendorMode: modeRaw, Format: Int8},
		{Channel: 1, VendorMode: modeRaw, Format: Int8},
		{Channel: 128, VendorMode: modeRaw, DataType: 1, Format: Int16},
	}
	r := newRigOf(t, []int{1, 1, 2}, 1000, lanes, streams, inputs)
	r.fake.LentScript(t, []looptest.LentStep{step(300, 300, 300), step(500, 400, 300), step(0, 100, 200)}, 100, 0, false)
	r.finish(t, r.start(t))
	narrow, wide, port := looptest.Signals(0, r.fake.Done(0), 1), looptest.Signals(1, r.fake.Done(1), 1), looptest.Signals(2, r.fake.Done(2), 2)
	for i := range wide {
		wide[i] <<= 8
	}
	for i := range port {
		port[i] &= 0xff
	}
	r.judge.Compare(t, 0, narrow)
	r.judge.Compare(t, 1, wide)
	r.judge.Compare(t, 2, port)
}

// TestFullRing: recorded and lost make what was delivered, on lanes that keep step.
func TestFullRing(t *testing.T) {
	t.Parallel()
	r := newRig(t, 2, 20_000, looptest.Lane{KiB: 64})
	r.fake.LentScript(t, skewed(3, 150, 2, 10_000, 3000), 1, 0, false)
	l := r.start(t) // nothing is read until the script is over
	for deadline := time.Now().Add(20 * time.Second); r.fake.PollsAtEnd() == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the script does not end")
		}
	}
	result := r.finish(t, l)
	r.checkAll(t, result)
	for lane := range 2 {
		if result.Lost[lane] == 0 || result.Lost[lane] != r.judge.Lost(lane) {
			t.Errorf("lane %d: lost %d by the loop, %d by the ring", lane, result.Lost[lane], r.judge.Lost(lane))
		}
	}
}
