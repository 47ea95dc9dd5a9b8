package filter

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/cmplx"
	"testing"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// golden is what testdata/golden.py prints.
type golden struct {
	Versions  map[string]string
	Responses []struct {
		Design     goldenDesign
		Hz, Re, Im []float64
	}
	Outputs []struct {
		Design             goldenDesign
		Seed, Size, Offset int
		At                 []int
		Rest, Steady, Both []float64
		Largest            []float64
	}
	Slow []goldenSlow
	FIRs []struct {
		Band               string
		Taps               int
		Beta, Rate         float64
		Edges              []float64
		Seed, Size, Offset int
		B                  []float64
		At                 []int
		Rest, Both         []float64
		Largest            []float64
	}
}

// goldenSlow is a filter with a low cut-off.
type goldenSlow struct {
	Design             goldenDesign
	Sections           [][6]float64
	Size               int
	At                 []int
	Rest, Steady, Both []float64
	Largest            []float64
}

type goldenDesign struct {
	Kind, Band, Norm string
	Order            int
	Edges            []float64
	DB, Rate         float64
}

func (g goldenDesign) design(t *testing.T) Design {
	t.Helper()
	d := Design{Band: named[Band](t, g.Band, 4), Kind: named[Kind](t, g.Kind, 4), Order: g.Order, Cutoff: g.Edges[0], Rate: g.Rate}
	if len(g.Edges) > 1 {
		d.UpperCutoff = g.Edges[1]
	}
	switch d.Kind {
	case Chebyshev1:
		d.Ripple = g.DB
	case Chebyshev2:
		d.Attenuation = g.DB
	case Bessel:
		d.Norm = named[Norm](t, g.Norm, 3)
	}
	return d
}

func (g goldenDesign) String() string {
	return fmt.Sprintf("%s %s order %d %v Hz %g dB %s", g.Kind, g.Band, g.Order, g.Edges, g.DB, g.Norm)
}

// named finds the value that prints as name.
func named[T interface {
	~int
	String() string
}](t *testing.T, name string, n int) T {
	t.Helper()
	for v := range n {
		if T(v).String() == name {
			return T(v)
		}
	}
	t.Fatalf("nothing is called %q", name)
	return 0
}

// noise is golden.py's.
func noise(seed, n, offset int) []float64 {
	x := make([]float64, n)
	for i := range x {
		z := uint64(seed+i) + 0x9E3779B97F4A7C15
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		x[i] = float64(int((z^z>>31)>>48) - 32768 + offset)
	}
	return x
}

func TestGolden(t *testing.T) {
	t.Parallel()
	checkGolden(t, scipytest.Golden(t), true)
}

// TestLiveSciPy compares with the SciPy that is installed.
func TestLiveSciPy(t *testing.T) {
	t.Parallel()
	b := scipytest.Run(t, "testdata/golden.py")
	var here, there golden
	if err := errors.Join(json.Unmarshal(b, &here), json.Unmarshal(scipytest.Golden(t), &there)); err != nil {
		t.Fatal(err)
	}
	checkGolden(t, b, maps.Equal(here.Versions, there.Versions))
}

// checkGolden compares with what SciPy made. Its designs are not the same to the last bit on all processors and in all versions: same tells that
// these are those of the golden file.
func checkGolden(t *testing.T, b []byte, same bool) {
	t.Helper()
	var g golden
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Responses) < 200 || len(g.Outputs) < 50 || len(g.FIRs) < 30 {
		t.Fatalf("golden file with %d responses, %d outputs, %d FIR filters", len(g.Responses), len(g.Outputs), len(g.FIRs))
	}
	t.Run("responses", func(t *testing.T) { checkResponses(t, g) })
	t.Run("outputs", func(t *testing.T) { checkOutputs(t, g) })
	t.Run("slow", func(t *testing.T) { checkSlow(t, g, same) })
	t.Run("firs", func(t *testing.T) { checkFIRs(t, g) })
}

func checkResponses(t *testing.T, g golden) {
	for _, r := range g.Responses {
		sos, err := r.Design.design(t).SOS()
		if err != nil {
			t.Errorf("%v: %v", r.Design, err)
			continue
		}
		for i, h := range sos.Response(nil, r.Hz, r.Design.Rate) {
			want := complex(r.Re[i], r.Im[i])
			// Deep in a stop-band SciPy's evaluation keeps fewer digits.
			if off := cmplx.Abs(h - want); !(off <= 1e-9*cmplx.Abs(want)+1e-11) {
				t.Errorf("%v at %g Hz: %v, want %v, off %.2g", r.Design, r.Hz[i], h, want, off/cmplx.Abs(want))
			}
		}
	}
}

func checkOutputs(t *testing.T, g golden) {
	for _, o := range g.Outputs {
		sos, err := o.Design.design(t).SOS()
		if err != nil {
			t.Errorf("%v: %v", o.Design, err)
			continue
		}
		f, err := NewFilter(sos)
		if err != nil {
			t.Fatal(err)
		}
		x := noise(o.Seed, o.Size, o.Offset)
		rest := f.Process(nil, x)
		f.SteadyState(x[0])
		steady := f.Process(nil, x)
		both, err := sos.FiltFilt(nil, x)
		if err != nil {
			t.Errorf("%v: %v", o.Design, err)
			continue
		}
		for _, c := range []struct {
			name    string
			got     []float64
			want    []float64
			largest float64
		}{{"sosfilt", rest, o.Rest, o.Largest[0]}, {"sosfilt_zi", steady, o.Steady, o.Largest[1]}, {"sosfiltfilt", both, o.Both, o.Largest[2]}} {
			checkClose(t, fmt.Sprint(o.Design, " ", c.name), c.got, o.At, c.want, c.largest)
		}
	}
}

func checkFIRs(t *testing.T, g golden) {
	for _, o := range g.FIRs {
		d := FIRDesign{Band: named[Band](t, o.Band, 4), Taps: o.Taps, Beta: o.Beta, Rate: o.Rate, Cutoff: o.Edges[0]}
		if len(o.Edges) > 1 {
			d.UpperCutoff = o.Edges[1]
		}
		name := fmt.Sprintf("FIR %v", d)
		f, err := d.FIR()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, want := range o.B {
			if !(math.Abs(f[i]-want) <= 1e-12) || !(math.Abs(f[len(f)-1-i]-want) <= 1e-12) {
				t.Errorf("%s: tap %d is %g, want %g", name, i, f[i], want)
			}
		}
		x := noise(o.Seed, o.Size, o.Offset)
		c, err := NewConvolver(f, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkClose(t, name+" lfilter", c.Flush(c.Process(nil, x)), o.At, o.Rest, o.Largest[0])
		both, err := f.FiltFilt(nil, x)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkClose(t, name+" filtfilt", both, o.At, o.Both, o.Largest[1])
	}
}

// checkClose allows 1e-9 of each value and of the largest, which is what rounding in two different orders may cost.
func checkClose(t *testing.T, name string, got []float64, at []int, want []float64, largest float64) {
	t.Helper()
	for k, i := range at {
		if off := math.Abs(got[i] - want[k]); !(off <= 1e-9*math.Abs(want[k])+1e-9*largest) {
			t.Errorf("%s: y[%d] = %g, want %g: off by %.2g of the largest", name, i, got[i], want[k], off/largest)
		}
	}
}
