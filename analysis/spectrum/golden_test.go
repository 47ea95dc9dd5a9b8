package spectrum

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// golden is what testdata/golden.py prints.
type golden struct {
	NumPy, SciPy string
	Windows      []struct {
		Window string
		Values []number
	}
	Welch        []goldenCase
	Spectrograms []goldenCase
}

type goldenCase struct {
	Name, Kind                string
	N                         int
	Seed                      uint64
	Rate                      float64
	Window                    string
	Segment, Overlap, FFT     int
	Detrend, Scaling, Average string
	Length                    int     // frequencies
	Last                      float64 // Hz
	Largest                   number
	At                        []int // which frequencies are in Values
	Values                    []number
	Times                     []float64 // of columns, in s
	Columns                   [][]number
}

// number is a float64 in JSON, with null for NaN and "inf" for infinity.
type number float64

func (n *number) UnmarshalJSON(text []byte) error {
	switch string(text) {
	case "null":
		*n = number(math.NaN())
		return nil
	case `"inf"`:
		*n = number(math.Inf(1))
		return nil
	}
	return json.Unmarshal(text, (*float64)(n))
}

func (c *goldenCase) options(t *testing.T) Options {
	t.Helper()
	w, err := ParseWindow(c.Window)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{SampleRate: c.Rate, Window: w, Segment: c.Segment, Overlap: c.Overlap, FFT: c.FFT}
	switch c.Overlap {
	case -1:
		o.Overlap = 0
	case 0:
		o.Overlap = NoOverlap
	}
	o.Detrend = map[string]Detrend{"constant": Constant, "linear": Linear, "none": NoDetrend}[c.Detrend]
	o.Scaling = map[string]Scaling{"density": Density, "spectrum": Power}[c.Scaling]
	o.Average = map[string]Average{"mean": Mean, "median": Median}[c.Average]
	return o
}

// near tells that got is want but for 1e-9 of it and of the largest value, and for what is left of x by rounding.
func near(got float64, want number, largest number, x []float64) bool {
	w := float64(want)
	if math.IsNaN(w) || math.IsInf(w, 0) {
		return math.IsNaN(got) || math.IsInf(got, 0) // where infinities meet, SciPy has the one or the other
	}
	peak := 0.0
	for _, v := range x {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			peak = max(peak, math.Abs(v))
		}
	}
	tolerance := 1e-9*math.Abs(w) + 1e-24*peak*peak
	if l := float64(largest); !math.IsNaN(l) && !math.IsInf(l, 0) {
		tolerance += 1e-9 * l
	}
	return math.Abs(got-w) <= tolerance
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
	if len(g.Windows) < 100 || len(g.Welch) < 100 || len(g.Spectrograms) < 7 {
		t.Fatalf("only %d windows, %d spectra, %d spectrograms", len(g.Windows), len(g.Welch), len(g.Spectrograms))
	}
	for _, c := range g.Windows {
		compareWindow(t, c.Window, c.Values)
	}
	for i := range g.Welch {
		t.Run("welch/"+g.Welch[i].Name, func(t *testing.T) { compareWelch(t, &g.Welch[i]) })
	}
	for i := range g.Spectrograms {
		t.Run("spectrogram/"+g.Spectrograms[i].Name, func(t *testing.T) { compareSpectrogram(t, &g.Spectrograms[i]) })
	}
}

func compareWindow(t *testing.T, name string, want []number) {
	t.Helper()
	w, err := ParseWindow(name)
	if err != nil {
		t.Fatal(err)
	}
	got := w.Values(nil, len(want))
	for i, v := range want {
		// A window that is out of the range of SciPy's own quotient, such as kaiser(900), is nan there.
		if !math.IsNaN(float64(v)) && !(math.Abs(got[i]-float64(v)) <= 1e-9*math.Abs(float64(v))+1e-15) {
			t.Errorf("%s of %d: value %d is %v, SciPy has %v", name, len(want), i, got[i], v)
		}
	}
}

func compareWelch(t *testing.T, c *goldenCase) {
	t.Helper()
	x := scipytest.Signal(c.Kind, c.N, c.Seed)
	got, err := Estimate(x, c.options(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Values) != c.Length || math.Abs(got.Frequency(c.Length-1)-c.Last) > 1e-12*c.Last {
		t.Fatalf("%d frequencies up to %v, SciPy has %d up to %v", len(got.Values), got.Frequency(len(got.Values)-1), c.Length, c.Last)
	}
	largest := c.Largest
	if c.Detrend == "linear" && c.Kind == "offset" {
		largest *= 10 // SciPy's line through samples about 1e6 is off by some 1e-9, which long double shows; ours by less
	}
	for i, k := range c.At {
		if !near(got.Values[k], c.Values[i], largest, x) {
			t.Errorf("value %d is %v, SciPy has %v", k, got.Values[k], c.Values[i])
		}
	}
}

func compareSpectrogram(t *testing.T, c *goldenCase) {
	t.Helper()
	x, columns := scipytest.Signal(c.Kind, c.N, c.Seed), 0
	s, err := NewSpectrogram(c.options(t), func(col Column) error {
		if columns >= len(c.Columns) {
			t.Fatalf("more than %d columns", columns)
		}
		if want := c.Times[columns] * c.Rate; math.Abs(col.Middle()-want) > 1e-9 {
			t.Errorf("column %d is at sample %v, SciPy has %v", columns, col.Middle(), want)
		}
		largest := number(0)
		for _, v := range c.Columns[columns] {
			largest = max(largest, v)
		}
		for k, v := range c.Columns[columns] {
			if !near(col.Values[k], v, largest, x) {
				t.Errorf("column %d: value %d is %v, SciPy has %v", columns, k, col.Values[k], v)
			}
		}
		columns++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Add(x); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	if columns != len(c.Columns) {
		t.Errorf("%d columns, SciPy has %d", columns, len(c.Columns))
	}
}
