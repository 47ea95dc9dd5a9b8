//go:build cgo

package capi

import (
	"fmt"
	"unsafe"
)

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
