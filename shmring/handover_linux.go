package shmring

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// NewHandover makes a hand-over socket: the core's end, which honours deadlines, and the plugin's, to be inherited as its descriptor 3. Both
// are close-on-exec; close the plugin's end in the core once the plugin runs, or its end is never seen.
func NewHandover() (core, plugin *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("make hand-over socket: %w", err)
	}
	if err := unix.SetNonblock(fds[0], true); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return nil, nil, fmt.Errorf("make hand-over socket: %w", err)
	}
	return os.NewFile(uintptr(fds[0]), "handover-core"), os.NewFile(uintptr(fds[1]), "handover-plugin"), nil
}

// SendKeys sends the PEM texts of the plugin's key, its certificate and the host's certificate, in this order; once, right after exec.
func SendKeys(c Conn, pem []byte) error {
	b, err := encodeKeys(pem)
	if err != nil {
		return err
	}
	return send(c, b, nil)
}

// RecvKeys receives them. io.EOF means that the core is gone.
func RecvKeys(c Conn) ([]byte, error) {
	b, fds, err := receive(c, 8+maxKeys)
	if err != nil {
		return nil, err
	}
	if len(fds) > 0 {
		closeAll(fds)
		return nil, fmt.Errorf("%w: keys with a descriptor", ErrHandover)
	}
	return decodeKeys(b)
}

// SendRing offers a ring. The plugin gets a descriptor of its own.
func SendRing(c Conn, r *Ring) error {
	if r.file == nil {
		return fmt.Errorf("send ring: on the heap: %w", ErrNotSupported)
	}
	var err error
	r.use(func(*rawHeader) {
		err = send(c, encodeRing(r.mem.geo.spec.Generation, r.mem.geo.ringBytes), unix.UnixRights(int(r.file.Fd())))
	})
	return err
}

// RecvRing waits for the next offer. io.EOF means that no more rings come.
func RecvRing(c Conn) (RingOffer, error) {
	b, fds, err := receive(c, ringMessage+1)
	if err != nil {
		return RingOffer{}, err
	}
	offer, err := decodeRing(b)
	if err == nil && len(fds) != 1 {
		err = fmt.Errorf("%w: ring offer with %d descriptors", ErrHandover, len(fds))
	}
	if err != nil {
		closeAll(fds)
		return RingOffer{}, err
	}
	offer.File = os.NewFile(uintptr(fds[0]), "scopelog-ring")
	return offer, nil
}

// SendAnswer answers an offer.
func SendAnswer(c Conn, a Answer) error { return send(c, encodeAnswer(a), nil) }

// RecvAnswer waits for the plugin's answer. io.EOF means that the plugin is gone. An answer to an older offer is possible after a time-out:
// compare the generation.
func RecvAnswer(c Conn) (Answer, error) {
	b, fds, err := receive(c, answerLength+1)
	if err != nil {
		return Answer{}, err
	}
	if len(fds) > 0 {
		closeAll(fds)
		return Answer{}, fmt.Errorf("%w: answer with a descriptor", ErrHandover)
	}
	return decodeAnswer(b)
}

func send(c Conn, b, oob []byte) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return fmt.Errorf("send on hand-over socket: %w", err)
	}
	var sent error
	err = raw.Write(func(fd uintptr) bool {
		sent = retry(func() error { return unix.Sendmsg(int(fd), b, oob, nil, unix.MSG_NOSIGNAL) })
		return !errors.Is(sent, syscall.EAGAIN)
	})
	if err = errors.Join(err, sent); err != nil {
		return fmt.Errorf("send on hand-over socket: %w", err)
	}
	return nil
}

// receive returns one datagram of at most size bytes with the descriptors that came with it.
func receive(c Conn, size int) ([]byte, []int, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, nil, fmt.Errorf("receive on hand-over socket: %w", err)
	}
	b, oob := make([]byte, size), make([]byte, unix.CmsgSpace(8*4))
	var n, oobn, flags int
	var got error
	err = raw.Read(func(fd uintptr) bool {
		got = retry(func() (err error) {
			n, oobn, flags, _, err = unix.Recvmsg(int(fd), b, oob, unix.MSG_CMSG_CLOEXEC)
			return err
		})
		return !errors.Is(got, syscall.EAGAIN)
	})
	if err = errors.Join(err, got); errors.Is(err, syscall.ECONNRESET) {
		return nil, nil, io.EOF
	} else if err != nil {
		return nil, nil, fmt.Errorf("receive on hand-over socket: %w", err)
	}
	fds, err := parseRights(oob[:oobn])
	switch {
	case err != nil:
	case n == 0 && len(fds) == 0:
		err = io.EOF
	case flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0:
		err = fmt.Errorf("%w: datagram longer than %d bytes or too many descriptors", ErrHandover, size)
	}
	if err != nil {
		closeAll(fds)
		return nil, nil, err
	}
	return b[:n], fds, nil
}

func parseRights(oob []byte) ([]int, error) {
	if len(oob) == 0 {
		return nil, nil
	}
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHandover, err)
	}
	var fds []int
	for i := range messages {
		got, err := unix.ParseUnixRights(&messages[i])
		if errors.Is(err, unix.EINVAL) { // some other control message
			continue
		}
		fds = append(fds, got...)
		if err != nil {
			return fds, fmt.Errorf("%w: %w", ErrHandover, err)
		}
	}
	return fds, nil
}

func closeAll(fds []int) {
	for _, fd := range fds {
		unix.Close(fd)
	}
}
