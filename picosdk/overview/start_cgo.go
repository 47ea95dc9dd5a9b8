//go:build linux && cgo

package overview

/*
#cgo CFLAGS: -std=c11 -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -I${SRCDIR}/../internal/loop
#include <stdlib.h>
#include "overview.h"

static const void *overview_poll_pointer(void) { return (const void *)(uintptr_t)&overview_poll; }
*/
import "C"

import (
	"syscall"
	"unsafe"

	"github.com/scopelog/scopelog/picosdk/internal/loop"
)

// Start begins to poll and to fill the ring, on a thread of its own; the library is streaming already. Errors: [ErrConfig], [*RingError], those of
// the system, [ErrNotSupported]. After an error nothing runs, and a ring that was attached cannot be used any more.
func Start(cfg Config) (*Loop, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	o := (*C.struct_overview)(C.calloc(1, C.sizeof_struct_overview))
	if o == nil {
		return nil, syscall.ENOMEM
	}
	o.latest = C.overview_latest_fn(cfg.GetStreamingLatestValues)
	o.handle, o.length, o.ratio = C.int16_t(cfg.Handle), C.uint32_t(cfg.BufferSamples), C.uint32_t(cfg.ratio())
	for _, in := range cfg.Inputs {
		for _, b := range in.buffers() {
			o.input[o.inputs] = C.struct_overview_input{
				buffer: (*C.uint8_t)(b), bytes: C.uint32_t(in.Format.Bytes()), overflow: C.uint32_t(in.OverflowMask),
			}
			o.inputs++
		}
	}
	free := func() { C.free(unsafe.Pointer(o)) }
	l, err := loop.Start(&cfg.Common, cfg.inputs(), loop.Source{
		Poll: unsafe.Pointer(C.overview_poll_pointer()), Context: unsafe.Pointer(o), Free: free, BufferSamples: uint64(cfg.BufferSamples),
	})
	if err != nil {
		free()
		return nil, err
	}
	return l, nil
}
