package shmring

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A capture is never dropped: the calls say that there is no room, take nothing, and can be repeated.
func TestWaveformIsLossless(t *testing.T) {
	r, p := heapPair(t, spec16(1, Granule, 64))
	j := newJudge(r)
	src := source{p: p}
	p.Begin(1)
	must(t, p.Mark(Mark{Type: DescWaveBegin, Waveform: 5, Arming: 2, Samples: 40000, Segment: 3}))
	must(t, p.Mark(Mark{Type: DescParam, Code: ParamDeadTime, DeadTimeNS: 77}))
	must(t, src.push(0, 30000))
	must(t, p.Commit())
	p.Begin(2)
	if err := src.push(0, 10000); !errors.Is(err, ErrNoRoom) {
		t.Fatalf("push without room: %v, want ErrNoRoom", err)
	}
	if _, err := p.Reserve(0, 8000); !errors.Is(err, ErrNoRoom) {
		t.Fatalf("reserve without room: %v, want ErrNoRoom", err)
	}
	if err := p.Miss(0, 1); !errors.Is(err, ErrMisuse) {
		t.Fatalf("miss in a capture: %v, want ErrMisuse", err)
	}
	j.drain(t)
	must(t, src.push(0, 10000))
	must(t, p.Mark(Mark{Type: DescTrigger, Lane: 0, Sample: 12, OffsetFS: 5}))
	must(t, p.Mark(Mark{Type: DescWaveEnd, Urgent: true}))
	if err := p.Mark(Mark{Type: DescWaveBegin, Waveform: 6}); !errors.Is(err, ErrMisuse) {
		t.Errorf("capture within a capture: %v, want ErrMisuse", err)
	}
	must(t, p.Commit())
	descs, err := j.c.Poll()
	must(t, err)
	want := []Desc{
		{Seq: 6, Type: DescData, Count: 5000, Pos: 30000, FirstSample: 30000, TMonoNS: 2, Waveform: 5, Flags: FlagBatchEnd},
		{Seq: 7, Type: DescData, Count: 5000, Pos: 35000, FirstSample: 35000, TMonoNS: 2, Waveform: 5},
		{Seq: 8, Type: DescTrigger, Pos: 40000, FirstSample: 40000, TMonoNS: 2, Waveform: 5, Aux: uint64(math.MaxUint64 - uint64(39988e9) + 1 + 5)},
		{Seq: 9, Type: DescWaveEnd, Lane: AllLanes, TMonoNS: 2, Waveform: 5, Flags: FlagUrgent | FlagBatchEnd},
	}
	if diff := cmp.Diff(want, descs); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if p.Lost(0) != 0 {
		t.Errorf("lost %d", p.Lost(0))
	}
	a := j.c.Account()
	if a.WaveOpen || a.Waveform != 5 {
		t.Errorf("account %+v after the end of capture 5", a)
	}
}

func TestCommitWithoutDescriptors(t *testing.T) {
	r, p := heapPair(t, spec16(1, Granule, 64))
	j := newJudge(r)
	src := source{p: p}
	p.SetLossless(true)
	var err error
	for err == nil {
		err = src.batch(1)
	}
	if !errors.Is(err, ErrNoRoom) {
		t.Fatalf("commit with a full queue: %v, want ErrNoRoom", err)
	}
	j.drain(t)
	must(t, p.Commit()) // the batch was kept
	must(t, p.Finish(nil))
	j.drain(t)
	j.balance(t, p)
	if p.Lost(0) != 0 {
		t.Errorf("lost %d samples", p.Lost(0))
	}
}

func TestFinishLosesWhatDoesNotFit(t *testing.T) {
	r, p := heapPair(t, spec16(1, Granule, 64))
	j := newJudge(r)
	src := source{p: p}
	p.SetLossless(true)
	for src.batch(1) == nil {
	}
	must(t, p.Finish(nil))
	j.drain(t)
	j.balance(t, p)
	if !j.c.EOS() || p.Lost(0) != 1 {
		t.Errorf("end %v, lost %d, want 1", j.c.EOS(), p.Lost(0))
	}
}

func TestParamWaitsForItsData(t *testing.T) {
	r, p := heapPair(t, spec16(2, Granule, 64))
	c := NewConsumer(r)
	must(t, p.Mark(Mark{Type: DescParam, Lane: 1, Code: ParamScale, Value: 1}))
	must(t, p.Mark(Mark{Type: DescParam, Lane: 1, Code: ParamScale, Value: 2})) // the newer one counts
	p.Begin(1)
	must(t, p.Commit())
	if descs, _ := c.Poll(); len(descs) != 0 {
		t.Fatalf("a parameter travelled alone: %v", descs)
	}
	p.Begin(1)
	must(t, p.Push(0, make([]byte, 2)))
	must(t, p.Commit())
	descs, err := c.Poll()
	must(t, err)
	if len(descs) != 2 || descs[1].Type != DescParam || math.Float64frombits(descs[1].Aux) != 2 {
		t.Errorf("got %+v", descs)
	}
}

func TestTriggerOffset(t *testing.T) {
	s := &LaneSpec{IntervalNumFS: 1e15, IntervalDen: 3, Ratio: 10} // 10/3 s
	for _, c := range []struct {
		name   string
		from   uint64
		sample uint64
		offset int64
		want   int64
	}{
		{"at the sample", 5, 5, 9, 9},
		{"before", 5, 4, 1, -3333333333333333 + 1},
		{"behind", 5, 8, -1, 10e15 - 1},
		{"far before is held", 1 << 62, 0, 0, -math.MaxInt64},
		{"far behind is held", 0, 1 << 62, 5, math.MaxInt64},
		{"far before and farther", 1 << 62, 0, -5, math.MinInt64},
	} {
		if got := triggerOffset(s, c.from, trigger{sample: c.sample, offsetFS: c.offset}); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestWaitRoomEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(r *Ring, cancel func())
		want func(err error) bool
	}{
		{"core drains", func(r *Ring, _ func()) { r.SetState(CoreDraining, 4) }, func(err error) bool {
			var s *StateError
			return errors.As(err, &s) && s.State == CoreDraining && s.Reason == 4
		}},
		{"context", func(_ *Ring, cancel func()) { cancel() }, func(err error) bool { return errors.Is(err, context.Canceled) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, p := heapPair(t, spec16(1, Granule, 64))
			must(t, (&source{p: p}).batch(32768))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			time.AfterFunc(10*time.Millisecond, func() { c.end(r, cancel) })
			if err := p.WaitRoom(ctx, 1); !c.want(err) {
				t.Errorf("error %v", err)
			}
			if p.hdr.producerWaiting.Load() != 0 {
				t.Error("still marked as waiting")
			}
			if p.Room(0) != 0 {
				t.Errorf("room for %d samples", p.Room(0))
			}
		})
	}
	_, p := heapPair(t, spec16(1, Granule, 64))
	if err := p.WaitRoom(t.Context(), 32769); !errors.Is(err, ErrTooLarge) {
		t.Errorf("more than the lane: %v, want ErrTooLarge", err)
	}
	if err := p.WaitRoom(t.Context(), 1, 1); !errors.Is(err, ErrMisuse) {
		t.Errorf("more lanes than there are: %v, want ErrMisuse", err)
	}
}

// A delivery of several batches into a queue that holds fewer: lossless it goes on where it stopped, streaming the rest is lost.
func TestLargeDeliveryInShortQueue(t *testing.T) {
	for _, lossless := range []bool{true, false} {
		r, p := heapPair(t, spec16(2, Granule, 32))
		j := newJudge(r)
		src := source{p: p}
		p.SetLossless(lossless)
		for range 9 { // 18 of 32 descriptors, 12 are reserved: room for one more batch
			must(t, src.batch(1, 1))
		}
		j.hold = true // the bytes are not given back, the descriptors are below
		err := src.batch(30000, 30000)
		if lossless {
			for rounds := 0; errors.Is(err, ErrNoRoom) && rounds < 10; rounds++ {
				j.drain(t)
				must(t, j.c.ReleaseDesc(j.c.Account().Desc))
				must(t, p.WaitRoom(t.Context()))
				err = p.Commit()
			}
		}
		must(t, err)
		must(t, p.Finish(nil))
		j.drain(t)
		j.balance(t, p)
		want := uint64(30000 * 3 / 4)
		if lossless {
			want = 0
		}
		if p.Lost(0) != want || p.Lost(1) != want {
			t.Errorf("lossless %v: lost %d and %d, want %d", lossless, p.Lost(0), p.Lost(1), want)
		}
	}
}
