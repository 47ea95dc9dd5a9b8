//go:build linux

package looptest

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/scopelog/scopelog/shmring"
)

// Lane is what a test wants of a lane.
type Lane struct {
	Kind   shmring.Kind
	Type   shmring.SampleType
	Ratio  uint32
	KiB    int           // capacity, 64 KiB at least; 0: 4 MiB
	Sample time.Duration // raw sample interval; 0: 1 us
}

// Ring makes a ring that is gone with the test.
func Ring(t testing.TB, lanes ...Lane) *shmring.Ring {
	t.Helper()
	s := shmring.Spec{Generation: 1, DescCount: 1 << 14}
	for i, l := range lanes {
		spec := shmring.LaneSpec{
			Channel: uint16(i), Kind: l.Kind, SampleType: l.Type, IntervalNumFS: uint64(max(l.Sample, 1)) * 1e6, IntervalDen: 1, Ratio: max(l.Ratio, 1),
			Scale: 1, Capacity: uint64(l.KiB) << 10, Name: fmt.Sprint("lane", i),
		}
		if l.Sample == 0 {
			spec.IntervalNumFS = 1e9
		}
		if l.KiB == 0 {
			spec.Capacity = 4 << 20
		}
		if l.Type == 0 {
			spec.SampleType = shmring.I16
		}
		s.Lanes = append(s.Lanes, spec)
	}
	r, err := shmring.Create(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// Span is a run of samples that arrived, or that was lost before what follows.
type Span struct {
	First, Count uint64 // epoch index
	Lost         bool
	Unknown      bool // of unknown length; Count is 0
	Cause        shmring.Cause
	Mask         uint32 // over range
	TMonoNS      int64
}

// Mark is a trigger in the ring.
type Mark struct {
	Lane   uint16
	AtFS   int64  // time from the lane's first sample to it
	Within uint32 // samples of the lane that it lies in from there on, 0: exactly there
	Batch  int    // number of the batch that brought it
}

// Judge drains a ring and keeps all. It fails the test when positions or counts do not fit together.
type Judge struct {
	Ring    *shmring.Ring
	c       *shmring.Consumer
	Samples [][]int16 // per lane
	Spans   [][]Span  // per lane
	Batches int
	Uneven  int // batches that did not bring all lanes of ratio 1 the same number of samples
	Errors  []shmring.Desc
	Marks   []Mark // of triggers
	next    []uint64
	batch   map[uint16]uint32
}

// NewJudge makes the consumer of a ring.
func NewJudge(r *shmring.Ring) *Judge {
	n := len(r.Spec().Lanes)
	return &Judge{Ring: r, c: shmring.NewConsumer(r), Samples: make([][]int16, n), Spans: make([][]Span, n), next: make([]uint64, n), batch: map[uint16]uint32{}}
}

// Pass takes what is there and returns the number of descriptors.
func (j *Judge) Pass(t testing.TB) int {
	t.Helper()
	descs, err := j.c.Poll()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range descs {
		if err := j.take(d); err != nil {
			t.Fatalf("descriptor %d (%s, lane %d): %v", d.Seq, d.Type, d.Lane, err)
		}
	}
	if n := len(descs); n > 0 {
		if err := j.c.ReleaseDesc(descs[n-1].Seq + 1); err != nil {
			t.Fatal(err)
		}
	}
	return len(descs)
}

func (j *Judge) take(d shmring.Desc) error {
	switch d.Type {
	case shmring.DescGap:
		s := Span{First: d.FirstSample, Count: d.Aux, Lost: true, Cause: shmring.Cause(d.Code)}
		if d.Aux == shmring.UnknownCount {
			s.Count, s.Unknown = 0, true
		}
		j.next[d.Lane] += s.Count
		j.Spans[d.Lane] = append(j.Spans[d.Lane], s)
	case shmring.DescError:
		j.Errors = append(j.Errors, d)
	case shmring.DescTrigger:
		spec := j.Ring.Spec().Lanes[d.Lane]
		if d.FirstSample != j.next[d.Lane] {
			return fmt.Errorf("counts from epoch index %d, want %d", d.FirstSample, j.next[d.Lane])
		}
		step := int64(spec.IntervalNumFS) * int64(spec.Ratio) / int64(spec.IntervalDen)
		j.Marks = append(j.Marks, Mark{d.Lane, int64(d.FirstSample)*step + int64(d.Aux), d.Code, j.Batches})
	case shmring.DescData:
		if err := j.takeData(d); err != nil {
			return err
		}
	}
	if d.Flags&shmring.FlagBatchEnd != 0 {
		j.endBatch()
	}
	return nil
}

func (j *Judge) takeData(d shmring.Desc) error {
	if d.FirstSample != j.next[d.Lane] {
		return fmt.Errorf("starts at epoch index %d, want %d", d.FirstSample, j.next[d.Lane])
	}
	spec := j.Ring.Spec().Lanes[d.Lane]
	data := j.c.Data(int(d.Lane), d.Pos, d.Count)
	if len(data) != int(d.Count)*spec.SampleType.Bytes() {
		return fmt.Errorf("%d bytes for %d samples", len(data), d.Count)
	}
	for i := range int(d.Count) {
		switch spec.SampleType {
		case shmring.I16:
			j.Samples[d.Lane] = append(j.Samples[d.Lane], int16(binary.LittleEndian.Uint16(data[2*i:])))
		case shmring.I8:
			j.Samples[d.Lane] = append(j.Samples[d.Lane], int16(int8(data[i])))
		default:
			j.Samples[d.Lane] = append(j.Samples[d.Lane], int16(data[i]))
		}
	}
	j.next[d.Lane] += uint64(d.Count)
	j.Spans[d.Lane] = append(j.Spans[d.Lane], Span{First: d.FirstSample, Count: uint64(d.Count), Mask: d.Code, TMonoNS: d.TMonoNS})
	if spec.Ratio == 1 {
		j.batch[d.Lane] = d.Count
	}
	return j.c.ReleaseData(int(d.Lane), d.Pos+uint64(d.Count))
}

func (j *Judge) endBatch() {
	j.Batches++
	counts := map[uint32]bool{}
	for i, l := range j.Ring.Spec().Lanes {
		if l.Ratio == 1 && len(j.batch) > 0 {
			counts[j.batch[uint16(i)]] = true
		}
	}
	if len(counts) > 1 {
		j.Uneven++
	}
	clear(j.batch)
}

// Drain passes until the end of the stream. The one that fills the ring has to end by itself.
func (j *Judge) Drain(t testing.TB) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !j.c.EOS(); {
		if j.Pass(t) == 0 {
			j.c.Wait(0)
		}
		if time.Now().After(deadline) {
			t.Fatalf("the stream does not end: %+v", j.Ring.Progress())
		}
	}
}

// Lost is the number of samples in the gaps of a lane that have a length.
func (j *Judge) Lost(lane int) (n uint64) {
	for _, s := range j.Spans[lane] {
		if s.Lost {
			n += s.Count
		}
	}
	return n
}

// Compare checks every sample of a lane against want, which holds all that were produced, the lost ones included.
func (j *Judge) Compare(t testing.TB, lane int, want []int16) {
	t.Helper()
	at, bad := 0, 0
	for _, s := range j.Spans[lane] {
		if s.Lost {
			continue
		}
		for i := range s.Count {
			k := s.First + i
			if k >= uint64(len(want)) {
				t.Fatalf("lane %d: sample %d, but only %d were produced", lane, k, len(want))
			}
			if got := j.Samples[lane][at]; got != want[k] && bad < 3 {
				t.Errorf("lane %d: sample %d is %d, want %d", lane, k, got, want[k])
				bad++
			}
			at++
		}
	}
	if total := uint64(at) + j.Lost(lane); total != uint64(len(want)) {
		t.Errorf("lane %d: recorded %d + lost %d = %d, produced %d", lane, at, j.Lost(lane), total, len(want))
	}
}

// Skip gives back what is there without looking at it, or waits for more: for benchmarks.
func (j *Judge) Skip(t testing.TB) {
	descs, err := j.c.Poll()
	if err != nil {
		t.Fatal(err)
	}
	if len(descs) == 0 {
		j.c.Wait(0)
		return
	}
	for _, d := range descs {
		if d.Type == shmring.DescData {
			err = j.c.ReleaseData(int(d.Lane), d.Pos+uint64(d.Count))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := j.c.ReleaseDesc(descs[len(descs)-1].Seq + 1); err != nil {
		t.Fatal(err)
	}
}
