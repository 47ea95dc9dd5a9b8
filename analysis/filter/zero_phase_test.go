package filter

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustSOS(t testing.TB, d Design) SOS {
	t.Helper()
	s, err := d.SOS()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustFIR(t testing.TB, d FIRDesign) FIR {
	t.Helper()
	f, err := d.FIR()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// both is sosfiltfilt as it is defined: one long pass forwards, one long pass backwards.
func both(s SOS, x []float64) []float64 {
	e := newExtension(s.edge())
	e.note(x)
	e.collect(x)
	ext := append(append(append([]float64(nil), e.left()...), x...), e.right()...)
	for range 2 {
		c := newCascade(s)
		c.steady(ext[0])
		c.run(ext, ext, 0, 1, len(ext))
		for i, j := 0, len(ext)-1; i < j; i, j = i+1, j-1 {
			ext[i], ext[j] = ext[j], ext[i]
		}
	}
	return ext[e.edge : e.edge+len(x)]
}

// stream is what ZeroPhase and FIRZeroPhase have in common.
type stream interface {
	Process(dst, src []float64) []float64
	Flush(dst []float64) ([]float64, error)
	Reset()
	Delay() int
}

var (
	_ stream = (*ZeroPhase)(nil)
	_ stream = (*FIRZeroPhase)(nil)
)

// pieces runs x through in pieces of up to most samples.
func pieces(t *testing.T, z stream, x []float64, seed uint64, most int) []float64 {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	var out []float64
	for in := 0; in < len(x); {
		m := min(r.IntN(most+1), len(x)-in)
		out = z.Process(out, x[in:in+m])
		if in += m; in-len(out) > z.Delay() {
			t.Fatalf("%d samples in, %d out; Delay says %d", in, len(out), z.Delay())
		}
	}
	out, err := z.Flush(out)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// largest returns the largest absolute value and the largest difference.
func largest(t *testing.T, got, want []float64) (value, off float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d samples, want %d", len(got), len(want))
	}
	for i, v := range want {
		value, off = max(value, math.Abs(v)), max(off, math.Abs(got[i]-v))
	}
	return value, off
}

// firstDifference is the first place where bits differ, or -1. cmp.Diff takes minutes for so many.
func firstDifference(got, want []float64) int {
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			return i
		}
	}
	return -1
}

// lowPass1k has an impulse response of about 12,000 samples.
var lowPass1k = Design{Order: 4, Cutoff: 1e3, Rate: 1e6}

func TestZeroPhaseIsTwoLongPasses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		d    Design
		n    int
	}{
		{"low-pass", Design{Order: 4, Cutoff: 10e3, Rate: 1e6}, 400_000},
		{"slow low-pass", lowPass1k, 300_000},
		{"slower than a block", Design{Order: 2, Cutoff: 60, Rate: 1e6}, 500_000},
		{"high-pass", Design{Band: HighPass, Order: 5, Cutoff: 1e3, Rate: 1e6}, 300_000},
		{"narrow band-pass", Design{Kind: Chebyshev1, Ripple: 1, Band: BandPass, Order: 3, Cutoff: 50e3, UpperCutoff: 50.5e3, Rate: 1e6}, 300_000},
		{"one section", Design{Order: 1, Cutoff: 1e5, Rate: 1e6}, 200_001},
		{"block and nothing", Design{Order: 4, Cutoff: 10e3, Rate: 1e6}, 2*least - 2*15},
		{"block and one", Design{Order: 4, Cutoff: 10e3, Rate: 1e6}, 2*least - 2*15 + 1},
		{"block and less than the warm-up", lowPass1k, 2*least + 1000},
		{"twelve sections", Design{Kind: Bessel, Band: BandStop, Order: 12, Cutoff: 5e3, UpperCutoff: 50e3, Rate: 1e6}, 150_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := mustSOS(t, c.d)
			x := noise(1, c.n, 20_000)
			got, err := s.FiltFilt(nil, x)
			if err != nil {
				t.Fatal(err)
			}
			if value, off := largest(t, got, both(s, x)); !(off <= 1e-9*value) {
				t.Errorf("off by %.2g of the largest", off/value)
			}
		})
	}
}

func TestZeroPhaseOfPieces(t *testing.T) {
	t.Parallel()
	x := noise(2, 5*least+777, -100)
	for _, c := range []struct {
		name string
		d    Design
	}{
		{"fast", Design{Order: 4, Cutoff: 50e3, Rate: 1e6}},
		{"slow", Design{Kind: Chebyshev1, Ripple: 1, Order: 7, Cutoff: 3e3, Rate: 1e6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := mustSOS(t, c.d)
			want, err := s.FiltFilt(nil, x)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range []Options{{}, {Workers: 1}, {Workers: 7}, {Workers: 7, Memory: 1}} {
				z, err := NewZeroPhase(s, o)
				if err != nil {
					t.Fatal(err)
				}
				for seed, most := range []int{1 << 20, 100_000, 999} {
					if at := firstDifference(pieces(t, z, x, uint64(seed), most), want); at >= 0 {
						t.Fatalf("%+v, pieces of up to %d: sample %d is another", o, most, at)
					}
				}
			}
			in := append([]float64(nil), x...)
			if _, err := s.FiltFilt(in, in); err != nil {
				t.Fatal(err)
			}
			if at := firstDifference(in, want); at >= 0 {
				t.Errorf("in place sample %d is another", at)
			}
		})
	}
}

func TestZeroPhaseOfShortStretches(t *testing.T) {
	t.Parallel()
	s := mustSOS(t, Design{Order: 3, Cutoff: 10e3, Rate: 1e6}) // two sections, one of first order: 3 * (2*2 + 1 - 1)
	z, err := NewZeroPhase(s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 2, 12} {
		out, err := z.Flush(z.Process(nil, noise(3, n, 0)))
		var short *ShortError
		if !errors.As(err, &short) || len(out) != 0 {
			t.Fatalf("%d samples: %d out, error %v", n, len(out), err)
		}
		if diff := cmp.Diff(&ShortError{Samples: int64(n), Least: 13}, short); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if _, err := s.FiltFilt(nil, noise(3, n, 0)); !errors.As(err, &short) {
			t.Errorf("FiltFilt of %d samples: error %v", n, err)
		}
	}
	for _, n := range []int{13, 14, 1000} {
		x := noise(4, n, 0)
		if diff := cmp.Diff(both(s, x), pieces(t, z, x, 1, 5)); diff != "" {
			t.Errorf("%d samples (-want +got):\n%.500s", n, diff)
		}
		y, err := s.FiltFilt(nil, x)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(both(s, x), y); diff != "" {
			t.Errorf("FiltFilt of %d samples (-want +got):\n%.500s", n, diff)
		}
	}
	if out, err := z.Flush(nil); err != nil || len(out) > 0 {
		t.Errorf("a stretch of nothing: %d samples, error %v", len(out), err)
	}
	if out, err := s.FiltFilt(nil, nil); err != nil || len(out) > 0 {
		t.Errorf("FiltFilt of nothing: %d samples, error %v", len(out), err)
	}
}

func TestZeroPhaseReset(t *testing.T) {
	t.Parallel()
	s := mustSOS(t, lowPass1k)
	z, err := NewZeroPhase(s, Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	want, err := s.FiltFilt(nil, noise(6, 100_000, 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 3, 100, 70_000, 500_000} {
		z.Process(nil, noise(5, n, 0))
		z.Reset()
		if at := firstDifference(pieces(t, z, noise(6, 100_000, 0), 1, 30_000), want); at >= 0 {
			t.Errorf("after %d samples and Reset sample %d is another", n, at)
		}
	}
}

func TestZeroPhaseOfConstants(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{0, 1, -32768, 1e-270, 1e300} {
		x := make([]float64, 3*least)
		for i := range x {
			x[i] = v
		}
		y, err := mustSOS(t, lowPass1k).FiltFilt(nil, x)
		if err != nil {
			t.Fatal(err)
		}
		if _, off := largest(t, y, x); !(off <= 1e-9*math.Abs(v)) {
			t.Errorf("%g comes out %g away", v, off)
		}
	}
}

// What is not finite spoils what the documentation says and nothing else.
func TestZeroPhaseOfNaN(t *testing.T) {
	t.Parallel()
	s := mustSOS(t, Design{Order: 4, Cutoff: 50e3, Rate: 1e6})
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		x := noise(7, 6*least, 0)
		at := 4*least + 5
		x[at] = bad
		y, err := s.FiltFilt(nil, x)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range y {
			finite := !math.IsNaN(v) && !math.IsInf(v, 0)
			if i < 3*least-s.edge() && !finite || i >= at && finite {
				t.Fatalf("%g at %d: y[%d] = %g", bad, at, i, v)
			}
		}
	}
}

func TestZeroPhaseRefuses(t *testing.T) {
	t.Parallel()
	slow := mustSOS(t, Design{Order: 2, Cutoff: 0.02, Rate: 1e4})
	var settle *SettleError
	if _, err := NewZeroPhase(slow, Options{Memory: 8 << 20}); !errors.As(err, &settle) || settle.Limit != 64<<20/8/6 {
		t.Errorf("error %v", err)
	}
	if _, err := NewZeroPhase(slow, Options{}); err != nil {
		t.Errorf("with more memory: %v", err)
	}
	var design *DesignError
	for name, s := range map[string]SOS{
		"empty": nil, "unstable": {{B0: 1, A1: -2, A2: 1}}, "pole outside": {{B0: 1, A2: 1.5}}, "not finite": {{B0: math.NaN()}},
	} {
		if _, err := NewZeroPhase(s, Options{}); !errors.As(err, &design) {
			t.Errorf("%s: error %v", name, err)
		}
		if _, err := NewFilter(s); !errors.As(err, &design) {
			t.Errorf("%s: NewFilter: error %v", name, err)
		}
		if _, err := s.FiltFilt(nil, make([]float64, 100)); !errors.As(err, &design) {
			t.Errorf("%s: FiltFilt: error %v", name, err)
		}
		if _, err := s.Settle(1e-3); !errors.As(err, &design) {
			t.Errorf("%s: Settle: error %v", name, err)
		}
	}
}
