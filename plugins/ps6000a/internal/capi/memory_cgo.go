//go:build cgo

package capi

// #include <stdlib.h>
import "C"

import (
	"fmt"
	"math"
	"unsafe"
)

// Buffer is an array in C memory, which the library may keep. It is freed by Free alone, not by the garbage collector.
// The methods may be called on a nil buffer, which is NULL.
type Buffer[T Element] struct {
	p unsafe.Pointer
	n int
}

func alloc[T Element](n int) (*Buffer[T], error) {
	var zero T
	size := unsafe.Sizeof(zero)
	if n <= 0 || uint64(n) > math.MaxInt/uint64(size) {
		return nil, fmt.Errorf("allocate a buffer of %d elements: the number is out of range", n)
	}
	p := C.calloc(C.size_t(n), C.size_t(size))
	if p == nil {
		return nil, fmt.Errorf("allocate a buffer of %d elements: out of memory", n)
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

// Free gives the memory back. The library must have forgotten it: after Stop, when another buffer or NULL was
// registered in its place, or after CloseUnit. A second call does nothing.
func (b *Buffer[T]) Free() {
	if b == nil {
		return
	}
	C.free(b.p)
	b.p, b.n = nil, 0
}

// fits panics if the library were told of more elements than the buffer has: it would write behind its end. A nil
// buffer stands for NULL, and the library decides what a count means then.
func (b *Buffer[T]) fits(n int64) {
	if b != nil && (n < 0 || n > int64(b.Len())) {
		panic(fmt.Sprintf("capi: %d elements in a buffer of %d", n, b.Len()))
	}
}

// Bytes is the size, 0 after Free.
func (b *Buffer[T]) Bytes() int {
	var zero T
	return b.Len() * int(unsafe.Sizeof(zero))
}

// address is the memory for nSamples of a data type. It panics if the memory is smaller.
func address(m Memory, nSamples int32, dataType uint32) unsafe.Pointer {
	if m == nil || m.Pointer() == nil {
		return nil
	}
	size := 8 // of PICO_INT64_T, and of what this table does not know
	if sizes := [...]int{1, 2, 4, 4}; dataType < uint32(len(sizes)) {
		size = sizes[dataType]
	}
	if nSamples < 0 || int64(nSamples)*int64(size) > int64(m.Bytes()) {
		panic(fmt.Sprintf("capi: %d samples of %d bytes in a buffer of %d bytes", nSamples, size, m.Bytes()))
	}
	return m.Pointer()
}
