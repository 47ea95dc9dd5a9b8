package shmring

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// BenchmarkRing moves batches through a ring between two goroutines; the consumer reads every byte.
func BenchmarkRing(b *testing.B) {
	for _, ring := range []int{64 << 20, 8 << 20} {
		for _, batch := range []int{64 << 10, 4 << 10} {
			b.Run(fmt.Sprintf("ring=%dMiB/batch=%dKiB", ring>>20, batch>>10), func(b *testing.B) {
				benchmarkRing(b, uint64(ring), batch)
			})
		}
	}
}

func benchmarkRing(b *testing.B, capacity uint64, batch int) {
	r, err := Create(spec16(1, capacity, 1<<16))
	if errors.Is(err, ErrNotSupported) && runtime.GOOS != "linux" {
		b.Skip(err)
	}
	must(b, err)
	defer r.Close()
	p, err := r.NewProducer()
	must(b, err)
	defer p.Close()
	b.SetBytes(int64(batch))
	b.ReportAllocs()
	b.ResetTimer()
	done := make(chan error, 1)
	go func() { done <- benchProduce(b, p, batch) }()
	c := NewConsumer(r)
	var sum uint64
	for !c.EOS() {
		descs, err := c.Poll()
		must(b, err)
		for _, d := range descs {
			if d.Type != DescData {
				continue
			}
			sum += sumWords(c.Data(0, d.Pos, d.Count))
			must(b, c.ReleaseData(0, d.Pos+uint64(d.Count)))
		}
		if n := len(descs); n > 0 {
			must(b, c.ReleaseDesc(descs[n-1].Seq+1))
		} else {
			c.Wait(0)
		}
	}
	must(b, <-done)
	b.StopTimer()
	if p.Lost(0) != 0 {
		b.Fatalf("lost %d samples", p.Lost(0))
	}
	sink = sum
}

// BenchmarkUnsynchronised is what the memory can do: the same copies and sums over the same mappings, with no word between the two sides.
// Compare BenchmarkRing with it, in one run.
func BenchmarkUnsynchronised(b *testing.B) {
	const batch = 64 << 10
	for _, ring := range []int{64 << 20, 8 << 20} {
		b.Run(fmt.Sprintf("ring=%dMiB/batch=64KiB", ring>>20), func(b *testing.B) {
			r, err := Create(spec16(1, uint64(ring), 4096))
			if errors.Is(err, ErrNotSupported) && runtime.GOOS != "linux" {
				b.Skip(err)
			}
			must(b, err)
			defer r.Close()
			p, err := r.NewProducer()
			must(b, err)
			defer p.Close()
			b.SetBytes(batch)
			b.ResetTimer()
			var wg sync.WaitGroup
			wg.Go(func() {
				buf := make([]byte, batch)
				for i := range b.N {
					copy(p.mem.lanes[0][i*batch%ring:], buf)
				}
			})
			for i := range b.N {
				at := i * batch % ring
				sink += sumWords(r.mem.lanes[0][at : at+batch])
			}
			wg.Wait()
		})
	}
}

var sink uint64

func sumWords(b []byte) (sum uint64) {
	for ; len(b) >= 32; b = b[32:] {
		sum += binary.LittleEndian.Uint64(b) + binary.LittleEndian.Uint64(b[8:]) + binary.LittleEndian.Uint64(b[16:]) + binary.LittleEndian.Uint64(b[24:])
	}
	return sum
}

func benchProduce(b *testing.B, p *Producer, batch int) error {
	buf := make([]byte, batch)
	for range b.N {
		if err := p.WaitRoom(b.Context(), batch/2); err != nil {
			return err
		}
		p.Begin(MonoNow())
		if err := p.Push(0, buf); err != nil {
			return err
		}
		if err := p.Commit(); err != nil {
			return err
		}
	}
	return p.Finish(nil)
}

// BenchmarkCallback is the producer's cost per batch alone, with room and a consumer that does not wait.
func BenchmarkCallback(b *testing.B) {
	for _, batch := range []int{4 << 10, 20_000, 64 << 10} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			r, err := NewHeap(spec16(1, 8<<20, 1<<16))
			must(b, err)
			p, err := r.NewProducer()
			must(b, err)
			r.mem.heap = false // the second half is not written: as in a mapped ring
			c := NewConsumer(r)
			buf := make([]byte, batch)
			b.SetBytes(int64(batch))
			b.ReportAllocs()
			for b.Loop() {
				if p.Room(0) < batch/2 {
					for descs, _ := c.Poll(); len(descs) > 0; descs, _ = c.Poll() {
						last := descs[len(descs)-1]
						must(b, c.ReleaseData(0, last.Pos+uint64(last.Count)))
						must(b, c.ReleaseDesc(last.Seq+1))
					}
				}
				p.Begin(1)
				p.Push(0, buf)
				must(b, p.Commit())
			}
		})
	}
}

// BenchmarkCreate is the time until a ring is ready and attached, its first 64 MiB in place on both sides.
func BenchmarkCreate(b *testing.B) {
	for _, mib := range []uint64{1, 64} {
		b.Run(fmt.Sprintf("ring=%dMiB", mib), func(b *testing.B) {
			for b.Loop() {
				r, err := Create(spec16(1, mib<<20, 4096))
				if errors.Is(err, ErrNotSupported) && runtime.GOOS != "linux" {
					b.Skip(err)
				}
				must(b, err)
				p, err := r.NewProducer()
				must(b, err)
				must(b, p.Close())
				must(b, r.Close())
			}
		})
	}
}
