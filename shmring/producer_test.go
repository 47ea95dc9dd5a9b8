package shmring

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAttachOnce(t *testing.T) {
	r, p := heapPair(t, spec16(1, Granule, 64))
	if _, err := r.NewProducer(); !errors.Is(err, ErrInUse) {
		t.Errorf("second producer: %v, want ErrInUse", err)
	}
	if s := r.Progress(); s.State != ProducerAttached || s.PID == 0 || s.AliveNS == 0 {
		t.Errorf("status after attaching: %+v", s)
	}
	_, err := p.Detach()
	must(t, err)
	q, err := r.NewProducer()
	must(t, err)
	defer q.Close()
	q.Begin(1)
	if _, err := q.Detach(); !errors.Is(err, ErrMisuse) {
		t.Errorf("detach after Begin: %v, want ErrMisuse", err)
	}
	if s := r.Progress().State; s != ProducerRunning {
		t.Errorf("state %s after Begin, want running", s)
	}
}

func TestAttachNotReady(t *testing.T) {
	for _, s := range []CoreState{CoreInit, CoreDraining, CoreClosed, CoreFault} {
		r, err := NewHeap(spec16(1, Granule, 64))
		must(t, err)
		r.SetState(s, 0)
		if _, err := r.NewProducer(); !errors.Is(err, ErrBadRing) {
			t.Errorf("core %s: %v, want ErrBadRing", s, err)
		}
		must(t, r.Close())
	}
}

// What the descriptors of a batch say, in their order.
func TestBatchDescriptors(t *testing.T) {
	r, p := heapPair(t, spec16(2, Granule, 64))
	c := NewConsumer(r)
	must(t, p.Gap(1, 5, CauseDriver))
	must(t, p.Gap(1, UnknownCount, CauseUSB))
	must(t, p.Mark(Mark{Type: DescParam, Lane: 1, Code: ParamOffset, Value: 2.5}))
	must(t, p.Mark(Mark{Type: DescTrigger, Lane: 0, Sample: 100, OffsetFS: -7}))
	p.Begin(1234)
	must(t, p.Push(0, make([]byte, 200)))
	must(t, p.Push(1, make([]byte, 100)))
	p.Begin(9999) // the batch is open: this joins
	must(t, p.Push(0, make([]byte, 20)))
	must(t, p.SetOverRange(1, 6))
	p.SetTimeEstimated()
	must(t, p.Commit())
	got, err := c.Poll()
	must(t, err)
	const estimated = FlagTimeEstimated
	want := []Desc{
		{Seq: 0, Type: DescData, Flags: estimated, Lane: 0, Count: 110, TMonoNS: 1234},
		{Seq: 1, Type: DescParam, Lane: 1, TMonoNS: 1234, Aux: math.Float64bits(2.5), Code: ParamOffset},
		{Seq: 2, Type: DescGap, Flags: FlagUrgent, Lane: 1, TMonoNS: 1234, Aux: 5, Code: uint32(CauseDriver)},
		{Seq: 3, Type: DescGap, Flags: FlagUrgent, Lane: 1, FirstSample: 5, TMonoNS: 1234, Aux: UnknownCount, Code: uint32(CauseUSB)},
		{Seq: 4, Type: DescData, Flags: estimated | FlagClipped, Lane: 1, Count: 50, FirstSample: 5, TMonoNS: 1234, Code: 6},
		// The trigger counts from the sample behind the batch: ten samples of 1 us after sample 100.
		{Seq: 5, Type: DescTrigger, Flags: FlagUrgent | FlagBatchEnd, Lane: 0, Pos: 110, FirstSample: 110, TMonoNS: 1234, Aux: uint64(0x1_0000_0000_0000_0000 - 10e9 - 7)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGapBehindSamplesIsRefused(t *testing.T) {
	_, p := heapPair(t, spec16(1, Granule, 64))
	p.Begin(1)
	must(t, p.Push(0, make([]byte, 2)))
	if err := p.Gap(0, 5, CauseDriver); !errors.Is(err, ErrMisuse) {
		t.Errorf("gap behind samples: %v, want ErrMisuse", err)
	}
}

func TestMisuse(t *testing.T) {
	_, p := heapPair(t, spec16(1, Granule, 64))
	for _, c := range []struct {
		name string
		call func() error
	}{
		{"push without batch", func() error { return p.Push(0, nil) }},
		{"commit without batch", p.Commit},
		{"gap in no lane", func() error { return p.Gap(1, 1, CauseDriver) }},
		{"gap of nothing", func() error { return p.Gap(0, 0, CauseDriver) }},
		{"gap by the recorder's cause", func() error { return p.Gap(0, 1, CauseDisk) }},
		{"gap by the producer's own cause", func() error { return p.Gap(0, 1, CauseRingFull) }},
		{"gap beyond the index", func() error { return p.Gap(0, 1<<63, CauseDriver) }},
		{"half a sample", func() error { p.Begin(1); return p.Push(0, make([]byte, 3)) }},
		{"negative lane", func() error { return p.Push(-1, nil) }},
		{"more filled than reserved", func() error { return p.Filled(0, 1) }},
		{"mark of data", func() error { return p.Mark(Mark{Type: DescData}) }},
		{"end of no capture", func() error { return p.Mark(Mark{Type: DescWaveEnd}) }},
		{"trigger in no lane", func() error { return p.Mark(Mark{Type: DescTrigger, Lane: 2}) }},
		{"unknown parameter", func() error { return p.Mark(Mark{Type: DescParam, Code: 4}) }},
	} {
		if err := c.call(); !errors.Is(err, ErrMisuse) {
			t.Errorf("%s: %v, want ErrMisuse", c.name, err)
		}
	}
}

// A batch without room is lost in all lanes, and the loss has one end.
func TestDropAndResume(t *testing.T) {
	for _, c := range []struct {
		name   string
		ratios []uint32
		fill   []int    // the batch before
		drop   []int    // the batch without room
		next   []int    // the batch that has room
		want   []uint64 // lost per lane
	}{
		{"equal counts are not trimmed", []uint32{1, 1}, []int{32768, 32768}, []int{50, 50}, []int{60, 60}, []uint64{50, 50}},
		{"unequal counts end together", []uint32{1, 1}, []int{32768, 32768}, []int{50, 30}, []int{60, 60}, []uint64{50, 50}},
		{"ratio", []uint32{1, 100}, []int{32000, 320}, []int{1050, 10}, []int{500, 5}, []uint64{1050, 11}},
		{"a lane without samples", []uint32{1, 1}, []int{32768, 32768}, []int{7, 0}, []int{10, 3}, []uint64{7, 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := spec16(2, Granule, 64)
			for i, r := range c.ratios {
				s.Lanes[i].Ratio = r
			}
			r, p := heapPair(t, s)
			j := newJudge(r)
			src := source{p: p}
			must(t, src.batch(c.fill...))
			must(t, src.batch(c.drop...))
			if p.Lost(0) != uint64(c.drop[0]) || r.Progress().LostBatches != 1 {
				t.Fatalf("lost %d samples in %d batches", p.Lost(0), r.Progress().LostBatches)
			}
			j.drain(t)
			must(t, src.batch(c.next...))
			must(t, src.batch(1000, 1000)) // what a lane still lacks is taken from here
			must(t, p.Finish(nil))
			j.drain(t)
			j.balance(t, p)
			for i := range c.want {
				if j.lost[i] != c.want[i] {
					t.Errorf("lane %d: lost %d, want %d", i, j.lost[i], c.want[i])
				}
			}
			end := min(j.gapEnds[0], j.gapEnds[1])
			for i, ratio := range c.ratios {
				if off := j.gapEnds[i] - end; off >= uint64(ratio) {
					t.Errorf("lane %d: loss ends at raw index %d, %d behind the other", i, j.gapEnds[i], off)
				}
			}
		})
	}
}

// Deliveries of up to a whole lane go as several batches of at most a quarter.
func TestLargeDelivery(t *testing.T) {
	for _, capacity := range []uint64{Granule, 3 * Granule} {
		r, p := heapPair(t, spec16(2, capacity, 64))
		j := newJudge(r)
		src := source{p: p}
		full := int(capacity / 2)
		quarter := full / 4
		for _, n := range []int{quarter, quarter + 1, full, full - 1, 2*quarter + 3, full} {
			must(t, src.batch(n, 3)) // fewer samples than parts in the other lane
			descs, err := j.c.Poll()
			must(t, err)
			for _, d := range descs {
				if int(d.Count) > quarter {
					t.Errorf("%d samples in one descriptor, a quarter is %d", d.Count, quarter)
				}
				must(t, j.take(d))
			}
			must(t, j.c.ReleaseDesc(descs[len(descs)-1].Seq+1))
		}
		j.balance(t, p)
		if p.Lost(0)+p.Lost(1) != 0 {
			t.Errorf("lost %d and %d samples with room for all", p.Lost(0), p.Lost(1))
		}
		must(t, src.batch(full+1, 10)) // never fits
		if p.Lost(0) != uint64(full+1) || p.Lost(1) != 10 {
			t.Errorf("lost %d and %d samples, want %d and 10", p.Lost(0), p.Lost(1), full+1)
		}
	}
}

func TestZeroSampleBatchWritesNothing(t *testing.T) {
	r, p := heapPair(t, spec16(1, Granule, 64))
	p.Begin(1)
	must(t, p.Push(0, nil))
	must(t, p.Commit())
	if d := p.hdr.dWrite.Load(); d != 0 {
		t.Errorf("%d descriptors for nothing", d)
	}
	if r.Progress().ProgressNS == 0 {
		t.Error("no progress shown")
	}
}

// A queue that is full before the lanes drops too, and the last batch still fits.
func TestQueueFullBeforeLanes(t *testing.T) {
	r, p := heapPair(t, spec16(2, Granule, 64))
	j := newJudge(r)
	src := source{p: p}
	for range 100 {
		must(t, src.batch(1, 1))
	}
	if p.Lost(0) == 0 {
		t.Fatal("nothing was dropped by a full queue")
	}
	if free := 64 - int(p.hdr.dWrite.Load()); free < reserveDescs(2) {
		t.Errorf("%d descriptors free, the reserve is %d", free, reserveDescs(2))
	}
	must(t, p.Finish(&DeviceError{Class: 3, Status: 99}))
	j.drain(t)
	j.balance(t, p)
	if !j.c.EOS() || j.types[DescError] != 1 || j.types[DescGap] != 2 {
		t.Errorf("end %v, descriptors %v", j.c.EOS(), j.types)
	}
	if s := r.Progress(); s.State != ProducerFailed || s.FailStatus != 99 {
		t.Errorf("status %+v", s)
	}
}

// The last batch finds room with full lanes, a full queue, two GAPs in each lane, triggers and an error.
func TestLastBatchWithEverythingFull(t *testing.T) {
	const lanes = 3
	r, p := heapPair(t, spec16(lanes, Granule, 64))
	j := newJudge(r)
	src := source{p: p}
	must(t, src.batch(32768, 32768, 32768))
	for range 80 { // the lanes are full; fill the queue too, as far as marks can
		p.Begin(1)
		must(t, p.Mark(Mark{Type: DescError, Class: 1}))
		must(t, p.Commit())
	}
	for lane := range lanes {
		must(t, p.Gap(lane, 10, CauseUSB))
	}
	must(t, src.batch(5, 5, 5))
	for range maxTriggers {
		must(t, p.Mark(Mark{Type: DescTrigger}))
	}
	must(t, p.Mark(Mark{Type: DescParam, Code: ParamDeadTime, DeadTimeNS: 5}))
	must(t, p.Finish(errors.New("vendor library is gone")))
	j.drain(t)
	j.balance(t, p)
	if !j.c.EOS() || j.types[DescGap] != 2*lanes || j.types[DescTrigger] != maxTriggers {
		t.Errorf("end %v, descriptors %v", j.c.EOS(), j.types)
	}
	if err := p.Finish(nil); !errors.Is(err, ErrClosed) {
		t.Errorf("second Finish: %v, want ErrClosed", err)
	}
}

func TestReserve(t *testing.T) {
	r, p := heapPair(t, spec16(2, Granule, 64))
	j := newJudge(r)
	src := source{p: p}
	if _, err := p.Reserve(0, 8193); !errors.Is(err, ErrTooLarge) {
		t.Errorf("more than a quarter: %v, want ErrTooLarge", err)
	}
	for range 20 { // across the end of the lane too
		b, err := p.Reserve(0, 5000)
		must(t, err)
		fillPattern(b, 0, p.Next(0), 2)
		intent := p.lanes[0].raw.wIntent.Load()
		p.Begin(1)
		must(t, src.push(1, 100))
		must(t, p.Filled(0, 4000))
		must(t, p.Commit())
		if now := p.lanes[0].raw.wIntent.Load(); now != intent {
			t.Errorf("intent fell from %d to %d", intent, now)
		}
		j.drain(t)
	}
	j.balance(t, p)
	if j.recorded[0] != 80000 {
		t.Errorf("recorded %d", j.recorded[0])
	}
}

// What was reserved behind a batch that is then dropped moves down, and the loss takes its first samples; all across the end of the lane.
func TestReserveAcrossDrop(t *testing.T) {
	s := spec16(2, Granule, 64)
	s.Lanes[0].Capacity = 3 * Granule
	r, p := heapPair(t, s)
	j := newJudge(r)
	src := source{p: p}
	for range 2 {
		must(t, src.batch(31268, 31268))
		j.drain(t)
	}
	must(t, src.batch(32768, 32768)) // lane 1 is full, lane 0 stands 3000 samples before its end
	p.Begin(1)
	must(t, src.push(0, 1000))
	b, err := p.Reserve(0, 5000)
	must(t, err)
	must(t, src.push(1, 1200)) // no room: all of the batch is lost
	must(t, p.Commit())
	j.drain(t)
	fillPattern(b, 0, p.Next(0), 2)
	p.Begin(2)
	must(t, p.Filled(0, 5000))
	must(t, src.push(1, 7))
	must(t, p.Commit())
	j.drain(t)
	j.balance(t, p)
	if j.lost[0] != 1200 || j.lost[1] != 1200 || j.recorded[0] != 2*31268+32768+4800 {
		t.Errorf("lost %d, recorded %d", j.lost, j.recorded)
	}
}
