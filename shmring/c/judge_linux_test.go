package c

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/shmring"
)

// judge drains a ring with the Go consumer and checks every sample.
type judge struct {
	c        *shmring.Consumer
	start    []uint64 // lane index of each lane's first sample
	recorded []uint64 // samples per lane
	lost     []uint64 // samples in GAPs per lane
	unknown  []uint64 // GAPs without a count per lane
	types    map[shmring.DescType]int
	wave     bool
}

func newJudge(r *shmring.Ring) *judge {
	n := len(r.Spec().Lanes)
	j := &judge{
		c: shmring.NewConsumer(r), start: make([]uint64, n), recorded: make([]uint64, n), lost: make([]uint64, n), unknown: make([]uint64, n),
		types: map[shmring.DescType]int{},
	}
	for i, l := range r.Spec().Lanes {
		j.start[i] = l.StartPos / 2
	}
	return j
}

// pass takes what one Poll has and returns the number of descriptors.
func (j *judge) pass(t *testing.T) int {
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
	if len(descs) > 0 {
		if err := j.c.ReleaseDesc(descs[len(descs)-1].Seq + 1); err != nil {
			t.Fatal(err)
		}
	}
	return len(descs)
}

func (j *judge) take(d shmring.Desc) error {
	j.types[d.Type]++
	switch d.Type {
	case shmring.DescGap:
		if d.Flags&shmring.FlagUrgent == 0 {
			return fmt.Errorf("not urgent")
		}
		if d.Aux == shmring.UnknownCount {
			j.unknown[d.Lane]++
		} else {
			j.lost[d.Lane] += d.Aux
		}
	case shmring.DescWaveBegin, shmring.DescWaveEnd:
		if j.wave = !j.wave; j.wave != (d.Type == shmring.DescWaveBegin) {
			return fmt.Errorf("captures overlap")
		}
	case shmring.DescData:
		return j.takeData(d)
	}
	return nil
}

func (j *judge) takeData(d shmring.Desc) error {
	lane := int(d.Lane)
	first, pos := j.recorded[lane]+j.lost[lane], j.start[lane]+j.recorded[lane]
	if d.FirstSample != first || d.Pos != pos {
		return fmt.Errorf("starts at epoch index %d, position %d; want %d, %d", d.FirstSample, d.Pos, first, pos)
	}
	data := j.c.Data(lane, d.Pos, d.Count)
	if len(data) != 2*int(d.Count) {
		return fmt.Errorf("%d bytes for %d samples", len(data), d.Count)
	}
	for i := range uint64(d.Count) {
		if got, want := binary.LittleEndian.Uint16(data[2*i:]), pattern(lane, d.FirstSample+i); got != want {
			return fmt.Errorf("sample %d of %d is %#x, want %#x", i, d.Count, got, want)
		}
	}
	j.recorded[lane] += uint64(d.Count)
	return j.c.ReleaseData(lane, j.start[lane]+j.recorded[lane])
}

// drain passes until nothing is there.
func (j *judge) drain(t *testing.T) {
	t.Helper()
	for j.pass(t) > 0 {
	}
}
