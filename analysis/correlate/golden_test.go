package correlate

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"testing"
)

// golden is what testdata/golden.py prints.
type golden struct{ Correlations []goldenCase }

type goldenCase struct {
	Name          string
	Kinds         [2]string
	N             [2]int
	Lag           int
	Mean          bool
	Norm          string
	Seed          uint64
	First, Length int
	ArgMax        int
	Scale         float64 // root of both energies; 1 for coefficients
	At            []int   // which lags are in Values
	Values        []float64
}

// samples returns the signals that testdata/golden.py makes, exactly.
func samples(kind string, n int, seed uint64) []float64 {
	x, state := make([]float64, n), seed
	for i := range x {
		state = (1103515245*state + 12345) % (1 << 31)
		x[i] = float64(state>>8)/(1<<22) - 1
		switch kind {
		case "constant":
			x[i] = 0.5
		case "zero", "impulse":
			x[i] = 0
		case "square":
			x[i] = 32767
			if i/7%2 == 1 {
				x[i] = -32768
			}
		case "offset":
			x[i] += 1e6
		case "tiny":
			x[i] = math.Ldexp(x[i], -60)
		case "huge":
			x[i] = math.Ldexp(x[i], 70)
		}
	}
	if kind == "impulse" {
		x[n/2] = 1
	}
	return x
}

func TestGolden(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, text)
}

// TestSciPy compares with the SciPy of this machine.
func TestSciPy(t *testing.T) {
	t.Parallel()
	const python = "/usr/bin/python3"
	if out, err := exec.Command(python, "-c", "import scipy.signal").CombinedOutput(); err != nil {
		t.Skipf("%s cannot import scipy: %v\n%s", python, err, out)
	}
	text, err := exec.Command(python, "testdata/golden.py").Output()
	if err != nil {
		t.Fatalf("run golden.py: %v", err)
	}
	compare(t, text)
}

func compare(t *testing.T, text []byte) {
	t.Helper()
	var g golden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Correlations) < 100 {
		t.Fatalf("only %d correlations", len(g.Correlations))
	}
	for i := range g.Correlations {
		t.Run(g.Correlations[i].Name, func(t *testing.T) { compareCase(t, &g.Correlations[i]) })
	}
}

func compareCase(t *testing.T, c *goldenCase) {
	t.Helper()
	o := Options{MaxLag: c.Lag, RemoveMean: c.Mean, Norm: map[string]Norm{"raw": Raw, "energy": Energy, "overlap": Overlap}[c.Norm]}
	got, err := Cross(samples(c.Kinds[0], c.N[0], c.Seed), samples(c.Kinds[1], c.N[1], c.Seed+1), o)
	if err != nil {
		t.Fatal(err)
	}
	if got.First != c.First || len(got.Values) != c.Length {
		t.Fatalf("%d lags from %d, SciPy has %d from %d", len(got.Values), got.First, c.Length, c.First)
	}
	for i, k := range c.At {
		if want := c.Values[i]; !(math.Abs(got.Values[k]-want) <= 1e-9*math.Abs(want)+1e-9*c.Scale) {
			t.Errorf("lag %d: %v, SciPy has %v", got.Lag(k), got.Values[k], want)
		}
	}
	if peak := got.Peak(); peak.Lag != c.First+c.ArgMax && !(math.Abs(peak.Value-got.Values[c.ArgMax]) <= 1e-12*c.Scale) {
		t.Errorf("the peak is at lag %d, SciPy has %d", peak.Lag, c.First+c.ArgMax)
	}
}
