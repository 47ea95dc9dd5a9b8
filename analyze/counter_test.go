package analyze

import (
	"math"
	"testing"

	"github.com/scopelog/scopelog/analysis/stats"
	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestBinsOnCodes: without a range each bin holds as many steps of the converter as the others, which lie in its middle.
func TestBinsOnCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		bits   int
		bins   int
		signal func(device int64) int64
		rows   int
		width  float64
		from   float64
		count  float64 // of all bins but the ends; 0: not looked at
	}{
		{"8 bits, a bin for each", 8, 256, func(k int64) int64 { return (k%200 - 100) * 256 }, 200, 0.256, -25.728, 20},
		{"8 bits, four in a bin", 8, 50, func(k int64) int64 { return (k%200 - 100) * 256 }, 50, 1.024, -25.728, 80},
		{"8 bits that are averages", 8, 256, func(k int64) int64 { return (k%200 - 100) * 64 }, 200, 0.064, -6.432, 20},
		{"16 bits", 16, 256, func(k int64) int64 { return k % 100 }, 100, 0.001, -0.0005, 40},
		{"not said", 0, 256, func(k int64) int64 { return k % 100 * 3 }, 149, 0.002, -0.0005, 0},
		{"two", 12, 2, func(k int64) int64 { return (k%2 - 1) * 16 }, 2, 0.016, -0.024, 2000},
		{"one value", 12, 256, func(int64) int64 { return 160 }, 1, 0.016, 0.152, 4000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := recordingtest.Analog("A")
			a.Global.ResolutionBits = c.bits
			l := recordingtest.New(t, recordingtest.Device(a))
			l.Signal = func(_ int, device int64) int64 { return c.signal(device) }
			l.Add(4000)
			table := run(t, l.Open(), Selection{}, &Histogram{Bins: c.bins})
			same(t, "rows", c.rows, table.Rows)
			from, to, counts := column(t, table, "from"), column(t, table, "to"), column(t, table, "count")
			within(t, "first edge", from[0], c.from, 1e-9)
			var sum float64
			for i, n := range counts {
				sum += n
				within(t, "width", to[i]-from[i], c.width, 1e-9)
				if c.count > 0 && n != c.count && i > 0 && i < len(counts)-1 {
					t.Errorf("bin %d holds %v", i, n)
				}
			}
			same(t, "all", 4000.0, sum)
		})
	}
}

// TestBinsOfCounts: as stored, bins have whole codes in their middle.
func TestBinsOfCounts(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Signal = func(_ int, device int64) int64 {
		if device == 0 {
			return math.MinInt16
		}
		return math.MaxInt16
	}
	l.Add(100)
	table := run(t, l.Open(), Selection{Quantity: convert.Counts}, &Histogram{Bins: 1 << 16})
	same(t, "rows", 1<<16, table.Rows)
	same(t, "first edge", math.MinInt16-0.5, column(t, table, "from")[0])
	same(t, "last edge", math.MaxInt16+0.5, column(t, table, "to")[1<<16-1])
}

// counters are a histogram of values and one of codes.
func counters(tb testing.TB) map[string]*counter {
	tb.Helper()
	list := map[string]*counter{"values": {}, "codes": {most: 256, codes: &codes{scale: 0.001, step: 1, buf: make([]float64, 4096)}}}
	for name, bins := range map[string]int{"values": 256, "codes": codeBins} {
		var err error
		if list[name].growing, err = stats.NewAdaptive(bins); err != nil {
			tb.Fatal(err)
		}
	}
	return list
}

func ramp(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i*7919%60_000-30_000) * 0.001
	}
	return x
}

// TestCounterAllocations: counting needs no memory but for its bins.
func TestCounterAllocations(t *testing.T) {
	x := ramp(100_000)
	for name, c := range counters(t) {
		if n := testing.AllocsPerRun(5, func() { c.add(x...) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkCounter(b *testing.B) {
	x := ramp(chunkSamples)
	for name, c := range counters(b) {
		b.Run(name+"/samples=262144", func(b *testing.B) {
			b.SetBytes(8 * chunkSamples)
			b.ReportAllocs()
			for b.Loop() {
				c.add(x...)
			}
		})
		c.help(2, 256)
		b.Run(name+"/samples=262144/goroutines=2", func(b *testing.B) {
			b.SetBytes(8 * chunkSamples)
			b.ReportAllocs()
			for b.Loop() {
				c.share(x)
			}
		})
	}
}
