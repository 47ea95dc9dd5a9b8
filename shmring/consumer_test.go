package shmring

import (
	"errors"
	"math"
	"testing"
	"time"
)

// forge writes descriptors as a hostile producer would and commits them.
func forge(r *Ring, descs ...Desc) {
	h := r.mem.header()
	at := h.dWrite.Load()
	for i, d := range descs {
		d.put(r.mem.desc(at + uint64(i)))
	}
	h.dWrite.Store(at + uint64(len(descs)))
}

func TestFaults(t *testing.T) {
	data := func(seq, pos uint64, n uint32, flags DescFlags) Desc {
		return Desc{Seq: seq, Type: DescData, Flags: flags, Count: n, Pos: pos, FirstSample: pos}
	}
	one := func(d Desc) func(r *Ring) {
		d.Flags |= FlagBatchEnd
		return func(r *Ring) { forge(r, d) }
	}
	for _, c := range []struct {
		name string
		do   func(r *Ring)
		want FaultReason
	}{
		{"cursor beyond the queue", func(r *Ring) { r.mem.header().dWrite.Store(65) }, FaultCursor},
		{"cursor falls", func(r *Ring) { r.mem.header().dWrite.Store(math.MaxUint64) }, FaultCursor},
		{"nothing written", func(r *Ring) { r.mem.header().dWrite.Store(1) }, FaultCRC},
		{"sequence", one(data(1, 0, 1, 0)), FaultSeq},
		{"type 0", one(Desc{}), FaultType},
		{"type 9", one(Desc{Type: 9}), FaultType},
		{"lane 1 of 1", one(Desc{Type: DescData, Lane: 1, Count: 1}), FaultLane},
		{"data of all lanes", one(Desc{Type: DescData, Lane: AllLanes, Count: 1}), FaultLane},
		{"gap of all lanes", one(Desc{Type: DescGap, Lane: AllLanes, Aux: 1, Code: 1}), FaultLane},
		{"trigger of all lanes", one(Desc{Type: DescTrigger, Lane: AllLanes}), FaultLane},
		{"no samples", one(data(0, 0, 0, 0)), FaultCount},
		{"samples in a gap", one(Desc{Type: DescGap, Aux: 1, Code: 1, Count: 1}), FaultCount},
		{"samples at the end", one(Desc{Type: DescEOS, Lane: AllLanes, Count: 1}), FaultCount},
		{"position", one(Desc{Type: DescData, Count: 1, Pos: 1}), FaultPos},
		{"position of a gap", one(Desc{Type: DescGap, Aux: 1, Code: 1, Pos: 1}), FaultPos},
		{"epoch index", one(Desc{Type: DescData, Count: 1, FirstSample: 1}), FaultFirst},
		{"more than the lane", one(data(0, 0, 32769, 0)), FaultRoom},
		{"most that can be said", one(data(0, 0, math.MaxUint32, 0)), FaultRoom},
		{"more than the lane in two batches", func(r *Ring) { forge(r, data(0, 0, 32768, FlagBatchEnd), data(1, 32768, 1, FlagBatchEnd)) }, FaultRoom},
		{"two of a lane in a batch", func(r *Ring) { forge(r, data(0, 0, 1, 0), data(1, 1, 1, FlagBatchEnd)) }, FaultBatch},
		{"gap behind its data", func(r *Ring) {
			forge(r, data(0, 0, 1, 0), Desc{Seq: 1, Type: DescGap, Flags: FlagBatchEnd, Aux: 1, Code: 1, Pos: 1, FirstSample: 1})
		}, FaultBatch},
		{"three gaps", func(r *Ring) {
			forge(r, Desc{Type: DescGap, Aux: 1, Code: 1}, Desc{Seq: 1, Type: DescGap, Aux: 1, Code: 1, FirstSample: 1},
				Desc{Seq: 2, Type: DescGap, Flags: FlagBatchEnd, Aux: 1, Code: 1, FirstSample: 2})
		}, FaultBatch},
		{"batch without end", func(r *Ring) {
			var d []Desc
			for i := range 14 {
				d = append(d, Desc{Seq: uint64(i), Type: DescError, Lane: AllLanes})
			}
			forge(r, d...)
		}, FaultBatch},
		{"gap of nothing", one(Desc{Type: DescGap, Code: 1}), FaultCause},
		{"gap by the disk", one(Desc{Type: DescGap, Aux: 1, Code: uint32(CauseDisk)}), FaultCause},
		{"gap without cause", one(Desc{Type: DescGap, Aux: 1}), FaultCause},
		{"gap beyond the index", one(Desc{Type: DescGap, Aux: 1 << 63, Code: 1}), FaultFirst},
		{"gaps beyond the index", func(r *Ring) {
			forge(r, Desc{Type: DescGap, Aux: math.MaxInt64, Code: 1}, Desc{Seq: 1, Type: DescGap, Flags: FlagBatchEnd, Aux: 1, Code: 4, FirstSample: math.MaxInt64})
		}, FaultFirst},
		{"data beyond the index", func(r *Ring) {
			forge(r, Desc{Type: DescGap, Aux: math.MaxInt64, Code: 1}, Desc{Seq: 1, Type: DescData, Flags: FlagBatchEnd, Count: 1, FirstSample: math.MaxInt64})
		}, FaultFirst},
		{"unknown parameter", one(Desc{Type: DescParam, Code: 4}), FaultParam},
		{"scale is no number", one(Desc{Type: DescParam, Code: ParamScale, Aux: math.Float64bits(math.NaN())}), FaultParam},
		{"offset is infinite", one(Desc{Type: DescParam, Code: ParamOffset, Aux: math.Float64bits(math.Inf(-1))}), FaultParam},
		{"behind the end", func(r *Ring) {
			forge(r, Desc{Type: DescEOS, Lane: AllLanes, Flags: FlagBatchEnd}, data(1, 0, 1, FlagBatchEnd))
		}, FaultAfterEOS},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := NewHeap(spec16(1, Granule, 64))
			must(t, err)
			defer r.Close()
			c.do(r)
			cons := NewConsumer(r)
			var fault *FaultError
			for range 3 { // good batches before the fault are handed out first
				if _, err = cons.Poll(); err != nil {
					break
				}
			}
			if !errors.As(err, &fault) || fault.Reason != c.want {
				t.Fatalf("error %v, want %s", err, c.want)
			}
			if r.State() != CoreFault || r.mem.header().closeReason.Load() != uint32(c.want) {
				t.Errorf("core is %s", r.State())
			}
			if _, again := cons.Poll(); again != err {
				t.Errorf("the fault is not final: %v", again)
			}
			cons.Wait(time.Hour) // returns at once
		})
	}
}

// Only complete batches count: what follows the last end is not there, and may come to be.
func TestPartialBatch(t *testing.T) {
	r, err := NewHeap(spec16(1, Granule, 64))
	must(t, err)
	defer r.Close()
	c := NewConsumer(r)
	forge(r, Desc{Type: DescData, Flags: FlagBatchEnd, Count: 5}, Desc{Seq: 1, Type: DescGap, Aux: 3, Code: 1, Pos: 5, FirstSample: 5})
	descs, err := c.Poll()
	must(t, err)
	if len(descs) != 1 || descs[0].Count != 5 {
		t.Fatalf("got %+v", descs)
	}
	for range 2 {
		if descs, err = c.Poll(); len(descs) != 0 || err != nil {
			t.Fatalf("half a batch was handed out: %+v, %v", descs, err)
		}
	}
	if a := c.Account(); a.Desc != 1 || a.Lanes[0] != (LaneAccount{Pos: 5, FirstSample: 5}) {
		t.Errorf("account %+v", a)
	}
	r.mem.lane(0).lost.Store(10)
	if rest, err := c.DrainDead(); err != nil || rest[0] != 10 {
		t.Errorf("rest %d, %v; want 10", rest, err)
	}
	forge(r, Desc{Seq: 2, Type: DescData, Flags: FlagBatchEnd, Count: 1, Pos: 5, FirstSample: 8})
	descs, err = c.Poll()
	must(t, err)
	if a := c.Account(); len(descs) != 2 || a.Desc != 3 || a.Lanes[0] != (LaneAccount{Pos: 6, FirstSample: 9, Gaps: 3}) {
		t.Errorf("got %+v, account %+v", descs, a)
	}
	if rest, err := c.DrainDead(); err != nil || rest[0] != 7 {
		t.Errorf("rest %d, %v; want 7", rest, err)
	}
	for _, lost := range []uint64{2, math.MaxUint64} {
		r.mem.lane(0).lost.Store(lost)
		if rest, err := c.DrainDead(); err == nil || rest[0] != 0 {
			t.Errorf("count of %d lost: rest %d, %v; want a fault", lost, rest, err)
		}
	}
}

func TestLease(t *testing.T) {
	r, p := heapPair(t, spec16(1, Granule, 64))
	c := NewConsumer(r)
	must(t, (&source{p: p}).batch(100))
	_, err := c.Poll()
	must(t, err)
	if used, total := c.LaneFill(0); used != 200 || total != Granule {
		t.Errorf("lane fill %d of %d", used, total)
	}
	if used, total := c.DescFill(); used != 1 || total != 64 {
		t.Errorf("queue fill %d of %d", used, total)
	}
	must(t, c.ReleaseData(0, 40))
	for _, l := range []struct {
		name  string
		lane  int
		pos   uint64
		count uint32
		want  int
	}{
		{"all", 0, 40, 60, 120},
		{"part", 0, 50, 10, 20},
		{"released", 0, 39, 1, 0},
		{"beyond", 0, 40, 61, 0},
		{"far beyond", 0, 1 << 40, 1, 0},
		{"overflow", 0, math.MaxUint64, 2, 0},
		{"most", 0, 41, math.MaxUint32, 0},
		{"no such lane", 1, 40, 1, 0},
		{"negative lane", -1, 40, 1, 0},
	} {
		if got := c.Data(l.lane, l.pos, l.count); len(got) != l.want {
			t.Errorf("%s: %d bytes, want %d", l.name, len(got), l.want)
		}
	}
	for _, end := range []uint64{101, 1 << 50} {
		if err := c.ReleaseData(0, end); !errors.Is(err, ErrNotLeased) {
			t.Errorf("release to %d: %v, want ErrNotLeased", end, err)
		}
	}
	must(t, c.ReleaseData(0, 10)) // older: nothing changes
	if r := r.mem.lane(0).rPos.Load(); r != 80 {
		t.Errorf("r_pos %d, want 80", r)
	}
	if err := c.ReleaseDesc(2); !errors.Is(err, ErrNotLeased) {
		t.Errorf("release of a descriptor not handed out: %v", err)
	}
	must(t, c.ReleaseDescEarly(1))
	h := r.mem.header()
	if h.dRead.Load() != 1 || h.dDurable.Load() != 0 {
		t.Errorf("early: d_read %d, d_durable %d", h.dRead.Load(), h.dDurable.Load())
	}
	must(t, c.ReleaseDesc(1))
	if h.dRead.Load() != 1 || h.dDurable.Load() != 1 {
		t.Errorf("then: d_read %d, d_durable %d", h.dRead.Load(), h.dDurable.Load())
	}
}

// A producer that rings and moves its cursor without ever completing a batch cannot make the consumer spin.
func TestMadBell(t *testing.T) {
	r, err := NewHeap(spec16(1, Granule, 64))
	must(t, err)
	defer r.Close()
	c := NewConsumer(r)
	h := r.mem.header()
	passes, end := 0, time.Now().Add(50*time.Millisecond)
	for time.Now().Before(end) {
		h.doorbell.Add(1)
		descs, err := c.Poll()
		if len(descs) != 0 || err != nil {
			t.Fatalf("%v, %v", descs, err)
		}
		h.doorbell.Add(1)
		c.Wait(0)
		passes++
	}
	if passes > 60 {
		t.Errorf("%d passes in 50 ms, each should rest for 1 ms", passes)
	}
}
