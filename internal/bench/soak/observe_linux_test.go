package main

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// bench is a ring with a viewer and a producer in the test's hand.
type bench struct {
	t     *testing.T
	prod  *shmring.Producer
	view  *viewer
	proof recording.Proof
}

func newBench(t *testing.T, tail bool) *bench {
	t.Helper()
	ring, err := shmring.Create(shmring.Spec{Lanes: []shmring.LaneSpec{{
		SampleType: shmring.I16, IntervalNumFS: 1e9, IntervalDen: 1, Ratio: 1, Scale: 1,
		Capacity: 8 * windowBytes,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAll(t, ring.Close) })
	b := &bench{t: t}
	if b.prod, err = ring.NewProducer(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAll(t, b.prod.Close) })
	file, err := findRing()
	if err != nil {
		t.Fatal(err)
	}
	observer, err := shmring.AttachObserver(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAll(t, observer.Close) })
	if b.proof, err = recording.NewProof(serial, "A", 16, -32767, 32767); err != nil {
		t.Fatal(err)
	}
	b.view = &viewer{ring: observer, proofs: []recording.Proof{b.proof}, tail: tail, window: make([]byte, windowBytes)}
	// The consumer gives all room back at once, so that the producer overwrites what it likes.
	consumer, quit, done := shmring.NewConsumer(ring), make(chan struct{}), make(chan error, 1)
	go func() { done <- discard(consumer, quit) }()
	t.Cleanup(func() {
		close(quit)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return b
}

func closeAll(t *testing.T, fn func() error) {
	if err := fn(); err != nil {
		t.Error(err)
	}
}

func discard(c *shmring.Consumer, quit <-chan struct{}) error {
	for {
		descs, err := c.Poll()
		if err != nil {
			return err
		}
		for _, d := range descs {
			if d.Type == shmring.DescData {
				if err := c.ReleaseData(0, d.Pos+uint64(d.Count)); err != nil {
					return err
				}
			}
			if err := c.ReleaseDesc(d.Seq + 1); err != nil {
				return err
			}
		}
		select {
		case <-quit:
			return nil
		default:
			c.Wait(time.Millisecond)
		}
	}
}

// push delivers n samples of the proof signal, shifted by wrong.
func (b *bench) push(n int, wrong int64) {
	b.t.Helper()
	if err := b.prod.WaitRoom(b.t.Context(), n); err != nil {
		b.t.Fatal(err)
	}
	data := make([]byte, 0, 2*n)
	for i := range n {
		data = binary.LittleEndian.AppendUint16(data, uint16(b.proof.At(int64(b.prod.Next(0))+int64(i)+wrong)))
	}
	b.prod.Begin(shmring.MonoNow())
	if err := b.prod.Push(0, data); err != nil {
		b.t.Fatal(err)
	}
	if err := b.prod.Commit(); err != nil {
		b.t.Fatal(err)
	}
}

// TestViewer looks at windows of each kind.
func TestViewer(t *testing.T) {
	const samples = windowBytes / 2
	t.Run("good at the head", func(t *testing.T) {
		b := newBench(t, false)
		b.view.look(0)
		for range 3 {
			b.push(samples, 0)
			b.view.look(0)
		}
		if want := (windows{Accepted: 3, Skipped: 1}); b.view.got != want {
			t.Errorf("got %+v, want %+v", b.view.got, want)
		}
	})
	t.Run("wrong samples are seen", func(t *testing.T) {
		b := newBench(t, false)
		b.push(samples, 1)
		b.view.look(0)
		if want := (windows{Wrong: 1}); b.view.got != want {
			t.Errorf("got %+v, want %+v", b.view.got, want)
		}
	})
	t.Run("behind a gap", func(t *testing.T) {
		b := newBench(t, false)
		b.push(samples, 0)
		if err := b.prod.Gap(0, 1000, shmring.CauseUSB); err != nil {
			t.Fatal(err)
		}
		b.push(samples/2, 0)
		b.view.look(0) // the gap is within the window
		b.push(samples, 0)
		b.view.look(0)
		if want := (windows{Accepted: 1, Skipped: 1}); b.view.got != want {
			t.Errorf("got %+v, want %+v", b.view.got, want)
		}
	})
	t.Run("good at the tail", func(t *testing.T) {
		b := newBench(t, true)
		for range 10 {
			b.push(samples, 0)
			b.view.look(0)
		}
		if got := b.view.got; got.Wrong != 0 || got.Accepted != 3 || got.Skipped != 7 {
			t.Errorf("got %+v", got)
		}
	})
}
