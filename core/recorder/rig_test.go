package recorder

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// rig is a device's recorder with a ring on the heap and a producer in the test's hand.
type rig struct {
	t    *testing.T
	run  *recording.Run
	info recording.DeviceInfo
	dev  *Device
	ring *shmring.Ring
	prod *shmring.Producer
	dead chan struct{}
	out  chan Outcome
	gen  uint64
	mono int64 // time of the next delivery
	// startNS is the time of the order to start; 0: not told.
	startNS int64
	failed  []error
}

const rawNS = 1000 // 1 MS/s

func newRig(t *testing.T, o Options, fsys recording.FS, ratios ...int64) *rig {
	t.Helper()
	run, err := recording.Create(t.TempDir(), "test", recording.Options{Program: "test", SyncAsked: o.Sync, FS: fsys})
	if err != nil {
		t.Fatal(err)
	}
	info := recording.DeviceInfo{Name: "dev", Driver: "test", Serial: "1", RawInterval: recording.Fraction{Num: 1, Den: 1_000_000}}
	for i, r := range ratios {
		kind := recording.KindRaw
		if r != 1 {
			kind = recording.KindDecimate
		}
		info.Streams = append(info.Streams, recording.StreamInfo{Channel: string(rune('A' + i)), Kind: kind, Ratio: r, Global: recording.Global{Scale: 1}})
	}
	return newRigOf(t, o, run, info)
}

func newRigOf(t *testing.T, o Options, run *recording.Run, info recording.DeviceInfo) *rig {
	t.Helper()
	w, err := run.AddDevice(info)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, run: run, info: info, mono: clock.Mono()}
	o.Name, o.Writer, o.Run, o.Info, o.Clock = "dev", w, run, info, clock.NewSampler(nil)
	o.Failed = func(err error) { r.failed = append(r.failed, err) }
	r.dev = New(o)
	r.dev.mono = func() int64 { return math.MaxInt64 } // deliveries of tests run ahead of the clock
	return r
}

// start begins a generation with lanes of the given capacity.
func (r *rig) start(capacity uint64, cause recording.Cause) {
	r.t.Helper()
	r.prepare(capacity)
	r.drain(cause)
}

// prepare makes the ring of a generation, which nobody drains yet.
func (r *rig) prepare(capacity uint64) {
	r.t.Helper()
	spec := shmring.Spec{Generation: r.gen}
	for i, s := range r.info.Streams {
		spec.Lanes = append(spec.Lanes, shmring.LaneSpec{
			SampleType: shmring.I16, IntervalNumFS: 1e9, IntervalDen: 1, Ratio: uint32(s.Ratio), Scale: 1,
			Capacity: capacity, StartPos: uint64(r.dev.StartPositions()[i]),
		})
	}
	var err error
	if r.ring, err = shmring.NewHeap(spec); err != nil {
		r.t.Fatal(err)
	}
	if r.prod, err = r.ring.NewProducer(); err != nil {
		r.t.Fatal(err)
	}
}

// drain begins to drain a ring.
func (r *rig) drain(cause recording.Cause) {
	r.dead, r.out = make(chan struct{}), make(chan Outcome, 1)
	g := Generation{Number: r.gen, Ring: r.ring, Cause: cause, Dead: r.dead, StartNS: r.startNS}
	r.gen++
	go func() { r.out <- r.dev.Drain(context.Background(), g) }()
}

// push commits one delivery of n raw samples per lane: sample i of a lane is the low 16 bits of value+i.
func (r *rig) push(n int, mask uint32) {
	r.t.Helper()
	r.mono += int64(n) * rawNS
	r.prod.Begin(r.mono)
	for i, s := range r.info.Streams {
		count := n / int(s.Ratio)
		b := make([]byte, 0, 2*count)
		for k := range count {
			b = binary.LittleEndian.AppendUint16(b, uint16(r.prod.Next(i)+uint64(k)))
		}
		if mask != 0 {
			if err := r.prod.SetOverRange(i, mask); err != nil {
				r.t.Fatal(err)
			}
		}
		if err := r.prod.Push(i, b); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := r.prod.Commit(); err != nil {
		r.t.Fatal(err)
	}
}

// end waits for the drainer and lets the ring go.
func (r *rig) end() Outcome {
	r.t.Helper()
	select {
	case out := <-r.out:
		if err := errors.Join(r.prod.Close(), r.ring.Close()); err != nil {
			r.t.Error(err)
		}
		return out
	case <-time.After(30 * time.Second):
		r.t.Fatal("the drainer does not end")
		return Outcome{}
	}
}

// finish ends stream, recorder and run.
func (r *rig) finish(cause recording.Cause) {
	r.t.Helper()
	if err := r.dev.Finish(recording.SealStop, cause, r.mono); err != nil {
		r.t.Fatal(err)
	}
	r.close()
}

func (r *rig) close() {
	r.t.Helper()
	if err := r.run.Close(recording.End{Reason: "stop"}); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) samples(channel string) []uint16 {
	r.t.Helper()
	b, err := os.ReadFile(filepath.Join(r.run.Dir(), "dev."+channel+recording.ExtData))
	if err != nil {
		r.t.Fatal(err)
	}
	out := make([]uint16, len(b)/2)
	for i := range out {
		out[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return out
}

// stream opens the recording and returns one stream of it.
func (r *rig) stream(name string) *recording.Stream {
	r.t.Helper()
	rec, err := recording.Open(r.run.Dir())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range rec.Streams() {
		if s.Name() == name {
			return s
		}
	}
	r.t.Fatalf("no stream %s", name)
	return nil
}

// verify runs the format's own check.
func (r *rig) verify() {
	r.t.Helper()
	rep, err := recording.Verify(context.Background(), r.run.Dir(), recording.VerifyOptions{})
	if err != nil {
		r.t.Fatal(err)
	}
	if !rep.OK() {
		r.t.Errorf("verify: %+v", rep)
	}
}
