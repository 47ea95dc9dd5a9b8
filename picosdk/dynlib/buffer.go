package dynlib

import (
	"fmt"
	"math"
	"unsafe"
)

// Element is what a buffer holds.
type Element interface {
	int8 | uint8 | int16 | int32 | int64 | uint32 | uint64
}

// Buffer is an array in memory that a library may keep: not Go's. It is freed by [Buffer.Free] alone, not by the garbage
// collector. The methods may be called on a nil buffer, which is NULL. Who frees it sees to it that nobody uses it.
type Buffer[T Element] struct {
	p    unsafe.Pointer
	n    int
	lent bool // the memory is somebody else's
}

// NewBuffer returns zeroed memory for n elements; the caller frees it. In builds with the race detector, on Linux, nothing
// can be read or written behind its end: a library that does so ends the process at once. The error is a *[BindingError] in
// builds without cgo.
func NewBuffer[T Element](n int) (*Buffer[T], error) {
	var zero T
	size := unsafe.Sizeof(zero)
	if n <= 0 || uint64(n) > math.MaxInt/uint64(size) {
		return nil, fmt.Errorf("allocate a buffer of %d elements: the number is out of range", n)
	}
	p, err := allocate(uintptr(n) * size)
	if err != nil {
		return nil, fmt.Errorf("allocate a buffer of %d elements: %w", n, err)
	}
	return &Buffer[T]{p: p, n: n}, nil
}

// Lend makes a buffer of memory that belongs to the caller and is not Go's: of a mapping, or of another allocator. Its length and
// address must suit the elements. Free then only forgets it. The memory has to stay until the library has forgotten it, too.
func Lend[T Element](memory []byte) (*Buffer[T], error) {
	var zero T
	size := int(unsafe.Sizeof(zero))
	p := unsafe.Pointer(unsafe.SliceData(memory))
	if len(memory) == 0 || len(memory)%size != 0 || uintptr(p)%uintptr(size) != 0 {
		return nil, fmt.Errorf("lend %d bytes at %p as elements of %d bytes: the length or the address does not suit them", len(memory), p, size)
	}
	return &Buffer[T]{p: p, n: len(memory) / size, lent: true}, nil
}

// Part is a buffer of the elements from first up to behind, which stay those of b: it must not be used after b is freed, and Free
// only forgets it.
func (b *Buffer[T]) Part(first, behind int) (*Buffer[T], error) {
	if first < 0 || behind <= first || behind > b.Len() {
		return nil, fmt.Errorf("elements %d to %d of a buffer of %d", first, behind, b.Len())
	}
	return &Buffer[T]{p: unsafe.Pointer(&b.Slice()[first]), n: behind - first, lent: true}, nil
}

// Len is the number of elements, 0 after Free.
func (b *Buffer[T]) Len() int {
	if b == nil {
		return 0
	}
	return b.n
}

// Bytes is the size, 0 after Free.
func (b *Buffer[T]) Bytes() int {
	var zero T
	return b.Len() * int(unsafe.Sizeof(zero))
}

// Slice is the memory itself. It must not be used after Free.
func (b *Buffer[T]) Slice() []T {
	if b == nil || b.p == nil {
		return nil
	}
	return unsafe.Slice((*T)(b.p), b.n)
}

// Pointer is the address for C code, nil after Free.
func (b *Buffer[T]) Pointer() unsafe.Pointer {
	if b == nil {
		return nil
	}
	return b.p
}

// Free gives the memory back. The library must have forgotten it: after its stop, when another buffer or NULL was
// registered in its place, or after the unit was closed. A second call does nothing.
func (b *Buffer[T]) Free() {
	if b == nil || b.p == nil {
		return
	}
	if !b.lent {
		release(b.p, uintptr(b.Bytes()))
	}
	b.p, b.n = nil, 0
}

// Fits panics if a library were told of n elements and the buffer has fewer: it would write behind its end. A nil buffer
// stands for NULL, and the library decides what a count means then.
func (b *Buffer[T]) Fits(n int64) {
	if b != nil && (n < 0 || n > int64(b.Len())) {
		panic(fmt.Sprintf("dynlib: %d elements in a buffer of %d", n, b.Len()))
	}
}
