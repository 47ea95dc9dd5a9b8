package confine

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets in the kernel's struct seccomp_data.
const (
	dataNumber   = 0
	dataArch     = 4
	dataArgument = 16 // the low half of the first argument, on little-endian machines
)

// x32 marks system calls of amd64's other numbering, which would pass by the numbers below.
const x32 = 0x40000000

// noNetwork is the program that refuses every socket but those to this computer's own processes (AF_UNIX) and to the
// kernel's notes about devices (AF_NETLINK). io_uring is refused, since it can make sockets past this program. nil on
// processors whose numbering is not known here.
func noNetwork() []unix.SockFilter {
	arch, known := map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}[runtime.GOARCH]
	if !known {
		return nil
	}
	const (
		load    = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal   = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		atLeast = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		answer  = unix.BPF_RET | unix.BPF_K
		allow   = unix.SECCOMP_RET_ALLOW
		noCall  = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
		noRight = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
	)
	return []unix.SockFilter{
		{Code: load, K: dataArch},
		{Code: equal, Jf: 8, K: arch}, // another processor's numbering: no call at all
		{Code: load, K: dataNumber},
		{Code: atLeast, Jt: 6, K: x32},
		{Code: equal, Jt: 5, K: unix.SYS_IO_URING_SETUP},
		{Code: equal, Jf: 5, K: unix.SYS_SOCKET},
		{Code: load, K: dataArgument},
		{Code: equal, Jt: 3, K: unix.AF_UNIX},
		{Code: equal, Jt: 2, K: unix.AF_NETLINK},
		{Code: answer, K: noRight},
		{Code: answer, K: noCall},
		{Code: answer, K: allow},
	}
}

// NoNetwork takes the network from the calling thread, for good, and from what it starts from now on. The goroutine must
// be locked to the thread, and end without unlocking it; the thread must have given up new privileges before. On
// processors and kernels where there is no such thing the error wraps [ErrNoFilter].
func NoNetwork() error {
	program := noNetwork()
	if program == nil {
		return fmt.Errorf("%w for %s", ErrNoFilter, runtime.GOARCH)
	}
	p := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&p)))
	runtime.KeepAlive(program)
	switch {
	case errno == unix.ENOSYS, errno == unix.EINVAL, errno == unix.EPERM: // EPERM: a container's word
		return fmt.Errorf("%w here", ErrNoFilter)
	case errno != 0:
		return fmt.Errorf("take the network from a process: %w", errno)
	}
	return nil
}
