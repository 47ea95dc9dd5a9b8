package shmring

import (
	"encoding/binary"
	"fmt"
	"testing"
)

// lane16 is a plain lane of int16.
func lane16(capacity uint64) LaneSpec {
	return LaneSpec{SampleType: I16, IntervalNumFS: 1e9, IntervalDen: 1, Ratio: 1, Scale: 1, Capacity: capacity}
}

func spec16(lanes int, capacity uint64, descs uint32) Spec {
	s := Spec{Generation: 7, DescCount: descs}
	for i := range lanes {
		l := lane16(capacity)
		l.Channel, l.Name = uint16(i), fmt.Sprintf("ch%d", i)
		s.Lanes = append(s.Lanes, l)
	}
	return s
}

// wordAt is the pattern: every 8 bytes of a lane's endless stream (by epoch index, as if nothing was ever lost) tell where they belong.
func wordAt(lane int, word uint64) uint64 {
	z := word ^ uint64(lane+1)<<56 + 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// fillPattern writes the samples of a lane from the epoch index first on.
func fillPattern(dst []byte, lane int, first uint64, size int) {
	var b [8]byte
	pos := first * uint64(size)
	for len(dst) > 0 {
		binary.LittleEndian.PutUint64(b[:], wordAt(lane, pos/8))
		n := copy(dst, b[pos%8:])
		dst, pos = dst[n:], pos+uint64(n)
	}
}

// badPattern returns the index of the first wrong byte, or -1.
func badPattern(got []byte, lane int, first uint64, size int) int {
	var b [8]byte
	pos := first * uint64(size)
	for at := 0; at < len(got); {
		word := wordAt(lane, pos/8)
		if pos%8 == 0 && len(got)-at >= 8 {
			if binary.LittleEndian.Uint64(got[at:]) != word {
				return at
			}
			at, pos = at+8, pos+8
			continue
		}
		binary.LittleEndian.PutUint64(b[:], word)
		if got[at] != b[pos%8] {
			return at
		}
		at, pos = at+1, pos+1
	}
	return -1
}

// judge drains a consumer and keeps the account that the tests compare.
type judge struct {
	c        *Consumer
	spec     Spec
	recorded []uint64 // samples per lane
	lost     []uint64 // samples in GAPs per lane
	unknown  []uint64 // GAPs without a count per lane
	pos      []uint64 // next lane index
	gapEnds  []uint64 // raw index at which the newest counted loss of each lane ends
	types    map[DescType]int
	batches  int
	hold     bool // keep everything leased
	check    bool // compare samples with the pattern
}

func newJudge(r *Ring) *judge {
	n := len(r.Spec().Lanes)
	j := &judge{c: NewConsumer(r), spec: r.Spec(), types: map[DescType]int{}, check: true}
	for _, s := range []*[]uint64{&j.recorded, &j.lost, &j.unknown, &j.pos, &j.gapEnds} {
		*s = make([]uint64, n)
	}
	for i, l := range j.spec.Lanes {
		j.pos[i] = l.StartPos / uint64(l.SampleType.Bytes())
	}
	return j
}

// pass takes what one Poll has and returns the number of descriptors.
func (j *judge) pass() (int, error) {
	descs, err := j.c.Poll()
	if err != nil {
		return 0, err
	}
	for _, d := range descs {
		if err := j.take(d); err != nil {
			return 0, fmt.Errorf("descriptor %d (%s, lane %d): %w", d.Seq, d.Type, d.Lane, err)
		}
	}
	if len(descs) > 0 && !j.hold {
		if err := j.c.ReleaseDesc(descs[len(descs)-1].Seq + 1); err != nil {
			return 0, err
		}
	}
	return len(descs), nil
}

func (j *judge) take(d Desc) error {
	j.types[d.Type]++
	if d.Flags&FlagBatchEnd != 0 {
		j.batches++
	}
	lane := int(d.Lane)
	switch d.Type {
	case DescGap:
		if d.Aux == UnknownCount {
			j.unknown[lane]++
			break
		}
		j.lost[lane] += d.Aux
		j.gapEnds[lane] = (d.FirstSample + d.Aux) * uint64(j.spec.Lanes[lane].Ratio)
	case DescData:
		if d.FirstSample != j.recorded[lane]+j.lost[lane] || d.Pos != j.pos[lane] {
			return fmt.Errorf("starts at epoch index %d, position %d; want %d, %d", d.FirstSample, d.Pos, j.recorded[lane]+j.lost[lane], j.pos[lane])
		}
		size := j.spec.Lanes[lane].SampleType.Bytes()
		got := j.c.Data(lane, d.Pos, d.Count)
		if len(got) != int(d.Count)*size {
			return fmt.Errorf("%d bytes for %d samples", len(got), d.Count)
		}
		if j.check {
			if at := badPattern(got, lane, d.FirstSample, size); at >= 0 {
				return fmt.Errorf("wrong byte at %d of %d", at, len(got))
			}
		}
		j.recorded[lane] += uint64(d.Count)
		j.pos[lane] += uint64(d.Count)
		if !j.hold {
			return j.c.ReleaseData(lane, j.pos[lane])
		}
	}
	return nil
}

// drain passes until nothing is there.
func (j *judge) drain(t *testing.T) {
	t.Helper()
	for {
		n, err := j.pass()
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// balance checks that everything the producer had is recorded or lost.
func (j *judge) balance(t *testing.T, p *Producer) {
	t.Helper()
	for i := range j.recorded {
		if got, want := j.recorded[i]+j.lost[i], p.Next(i); got != want {
			t.Errorf("lane %d: recorded %d + lost %d = %d, produced %d", i, j.recorded[i], j.lost[i], got, want)
		}
		if j.lost[i] != p.Lost(i) {
			t.Errorf("lane %d: GAPs say %d lost, the producer %d", i, j.lost[i], p.Lost(i))
		}
	}
}

// source pushes the pattern.
type source struct {
	p   *Producer
	buf []byte
}

// push gives n samples of the lane to the open batch.
func (s *source) push(lane, n int) error {
	size := int(s.p.lanes[lane].size)
	if len(s.buf) < n*size {
		s.buf = make([]byte, n*size)
	}
	b := s.buf[:n*size]
	fillPattern(b, lane, s.p.Next(lane), size)
	return s.p.Push(lane, b)
}

// batch commits a batch with counts[i] samples of lane i.
func (s *source) batch(counts ...int) error {
	s.p.Begin(MonoNow())
	for lane, n := range counts {
		if err := s.push(lane, n); err != nil {
			return err
		}
	}
	return s.p.Commit()
}

func heapPair(t testing.TB, spec Spec) (*Ring, *Producer) {
	t.Helper()
	r, err := NewHeap(spec)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.NewProducer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Close()
		r.Close()
	})
	return r, p
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
