package shmring

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func handover(t *testing.T) (core, plugin *os.File) {
	t.Helper()
	core, plugin, err := NewHandover()
	must(t, err)
	t.Cleanup(func() {
		core.Close()
		plugin.Close()
	})
	return core, plugin
}

func TestHandover(t *testing.T) {
	core, plugin := handover(t)
	keys := bytes.Repeat([]byte("k"), 5000)
	must(t, SendKeys(core, keys))
	if got, err := RecvKeys(plugin); err != nil || !bytes.Equal(got, keys) {
		t.Fatalf("%d bytes of keys, %v", len(got), err)
	}
	for generation := range uint64(3) { // any number of rings, one after another
		s := spec16(1, Granule, 64)
		s.Generation = generation
		r := createRing(t, s)
		must(t, SendRing(core, r))
		offer, err := RecvRing(plugin)
		must(t, err)
		if offer.Generation != generation || offer.Bytes != uint64(r.Size()) {
			t.Errorf("offer %+v", offer)
		}
		if flags, err := unix.FcntlInt(offer.File.Fd(), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("descriptor flags %#x, %v: not close-on-exec", flags, err)
		}
		p, err := AttachProducer(offer.File)
		must(t, err)
		must(t, SendAnswer(plugin, Answer{Generation: generation, Status: 0}))
		if a, err := RecvAnswer(core); err != nil || a.Generation != generation || a.Status != 0 {
			t.Errorf("answer %+v, %v", a, err)
		}
		must(t, p.Close())
	}
	core.Close()
	if _, err := RecvRing(plugin); err != io.EOF {
		t.Errorf("end of the core: %v, want io.EOF", err)
	}
}

func TestHandoverRefused(t *testing.T) {
	r := createRing(t, spec16(1, Granule, 64))
	fd := int(r.File().Fd())
	rights := unix.UnixRights(fd)
	ring := encodeRing(1, 2)
	keys, err := encodeKeys([]byte("key"))
	must(t, err)
	recvRing := func(c Conn) error { _, err := RecvRing(c); return err }
	recvKeys := func(c Conn) error { _, err := RecvKeys(c); return err }
	recvAnswer := func(c Conn) error { _, err := RecvAnswer(c); return err }
	for _, c := range []struct {
		name string
		b    []byte
		oob  []byte
		recv func(Conn) error
	}{
		{"ring without descriptor", ring, nil, recvRing},
		{"ring with two", ring, unix.UnixRights(fd, fd), recvRing},
		{"ring with a crowd", ring, unix.UnixRights(fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd), recvRing},
		{"ring too short", ring[:23], rights, recvRing},
		{"ring too long", append(ring, 0), rights, recvRing},
		{"ring far too long", make([]byte, 5000), rights, recvRing},
		{"only a descriptor", nil, rights, recvRing},
		{"keys for a ring", keys, rights, recvRing},
		{"ring for keys", ring, nil, recvKeys},
		{"keys with a descriptor", keys, rights, recvKeys},
		{"keys of wrong length", append(keys, 1), nil, recvKeys},
		{"keys cut off", keys[:4], nil, recvKeys},
		{"answer with a descriptor", encodeAnswer(Answer{}), rights, recvAnswer},
		{"answer too long", append(encodeAnswer(Answer{}), 1), nil, recvAnswer},
		{"ring for an answer", ring, nil, recvAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			core, plugin := handover(t)
			before := openFiles(t)
			must(t, send(core, c.b, c.oob))
			if err := c.recv(plugin); !errors.Is(err, ErrHandover) {
				t.Errorf("error %v, want ErrHandover", err)
			}
			if after := openFiles(t); after != before {
				t.Errorf("%d descriptors before, %d after", before, after)
			}
		})
	}
	core, _ := handover(t)
	if err := SendKeys(core, make([]byte, maxKeys+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many keys: %v, want ErrTooLarge", err)
	}
	heap, err := NewHeap(spec16(1, Granule, 64))
	must(t, err)
	if err := SendRing(core, heap); !errors.Is(err, ErrNotSupported) {
		t.Errorf("ring on the heap: %v, want ErrNotSupported", err)
	}
}

func TestHandoverDeadline(t *testing.T) {
	core, _ := handover(t)
	must(t, core.SetReadDeadline(time.Now().Add(5*time.Millisecond)))
	if _, err := RecvAnswer(core); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("error %v, want the deadline", err)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return len(list)
}
