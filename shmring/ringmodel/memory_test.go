package ringmodel

import (
	"slices"
	"testing"
)

// TestStoreBuffer lists the orders in which stores can take effect.
func TestStoreBuffer(t *testing.T) {
	const a, b = locDRead, locWaiting
	type put struct {
		kind uint8
		l    loc
		v    uint32
	}
	mark := put{kind: fenceMark}
	tests := []struct {
		name string
		mem  Memory
		puts []put
		can  []int // entries that may take effect first
	}{
		{"amd64 keeps the order", AMD64, []put{{plainStore, a, 1}, {plainStore, b, 2}}, []int{0}},
		{"arm64 does not", ARM64, []put{{plainStore, a, 1}, {plainStore, b, 2}}, []int{0, 1}},
		{"but in one place", ARM64, []put{{plainStore, a, 1}, {plainStore, a, 2}}, []int{0}},
		{"a release waits for what is before it", ARM64, []put{{plainStore, a, 1}, {releaseStore, b, 2}}, []int{0}},
		{"but not for it what is behind it", ARM64, []put{{releaseStore, a, 1}, {plainStore, b, 2}}, []int{0, 1}},
		{"a fence holds stores back", ARM64, []put{{plainStore, a, 1}, mark, {plainStore, b, 2}}, []int{0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := &model{c: &Case{KillProducer: true}, mem: tt.mem}
			var s state
			for _, p := range tt.puts {
				ok := p.kind == fenceMark && m.storeStore(&s, byProducer) || p.kind != fenceMark && m.store(&s, byProducer, p.kind, p.l, p.v)
				if !ok {
					t.Fatal("buffer full")
				}
			}
			var can []int
			for i := range int(s.queued[byProducer]) {
				if m.mayLeave(&s, byProducer, i) {
					can = append(can, i)
				}
			}
			if !slices.Equal(can, tt.can) {
				t.Errorf("entries %v may take effect, want %v", can, tt.can)
			}
		})
	}
}

func TestStoreBufferForwardsAndDrains(t *testing.T) {
	m := &model{c: &Case{}, mem: ARM64}
	var s state
	m.store(&s, byProducer, plainStore, locDWrite, 1)
	m.storeStore(&s, byProducer)
	m.store(&s, byProducer, plainStore, locDWrite, 2)
	if own, other := s.load(byProducer, locDWrite), s.load(byRecorder, locDWrite); own != 2 || other != 0 {
		t.Errorf("producer sees %d, recorder %d; want 2 and 0", own, other)
	}
	s.leave(byProducer, 0)
	if s.mem[locDWrite] != 1 || s.queued[byProducer] != 1 {
		t.Errorf("memory has %d and %d stores wait, want 1 and 1: the fence goes with the last store before it", s.mem[locDWrite], s.queued[byProducer])
	}
	s.leave(byProducer, 0)
	if s.mem[locDWrite] != 2 || !s.drained(byProducer) || s.buf != [numWriters][bufCap]entry{} {
		t.Errorf("memory has %d and the buffer %v", s.mem[locDWrite], s.buf)
	}
}

func TestStoreBufferFills(t *testing.T) {
	m := &model{c: &Case{}, mem: AMD64}
	var s state
	for i := range bufCap {
		if !m.store(&s, byRecorder, plainStore, locDRead, uint32(i)) {
			t.Fatalf("store %d refused", i)
		}
	}
	if m.store(&s, byRecorder, plainStore, locDRead, 0) {
		t.Error("a full buffer took another store")
	}
}

func TestDescriptorWord(t *testing.T) {
	for _, d := range []desc{
		{seq: 63, typ: typeData, lane: 1, count: 7, pos: 31, first: 30, aux: 0, end: true},
		{seq: 1, typ: typeGap, lane: 0, pos: 5, first: 9, aux: 31},
		{seq: 2, typ: typeEOS, end: true},
	} {
		if got := unpack(d.word()); got != d {
			t.Errorf("got %+v, want %+v", got, d)
		}
	}
}

func TestHashSet(t *testing.T) {
	s := newHashSet()
	for h := uint64(2); h < 10_000; h++ {
		if !s.add(h) || s.add(h) {
			t.Fatalf("hash %d: want new, then known", h)
		}
	}
	if !s.add(0) || s.add(0) {
		t.Error("hash 0: want new, then known")
	}
	if s.count != 9_999 {
		t.Errorf("count is %d", s.count)
	}
}
