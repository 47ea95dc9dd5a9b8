//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// private tells whether a folder belongs to this user and is closed to others.
func private(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Getuid() && info.Mode().Perm()&0o077 == 0
}

// crash ends the process.
func crash(how string) {
	switch how {
	case howPanic:
		panic("sim: a panic was asked for")
	case howExit:
		os.Exit(1)
	}
	signal := unix.SIGSEGV
	switch how {
	case howAbort:
		signal = unix.SIGABRT
	case howKill:
		signal = unix.SIGKILL
	}
	if err := unix.Kill(os.Getpid(), signal); err != nil {
		os.Exit(1)
	}
	select {} // the signal is on its way
}

// stopProcess stops the whole process until somebody sends SIGCONT; false: it cannot.
func stopProcess() bool { return unix.Kill(os.Getpid(), unix.SIGSTOP) == nil }

// writeDescriptor writes to a descriptor by its number. Nobody may be listening: what cannot be written is left.
func writeDescriptor(fd int, _ *os.File, text string) {
	for b := []byte(text); len(b) > 0; {
		n, err := unix.Write(fd, b)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return
		}
		b = b[n:]
	}
}
