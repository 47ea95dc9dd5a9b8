//go:build cgo

package capi

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

// The vendor's structs are packed to 1 byte, which is how encoding/binary lays out a Go struct: field after field,
// nothing between. A test compares each Go struct with the ABI table.

// pack returns the C form of an array of structs; nil for none.
func pack[T any](structs []T) []byte {
	if len(structs) == 0 {
		return nil
	}
	b, err := binary.Append(nil, binary.NativeEndian, structs)
	if err != nil {
		panic(fmt.Sprintf("capi: %T has no fixed layout: %v", structs, err))
	}
	return b
}

// unpack is the reverse of pack, into structs of the same number.
func unpack[T any](structs []T, b []byte) {
	if len(structs) == 0 {
		return
	}
	if err := binary.Read(bytes.NewReader(b), binary.NativeEndian, structs); err != nil {
		panic(fmt.Sprintf("capi: %T has no fixed layout: %v", structs, err))
	}
}

// count16 is the length of an array as the library takes it. Longer ones are a mistake of the caller.
func count16(n int) int16 {
	if n > math.MaxInt16 {
		panic(fmt.Sprintf("capi: an array of %d elements, the library takes %d", n, math.MaxInt16))
	}
	return int16(n)
}

// span is the number of segments from..to; 0 if they are in the wrong order, which the library refuses. More than any
// unit has are a mistake of the caller.
func span(from, to uint64) int {
	if to < from {
		return 0
	}
	if to-from >= math.MaxInt32 {
		panic(fmt.Sprintf("capi: segments %d to %d", from, to))
	}
	return int(to-from) + 1
}

// first is the address of a slice's elements; nil if there are none.
func first[T any](s []T) *T {
	if len(s) == 0 {
		return nil
	}
	return &s[0]
}

// text is what stands before the first NUL.
func text(b []int8) string {
	out := make([]byte, 0, len(b))
	for _, c := range b {
		if c == 0 {
			break
		}
		out = append(out, byte(c))
	}
	return string(out)
}

// fill puts a string, cut to leave room for its NUL, into a buffer.
func fill(b []int8, s string) {
	for i := 0; i < len(s) && i < len(b)-1; i++ {
		b[i] = int8(s[i])
	}
}
