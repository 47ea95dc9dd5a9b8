package shmring

import (
	"errors"
	"hash/crc32"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
)

// tables returns header and lane table of a ring, and its size.
func tables(t *testing.T, s Spec) ([]byte, uint64) {
	t.Helper()
	g, err := layOut(s)
	must(t, err)
	head := alignedBytes(tableBytes)
	g.writeTables(head, process{pid: 1, start: 2})
	return head, g.ringBytes
}

func sealHeader(head []byte) {
	headerAt(head).crc32c = crc32.Checksum(head[:headerCRCBytes], castagnoli)
}

func sealLane(head []byte, i int) {
	l := laneAt(head, i)
	l.crc32c = crc32.Checksum(unsafe.Slice((*byte)(unsafe.Pointer(l)), laneCRCBytes), castagnoli)
}

func TestTablesRoundTrip(t *testing.T) {
	s := spec16(3, 3*Granule, 256)
	s.RunID = [16]byte{1, 2, 3, 15: 9}
	s.Lanes[1] = LaneSpec{
		Channel: 0x1234, Kind: Average, SampleType: F32, Digital: true, IntervalNumFS: 1e15, IntervalDen: 44100, Ratio: 100,
		Scale: -2.5e-9, Offset: 3, StartPos: 1<<63 - 8, Capacity: Granule, Name: "0123456789abcdef0123456789abcdef",
	}
	head, size := tables(t, s)
	g, err := readTables(head, size)
	must(t, err)
	if diff := cmp.Diff(s, g.spec); diff != "" {
		t.Errorf("spec (-want +got)\n%s", diff)
	}
	if size != s.Bytes() {
		t.Errorf("%d bytes, Bytes says %d", size, s.Bytes())
	}
	if laneAt(head, 1).wPos.Load() != 1<<63-8 || laneAt(head, 1).rPos.Load() != 1<<63-8 || laneAt(head, 1).wIntent.Load() != 1<<63-8 {
		t.Error("cursors do not stand at start_pos")
	}
}

// Every number in the tables may be a lie with a good checksum.
func TestTablesRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(head []byte)
	}{
		{"magic", func(b []byte) { b[0] = 's' }},
		{"byte order", func(b []byte) { headerAt(b).byteOrder = 0x04030201 }},
		{"major version", func(b []byte) { headerAt(b).abiMajor++ }},
		{"unknown mandatory feature", func(b []byte) { headerAt(b).features = 1 << 16 }},
		{"header bytes", func(b []byte) { headerAt(b).headerBytes = 8192 }},
		{"granule", func(b []byte) { headerAt(b).granule = 4096 }},
		{"lane table", func(b []byte) { headerAt(b).laneTableOff = 0 }},
		{"lane stride", func(b []byte) { headerAt(b).laneStride = 256 }},
		{"descriptor stride", func(b []byte) { headerAt(b).descStride = 32 }},
		{"clock", func(b []byte) { headerAt(b).clockID = 7 }},
		{"size", func(b []byte) { headerAt(b).ringBytes += Granule }},
		{"no lanes", func(b []byte) { headerAt(b).laneCount = 0 }},
		{"65 lanes", func(b []byte) { headerAt(b).laneCount = 65 }},
		{"more lanes than filled in", func(b []byte) { headerAt(b).laneCount = 3 }},
		{"queue not a power of two", func(b []byte) { headerAt(b).descCount = 100 }},
		{"queue too short", func(b []byte) { headerAt(b).descCount = 1 }},
		{"queue unaligned", func(b []byte) { headerAt(b).descOff++ }},
		{"queue in the header", func(b []byte) { headerAt(b).descOff = 0 }},
		{"queue outside", func(b []byte) { headerAt(b).descOff = 1 << 62 }},
		{"queue wraps around", func(b []byte) { headerAt(b).descOff = ^uint64(Granule - 1) }},
		{"queue over a lane", func(b []byte) { headerAt(b).descOff = laneAt(b, 0).dataOff }},
		{"lane in the header", func(b []byte) { laneAt(b, 0).dataOff = 0 }},
		{"lane outside", func(b []byte) { laneAt(b, 0).dataOff = 1 << 40 }},
		{"lane too long", func(b []byte) { laneAt(b, 1).capacity += Granule }},
		{"lane of nothing", func(b []byte) { laneAt(b, 1).capacity = 0 }},
		{"lane wraps around", func(b []byte) { laneAt(b, 1).capacity = ^uint64(Granule - 1) }},
		{"lane unaligned", func(b []byte) { laneAt(b, 0).dataOff += 4096 }},
		{"lane over lane", func(b []byte) { laneAt(b, 0).dataOff = laneAt(b, 1).dataOff }},
		{"lane number", func(b []byte) { laneAt(b, 0).laneID = 1 }},
		{"sample type", func(b []byte) { laneAt(b, 0).sampleType = 77 }},
		{"sample bytes", func(b []byte) { laneAt(b, 0).sampleBytes = 4 }},
		{"kind", func(b []byte) { laneAt(b, 0).kind = 6 }},
		{"ratio", func(b []byte) { laneAt(b, 0).ratio = 0 }},
		{"start inside a sample", func(b []byte) { laneAt(b, 0).startPos = 1 }},
		{"name behind NUL", func(b []byte) { laneAt(b, 0).name[31] = 'x' }},
	} {
		t.Run(c.name, func(t *testing.T) {
			head, size := tables(t, spec16(2, Granule, 64))
			c.spoil(head)
			for i := range 2 {
				sealLane(head, i)
			}
			sealHeader(head)
			if _, err := readTables(head, size); !errors.Is(err, ErrBadRing) {
				t.Errorf("error %v, want ErrBadRing", err)
			}
		})
	}
	t.Run("checksums", func(t *testing.T) {
		for _, at := range []int{0x20, 0x77, 0x78, laneTableOff, laneTableOff + 0x67, laneTableOff + LaneStride + 0x68} {
			head, size := tables(t, spec16(2, Granule, 64))
			head[at] ^= 0x10
			if _, err := readTables(head, size); !errors.Is(err, ErrBadRing) {
				t.Errorf("bit at %#x: error %v, want ErrBadRing", at, err)
			}
		}
	})
	t.Run("short", func(t *testing.T) {
		if _, err := readTables(make([]byte, HeaderBytes), HeaderBytes); !errors.Is(err, ErrBadRing) {
			t.Errorf("error %v, want ErrBadRing", err)
		}
	})
}

func TestDescRoundTrip(t *testing.T) {
	want := Desc{1 << 60, DescWaveEnd, FlagUrgent | FlagClipped, 0xabc, 5, 6, 7, -8, 9, 10, 11, 12}
	var b, scratch [DescStride]byte
	want.put(b[:])
	var got Desc
	if !got.get(b[:], &scratch) || got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for bit := range DescStride * 8 {
		b[bit/8] ^= 1 << (bit % 8)
		if got.get(b[:], &scratch) {
			t.Errorf("bit %d: checksum is still right", bit)
		}
		b[bit/8] ^= 1 << (bit % 8)
	}
}
