package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

const (
	roleSocket   = "socket-writer"
	socketPiece  = 256 << 10 // bytes of one call
	socketBuffer = 1 << 20   // bytes in the kernel
)

// moveThroughSocket moves total bytes through a unix stream socket, with large buffers and without Go's poller.
func moveThroughSocket(ctx context.Context, total int64) (moved, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return moved{}, err
	}
	near, far := fds[0], os.NewFile(uintptr(fds[1]), "far end")
	defer unix.Close(near)
	for _, fd := range fds {
		err = errors.Join(err, unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, socketBuffer),
			unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, socketBuffer))
	}
	if err != nil {
		return moved{}, errors.Join(err, far.Close())
	}
	c, err := startChild(ctx, roleSocket, []string{fmt.Sprint(total)}, far)
	if err = errors.Join(err, far.Close()); err != nil {
		return moved{}, err
	}
	r := &reader{}
	wall, cpu, err := timed(func() error {
		if err := c.begin(); err != nil {
			return err
		}
		buf := make([]byte, socketPiece)
		for {
			n, err := unix.Read(near, buf)
			if errors.Is(err, unix.EINTR) {
				continue
			}
			if n <= 0 || err != nil {
				return err
			}
			r.read(buf[:n])
		}
	})
	if err != nil {
		c.kill()
		return moved{}, err
	}
	other, err := c.end()
	return moved{total, wall, cpu + other}, errors.Join(err, r.check(total))
}

// socketChild writes to descriptor 3.
func socketChild(args []string) error {
	var total int64
	if err := numbers(args, &total); err != nil {
		return err
	}
	src := source()
	return childWork(func() error {
		for sent := int64(0); sent < total; {
			n, err := unix.Write(3, src[sent%sourceBytes:][:min(socketPiece, sourceBytes-sent%sourceBytes, total-sent)])
			if errors.Is(err, unix.EINTR) {
				continue
			}
			if err != nil {
				return err
			}
			if n == 0 {
				return io.ErrShortWrite
			}
			sent += int64(n)
		}
		return unix.Close(3)
	})
}
