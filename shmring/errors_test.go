package shmring

import (
	"errors"
	"fmt"
	"testing"
)

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		got  any
		want string
	}{
		{&StateError{State: CoreDraining, Reason: 3}, "core is draining (reason 3)"},
		{&FaultError{Reason: FaultCRC, Index: 9, Lane: -1}, "ring protocol broken at descriptor 9: descriptor checksum"},
		{&FaultError{Reason: FaultPos, Index: 9, Lane: 2}, "ring protocol broken at descriptor 9, lane 2: lane position"},
		{&DeviceError{Class: 2, Status: 0x10}, "device failed (class 2, status 0x10)"},
		{FaultReason(99), "fault 99"},
		{FaultReason(0), "fault 0"},
		{FaultLostCount, "count of lost samples"},
		{CoreFault, "fault"},
		{CoreState(9), "core_state(9)"},
		{ProducerFailed, "failed"},
		{ProducerState(9), "producer_state(9)"},
		{Sum, "sum"},
		{Kind(6), "kind(6)"},
		{F32, "f32"},
		{I16, "i16"},
		{SampleType(0), "sample_type(0)"},
		{SampleType(6), "sample_type(6)"},
		{DescEOS, "EOS"},
		{DescType(0), "type(0)"},
		{CauseUnknown, "unknown"},
		{Cause(0), "cause(0)"},
		{CauseRingFull, "ring_full"},
	} {
		if got := fmt.Sprint(c.got); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// A driver that writes reserved memory by itself tells what it could not place.
func TestMiss(t *testing.T) {
	r, p := heapPair(t, spec16(2, Granule, 64))
	j := newJudge(r)
	src := source{p: p}
	must(t, src.batch(30000, 30000))
	if _, err := p.Reserve(0, 8000); !errors.Is(err, ErrNoRoom) {
		t.Fatalf("reserve without room: %v, want ErrNoRoom", err)
	}
	p.Begin(1)
	must(t, p.Miss(0, 8000))
	must(t, src.push(1, 2000)) // there is room, but the batch is lost as a whole
	must(t, p.Commit())
	if err := p.Miss(0, 1); !errors.Is(err, ErrMisuse) {
		t.Errorf("miss without a batch: %v, want ErrMisuse", err)
	}
	j.drain(t)
	must(t, src.batch(10, 6010))
	j.drain(t)
	j.balance(t, p)
	if j.lost[0] != 8000 || j.lost[1] != 8000 {
		t.Errorf("lost %d, want 8000 each", j.lost)
	}
}

func TestSignsOfLife(t *testing.T) {
	r, p := heapPair(t, spec16(1, Granule, 64))
	before := MonoNow()
	r.Alive()
	p.Alive()
	p.Progress()
	after := MonoNow()
	s := r.Progress()
	for name, at := range map[string]int64{"core": int64(r.mem.header().coreAliveNS.Load()), "process": s.AliveNS, "acquisition": s.ProgressNS} {
		if at < before || at > after {
			t.Errorf("%s: sign of life at %d, now is %d to %d", name, at, before, after)
		}
	}
	if p.File() != nil || p.Spec().Generation != 7 || p.Lanes() != 1 {
		t.Errorf("file %v, generation %d, %d lanes", p.File(), p.Spec().Generation, p.Lanes())
	}
}
