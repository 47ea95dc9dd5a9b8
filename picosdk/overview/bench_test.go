//go:build linux && cgo

package overview

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
)

// BenchmarkDelivery: our time in the library's callback, two channels, beside goroutines that keep the Go scheduler busy, and beside memcpy of
// the same bytes. Each delivery is a batch of its own, the dearest case.
func BenchmarkDelivery(b *testing.B) {
	for _, samples := range []int{512, 2048, 16384} {
		for _, busy := range []int{0, 4} {
			b.Run(fmt.Sprintf("bytes=%d/busy=%d", 2*2*samples, busy), func(b *testing.B) { delivery(b, samples, busy) })
		}
	}
}

func delivery(b *testing.B, samples, busy int) {
	r := newRig(b, 2, samples, looptest.Lane{KiB: 32 << 10})
	r.cfg.Gather = time.Nanosecond
	r.fake.Script(b, []looptest.Step{{Samples: int32(samples), Start: 1, Lie: true, Sleep: 100 * time.Microsecond}}, b.N, 0, true)
	var work sync.WaitGroup
	quit := make(chan struct{})
	for range busy {
		work.Go(func() { spin(quit) })
	}
	b.SetBytes(int64(4 * samples))
	b.ResetTimer()
	l := r.start(b)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		wait(b, l)
	}()
	for done := false; !done; {
		select {
		case <-ended:
			done = true
		default:
			r.judge.Skip(b)
		}
	}
	b.StopTimer()
	close(quit)
	work.Wait()
	c := l.Counters()
	b.ReportMetric(float64(c.Delivery.Quantile(0.5)), "p50-ns")
	b.ReportMetric(float64(c.Delivery.Quantile(0.999)), "p99.9-ns")
	b.ReportMetric(float64(memcpy(b, 4*samples)), "memcpy-ns")
	b.ReportMetric(float64(c.Dropped), "dropped")
}

func spin(quit <-chan struct{}) {
	for x := 1.0; ; {
		select {
		case <-quit:
			return
		default:
		}
		for range 100_000 {
			x = math.Sqrt(x + 1)
		}
	}
}

// memcpy is the time for one copy of so many bytes into memory as large as the lanes, which no cache holds.
func memcpy(b *testing.B, bytes int) time.Duration {
	from, to := looptest.Buffer(b, bytes), looptest.Buffer(b, copyRoom)
	looptest.Copy(to, from, bytes, copyRoom)
	begin := time.Now()
	times := looptest.Copy(to, from, bytes, copyRoom)
	return time.Since(begin) / time.Duration(times)
}

const copyRoom = 64 << 20

// BenchmarkPace: processor time of a loop with two channels at 1 MS/s and a reader that only gives room back, by poll interval.
func BenchmarkPace(b *testing.B) {
	for _, poll := range []time.Duration{time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond, 40 * time.Millisecond} {
		b.Run(fmt.Sprint("poll=", poll), func(b *testing.B) {
			r := newRig(b, 2, 500_000, looptest.Lane{KiB: 8 << 10})
			r.cfg.PollInterval = poll
			r.fake.Pace(time.Microsecond)
			l := r.start(b)
			begin, before := time.Now(), cpu(b)
			for range b.N {
				for next := time.Now().Add(100 * time.Millisecond); time.Now().Before(next); {
					r.judge.Skip(b)
				}
			}
			share := 100 * float64(cpu(b)-before) / float64(time.Since(begin))
			l.Stop()
			wait(b, l)
			c := l.Counters()
			b.ReportMetric(share, "cpu-%")
			b.ReportMetric(float64(c.Polls)/time.Since(begin).Seconds(), "polls/s")
			b.ReportMetric(float64(c.Batches)/time.Since(begin).Seconds(), "batches/s")
		})
	}
}

// cpu is the processor time of this process so far.
func cpu(b *testing.B) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
