//go:build cgo

package capi

// #cgo CFLAGS: -std=c11 -Wall -Werror
// #include "ps5000a.h"
import "C"

import (
	"fmt"
	"strings"
	"unsafe"

	"github.com/scopelog/scopelog/picosdk/dynlib"
)

// API is the resolved library.
type API struct {
	c C.struct_ps5000a_api
}

const prefix = "ps5000a"

// Symbols returns the names that the library has to export, and those that it may lack.
func Symbols() (required, optional []string) {
	for i := range C.int(C.PS5000A_SYMBOLS) {
		if C.ps5000a_optional(i) == 0 {
			required = append(required, C.GoString(C.ps5000a_name(i)))
		} else {
			optional = append(optional, C.GoString(C.ps5000a_name(i)))
		}
	}
	return required, optional
}

// Load resolves all functions. The error names every required one that is missing. A call of an optional function that
// the library lacks returns picosdk.StatusNotSupported.
func Load(lib *dynlib.Library) (*API, error) {
	a := &API{}
	var missing []string
	for i := range C.int(C.PS5000A_SYMBOLS) {
		name := C.GoString(C.ps5000a_name(i))
		p := lib.Sym(name)
		if p == nil && C.ps5000a_optional(i) == 0 {
			missing = append(missing, name)
		}
		C.ps5000a_set(&a.c, i, p)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%s lacks the functions %s", lib.Path(), strings.Join(missing, ", "))
	}
	return a, nil
}

// Has says whether the library has the function of that name (without prefix). Goroutines may share it.
func (a *API) Has(name string) bool { return a.Pointer(name) != nil }

// Pointer is the address of the function of that name (without prefix), for C code that calls it by itself; nil if the
// library lacks it or nothing of that name is bound. Goroutines may share it.
func (a *API) Pointer(name string) unsafe.Pointer {
	for i := range C.int(C.PS5000A_SYMBOLS) {
		if C.GoString(C.ps5000a_name(i)) == prefix+name {
			return C.ps5000a_get(&a.c, i)
		}
	}
	return nil
}
