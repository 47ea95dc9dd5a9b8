package peaks

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// number is a float64 that JSON may spell as a string: NaN and the infinities.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) != nil {
		text = string(b)
	}
	v, err := strconv.ParseFloat(text, 64)
	*n = number(v)
	return err
}

// golden is what testdata/golden.py writes.
type golden struct {
	Versions map[string]string
	Sorts    []struct {
		Heights     []float64
		Quick, Heap []int
	}
	Cases []goldenCase
}

type goldenCase struct {
	Name    string
	X       []number
	Options struct {
		Height, Threshold, Prominence, Width *[2]number
		PlateauSize                          *[2]number `json:"plateau_size"`
		Distance                             float64
		WLen                                 int64
		RelHeight                            float64 `json:"rel_height"`
	}
	Stable map[string][]number // with a stable sort
	NumPy  []int64             // indices with NumPy's own, where they differ

	numPyOrder bool // NumPy's sort is the one that NumPyOrder repeats
}

func (c *goldenCase) options() Options {
	interval := func(p *[2]number) *Interval {
		if p == nil {
			return nil
		}
		return Between(float64(p[0]), float64(p[1]))
	}
	g := c.Options
	return Options{Height: interval(g.Height), Threshold: interval(g.Threshold), Distance: g.Distance, Prominence: interval(g.Prominence),
		Width: interval(g.Width), PlateauSize: interval(g.PlateauSize), Window: g.WLen, RelHeight: g.RelHeight}
}

func (c *goldenCase) samples() []float64 { return floats(c.X) }

func floats(n []number) []float64 {
	x := make([]float64, len(n))
	for i, v := range n {
		x[i] = float64(v)
	}
	return x
}

// properties has SciPy's names.
var properties = map[string]func(*Peak) float64{
	"index":            func(p *Peak) float64 { return float64(p.Index) },
	"peak_heights":     func(p *Peak) float64 { return p.Height },
	"plateau_sizes":    func(p *Peak) float64 { return float64(p.PlateauSize()) },
	"left_edges":       func(p *Peak) float64 { return float64(p.LeftEdge) },
	"right_edges":      func(p *Peak) float64 { return float64(p.RightEdge) },
	"left_thresholds":  func(p *Peak) float64 { return p.LeftThreshold },
	"right_thresholds": func(p *Peak) float64 { return p.RightThreshold },
	"prominences":      func(p *Peak) float64 { return p.Prominence },
	"left_bases":       func(p *Peak) float64 { return float64(p.LeftBase) },
	"right_bases":      func(p *Peak) float64 { return float64(p.RightBase) },
	"widths":           func(p *Peak) float64 { return p.Width },
	"width_heights":    func(p *Peak) float64 { return p.WidthHeight },
	"left_ips":         func(p *Peak) float64 { return p.LeftCrossing },
	"right_ips":        func(p *Peak) float64 { return p.RightCrossing },
}

// check wants every bit of SciPy's answers: the same operations on the same numbers.
func (c *goldenCase) check(t *testing.T) {
	t.Helper()
	x, o := c.samples(), c.options()
	got, err := Find(nil, x, o)
	if err != nil {
		t.Errorf("%s: %v", c.Name, err)
		return
	}
	for name, want := range c.Stable {
		property := properties[name]
		if property == nil {
			t.Fatalf("SciPy's property %s is not known", name)
		}
		var have []float64
		for i := range got {
			have = append(have, property(&got[i]))
		}
		equal := func(a, b float64) bool { return a == b || a != a && b != b }
		if !slices.EqualFunc(floats(want), have, equal) {
			diff := cmp.Diff(floats(want), have, cmpopts.EquateNaNs())
			t.Errorf("%s, %+v: %s (-want +got):\n%s\nx = %v", c.Name, c.Options, name, diff, x)
			return
		}
	}
	if !c.numPyOrder {
		return
	}
	want := c.NumPy
	if want == nil {
		want = indices(got)
	}
	o.Ties = NumPyOrder
	ordered, err := Find(nil, x, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, indices(ordered), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s, %+v: index in NumPy's order (-want +got):\n%s", c.Name, c.Options, diff)
	}
}

func indices(p []Peak) []int64 {
	var all []int64
	for i := range p {
		all = append(all, p[i].Index)
	}
	return all
}

func readGolden(t *testing.T, text []byte) *golden {
	t.Helper()
	var g golden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Cases) < 100 {
		t.Fatalf("only %d cases", len(g.Cases))
	}
	return &g
}

func committed(t *testing.T) *golden {
	t.Helper()
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	return readGolden(t, text)
}

func TestGolden(t *testing.T) {
	t.Parallel()
	g := committed(t)
	for _, c := range g.Cases {
		c.numPyOrder = true
		c.check(t)
	}
	g.checkSorts(t)
}

// checkSorts wants NumPy's order of equal values.
func (g *golden) checkSorts(t *testing.T) {
	t.Helper()
	for _, c := range g.Sorts {
		s := spacing{open: make([]spaced, len(c.Heights))}
		heap := make([]int, len(c.Heights))
		for i, v := range c.Heights {
			s.open[i].height = v
			heap[i] = i
		}
		quick := s.numPyOrder(nil)
		slices.Reverse(quick)
		if diff := cmp.Diff(c.Quick, quick, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("argsort of %v (-want +got):\n%s", c.Heights, diff)
		}
		argsort{s.open, heap}.heap(0, len(heap)-1)
		if diff := cmp.Diff(c.Heap, heap, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("heapsort of %v (-want +got):\n%s", c.Heights, diff)
		}
	}
}

// TestSciPy asks the SciPy of this machine, for other random numbers than those of the golden file.
func TestSciPy(t *testing.T) {
	t.Parallel()
	var major, minor int
	if _, err := fmt.Sscanf(string(scipytest.Run(t, "-c", "import numpy; print(numpy.__version__)")), "%d.%d", &major, &minor); err != nil {
		t.Fatal(err)
	}
	g := readGolden(t, scipytest.Run(t, "testdata/golden.py", "2"))
	sameSort := major == 1 && minor <= 24
	for _, c := range g.Cases {
		c.numPyOrder = sameSort
		c.check(t)
	}
	if sameSort {
		g.checkSorts(t)
	}
}

// TestStreamEqualsSlice cuts the signals of the golden file at random.
func TestStreamEqualsSlice(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	for _, c := range committed(t).Cases {
		x := c.samples()
		want, err := Find(nil, x, c.options())
		if err != nil {
			t.Fatal(err)
		}
		var got []Peak
		f, err := NewFinder(c.options(), func(p Peak) { got = append(got, p) })
		if err != nil {
			t.Fatal(err)
		}
		for round := range 3 {
			got = got[:0]
			for rest := x; len(rest) > 0; {
				n := min(len(rest), rng.IntN(1+rng.IntN(20)))
				if err := f.Add(rest[:n]); err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			if err := f.Flush(); err != nil {
				t.Fatal(err)
			}
			same(t, fmt.Sprintf("%s, %+v, round %d", c.Name, c.Options, round), want, got)
			f.Reset()
		}
	}
}
