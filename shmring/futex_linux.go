package shmring

import (
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	futexWait = 0 // shared kind: the word may be in memory of two processes
	futexWake = 1
)

// waitWord blocks until the word is woken, differs from seen already, or the timeout is over. It may return early without a reason. The
// goroutine keeps its thread meanwhile, but not its scheduler slot.
func waitWord(word *atomic.Uint32, seen uint32, timeout time.Duration) {
	if timeout <= 0 {
		return
	}
	ts := unix.NsecToTimespec(int64(timeout))
	// All results mean the same to callers: look again.
	_, _, _ = syscall.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexWait, uintptr(seen), uintptr(unsafe.Pointer(&ts)), 0, 0)
}

// wakeWord wakes whoever blocks in waitWord for this word, in any process.
func wakeWord(word *atomic.Uint32) {
	_, _, _ = syscall.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexWake, 1<<30, 0, 0, 0)
}
