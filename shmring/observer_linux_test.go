package shmring

import (
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// duplicate gives a descriptor of its own to somebody who takes ownership.
func duplicate(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	must(t, err)
	return os.NewFile(uintptr(fd), "ring")
}

// Observers that ask for windows at the very tail are overrun all the time, and never accept a wrong byte or descriptor.
func TestObserversUnderOverrun(t *testing.T) {
	want := int64(100_000)
	if long() {
		want = 1_000_000
	} else if testing.Short() {
		want = 2000
	}
	r := createRing(t, spec16(2, Granule, 64))
	p := startChild(t, r, "lossless", 1, 2000)
	var accepted, descs, overruns, wrong atomic.Int64
	var stop atomic.Bool
	var wg sync.WaitGroup
	for k := range 2 {
		o, err := AttachObserver(duplicate(t, r.File()))
		must(t, err)
		wg.Go(func() {
			defer o.Close()
			w := watcher{o: o, rng: rand.New(rand.NewPCG(9, uint64(k))), window: make([]byte, 2048)}
			for !stop.Load() {
				w.look(k)
				accepted.Add(w.accepted)
				descs.Add(w.descs)
				wrong.Add(w.wrong)
				w.accepted, w.descs, w.wrong = 0, 0, 0
			}
			overruns.Add(int64(o.Overruns()))
		})
	}
	j := newJudge(r)
	j.check = false // the observers look; the recorder is to be fast
	for !j.c.EOS() {
		n, err := j.pass()
		must(t, err)
		if n == 0 {
			j.c.Wait(0)
		}
		if accepted.Load() >= want && r.State() == CoreReady {
			r.SetState(CoreDraining, 0)
		}
	}
	stop.Store(true)
	wg.Wait()
	p.wait(t)
	t.Logf("%d windows and %d descriptors accepted, %d overruns", accepted.Load(), descs.Load(), overruns.Load())
	if wrong.Load() != 0 {
		t.Errorf("%d of %d accepted windows are wrong", wrong.Load(), accepted.Load())
	}
	if overruns.Load() == 0 || descs.Load() == 0 {
		t.Errorf("%d overruns, %d descriptors: the test was too kind", overruns.Load(), descs.Load())
	}
	if j.lost[0]+j.lost[1] != 0 {
		t.Errorf("observers cost %d samples", j.lost)
	}
}

type watcher struct {
	o      *Observer
	rng    *rand.Rand
	window []byte
	desc   [4]Desc

	accepted, descs, wrong int64
}

// look asks for one window, mostly near the tail, and for a few descriptors.
func (w *watcher) look(lane int) {
	capacity := w.o.Spec().Lanes[lane].Capacity / 2
	back := capacity - uint64(w.rng.IntN(4000))
	switch w.rng.IntN(12) {
	case 0, 1, 2, 3:
		back = uint64(w.rng.IntN(int(capacity)))
	case 4:
		back = 2 * capacity // overwritten for certain, once so much has come
	}
	head := w.o.Head(lane)
	from := head - min(back, head-w.o.Start(lane))
	n, err := w.o.Window(lane, from, w.window[:2*(1+w.rng.IntN(len(w.window)/2))])
	switch {
	case errors.Is(err, ErrOverrun):
	case err != nil, badPattern(w.window[:n], lane, from, 2) >= 0:
		w.wrong++
	case n > 0:
		w.accepted++
	}
	index := w.o.DescHead()
	index -= min(index, uint64(w.rng.IntN(70)))
	got, err := w.o.Descs(index, w.desc[:])
	if err != nil {
		return
	}
	for i, d := range w.desc[:got] {
		if d.Seq != index+uint64(i) {
			w.wrong++
		}
		w.descs++
	}
}

func TestObserverEdges(t *testing.T) {
	s := spec16(1, Granule, 64)
	s.Lanes[0].StartPos = 1000
	r := createRing(t, s)
	p, err := r.NewProducer()
	must(t, err)
	defer p.Close()
	o, err := AttachObserver(duplicate(t, r.File()))
	must(t, err)
	defer o.Close()
	buf := make([]byte, 400)
	if pos, n, err := o.Latest(0, buf); pos != 500 || n != 0 || err != nil {
		t.Errorf("empty ring: %d bytes at %d, %v", n, pos, err)
	}
	src := source{p: p}
	must(t, src.batch(150))
	for _, c := range []struct {
		name string
		pos  uint64
		want int
	}{{"before the start", 499, 0}, {"all", 500, 300}, {"tail", 600, 100}, {"head", 650, 0}, {"beyond", 651, 0}, {"far beyond", 1 << 62, 0}} {
		if n, err := o.Window(0, c.pos, buf); n != c.want || err != nil {
			t.Errorf("%s: %d bytes, %v; want %d", c.name, n, err, c.want)
		}
	}
	if pos, n, err := o.Latest(0, buf[:101]); pos != 600 || n != 100 || err != nil || badPattern(buf[:n], 0, 100, 2) >= 0 {
		t.Errorf("latest: %d bytes at %d, %v", n, pos, err)
	}
	var d [4]Desc
	if n, err := o.Descs(0, d[:]); n != 1 || err != nil || d[0].Count != 150 {
		t.Errorf("descriptors: %d, %v", n, err)
	}
	if n, err := o.Descs(1, d[:]); n != 0 || err != nil {
		t.Errorf("descriptors at the head: %d, %v", n, err)
	}
	// A write that is only intended makes the oldest samples invalid.
	j := newJudge(r)
	for range 3 {
		must(t, src.batch(15000))
		j.drain(t)
	}
	head := o.Head(0)
	if _, err := o.Window(0, head-32768, buf); err != nil {
		t.Errorf("oldest window: %v", err)
	}
	if _, err := p.Reserve(0, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Window(0, head-32768+99, buf); !errors.Is(err, ErrOverrun) {
		t.Errorf("window under an intent: %v, want ErrOverrun", err)
	}
	if n, err := o.Window(0, head-32768+100, buf); n != len(buf) || err != nil {
		t.Errorf("window behind an intent: %d bytes, %v", n, err)
	}
	if _, err := o.Window(0, head-40000, buf); !errors.Is(err, ErrOverrun) || o.Overruns() != 2 {
		t.Errorf("window long gone: %v, %d overruns", err, o.Overruns())
	}
}
