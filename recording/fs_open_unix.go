//go:build unix

package recording

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// noFollow lets opening a link fail.
const noFollow = unix.O_NOFOLLOW

// openAtOnce opens without waiting for the other end of a pipe, and, for writing, follows no link.
func openAtOnce(path string, flag int, perm fs.FileMode, writes bool) (*os.File, error) {
	flag |= unix.O_NOCTTY
	if writes {
		flag |= noFollow
	}
	f, err := os.OpenFile(path, flag|unix.O_NONBLOCK, perm)
	if errors.Is(err, unix.EWOULDBLOCK) { // a regular file that a file server has lent out: it is given back while open waits
		return os.OpenFile(path, flag, perm)
	}
	return f, err
}

// mayWait takes back from a file what openAtOnce needed.
func mayWait(f *os.File) error {
	return os.NewSyscallError("fcntl", unix.SetNonblock(int(f.Fd()), false))
}
