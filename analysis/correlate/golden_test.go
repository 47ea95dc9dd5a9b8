package correlate

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
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

func TestGolden(t *testing.T) {
	t.Parallel()
	compare(t, scipytest.Golden(t))
}

// TestSciPy asks the SciPy of this machine, for other random numbers than those of the golden file.
func TestSciPy(t *testing.T) {
	t.Parallel()
	compare(t, scipytest.Run(t, "testdata/golden.py", "2"))
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
	got, err := Cross(scipytest.Signal(c.Kinds[0], c.N[0], c.Seed), scipytest.Signal(c.Kinds[1], c.N[1], c.Seed+1), o)
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
