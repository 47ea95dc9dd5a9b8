//go:build linux && cgo

package lent

/*
#cgo CFLAGS: -std=c11 -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -I${SRCDIR}/../internal/loop
#include <stdlib.h>
#include "lent.h"

static const void *lent_poll_pointer(void) { return (const void *)(uintptr_t)&lent_poll; }
*/
import "C"

import (
	"syscall"
	"unsafe"

	"github.com/scopelog/scopelog/picosdk/internal/loop"
)

// Register gives the library the first two buffers of every input, forgetting all that it had: to be called right before RunStreaming, on the
// caller's thread. Start relies on it. Errors: [*StatusError], [ErrConfig], [ErrNotSupported].
func Register(cfg Config) error {
	l, err := cfg.source()
	if err != nil {
		return err
	}
	defer C.free(unsafe.Pointer(l))
	var call C.uint32_t
	if status := C.lent_register(l, &call); status != C.LOOP_STATUS_OK {
		return &StatusError{Call: loop.Call(uint32(call)), Status: uint32(status)}
	}
	return nil
}

// Start begins to poll and to fill the ring, on a thread of its own; Register was called with the same configuration, and the library is
// streaming already. Errors: [ErrConfig], [*RingError], those of the system, [ErrNotSupported]. After an error nothing runs, and a ring that
// was attached cannot be used any more.
func Start(cfg Config) (*Loop, error) {
	l, err := cfg.source()
	if err != nil {
		return nil, err
	}
	C.lent_registered(l)
	free := func() { C.free(unsafe.Pointer(l)) }
	running, err := loop.Start(&cfg.Common, cfg.inputs(), loop.Source{
		Poll: unsafe.Pointer(C.lent_poll_pointer()), Context: unsafe.Pointer(l), Free: free, BufferSamples: queued * uint64(cfg.BufferSamples),
	})
	if err != nil {
		free()
		return nil, err
	}
	return running, nil
}

// source writes the configuration for C.
func (c *Config) source() (*C.struct_lent, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	l := (*C.struct_lent)(C.calloc(1, C.sizeof_struct_lent))
	if l == nil {
		return nil, syscall.ENOMEM
	}
	l.latest = C.lent_latest_fn(c.GetStreamingLatestValues)
	l.set_buffer, l.set_buffers = C.lent_buffer_fn(c.SetDataBuffer), C.lent_buffers_fn(c.SetDataBuffers)
	l.add, l.clear_all = C.uint32_t(c.add()), C.uint32_t(c.clearAll())
	l.handle, l.length, l.inputs = C.int16_t(c.Handle), C.int32_t(c.BufferSamples), C.uint32_t(len(c.Inputs))
	feed := 0
	for i := range c.Inputs {
		from, to := &c.Inputs[i], &l.input[i]
		to.channel, to.mode, to._type = C.uint32_t(from.Channel), C.uint32_t(from.VendorMode), C.uint32_t(from.DataType)
		to.bytes, to.over = C.uint32_t(from.Format.Bytes()), C.uint32_t(max(from.OverflowMask, 1))
		to.ratio, to.feed = C.uint32_t(c.ratio(from)), C.uint32_t(feed)
		feed++
		for k := range Buffers {
			to.buffer[k] = (*C.uint8_t)(from.Buffers[k])
			if from.Mode == ModeAggregate {
				to.min[k] = (*C.uint8_t)(from.MinBuffers[k])
			}
		}
		if from.Mode == ModeAggregate {
			feed++
		}
	}
	return l, nil
}
