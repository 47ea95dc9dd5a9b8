package shmring

import (
	"encoding/binary"
	"unsafe"
)

// memory is a ring as this process sees it. Each lane is a slice of twice its capacity: any range that starts in the first half is
// contiguous. In a mapped ring both halves are the same pages; on the heap the producer repeats what it writes, see mirror.
type memory struct {
	geo   geometry
	head  []byte   // the first granule
	queue []byte   // desc_count x 64 bytes
	lanes [][]byte // twice the capacity each
	heap  bool

	unmap func() error // nil for heap memory
}

func newHeapMemory(g geometry) *memory {
	m := &memory{geo: g, heap: true, head: alignedBytes(Granule), queue: alignedBytes(int(g.spec.DescCount) * DescStride)}
	for _, l := range g.spec.Lanes {
		m.lanes = append(m.lanes, alignedBytes(2*int(l.Capacity)))
	}
	return m
}

// alignedBytes gives zeroed memory aligned for 64-bit atomics, as shared memory is.
func alignedBytes(n int) []byte {
	words := make([]uint64, (n+7)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), n)
}

func (m *memory) header() *rawHeader   { return headerAt(m.head) }
func (m *memory) lane(i int) *rawLane  { return laneAt(m.head, i) }
func (m *memory) laneCount() int       { return len(m.lanes) }
func (m *memory) desc(i uint64) []byte { return m.queue[m.slot(i) : m.slot(i)+DescStride] }

func (m *memory) slot(i uint64) int {
	return int(i&uint64(m.geo.spec.DescCount-1)) * DescStride
}

// mirror makes both halves of a heap lane equal where n bytes were written at off, which is in the first half. In a mapped ring the halves
// are one memory already.
func (m *memory) mirror(lane, off, n int) {
	if !m.heap {
		return
	}
	half := len(m.lanes[lane]) / 2
	lower, upper := m.lanes[lane][:half], m.lanes[lane][half:]
	first := min(n, half-off)
	copy(upper[off:off+first], lower[off:off+first])
	copy(lower[:n-first], upper[:n-first])
}

func (m *memory) close() error {
	if m.unmap == nil {
		return nil
	}
	unmap := m.unmap
	m.unmap = nil
	return unmap()
}

var hostIsLittleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// copyPiece bounds one copy: larger ones would bypass the processor's cache with weakly ordered stores.
const copyPiece = 256 << 10

// copyPieces copies in pieces that stay in the cache.
func copyPieces(dst, src []byte) {
	for len(src) > 0 {
		n := copy(dst, src[:min(len(src), copyPiece)])
		dst, src = dst[n:], src[n:]
	}
}
