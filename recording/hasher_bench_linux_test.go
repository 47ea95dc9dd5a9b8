package recording

import (
	"context"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is the processor time of this process so far.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSHA512 records to the real disk with and without SHA-512, as fast as it takes it and at 80 MB/s. It reports processor seconds per GB, how long
// the drainer was held up at worst, and how long the end took.
func BenchmarkSHA512(b *testing.B) {
	const batch = 1 << 20
	p := ramp16(0, batch/2)
	for _, rate := range []int64{0, 80 << 20} {
		for _, sha := range []bool{false, true} {
			name := fmt.Sprintf("rate=%dMiB/s/sha512=%v", rate>>20, sha)
			if rate == 0 {
				name = fmt.Sprintf("rate=full/sha512=%v", sha)
			}
			b.Run(name, func(b *testing.B) {
				run, err := Create(b.TempDir(), "bench", Options{SHA512: sha})
				if err != nil {
					b.Fatal(err)
				}
				d := testBenchDevice(b, run)
				syncs := make(chan *Checkpoint, 1)
				synced := make(chan error, 1)
				go func() {
					var first error
					for cp := range syncs {
						if _, err := d.Sync(context.Background(), cp); err != nil && first == nil {
							first = err
						}
					}
					synced <- first
				}()
				b.SetBytes(batch)
				b.ResetTimer()
				cpu, worst, began := cpuTime(b), time.Duration(0), time.Now()
				var last time.Time
				for n := int64(0); b.Loop(); n++ {
					if rate > 0 {
						time.Sleep(time.Until(began.Add(time.Duration(n * batch * int64(time.Second) / rate))))
					}
					at := time.Now()
					if err := d.Append(0, n*batch/2, p, Stamp{MonoNS: 1, UTCNS: 1}); err != nil {
						b.Fatal(err)
					}
					worst = max(worst, time.Since(at))
					if at.Sub(last) > time.Second {
						select {
						case syncs <- d.Checkpoint(nil, nil):
							last = at
						default: // the one before is under way
						}
					}
				}
				bytes := float64(b.N) * batch
				b.StopTimer()
				close(syncs)
				if err := <-synced; err != nil {
					b.Fatal(err)
				}
				ending := time.Now()
				if err := d.Finish(context.Background(), SealStop, nil, nil); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric((cpuTime(b)-cpu).Seconds()/bytes*1e9, "cpu-s/GB")
				b.ReportMetric(float64(worst.Microseconds())/1000, "worst-append-ms")
				b.ReportMetric(float64(time.Since(ending).Milliseconds()), "end-ms")
				if err := run.Close(End{Reason: "stop"}); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

func testBenchDevice(b *testing.B, r *Run) *DeviceWriter {
	b.Helper()
	d, err := r.AddDevice(rawInfo(64<<20, "A"))
	if err != nil {
		b.Fatal(err)
	}
	if err := d.StartEpoch(Epoch{}); err != nil {
		b.Fatal(err)
	}
	return d
}
