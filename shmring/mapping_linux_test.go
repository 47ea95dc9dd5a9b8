package shmring

import (
	"errors"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestRingIsSealed(t *testing.T) {
	r := createRing(t, spec16(1, Granule, 64))
	f := duplicate(t, r.File())
	defer f.Close()
	if err := unix.Ftruncate(int(f.Fd()), 0); !errors.Is(err, unix.EPERM) {
		t.Errorf("shrinking: %v, want EPERM", err)
	}
	if err := unix.Ftruncate(int(f.Fd()), r.Size()+Granule); !errors.Is(err, unix.EPERM) {
		t.Errorf("growing: %v, want EPERM", err)
	}
	if info, err := f.Stat(); err != nil || info.Size() != r.Size() || uint64(r.Size()) != r.Spec().Bytes() {
		t.Errorf("size %d, ring says %d, spec %d, %v", info.Size(), r.Size(), r.Spec().Bytes(), err)
	}
}

// faults reports if do ends in a memory fault.
func faults(do func()) (faulted bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { faulted = recover() != nil }()
	do()
	return false
}

func TestAccess(t *testing.T) {
	r := createRing(t, spec16(2, 3*Granule, 64))
	p, err := r.NewProducer()
	must(t, err)
	defer p.Close()
	o, err := AttachObserver(duplicate(t, r.File()))
	must(t, err)
	defer o.Close()
	last := 6*Granule - 1
	for _, c := range []struct {
		name string
		at   *byte
		want bool
	}{
		{"core, header", &r.mem.head[0xfff], false},
		{"core, end of the first granule", &r.mem.head[Granule-1], false},
		{"core, queue", &r.mem.queue[0], true},
		{"core, lane", &r.mem.lanes[0][0], true},
		{"core, second half", &r.mem.lanes[1][last], true},
		{"producer, header", &p.mem.head[0xfff], false},
		{"producer, queue", &p.mem.queue[0], false},
		{"producer, second half", &p.mem.lanes[1][last], false},
		{"observer, header", &o.mem.head[0xfff], true},
		{"observer, queue", &o.mem.queue[0], true},
		{"observer, lane", &o.mem.lanes[0][0], true},
	} {
		if got := faults(func() { *c.at = 0 }); got != c.want {
			t.Errorf("%s: write faults %v, want %v", c.name, got, c.want)
		}
	}
	p.mem.lanes[0][7] = 0x5a
	if r.mem.lanes[0][7] != 0x5a || r.mem.lanes[0][3*Granule+7] != 0x5a || o.mem.lanes[0][3*Granule+7] != 0x5a {
		t.Error("the halves of a lane are not one memory")
	}
}

func TestAttachRefused(t *testing.T) {
	r := createRing(t, spec16(1, Granule, 64))
	content := make([]byte, r.Size())
	if _, err := r.File().ReadAt(content, 0); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		make func(t *testing.T) *os.File
	}{
		{"a plain file", func(t *testing.T) *os.File {
			f, err := os.CreateTemp(t.TempDir(), "")
			must(t, err)
			f.Write(content)
			return f
		}},
		{"no seals", func(t *testing.T) *os.File { return memfdOf(t, content, false) }},
		{"too short", func(t *testing.T) *os.File { return memfdOf(t, content[:len(content)-Granule], true) }},
		{"too long", func(t *testing.T) *os.File { return memfdOf(t, append(content, make([]byte, Granule)...), true) }},
		{"less than the tables", func(t *testing.T) *os.File { return memfdOf(t, content[:HeaderBytes], true) }},
		{"zeroes", func(t *testing.T) *os.File { return memfdOf(t, make([]byte, len(content)), true) }},
		{"a pipe", func(t *testing.T) *os.File {
			a, b, err := os.Pipe()
			must(t, err)
			b.Close()
			return a
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := c.make(t)
			defer f.Close()
			if _, err := AttachProducer(f); !errors.Is(err, ErrBadRing) {
				t.Errorf("producer: %v, want ErrBadRing", err)
			}
			if _, err := AttachObserver(f); !errors.Is(err, ErrBadRing) {
				t.Errorf("observer: %v, want ErrBadRing", err)
			}
			if _, err := Inspect(f); !errors.Is(err, ErrBadRing) {
				t.Errorf("inspect: %v, want ErrBadRing", err)
			}
		})
	}
	t.Run("a true copy", func(t *testing.T) {
		f := memfdOf(t, content, true)
		p, err := AttachProducer(f)
		must(t, err)
		must(t, p.Close())
	})
}

func memfdOf(t *testing.T, content []byte, seal bool) *os.File {
	t.Helper()
	f, err := createFile(uint64(len(content)))
	must(t, err)
	_, err = f.WriteAt(content, 0)
	must(t, err)
	if seal {
		must(t, sealFile(f))
	}
	return f
}

// Rings come and go without leaving descriptors or mappings, large ones with work in the background too.
func TestNothingIsLeft(t *testing.T) {
	count := func() (fds, maps int) {
		list, err := os.ReadDir("/proc/self/fd")
		must(t, err)
		text, err := os.ReadFile("/proc/self/maps")
		must(t, err)
		return len(list), strings.Count(string(text), "scopelog-ring")
	}
	once := func(capacity uint64) {
		r, err := Create(spec16(2, capacity, 64))
		must(t, err)
		p, err := r.NewProducer()
		must(t, err)
		o, err := AttachObserver(duplicate(t, r.File()))
		must(t, err)
		must(t, (&source{p: p}).batch(10, 10))
		must(t, o.Close())
		must(t, p.Close())
		must(t, r.Close())
		must(t, o.Close())
		must(t, p.Close())
		must(t, r.Close())
		p.Alive()
		r.Alive()
		r.SetState(CoreFault, 1)
		if s, _ := p.State(); s != CoreClosed || r.State() != CoreClosed {
			t.Errorf("states after Close: %s, %s", s, r.State())
		}
	}
	once(Granule)
	fds, maps := count()
	for range 10 {
		once(Granule)
	}
	once(40 << 20) // 80 MiB: more than is populated at once
	if f, m := count(); f != fds || m != maps {
		t.Errorf("%d descriptors and %d mappings before, %d and %d after", fds, maps, f, m)
	}
}

func TestPieces(t *testing.T) {
	lanes := [][]byte{make([]byte, 2*9<<20), make([]byte, 2*Granule), make([]byte, 2*2<<20)}
	next, first := piecesOf(lanes), 0
	for b, again, ok := next(); ok; b, again, ok = next() {
		if !again {
			first += len(b)
		}
		if len(b) == 0 || len(b) > populatePiece {
			t.Fatalf("piece of %d bytes", len(b))
		}
		for i := 0; i < len(b); i += 4096 {
			b[i]++
		}
	}
	if want := 9<<20 + Granule + 2<<20; first != want {
		t.Errorf("%d bytes of the ring in pieces, want %d", first, want)
	}
	for i, l := range lanes {
		for at := 0; at < len(l); at += 4096 {
			want := byte(1)
			if at-len(l)/2 >= populateUpper {
				want = 0
			}
			if l[at] != want {
				t.Fatalf("byte %d of lane %d was in %d pieces, want %d", at, i, l[at], want)
			}
		}
	}
}
