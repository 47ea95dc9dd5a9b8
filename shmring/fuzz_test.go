package shmring

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// stream hands out the fuzzer's bytes; zeroes follow the end.
type stream struct{ b []byte }

func (s *stream) take(n int) []byte {
	out := make([]byte, n)
	s.b = s.b[copy(out, s.b):]
	return out
}

func (s *stream) u8() byte    { return s.take(1)[0] }
func (s *stream) u64() uint64 { return binary.LittleEndian.Uint64(s.take(8)) }

// FuzzConsumer lets a hostile producer write anything anywhere it could in a real ring, while the consumer goes on. Whatever comes, what is
// handed out fits together, lies within bounds, and comes in bounded pieces.
func FuzzConsumer(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{3, 1, 0, 0, 10, 0, 4, 1, 5})          // a descriptor and a cursor
	f.Add([]byte{0, 1, 2, 3, 4, 5, 4, 1, 5, 4, 60, 5}) // rubbish
	// Good batches, for the fuzzer to start from: at, lane, type, flags, count, shift, position, epoch index, aux, shift, code.
	data := []byte{2, 0, 0, 1, 1, 200, 3, 0, 0, 0, 0, 0, 4, 1, 5, 0}
	f.Add(append(append([]byte{}, data...), data...))
	f.Add([]byte{2, 0, 1, 2, 0, 0, 0, 0, 0, 9, 0, 4, 2, 1, 1, 1, 1, 7, 0, 0, 9, 0, 0, 0, 4, 2, 5, 0, 2, 0, 2, 8, 3, 0, 0, 0, 0, 0, 4, 1, 5, 0, 7})
	r, err := NewHeap(spec16(2, Granule, 64))
	if err != nil {
		f.Fatal(err)
	}
	valid := Desc{Type: DescData, Flags: FlagBatchEnd, Count: 100}
	var raw [DescStride]byte
	valid.put(raw[:])
	f.Add(append(append([]byte{0, 0}, raw[:]...), 4, 1, 5, 5, 6))
	f.Fuzz(func(t *testing.T, b []byte) { beHostile(t, r, b) })
}

// The same with chance as the enemy, so that every test run sees some of it.
func TestRandomEnemies(t *testing.T) {
	r, err := NewHeap(spec16(2, Granule, 64))
	must(t, err)
	rng := rand.New(rand.NewPCG(1, 2))
	runs := 1000
	if long() {
		runs *= 300
	}
	var b []byte
	var data, gaps int
	for range runs {
		b = b[:0]
		for len(b) < 600 { // good batches, a gap now and then, and a wrong byte in 100
			kind, lane := byte(1+rng.IntN(2)), byte(rng.IntN(2))
			b = append(b, 2, 0, lane, kind, 1, byte(rng.IntN(256))*(2-kind), byte(rng.IntN(8)), 0, 0, byte(1+rng.IntN(255)), byte(rng.IntN(8)), 4, 4, 1, 5, byte(rng.IntN(2)))
			for i := len(b) - 16; i < len(b); i++ {
				if rng.IntN(100) == 0 {
					b[i] = byte(rng.IntN(256))
				}
			}
		}
		h := beHostile(t, r, b)
		data += int(h.samples[0] + h.samples[1])
		gaps += int(min(h.gaps[0], 1) + min(h.gaps[1], 1))
	}
	if data == 0 || gaps == 0 {
		t.Errorf("%d samples and %d gaps got through: the enemies were too stupid", data, gaps)
	}
}

// beHostile plays the bytes against a new consumer.
func beHostile(t *testing.T, r *Ring, b []byte) *hostile {
	clear(r.mem.head)
	clear(r.mem.queue)
	r.mem.geo.writeTables(r.mem.head, process{})
	h := &hostile{t: t, r: r, c: NewConsumer(r)}
	for s := (&stream{b}); len(s.b) > 0; {
		h.step(s)
	}
	for range 3 {
		h.consume(true)
	}
	return h
}

type hostile struct {
	t *testing.T
	r *Ring
	c *Consumer

	next    uint64 // descriptor that has to come next
	samples [2]uint64
	gaps    [2]uint64
}

func (h *hostile) step(s *stream) {
	m, hdr := h.r.mem, h.r.mem.header()
	switch s.u8() % 8 {
	case 0: // a descriptor as it comes
		copy(m.desc(uint64(s.u8())), s.take(DescStride))
	case 1: // a byte of the queue
		m.queue[int(binary.LittleEndian.Uint16(s.take(2)))%len(m.queue)] = s.u8()
	case 2, 3: // a descriptor with a good checksum and plausible numbers
		h.forge(s)
	case 4:
		hdr.dWrite.Add(uint64(s.u8() % 66))
	case 5:
		h.consume(s.u8()%2 == 0)
	case 6: // what is the producer's in the header and the lanes
		switch s.u8() % 4 {
		case 0:
			hdr.dWrite.Store(s.u64())
		case 1:
			hdr.doorbell.Store(uint32(s.u64()))
		case 2:
			l := m.lane(int(s.u8() % 2))
			l.lost.Store(s.u64())
			l.wPos.Store(s.u64())
			l.rPos.Store(s.u64()) // not the producer's, but it could
		case 3:
			copy(m.head[binary.LittleEndian.Uint16(s.take(2))%0x1400:], s.take(8))
		}
	case 7:
		if _, err := h.c.DrainDead(); err == nil {
			h.c.Account()
			h.r.Progress()
		}
	}
}

func (h *hostile) forge(s *stream) {
	at := h.c.next + uint64(s.u8()%64)
	lane := int(s.u8() % 3)
	d := Desc{Seq: at, Type: DescType(s.u8() % 10), Flags: DescFlags(s.u8()), Lane: uint16(lane), Count: uint32(s.u8()) << (s.u8() % 32)}
	if lane < 2 {
		d.Pos, d.FirstSample = h.c.lanes[lane].pos/2+uint64(s.u8()), h.c.lanes[lane].first+uint64(s.u8())
	} else {
		d.Lane = AllLanes
	}
	d.Aux, d.Code = uint64(s.u8())<<(s.u8()%64), uint32(s.u8())
	d.put(h.r.mem.desc(at))
}

// consume takes what there is and checks that it makes sense.
func (h *hostile) consume(release bool) {
	t := h.t
	descs, err := h.c.Poll()
	if err != nil {
		if len(descs) > 0 {
			t.Fatalf("descriptors beside the error %v", err)
		}
		return
	}
	if len(descs) > pollDescs+h.c.batchMax || uint64(len(descs)) > h.c.descCount {
		t.Fatalf("%d descriptors at once", len(descs))
	}
	for _, d := range descs {
		if d.Seq != h.next {
			t.Fatalf("descriptor %d where %d was due", d.Seq, h.next)
		}
		h.next++
		h.judge(d)
	}
	if n := len(descs); n > 0 {
		if descs[n-1].Flags&FlagBatchEnd == 0 {
			t.Fatal("half a batch was handed out")
		}
		if release {
			must(t, h.c.ReleaseDesc(h.next))
			for i := range h.samples {
				must(t, h.c.ReleaseData(i, h.samples[i]))
			}
		}
	}
	for i := range h.samples {
		if used, total := h.c.LaneFill(i); used > total {
			t.Fatalf("lane %d: %d of %d bytes used", i, used, total)
		}
	}
}

func (h *hostile) judge(d Desc) {
	t := h.t
	if d.Lane != AllLanes && d.Lane > 1 {
		t.Fatalf("lane %d", d.Lane)
	}
	switch d.Type {
	case DescData:
		i := d.Lane
		if d.Pos != h.samples[i] || d.FirstSample != h.samples[i]+h.gaps[i] {
			t.Fatalf("data at %d, %d; want %d, %d", d.Pos, d.FirstSample, h.samples[i], h.samples[i]+h.gaps[i])
		}
		b := h.c.Data(int(i), d.Pos, d.Count)
		if d.Count == 0 || len(b) != 2*int(d.Count) {
			t.Fatalf("%d bytes for %d samples", len(b), d.Count)
		}
		b[0], b[len(b)-1] = b[len(b)-1], b[0] // it is there
		h.samples[i] += uint64(d.Count)
	case DescGap:
		if d.Aux != UnknownCount {
			h.gaps[d.Lane] += d.Aux
		}
	case 0:
		t.Fatal("a descriptor without a type")
	}
}

// FuzzTables changes bytes of valid tables and repairs the checksums: what is accepted lies within the ring, aligned, and apart.
func FuzzTables(f *testing.F) {
	f.Add([]byte{0x68, 0, 0xff})
	f.Add([]byte{0x18, 0, 1, 0x58, 0, 3})
	s := spec16(2, Granule, 64)
	g, err := layOut(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		head := alignedBytes(tableBytes)
		g.writeTables(head, process{})
		for s := (&stream{b}); len(s.b) > 0; {
			head[int(binary.LittleEndian.Uint16(s.take(2)))%(laneTableOff+3*LaneStride)] = s.u8()
		}
		for i := range 3 {
			sealLane(head, i)
		}
		sealHeader(head)
		got, err := readTables(head, g.ringBytes)
		if err != nil {
			return
		}
		if err := got.spec.check(); err != nil {
			t.Fatalf("accepted a specification that is refused: %v", err)
		}
		used := make([]bool, g.ringBytes/Granule)
		mark := func(off, size uint64) {
			for at := off; at < off+size; at += Granule {
				if at%Granule != 0 || used[at/Granule] || at == 0 {
					t.Fatalf("area at %#x overlaps", off)
				}
				used[at/Granule] = true
			}
		}
		mark(got.descOff, queueBytes(got.spec.DescCount))
		for i, l := range got.spec.Lanes {
			mark(got.dataOff[i], l.Capacity)
		}
	})
}

// FuzzMessages feeds the hand-over's decoders.
func FuzzMessages(f *testing.F) {
	keys, _ := encodeKeys([]byte("key"))
	f.Add(keys)
	f.Add(encodeRing(1, 2))
	f.Add(encodeAnswer(Answer{3, 4}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if pem, err := decodeKeys(b); err == nil && len(pem) != len(b)-8 {
			t.Errorf("%d bytes of keys in %d", len(pem), len(b))
		}
		if o, err := decodeRing(b); err == nil && len(encodeRing(o.Generation, o.Bytes)) != len(b) {
			t.Errorf("offer %+v of %d bytes", o, len(b))
		}
		if a, err := decodeAnswer(b); err == nil && string(encodeAnswer(a)) != string(b) {
			t.Errorf("answer %+v from %x", a, b)
		}
	})
}
