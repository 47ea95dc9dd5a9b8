package shmring

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// latencies reports the distribution of what it was given, in nanoseconds.
func latencies(b *testing.B, ns []int64) {
	slices.Sort(ns)
	b.ReportMetric(float64(ns[len(ns)/2]), "p50-ns")
	b.ReportMetric(float64(ns[len(ns)*99/100]), "p99-ns")
}

// untilAsleep returns a good while after the other side has said that it goes to sleep: nothing tells when it really does.
func untilAsleep(waiting *atomic.Uint32) {
	for since := int64(0); ; runtime.Gosched() {
		switch now := MonoNow(); {
		case waiting.Load() == 0:
			since = 0
		case since == 0:
			since = now
		case now-since > int64(100*time.Microsecond):
			return
		}
	}
}

// BenchmarkWake is the time from the stamp of a batch of 64 KiB to the sleeping consumer that has it, and beside it what a bare futex needs.
// Compare the two, in one run.
func BenchmarkWake(b *testing.B) {
	b.Run("ring/batch=64KiB", benchmarkWakeRing)
	b.Run("futex", benchmarkWakeFutex)
}

func benchmarkWakeRing(b *testing.B) {
	const batch = 64 << 10
	r, err := NewHeap(spec16(1, 1<<20, 4096))
	must(b, err)
	defer r.Close()
	p, err := r.NewProducer()
	must(b, err)
	defer p.Close()
	r.mem.heap = false // one copy, as in a mapped ring
	c := NewConsumer(r)
	c.SetWatermark(1)
	b.SetBytes(batch)
	b.ReportAllocs()
	done := make(chan error, 1)
	go func() {
		buf := make([]byte, batch)
		for range b.N {
			untilAsleep(&p.hdr.waiting)
			p.Begin(MonoNow())
			p.Push(0, buf)
			if err := p.Commit(); err != nil {
				done <- err
				return
			}
		}
		done <- p.Finish(nil)
	}()
	ns := make([]int64, 0, b.N)
	for !c.EOS() {
		descs, err := c.Poll()
		must(b, err)
		if len(descs) == 0 {
			c.Wait(0)
		}
		for _, d := range descs {
			if d.Type == DescData {
				ns = append(ns, MonoNow()-d.TMonoNS)
				must(b, c.ReleaseData(0, d.Pos+uint64(d.Count)))
			}
			must(b, c.ReleaseDesc(d.Seq+1))
		}
	}
	must(b, <-done)
	latencies(b, ns)
}

func benchmarkWakeFutex(b *testing.B) {
	var bell, waiting atomic.Uint32
	var stamp atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range b.N {
			untilAsleep(&waiting)
			waiting.Store(0)
			stamp.Store(MonoNow())
			bell.Add(1)
			wakeWord(&bell)
		}
	}()
	ns := make([]int64, 0, b.N)
	for range b.N {
		seen := bell.Load()
		waiting.Store(1)
		for bell.Load() == seen {
			waitWord(&bell, seen, time.Second)
		}
		ns = append(ns, MonoNow()-stamp.Load())
	}
	<-done
	latencies(b, ns)
}
