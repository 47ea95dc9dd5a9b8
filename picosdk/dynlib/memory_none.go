//go:build !cgo

package dynlib

import "unsafe"

func allocate(uintptr) (unsafe.Pointer, error) {
	_, err := systemLoader()
	return nil, err
}

func release(unsafe.Pointer, uintptr) {}
