package resample

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// golden is what testdata/golden.py writes.
type golden struct {
	Versions map[string]string
	Taps     map[string][]float64
	Cases    []struct {
		Up, Down   int
		Beta       float64
		Taps, X, Y []float64
	}
}

// check compares with SciPy. Both sum products of one size in another order, so the difference is some roundings of the largest.
func (g *golden) check(t *testing.T) {
	t.Helper()
	if len(g.Cases) < 50 || len(g.Taps) < 3 {
		t.Fatalf("only %d cases and %d filters", len(g.Cases), len(g.Taps))
	}
	for rate, want := range g.Taps {
		r, err := strconv.Atoi(rate)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "taps for "+rate, Taps(1, r, 5), want)
	}
	for _, c := range g.Cases {
		name := fmt.Sprintf("up=%d/down=%d/n=%d/beta=%v/taps=%d", c.Up, c.Down, len(c.X), c.Beta, len(c.Taps))
		got, err := Poly(nil, c.X, c.Up, c.Down, Options{Beta: c.Beta, Taps: c.Taps})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		near(t, name, got, c.Y)
	}
}

func near(t *testing.T, name string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", name, len(got), len(want))
		return
	}
	var top float64
	for _, v := range want {
		top = max(top, math.Abs(v))
	}
	for i, v := range want {
		if math.Abs(got[i]-v) > 1e-9*math.Abs(v)+1e-13*top {
			t.Errorf("%s: value %d is %v, want %v", name, i, got[i], v)
			return
		}
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	check(t, scipytest.Golden(t))
}

// TestSciPy asks the SciPy of this machine, for other random numbers than those of the golden file.
func TestSciPy(t *testing.T) {
	t.Parallel()
	check(t, scipytest.Run(t, "testdata/golden.py", "2"))
}

func check(t *testing.T, text []byte) {
	t.Helper()
	var g golden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	g.check(t)
}
