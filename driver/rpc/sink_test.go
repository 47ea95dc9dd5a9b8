package rpc

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// sinkFixture is a sink over a ring on the heap, with a reader.
type sinkFixture struct {
	t    *testing.T
	ring *shmring.Ring
	p    *shmring.Producer
	s    *sink
	c    *shmring.Consumer
}

func newSinkFixture(t *testing.T, ratios ...int64) *sinkFixture {
	t.Helper()
	spec := shmring.Spec{}
	var streams []driver.Stream
	for _, r := range ratios {
		kind, sk := shmring.Raw, driver.StreamRaw
		if r > 1 {
			kind, sk = shmring.Decimate, driver.StreamDecimate
		}
		spec.Lanes = append(spec.Lanes, shmring.LaneSpec{Kind: kind, SampleType: shmring.I16, IntervalNumFS: 1e9, IntervalDen: 1, Ratio: uint32(r), Scale: 1, Capacity: shmring.Granule})
		streams = append(streams, driver.Stream{Channel: "A", Kind: sk, Type: driver.SampleInt16, Ratio: r})
	}
	ring, err := shmring.NewHeap(spec)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ring.NewProducer()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSink(p, streams)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(s.close(), ring.Close()); err != nil {
			t.Error(err)
		}
	})
	return &sinkFixture{t: t, ring: ring, p: p, s: s, c: shmring.NewConsumer(ring)}
}

func (f *sinkFixture) commit() {
	f.t.Helper()
	if err := f.s.Commit(); err != nil {
		f.t.Fatal(err)
	}
}

// poll returns the descriptors and releases everything.
func (f *sinkFixture) poll() []shmring.Desc {
	f.t.Helper()
	descs, err := f.c.Poll()
	if err != nil {
		f.t.Fatal(err)
	}
	out := append([]shmring.Desc(nil), descs...)
	for _, d := range out {
		if d.Type == shmring.DescData {
			if err := f.c.ReleaseData(int(d.Lane), d.Pos+uint64(d.Count)); err != nil {
				f.t.Fatal(err)
			}
		}
		if err := f.c.ReleaseDesc(d.Seq + 1); err != nil {
			f.t.Fatal(err)
		}
	}
	return out
}

// of picks the descriptors of a type.
func of(descs []shmring.Desc, ty shmring.DescType) []shmring.Desc {
	var out []shmring.Desc
	for _, d := range descs {
		if d.Type == ty {
			out = append(out, d)
		}
	}
	return out
}

func TestSinkReserve(t *testing.T) {
	t.Parallel()
	f := newSinkFixture(t, 1)
	f.s.Begin(1)
	b := f.s.Reserve(0, 10)
	if len(b) != 20 {
		t.Fatalf("reserved %d bytes", len(b))
	}
	for i := range 10 {
		binary.LittleEndian.PutUint16(b[2*i:], uint16(i))
	}
	f.s.Push(0, b[:12]) // six of the ten
	f.commit()
	// Memory of its own instead of what was reserved, and a reservation that comes to nothing.
	f.s.Begin(2)
	f.s.Reserve(0, 10)
	f.s.Push(0, []byte{6, 0, 7, 0})
	f.commit()
	f.s.Begin(3)
	f.s.Reserve(0, 10)
	f.commit()
	descs, err := f.c.Poll()
	if err != nil || len(descs) != 2 || descs[0].Count != 6 || descs[1].Count != 2 || descs[1].FirstSample != 6 {
		t.Fatalf("descriptors %+v, %v", descs, err)
	}
	for i, v := range f.c.Data(0, 0, 6) {
		if want := byte(i / 2 * (1 - i%2)); v != want {
			t.Fatalf("byte %d is %d, want %d", i, v, want)
		}
	}
	if f.s.Reserve(0, shmring.Granule) != nil {
		t.Error("more than a lane was reserved")
	}
}

func TestSinkLost(t *testing.T) {
	t.Parallel()
	f := newSinkFixture(t, 1)
	f.s.Begin(1)
	f.s.Push(0, make([]byte, 20))
	// Told behind the samples of the batch: they belong before the next ones.
	f.s.Lost(0, 3, driver.CauseDriver)
	f.s.Lost(0, 4, driver.CauseDriver)
	f.s.Lost(0, 0, driver.CauseUSB)
	f.commit()
	f.s.Lost(0, 5, driver.CauseRingFull) // not for a driver to say
	f.s.Begin(2)
	f.s.Push(0, make([]byte, 20))
	f.commit()
	f.s.Lost(0, driver.UnknownLoss, driver.CauseUSB)
	f.s.Begin(3)
	f.s.Push(0, make([]byte, 2))
	f.commit()
	gaps := of(f.poll(), shmring.DescGap)
	if len(gaps) != 2 || gaps[0].Aux != 12 || gaps[0].FirstSample != 10 || shmring.Cause(gaps[0].Code) != shmring.CauseDriver ||
		gaps[1].Aux != shmring.UnknownCount || shmring.Cause(gaps[1].Code) != shmring.CauseUSB {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestSinkDrops(t *testing.T) {
	t.Parallel()
	f := newSinkFixture(t, 1, 4)
	pushed := [2]uint64{}
	for range 30 {
		f.s.Begin(1)
		f.s.Push(0, make([]byte, 8000))
		f.s.Push(1, make([]byte, 2000))
		f.commit()
		pushed[0] += 4000
		pushed[1] += 1000
	}
	recorded, lost := [2]uint64{}, [2]uint64{}
	count := func() {
		for _, d := range f.poll() {
			switch d.Type {
			case shmring.DescData:
				recorded[d.Lane] += uint64(d.Count)
			case shmring.DescGap:
				lost[d.Lane] += d.Aux
			}
		}
	}
	count()
	if err := f.s.Finish(nil); err != nil {
		t.Fatal(err)
	}
	count()
	for i := range pushed {
		if lost[i] == 0 || recorded[i]+lost[i] != pushed[i] {
			t.Errorf("lane %d: %d recorded + %d lost, %d pushed", i, recorded[i], lost[i], pushed[i])
		}
	}
	if !f.c.EOS() {
		t.Error("no end of the stream")
	}
}

func TestSinkMarks(t *testing.T) {
	t.Parallel()
	f := newSinkFixture(t, 1, 4)
	f.s.Begin(1)
	f.s.Push(0, make([]byte, 80))
	f.s.Push(1, make([]byte, 20))
	f.commit()
	f.s.Begin(2)
	f.s.Mark(driver.Mark{Kind: driver.MarkWaveBegin, Stream: -1, Waveform: 7, Arming: 2, Samples: 40, MemorySegment: 3})
	f.s.Mark(driver.Mark{Kind: driver.MarkScale, Stream: 1, Value: 0.5})
	f.s.Mark(driver.Mark{Kind: driver.MarkOffset, Stream: -1, Value: 2})
	f.s.Mark(driver.Mark{Kind: driver.MarkDeadTime, Stream: -1, DeadTimeNS: 99})
	f.s.OverRange(0, 5)
	f.s.Push(0, make([]byte, 80))
	f.s.Push(1, make([]byte, 20))
	f.s.Mark(driver.Mark{Kind: driver.MarkTrigger, Stream: 0, Position: 12, OffsetFS: -5})
	f.s.Mark(driver.Mark{Kind: driver.MarkWaveEnd, Stream: -1, Waveform: 7, Incomplete: true})
	f.commit()
	descs := f.poll()
	trigger := of(descs, shmring.DescTrigger)
	// The descriptor stands behind the batch, at sample 80; the trigger is at sample 40 + 12, 1 us each.
	if len(trigger) != 1 || trigger[0].FirstSample != 80 || int64(trigger[0].Aux) != -28*1e9-5 {
		t.Errorf("trigger %+v", trigger)
	}
	if b := of(descs, shmring.DescWaveBegin); len(b) != 1 || b[0].Waveform != 7 || b[0].Code != 2 || b[0].Aux != 40 || b[0].Status != 3 {
		t.Errorf("begin %+v", b)
	}
	if e := of(descs, shmring.DescWaveEnd); len(e) != 1 || e[0].Aux != 1 {
		t.Errorf("end %+v", e)
	}
	params := map[uint32]int{}
	for _, p := range of(descs, shmring.DescParam) {
		params[p.Code]++
		if p.Code == shmring.ParamScale && (p.Lane != 1 || p.Aux != math.Float64bits(0.5)) {
			t.Errorf("scale %+v", p)
		}
	}
	if params[shmring.ParamScale] != 1 || params[shmring.ParamOffset] != 2 || params[shmring.ParamDeadTime] != 1 {
		t.Errorf("parameters %v", params)
	}
	if d := of(descs, shmring.DescData); d[2].Code != 5 || d[3].Code != 0 {
		t.Errorf("over-range masks %d and %d", d[2].Code, d[3].Code)
	}
}

func TestSinkMisuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(s *sink)
	}{
		{"push without begin", func(s *sink) { s.Push(0, []byte{1, 2}) }},
		{"half a sample", func(s *sink) { s.Begin(1); s.Push(0, []byte{1}) }},
		{"half a sample of a reservation", func(s *sink) { s.Begin(1); s.Push(0, s.Reserve(0, 2)[:3]) }},
		{"no such stream", func(s *sink) { s.Begin(1); s.Push(4, []byte{1, 2}) }},
		{"unknown mark", func(s *sink) { s.Begin(1); s.Mark(driver.Mark{Kind: 99}) }},
		{"scale that is no number", func(s *sink) { s.Begin(1); s.Mark(driver.Mark{Kind: driver.MarkScale, Value: math.NaN()}) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newSinkFixture(t, 1)
			c.do(f.s)
			if err := f.s.Commit(); driver.KindOf(err) != driver.KindBug {
				t.Errorf("commit says %v", err)
			}
		})
	}
}

func TestSinkAfterFinish(t *testing.T) {
	t.Parallel()
	f := newSinkFixture(t, 1)
	if err := f.s.Finish(driver.Errorf(driver.KindDeviceGone, "", "gone")); err != nil {
		t.Fatal(err)
	}
	f.s.Begin(1)
	f.s.Push(0, []byte{1, 2})
	f.s.Progress()
	if f.s.Commit() == nil || f.s.Finish(nil) == nil || f.s.WaitRoom(t.Context(), 1) == nil {
		t.Error("a finished sink takes more")
	}
	if e := of(f.poll(), shmring.DescError); len(e) != 1 || e[0].Code != uint32(driver.KindDeviceGone) {
		t.Errorf("error %+v", e)
	}
}

func TestSinkWaitRoom(t *testing.T) {
	t.Parallel()
	f := newSinkFixture(t, 1, 4)
	if err := f.s.WaitRoom(t.Context(), 1000); err != nil {
		t.Fatal(err)
	}
	f.s.Begin(1)
	f.s.Push(0, make([]byte, 60_000))
	f.commit()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := f.s.WaitRoom(ctx, 8000); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a full ring: %v", err)
	}
	done := make(chan error, 1)
	go func() { done <- f.s.WaitRoom(t.Context(), 8000) }()
	f.poll()
	if err := <-done; err != nil {
		t.Errorf("a drained ring: %v", err)
	}
	f.ring.SetState(shmring.CoreDraining, 0)
	f.s.Begin(2)
	f.s.Push(0, make([]byte, 60_000))
	f.commit()
	if err := f.s.WaitRoom(t.Context(), 8000); err == nil {
		t.Error("room in a ring that is drained to its end")
	}
	f.s.watch()
	select {
	case <-f.s.Draining():
	default:
		t.Error("the driver is not told that the host wants the end")
	}
}

// TestSinkWaveform: inside a waveform nothing is dropped, the sink waits.
func TestSinkWaveform(t *testing.T) {
	t.Parallel()
	f := newSinkFixture(t, 1)
	recorded := make(chan uint64, 1)
	go func() {
		var n uint64
		for !f.c.EOS() {
			for _, d := range f.poll() {
				n += uint64(d.Count)
			}
			f.c.Wait(time.Millisecond)
		}
		recorded <- n
	}()
	f.s.Begin(1)
	f.s.Mark(driver.Mark{Kind: driver.MarkWaveBegin, Samples: 100_000})
	for i := range 25 {
		f.s.Begin(1)
		f.s.Push(0, make([]byte, 8000))
		if i == 24 {
			f.s.Mark(driver.Mark{Kind: driver.MarkWaveEnd})
		}
		f.commit()
	}
	if err := f.s.Finish(nil); err != nil {
		t.Error(err)
	}
	if n := <-recorded; n != 100_000 {
		t.Errorf("%d samples of 100000 came through", n)
	}
}

func TestSinkDoesNotAllocate(t *testing.T) {
	f := newSinkFixture(t, 1, 4)
	buf := make([]byte, 4000)
	if n := testing.AllocsPerRun(100, func() {
		f.s.Begin(1)
		copy(f.s.Reserve(0, 2000), buf)
		f.s.Push(0, buf)
		f.s.Push(1, buf[:1000])
		f.s.OverRange(0, 1)
		f.commit()
		f.s.Progress()
	}); n != 0 {
		t.Errorf("%v allocations per batch", n)
	}
}

func TestSinkRefusesForeignRing(t *testing.T) {
	t.Parallel()
	f := newSinkFixture(t, 1)
	for name, streams := range map[string][]driver.Stream{
		"number": nil,
		"type":   {{Kind: driver.StreamRaw, Type: driver.SampleInt8, Ratio: 1}},
		"kind":   {{Kind: driver.StreamMin, Type: driver.SampleInt16, Ratio: 1}},
		"ratio":  {{Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 2}},
		"port":   {{Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1, Digital: true}},
	} {
		if _, err := newSink(f.p, streams); driver.KindOf(err) != driver.KindBug || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
