package rpc

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// TestNativeSink gives the ring to a loop that maps it itself, as one in C does.
func TestNativeSink(t *testing.T) {
	t.Parallel()
	ring := makeRing(t, 0)
	dup := func(f *os.File) *os.File {
		fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		return os.NewFile(uintptr(fd), "ring")
	}
	shelf := newRingShelf(nil)
	offer := shmring.RingOffer{Generation: 0, Bytes: uint64(ring.Size()), File: dup(ring.File())}
	if code, err := shelf.put(offer); code != ringAttached {
		t.Fatal(code, err)
	}
	h, err := shelf.start(0, 1, []driver.Stream{{Channel: "A", Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1}})
	if err != nil {
		t.Fatal(err)
	}
	var native driver.NativeSink = h.sink
	fd, size := native.Ring()
	if fd != h.fd || size != ring.Size() || native.Lane(0) != 0 {
		t.Fatalf("descriptor %d of %d bytes, lane %d", fd, size, native.Lane(0))
	}
	if again, _ := native.Ring(); again != fd {
		t.Errorf("asked again, the descriptor is %d", again)
	}
	loop, err := shmring.AttachProducer(dup(os.NewFile(dupOf(t, fd), "ring")))
	if err != nil {
		t.Fatalf("the loop cannot attach: %v", err)
	}
	defer loop.Close()
	h.sink.watch()
	shelf.beatOnce()
	select {
	case <-h.sink.Draining():
		t.Error("a ring that was given to a loop looks like one that has ended")
	default:
	}
	h.sink.Begin(1)
	h.sink.Push(0, []byte{1, 2})
	if err := h.sink.Commit(); driver.KindOf(err) != driver.KindBug {
		t.Errorf("the Go producer beside the loop: %v", err)
	}
	loop.Begin(1)
	if err := loop.Push(0, []byte{1, 2, 3, 4}); err != nil {
		t.Fatal(err)
	}
	if err := loop.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := loop.Finish(nil); err != nil {
		t.Fatal(err)
	}
	c := shmring.NewConsumer(ring)
	for !c.EOS() {
		if _, err := c.Poll(); err != nil {
			t.Fatal(err)
		}
	}
	shelf.release(1)
	if held, _ := shelf.held(); len(held) != 0 {
		t.Errorf("rings that were released are still held: %v", held)
	}
}

// dupOf makes a descriptor of its own, which os.NewFile may own.
func dupOf(t *testing.T, fd int) uintptr {
	t.Helper()
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return uintptr(n)
}

// TestRingShelf: what is handed over is checked, and a ring is good for one Start.
func TestRingShelf(t *testing.T) {
	t.Parallel()
	shelf := newRingShelf(nil)
	offer := func(r *shmring.Ring, generation uint64) uint32 {
		code, _ := shelf.put(shmring.RingOffer{Generation: generation, Bytes: uint64(r.Size()), File: os.NewFile(dupOf(t, int(r.File().Fd())), "ring")})
		return code
	}
	streams := []driver.Stream{{Channel: "A", Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1}}
	first, second := makeRing(t, 1), makeRing(t, 2)
	if code := offer(first, 9); code != ringBad {
		t.Errorf("a ring of another generation: %d", code)
	}
	if code := offer(first, 1); code != ringInUse {
		t.Errorf("a ring that was attached before: %d", code)
	}
	if code := offer(second, 2); code != ringAttached {
		t.Fatalf("a good ring: %d", code)
	}
	if code := offer(makeRing(t, 2), 2); code != ringRepeated {
		t.Errorf("the same generation again: %d", code)
	}
	third := makeRing(t, 3)
	if code := offer(third, 3); code != ringAttached {
		t.Fatalf("the next ring: %d", code)
	}
	if _, err := shelf.start(2, 1, streams); driver.KindOf(err) != driver.KindBug || err == nil {
		t.Errorf("a ring that gave way was started: %v", err)
	}
	if _, err := shelf.start(3, 1, streams); err != nil {
		t.Fatal(err)
	}
	if _, err := shelf.start(3, 1, streams); driver.KindOf(err) != driver.KindBug || err == nil {
		t.Errorf("a ring was started twice: %v", err)
	}
	file, err := os.CreateTemp(t.TempDir(), "ring")
	if err != nil {
		t.Fatal(err)
	}
	if code, _ := shelf.put(shmring.RingOffer{Generation: 4, File: file}); code != ringBad {
		t.Errorf("a file that is no ring: %d", code)
	}
	shelf.release(1)
	for shelf.beatOnce() {
	}
}
