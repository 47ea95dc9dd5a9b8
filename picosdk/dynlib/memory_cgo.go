//go:build cgo && !(linux && race)

package dynlib

// #include <stdlib.h>
import "C"

import (
	"errors"
	"unsafe"
)

func allocate(bytes uintptr) (unsafe.Pointer, error) {
	if p := C.calloc(1, C.size_t(bytes)); p != nil {
		return p, nil
	}
	return nil, errors.New("out of memory")
}

func release(p unsafe.Pointer, _ uintptr) { C.free(p) }
