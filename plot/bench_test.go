package plot

import (
	"io"
	"math/rand/v2"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// BenchmarkWeek draws a week that was recorded at 100 S/s, 60 million samples, in two streams: all of it, and a day.
func BenchmarkWeek(b *testing.B) {
	d := device(analog("A"), analog("B"))
	d.RawInterval = recording.Fraction{Num: 1, Den: 100}
	l := newLab(b, d, recording.Options{})
	const samples = 7 * 86400 * 100
	l.signal = func(s int, d int64) float64 { return float64(int16(d*int64(7919+s)) >> (uint(d>>20) % 8)) }
	l.add(samples)
	r := l.open()
	for _, c := range []struct {
		name  string
		until recording.Timestamp
	}{{"days=7/samples=121M", 0}, {"days=1/samples=17M", startUTC + 86400e9}} {
		b.Run(c.name+"/read", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				timeFigure(b, r, TimeOptions{Until: c.until})
			}
		})
		f := timeFigure(b, r, TimeOptions{Until: c.until})
		b.Run(c.name+"/png", func(b *testing.B) {
			for b.Loop() {
				if err := f.WritePNG(io.Discard, Size{1200, 700}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPNG draws two envelopes of noise in 2000 columns: each row is crossed by thousands of edges.
func BenchmarkPNG(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	f := &Figure{x: axis{min: 0, max: 1, label: "time", ticks: elapsedTicks}, panels: []*panel{{y: axis{min: -1, max: 1, label: "noise", ticks: scaled(1)}}}}
	const columns = 2000
	for i := range 2 {
		s := stretch{}
		for k := range columns {
			v, w := r.Float64(), r.Float64()
			s.columns = append(s.columns, column{float64(k) / columns, float64(k+1) / columns, -v, w})
		}
		f.panels[0].layers = append(f.panels[0].layers, &trace{stretches: []stretch{s}, color: traceColor(i), many: true})
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := f.WritePNG(io.Discard, Size{columns, 700}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPersistence draws 2000 waveforms of 4000 samples.
func BenchmarkPersistence(b *testing.B) {
	const n, length = 2000, 4000
	r := waves(b, n, length)
	b.SetBytes(2 * n * length * 2)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Persistence(b.Context(), r, PersistenceOptions{Streams: r.Streams()}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPins looks at 16 million samples of a port.
func BenchmarkPins(b *testing.B) {
	p := make([]byte, 16<<20)
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		bits(p)
	}
}
