package stats

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// goldenSignal is what NumPy says of one signal.
type goldenSignal struct {
	N           int64             `json:"n"`
	NaN         int64             `json:"nan"`
	Min         float64           `json:"min"`
	MinAt       int64             `json:"min_at"`
	Max         float64           `json:"max"`
	MaxAt       int64             `json:"max_at"`
	Mean        float64           `json:"mean"`
	RMS         float64           `json:"rms"`
	Std         float64           `json:"std"`
	SampleStd   *float64          `json:"sample_std"`
	Percentiles []float64         `json:"percentiles"`
	Histograms  []goldenHistogram `json:"histograms"`
}

type goldenHistogram struct {
	Bins   int        `json:"bins"`
	Lo     float64    `json:"lo"`
	Hi     float64    `json:"hi"`
	Counts [][2]int64 `json:"counts"` // bin and count of those that are not 0
	Edges  []float64  `json:"edges"`  // first, middle, last
}

type golden struct {
	Versions string                  `json:"versions"`
	Signals  map[string]goldenSignal `json:"signals"`
}

// noise is golden.py's.
func noise(seed, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		z := (uint64(i) + uint64(seed)) * 0x9E3779B97F4A7C15
		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
		z = (z ^ (z >> 27)) * 0x94D049BB133111EB
		z ^= z >> 31
		x[i] = float64(z>>11) * 0x1p-53
	}
	return x
}

// signals are those of golden.py.
func signals() map[string][]float64 {
	each := func(x []float64, f func(i int, v float64) float64) []float64 {
		for i, v := range x {
			x[i] = f(i, v)
		}
		return x
	}
	return map[string][]float64{
		"uniform": noise(1, 10007),
		"offset":  each(noise(2, 5000), func(_ int, v float64) float64 { return 1e9 + v }),
		"tiny":    each(noise(3, 3001), func(_ int, v float64) float64 { return 1e-300 * v }),
		"steps":   each(noise(4, 4096), func(_ int, v float64) float64 { return math.Floor(v*16) / 10 }),
		"counts":  each(noise(5, 70000), func(_ int, v float64) float64 { return math.Floor(v*65536) - 32768 }),
		"nan": each(noise(6, 2500), func(i int, v float64) float64 {
			if i%7 == 0 {
				return math.NaN()
			}
			return v - 0.5
		}),
		"one":      noise(7, 1),
		"constant": each(make([]float64, 1500), func(int, float64) float64 { return 0.1 }),
	}
}

func parseGolden(t *testing.T, text []byte) golden {
	t.Helper()
	var g golden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatalf("parse golden values: %v", err)
	}
	return g
}

func TestGolden(t *testing.T) {
	t.Parallel()
	checkGolden(t, parseGolden(t, scipytest.Golden(t)))
}

// TestLive runs the generator again where SciPy is installed.
func TestLive(t *testing.T) {
	t.Parallel()
	checkGolden(t, parseGolden(t, scipytest.Run(t, "testdata/golden.py")))
}

func checkGolden(t *testing.T, g golden) {
	all := signals()
	if len(g.Signals) != len(all) {
		t.Fatalf("%d signals in the golden values, %d here", len(g.Signals), len(all))
	}
	for name, want := range g.Signals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := all[name]
			s := Of(x)
			got := goldenSignal{N: s.N(), NaN: s.NaN(), Mean: s.Mean(), RMS: s.RMS(), Std: s.Std()}
			got.Min, got.MinAt = s.Min()
			got.Max, got.MaxAt = s.Max()
			if v := s.SampleStd(); !math.IsNaN(v) {
				got.SampleStd = &v
			}
			got.Percentiles, got.Histograms = want.Percentiles, want.Histograms
			// The mean has to be right to 1e-12 of itself; squares lose more where the offset is large.
			rel := cmpopts.EquateApprox(1e-12, 0)
			if name == "offset" || name == "constant" {
				// NumPy's own deviations are of numbers that are rounded to 1e-16 of the offset.
				rel = cmpopts.EquateApprox(1e-12, 2e-17)
			}
			if diff := cmp.Diff(want, got, rel); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
			for _, w := range want.Histograms {
				checkHistogram(t, x, w)
			}
			checkPercentiles(t, x, want.Percentiles)
		})
	}
}

func checkHistogram(t *testing.T, x []float64, want goldenHistogram) {
	t.Helper()
	h, err := NewHistogram(want.Bins, want.Lo, want.Hi)
	if err != nil {
		t.Fatal(err)
	}
	h.Add(x)
	got := want
	got.Counts = [][2]int64{}
	for i, c := range h.Counts(nil) {
		if c > 0 {
			got.Counts = append(got.Counts, [2]int64{int64(i), c})
		}
	}
	edges := h.Edges(nil)
	got.Edges = []float64{edges[0], edges[len(edges)/2], edges[len(edges)-1]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("histogram of %d bins from %v to %v (-want +got):\n%s", want.Bins, want.Lo, want.Hi, diff)
	}
}

// checkPercentiles wants every kind of histogram to be within the error that it states.
func checkPercentiles(t *testing.T, x, want []float64) {
	t.Helper()
	a, err := NewAdaptive(512)
	if err != nil {
		t.Fatal(err)
	}
	a.Add(x)
	h, err := NewHistogram(100, -1, 1)
	if err != nil {
		t.Fatal(err)
	}
	h.Add(x)
	for i, p := range []float64{0, 1, 25, 50, 90, 99.9, 100} {
		if v, bound := a.Percentile(p); !(math.Abs(v-want[i]) <= bound+1e-12*math.Abs(v)) {
			t.Errorf("adaptive: percentile %v is %v within %v, want %v", p, v, bound, want[i])
		}
		if v, bound := h.Percentile(p); !(math.Abs(v-want[i]) <= bound+1e-12*math.Abs(v)) {
			t.Errorf("fixed: percentile %v is %v within %v, want %v", p, v, bound, want[i])
		}
	}
}
