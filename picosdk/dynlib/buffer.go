package dynlib

import (
	"fmt"
	"math"
	"unsafe"
)

// Element is what a buffer holds.
type Element interface {
	int8 | int16 | int32 | int64 | uint32 | uint64
}

// Buffer is an array in memory that a library may keep: not Go's. It is freed by [Buffer.Free] alone, not by the garbage
// collector. The methods may be called on a nil buffer, which is NULL. Who frees it sees to it that nobody uses it.
type Buffer[T Element] struct {
	p unsafe.Pointer
	n int
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
	return &Buffer[T]{p, n}, nil
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
	release(b.p, uintptr(b.Bytes()))
	b.p, b.n = nil, 0
}

// Fits panics if a library were told of n elements and the buffer has fewer: it would write behind its end. A nil buffer
// stands for NULL, and the library decides what a count means then.
func (b *Buffer[T]) Fits(n int64) {
	if b != nil && (n < 0 || n > int64(b.Len())) {
		panic(fmt.Sprintf("dynlib: %d elements in a buffer of %d", n, b.Len()))
	}
}
