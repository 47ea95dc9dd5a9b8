package measure

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// golden is what golden.py writes.
type golden struct {
	Versions string                `json:"versions"`
	ERes     map[string]goldenERes `json:"eres"` // by bits
	Average  map[string][]float64  `json:"average"`
	Transfer map[string]float64    `json:"transfer"`
}

type goldenERes struct {
	N      int     `json:"n"`
	First  float64 `json:"first"`
	Middle float64 `json:"middle"`
	Last   float64 `json:"last"`
	Sum    float64 `json:"sum"`
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

func TestGolden(t *testing.T) {
	t.Parallel()
	checkGolden(t, scipytest.Golden(t))
}

// TestLive runs the generator again where SciPy is installed.
func TestLive(t *testing.T) {
	t.Parallel()
	checkGolden(t, scipytest.Run(t, "testdata/golden.py"))
}

func checkGolden(t *testing.T, text []byte) {
	t.Helper()
	var want golden
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatalf("parse golden values: %v", err)
	}
	got := golden{Versions: want.Versions, ERes: map[string]goldenERes{}, Average: averages(t), Transfer: transferred(t)}
	x := noise(1, 600)
	for name := range want.ERes {
		bits, err := strconv.ParseFloat(name, 64)
		if err != nil {
			t.Fatal(err)
		}
		e, err := NewERes(bits)
		if err != nil {
			t.Fatal(err)
		}
		y := e.Append(nil, x)
		sum := 0.0
		for _, v := range y {
			sum += v
		}
		got.ERes[name] = goldenERes{N: len(y), First: y[0], Middle: y[len(y)/2], Last: y[len(y)-1], Sum: sum}
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 1e-15)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func averages(t *testing.T) map[string][]float64 {
	t.Helper()
	waves := noise(2, 40*50)
	plain, err := NewAverage(50)
	if err != nil {
		t.Fatal(err)
	}
	shifted, _ := NewAverage(50)
	rest, _ := NewAverage(50)
	for k := range 40 {
		w := waves[50*k : 50*k+50]
		plain.Add(w, 0)
		to := shifted
		if k >= 25 {
			to = rest
		}
		to.Add(w, float64(k)/8)
	}
	shifted.Merge(rest)
	counts := make([]float64, 50)
	for i, n := range shifted.Counts(nil) {
		counts[i] = float64(n)
	}
	return map[string][]float64{
		"mean": plain.Mean(nil), "std": plain.Std(nil),
		"shifted_mean": shifted.Mean(nil), "shifted_std": shifted.Std(nil), "shifted_count": counts,
	}
}

func transferred(t *testing.T) map[string]float64 {
	t.Helper()
	const n = 40 * 128
	a, b := noise(3, n), noise(4, n)
	for i := range b {
		b[i] += 0.7 * a[(i+n-1)%n]
	}
	m, err := NewTransfer(0.125, 1, 16)
	if err != nil {
		t.Fatal(err)
	}
	m.Add(a[:1000], b[:1000])
	m.Add(a[1000:], b[1000:])
	r := m.Result()
	return map[string]float64{"gain": r.Gain, "phase": r.Phase, "coherence": r.Coherence}
}
