//go:build linux && cgo

package looptest

/*
#cgo CFLAGS: -std=c11 -O2 -Wall -Wextra -Werror -D_GNU_SOURCE
#include <stdlib.h>
#include "fake.h"

#include <string.h>
static void fake_copy(char *to, const void *from, size_t bytes, size_t times)
{
    for (size_t i = 0; i < times; i++)
        memcpy(to + i * bytes, from, bytes);
}

static const void *latest_pointer(void) { return (const void *)(uintptr_t)&fake_overview_latest; }
static const void *lent_latest_pointer(void) { return (const void *)(uintptr_t)&fake_lent_latest; }
static const void *lent_buffer_pointer(void) { return (const void *)(uintptr_t)&fake_lent_buffer; }
static const void *lent_buffers_pointer(void) { return (const void *)(uintptr_t)&fake_lent_buffers; }
*/
import "C"

import (
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

// Fake is a fake library with one unit.
type Fake struct {
	Handle int16
	c      *C.struct_fake
}

var handles atomic.Int32

// New makes a fake with inputs of so many bytes a sample. It is gone with the test, and with it every buffer.
func New(t testing.TB, bytes ...int) *Fake {
	t.Helper()
	f := &Fake{Handle: int16(handles.Add(1)), c: (*C.struct_fake)(C.calloc(1, C.sizeof_struct_fake))}
	if f.c == nil || f.Handle >= C.FAKE_HANDLES || len(bytes) > C.FAKE_INPUTS {
		t.Fatal("no fake library")
	}
	f.c.inputs = C.uint32_t(len(bytes))
	for i, b := range bytes {
		f.c.input[i].bytes, f.c.input[i].signal, f.c.input[i].channel = C.uint32_t(b), C.uint32_t(i), C.uint32_t(i)
	}
	C.fake_install(C.int16_t(f.Handle), f.c)
	t.Cleanup(func() {
		C.fake_install(C.int16_t(f.Handle), nil)
		C.free(unsafe.Pointer(f.c))
	})
	return f
}

// Mode sets an input's channel and vendor mode, with lent buffers.
func (f *Fake) Mode(input int, channel, mode uint32, signal int) {
	in := &f.c.input[input]
	in.channel, in.mode, in.signal = C.uint32_t(channel), C.uint32_t(mode), C.uint32_t(signal)
}

// Overview gives an input its overview buffer of the length in samples.
func (f *Fake) Overview(t testing.TB, input, length int) unsafe.Pointer {
	p := Buffer(t, length*int(f.c.input[input].bytes))
	f.c.length, f.c.input[input].buffer = C.uint32_t(length), (*C.uint8_t)(p)
	return p
}

// Buffer is C memory, gone with the test.
func Buffer(t testing.TB, bytes int) unsafe.Pointer {
	p := C.calloc(1, C.size_t(bytes))
	if p == nil {
		t.Fatal("no memory")
	}
	t.Cleanup(func() { C.free(p) })
	return p
}

// Script sets what the polls do; it is played so many rounds. After it every poll answers after, and the flag of auto-stop if autoStop.
func (f *Fake) Script(t testing.TB, steps []Step, rounds int, after uint32, autoStop bool) {
	if len(steps) > 0 {
		p := (*C.struct_fake_step)(Buffer(t, len(steps)*C.sizeof_struct_fake_step))
		list := unsafe.Slice(p, len(steps))
		for i, s := range steps {
			list[i] = C.struct_fake_step{
				status: C.uint32_t(s.Status), samples: C.int32_t(s.Samples), start: C.uint32_t(s.Start - 1), overflow: C.int16_t(s.Overflow),
				auto_stop: flag[C.int16_t](s.AutoStop), call: flag[C.uint8_t](s.Call), lie: flag[C.uint8_t](s.Lie),
				twice: flag[C.uint8_t](s.Twice), triggered: flag[C.uint8_t](s.Trigger), trigger_at: C.uint32_t(s.At), sleep_us: C.uint32_t(s.Sleep.Microseconds()),
			}
		}
		f.c.steps = p
	}
	f.c.count, f.c.rounds = C.uint64_t(len(steps)), C.uint64_t(rounds)
	f.after(after, autoStop)
}

// LentScript is Script for lent buffers.
func (f *Fake) LentScript(t testing.TB, steps []LentStep, rounds int, after uint32, autoStop bool) {
	if len(steps) > 0 {
		p := (*C.struct_fake_lent_step)(Buffer(t, len(steps)*C.sizeof_struct_fake_lent_step))
		list := unsafe.Slice(p, len(steps))
		for i, s := range steps {
			c := C.struct_fake_lent_step{
				status: C.uint32_t(s.Status), auto_stop: flag[C.int16_t](s.AutoStop), refuse: flag[C.uint8_t](s.Refuse),
				sleep_us: C.uint32_t(s.Sleep.Microseconds()), triggered: flag[C.int16_t](s.Trigger), trigger_at: C.uint64_t(s.At),
			}
			for k, n := range s.Samples {
				c.samples[k] = C.int32_t(n)
			}
			for k, o := range s.Overflow {
				c.overflow[k] = C.int16_t(o)
			}
			if x := s.Tamper; x != nil {
				c.tamper, c.tamper_input, c.tamper_samples = 1, C.uint32_t(x.Input), C.int32_t(x.Samples)
				c.tamper_buffer, c.tamper_start = C.uint64_t(x.Buffer), C.int32_t(x.Start)
			}
			list[i] = c
		}
		f.c.lent_steps = p
	}
	f.c.count, f.c.rounds = C.uint64_t(len(steps)), C.uint64_t(rounds)
	f.after(after, autoStop)
}

func flag[T C.int16_t | C.uint8_t](b bool) T {
	if b {
		return 1
	}
	return 0
}

// Pace makes polls behind the script deliver a sample per interval of real time, all zero; with overview buffers.
func (f *Fake) Pace(interval time.Duration) { f.c.pace_ns = C.uint32_t(interval) }

func (f *Fake) after(status uint32, autoStop bool) {
	f.c.after_status = C.uint32_t(status)
	if autoStop {
		f.c.after_auto_stop = 1
	}
}

// Latest, LentLatest, LentBuffer and LentBuffers are the library's functions.
func Latest() unsafe.Pointer      { return unsafe.Pointer(C.latest_pointer()) }
func LentLatest() unsafe.Pointer  { return unsafe.Pointer(C.lent_latest_pointer()) }
func LentBuffer() unsafe.Pointer  { return unsafe.Pointer(C.lent_buffer_pointer()) }
func LentBuffers() unsafe.Pointer { return unsafe.Pointer(C.lent_buffers_pointer()) }

// PollsAtEnd is the number of polls after the end of the script.
func (f *Fake) PollsAtEnd() uint64 {
	return atomic.LoadUint64((*uint64)(unsafe.Pointer(&f.c.at_end)))
}

// Waited is how often it answered that it waits for buffers.
func (f *Fake) Waited() uint64 { return atomic.LoadUint64((*uint64)(unsafe.Pointer(&f.c.waited))) }

// Done is the number of samples written for an input; when nobody polls.
func (f *Fake) Done(input int) uint64 {
	return uint64(max(f.c.done, f.c.input[input].done))
}

// Triggered tells which samples the first input got with the last poll that told of a trigger, the second not included; with lent buffers, when
// nobody polls.
func (f *Fake) Triggered() (first, end uint64) {
	return uint64(f.c.trigger_first), uint64(f.c.trigger_end)
}

// Judge fails the test for every broken rule; when nobody polls.
func (f *Fake) Judge(t testing.TB) {
	t.Helper()
	if n := atomic.LoadUint64((*uint64)(unsafe.Pointer(&f.c.misuse))); n > 0 {
		t.Errorf("%d rules of the library broken, first: %s", n, C.GoString(&f.c.complaint[0]))
	}
}

// Signal is sample i of an input as the fakes write it, in an int16 or in an int8.
func Signal(input int, i uint64, bytes int) int16 {
	v := int16(C.fake_signal(C.uint32_t(input), C.uint64_t(i)))
	if bytes == 1 {
		return v >> 8
	}
	return v
}

// Signals are the first n samples of an input.
func Signals(input int, n uint64, bytes int) []int16 {
	words := make([]int16, n)
	if n == 0 {
		return words
	}
	C.fake_write(unsafe.Pointer(&words[0]), 2, C.uint32_t(input), 0, C.uint64_t(n))
	if bytes == 1 {
		for i := range words {
			words[i] >>= 8
		}
	}
	return words
}

// Copy copies the same bytes from one end of the room at to up to the other and returns how often.
func Copy(to, from unsafe.Pointer, bytes, room int) int {
	C.fake_copy((*C.char)(to), from, C.size_t(bytes), C.size_t(room/bytes))
	return room / bytes
}
