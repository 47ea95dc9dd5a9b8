//go:build cgo

package main

import (
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/picosdk/dynlib"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
)

// BenchmarkFetch is how fast captured samples come out of an emulated unit, which computes them meanwhile.
func BenchmarkFetch(b *testing.B) {
	libraries := scopetest.EmulatorDir(b, family.File)
	for _, signal := range []string{"proof", "dc offset=1V", "sine frequency=10kHz", "sine frequency=10kHz noise=1mV", "square frequency=10kHz", "pulses frequency=10kHz width=1us", "random rate=10kHz"} {
		for _, channels := range [][]string{{"A"}, {"A", "E"}} {
			b.Run(fmt.Sprintf("signal=%.6s/noise=%v/channels=%d", signal, len(signal) > 25, len(channels)), func(b *testing.B) {
				const samples, chunk = 64 << 20, 4 << 20
				d := scopetest.OpenDirect(b, family, libraries, "6824E", 8, "hurry = on", "channel A = "+signal, "channel E = "+signal)
				sources := d.On(channels, nil)
				u := d.Unit.(scope.BlockUnit)
				if err := u.RunBlock(0, samples, 3, 0); err != nil {
					b.Fatal(err)
				}
				d.Poll("the block is ready", func() bool { ready, _ := u.Ready(); return ready })
				req := scope.Fetch{Part: scope.Part{Mode: family.Ratios.Raw, Ratio: 1, Down: "none"}, Sources: sources, Samples: chunk, Memory: [][]scope.Memory{nil}}
				for range sources {
					memory, err := dynlib.NewBuffer[uint8](2 * chunk)
					if err != nil {
						b.Fatal(err)
					}
					defer memory.Free()
					req.Memory[0] = append(req.Memory[0], scope.Memory{High: memory.Slice()})
				}
				b.SetBytes(2 * chunk * int64(len(sources)))
				b.ReportAllocs()
				for b.Loop() {
					req.Start = (req.Start + chunk) % samples
					if _, err := u.Fetch(req); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
