package filter

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/cmplx"
	"slices"
	"strings"
	"testing"
)

func TestDesignRefuses(t *testing.T) {
	t.Parallel()
	ok := Design{Order: 4, Cutoff: 1e3, Rate: 1e6}
	for _, c := range []struct {
		name   string
		change func(d *Design)
		field  string
		says   string
	}{
		{"no order", func(d *Design) { d.Order = 0 }, "Order", "from 1 to 20"},
		{"order too high", func(d *Design) { d.Order = 21 }, "Order", "from 1 to 20"},
		{"no rate", func(d *Design) { d.Rate = 0 }, "Rate", "more than 0"},
		{"rate not a number", func(d *Design) { d.Rate = math.NaN() }, "Rate", "more than 0"},
		{"endless rate", func(d *Design) { d.Rate = math.Inf(1) }, "Rate", "at most"},
		{"no cut-off", func(d *Design) { d.Cutoff = 0 }, "Cutoff", "above 0"},
		{"negative cut-off", func(d *Design) { d.Cutoff = -5 }, "Cutoff", "above 0"},
		{"cut-off not a number", func(d *Design) { d.Cutoff = math.NaN() }, "Cutoff", "above 0"},
		{"cut-off at Nyquist", func(d *Design) { d.Cutoff = 5e5 }, "Cutoff", "Nyquist frequency, 500 kHz, half the sample rate of 1 MHz"},
		{"cut-off above Nyquist", func(d *Design) { d.Cutoff = 6e5 }, "Cutoff", "Nyquist"},
		{"upper cut-off without a band", func(d *Design) { d.UpperCutoff = 2e3 }, "UpperCutoff", "one cut-off"},
		{"no upper cut-off", func(d *Design) { d.Band = BandPass }, "UpperCutoff", "above 0"},
		{"band upside down", func(d *Design) { d.Band, d.UpperCutoff = BandStop, 500 }, "UpperCutoff", "upside down"},
		{"empty band", func(d *Design) { d.Band, d.UpperCutoff = BandPass, 1e3 }, "UpperCutoff", "empty"},
		{"upper cut-off above Nyquist", func(d *Design) { d.Band, d.UpperCutoff = BandPass, 6e5 }, "UpperCutoff", "Nyquist"},
		{"unknown band", func(d *Design) { d.Band = 9 }, "Band", "there is no Band(9)"},
		{"unknown kind", func(d *Design) { d.Kind = -1 }, "Kind", "there is no Kind(-1)"},
		{"unknown norm", func(d *Design) { d.Kind, d.Norm = Bessel, 3 }, "Norm", "there is no Norm(3)"},
		{"norm of a Butterworth", func(d *Design) { d.Norm = DelayNorm }, "Norm", "Bessel"},
		{"ripple of a Butterworth", func(d *Design) { d.Ripple = 1 }, "Ripple", "leave it out"},
		{"no ripple", func(d *Design) { d.Kind = Chebyshev1 }, "Ripple", "above 0"},
		{"negative ripple", func(d *Design) { d.Kind, d.Ripple = Chebyshev1, -1 }, "Ripple", "above 0"},
		{"ripple not a number", func(d *Design) { d.Kind, d.Ripple = Chebyshev1, math.NaN() }, "Ripple", "above 0"},
		{"attenuation of a Chebyshev I", func(d *Design) { d.Kind, d.Ripple, d.Attenuation = Chebyshev1, 1, 40 }, "Attenuation", "leave it out"},
		{"no attenuation", func(d *Design) { d.Kind = Chebyshev2 }, "Attenuation", "40 dB for example"},
		{"a cut-off at a hundred millionth", func(d *Design) { d.Cutoff = 0.01 }, "", "resample to a lower rate first"},
		{"a cut-off of next to nothing", func(d *Design) { d.Cutoff = 1e-300 }, "", "resample to a lower rate first"},
		{"a band of next to nothing", func(d *Design) { d.Band, d.UpperCutoff = BandPass, math.Nextafter(1e3, 2e3) }, "", "lower order"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := ok
			c.change(&d)
			_, err := d.SOS()
			var e *DesignError
			if !errors.As(err, &e) || e.Field != c.field || !strings.Contains(e.Problem, c.says) {
				t.Errorf("error %v, want one of field %q that says %q", err, c.field, c.says)
			}
		})
	}
}

// everyDesign calls f with designs of all kinds, bands and norms, in several places of the spectrum.
func everyDesign(f func(d Design)) {
	edges := [][2]float64{{20e3, 400e3}, {1e3, 10e3}, {100e3, 101e3}, {300, 400e3}, {450e3, 499e3}}
	for _, d := range []Design{
		{Kind: Butterworth},
		{Kind: Chebyshev1, Ripple: 0.1},
		{Kind: Chebyshev2, Attenuation: 60},
		{Kind: Bessel},
		{Kind: Bessel, Norm: DelayNorm},
		{Kind: Bessel, Norm: MagnitudeNorm},
	} {
		for band := LowPass; band <= BandStop; band++ {
			for _, order := range []int{1, 2, 5, 8, 13, 20} {
				d.Band, d.Order, d.Rate = band, order, 1e6
				e := edges[(order+int(band))%len(edges)]
				d.Cutoff, d.UpperCutoff = e[0], 0
				if band.twoSided() {
					d.UpperCutoff = e[1]
				}
				f(d)
			}
		}
	}
}

// Rounding in each step of each section must not add up. The same sections are run in 200 bits.
func TestRoundingStaysSmall(t *testing.T) {
	t.Parallel()
	x := noise(3, 80, 30_000)
	everyDesign(func(d Design) {
		s, err := d.SOS()
		if err != nil {
			t.Error(err)
			return
		}
		f, err := NewFilter(s)
		if err != nil {
			t.Error(err)
			return
		}
		if value, off := largest(t, f.Process(nil, x), exactly(s, x)); !(off <= 1e-9*value) {
			t.Errorf("%+v: rounding is %.2g of the largest", d, off/value)
		}
	})
}

// TestOrderOfWideBandStops: in the order of SciPy nothing would be left of these, and a narrower one keeps it.
func TestOrderOfWideBandStops(t *testing.T) {
	t.Parallel()
	x := noise(3, 300, 30_000)
	for _, c := range []struct {
		name   string
		d      Design
		sorted bool // the poles nearest to the unit circle come last
	}{
		{"Butterworth 20", Design{Band: BandStop, Order: 20, Cutoff: 0.1, UpperCutoff: 0.49, Rate: 1}, false},
		{"Chebyshev I 20", Design{Kind: Chebyshev1, Ripple: 1, Band: BandStop, Order: 20, Cutoff: 0.02, UpperCutoff: 0.4, Rate: 1}, false},
		{"Butterworth 20, not as wide", Design{Band: BandStop, Order: 20, Cutoff: 0.1, UpperCutoff: 0.2, Rate: 1}, true},
		{"Butterworth 8", Design{Band: BandStop, Order: 8, Cutoff: 0.13, UpperCutoff: 0.49, Rate: 1}, true},
	} {
		s := mustSOS(t, c.d)
		f, err := NewFilter(s)
		if err != nil {
			t.Fatal(err)
		}
		if value, off := largest(t, f.Process(nil, x), exactly(s, x)); !(off <= 1e-7*value) {
			t.Errorf("%s: rounding is %.2g of the largest", c.name, off/value)
		}
		nearer := func(p, q Section) int { return cmp.Compare(p.A2, q.A2) }
		if got := slices.IsSortedFunc(s, nearer); got != c.sorted {
			t.Errorf("%s: in the order of SciPy: %v, want %v", c.name, got, c.sorted)
		}
	}
}

func exactly(s SOS, x []float64) []float64 {
	wide := func(v float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(v) }
	zero := func() *big.Float { return wide(0) }
	y := make([]*big.Float, len(x))
	for i, v := range x {
		y[i] = wide(v)
	}
	term := zero()
	for _, c := range s {
		b0, b1, b2, a1, a2 := wide(c.B0), wide(c.B1), wide(c.B2), wide(-c.A1), wide(-c.A2)
		p, q := zero(), zero()
		for i, v := range y {
			w := zero().Add(term.Mul(b0, v), p)
			p.Add(q, term.Mul(b1, v))
			p.Add(p, term.Mul(a1, w))
			q.Mul(b2, v)
			q.Add(q, term.Mul(a2, w))
			y[i] = w
		}
	}
	out := make([]float64, len(x))
	for i, v := range y {
		out[i], _ = v.Float64()
	}
	return out
}

// Gains at the cut-offs are what each kind promises.
func TestGainAtCutoff(t *testing.T) {
	t.Parallel()
	everyDesign(func(d Design) {
		want := math.Sqrt2 / 2
		switch {
		case d.Kind == Chebyshev1:
			want = math.Pow(10, -d.Ripple/20)
		case d.Kind == Chebyshev2:
			want = math.Pow(10, -d.Attenuation/20)
		case d.Kind == Bessel && d.Norm != MagnitudeNorm:
			return
		}
		hz := []float64{d.Cutoff}
		if d.Band.twoSided() {
			hz = append(hz, d.UpperCutoff)
		}
		s := mustSOS(t, d)
		for i, h := range s.Response(nil, hz, d.Rate) {
			if got := cmplx.Abs(h); !(math.Abs(got/want-1) <= 1e-7) {
				t.Errorf("%+v: gain %g at %g Hz, want %g", d, got, hz[i], want)
			}
		}
	})
}

// Response is the transform of the impulse response.
func TestResponse(t *testing.T) {
	t.Parallel()
	hz := []float64{0, 1, 1e3, 123e3, 250e3, 499e3, 500e3, -1e3, 1.001e6}
	fir := mustFIR(t, FIRDesign{Band: BandPass, Taps: 101, Cutoff: 50e3, UpperCutoff: 150e3, Rate: 1e6})
	for _, s := range []SOS{
		mustSOS(t, Design{Order: 3, Cutoff: 50e3, Rate: 1e6}), mustSOS(t, Design{Kind: Chebyshev2, Attenuation: 50, Band: BandStop, Order: 4, Cutoff: 1e5, UpperCutoff: 2e5, Rate: 1e6}),
	} {
		f, err := NewFilter(s)
		if err != nil {
			t.Fatal(err)
		}
		h := make([]float64, 2000)
		h[0] = 1
		compareResponses(t, hz, s.Response(nil, hz, 1e6), f.Process(h, h))
	}
	compareResponses(t, hz, fir.Response(nil, hz, 1e6), fir)
}

func compareResponses(t *testing.T, hz []float64, got []complex128, h []float64) {
	t.Helper()
	for i, v := range hz {
		want := complex(0, 0)
		for n, c := range h {
			want += complex(c, 0) * cmplx.Exp(complex(0, -2*math.Pi*math.Mod(v*float64(n)/1e6, 1)))
		}
		if !(cmplx.Abs(got[i]-want) <= 1e-11) {
			t.Errorf("at %g Hz: %v, want %v", v, got[i], want)
		}
	}
}

func TestFIRDesignRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		d     FIRDesign
		field string
		says  string
	}{
		{"one tap", FIRDesign{Taps: 1, Cutoff: 1e3, Rate: 1e6}, "Taps", "from 2 to 65536"},
		{"too many", FIRDesign{Taps: 1 << 17, Cutoff: 1e3, Rate: 1e6}, "Taps", "from 2 to 65536"},
		{"even high-pass", FIRDesign{Band: HighPass, Taps: 100, Cutoff: 1e3, Rate: 1e6}, "Taps", "take 101"},
		{"even band-stop", FIRDesign{Band: BandStop, Taps: 64, Cutoff: 1e3, UpperCutoff: 2e3, Rate: 1e6}, "Taps", "take 65"},
		{"Nyquist", FIRDesign{Taps: 11, Cutoff: 5e5, Rate: 1e6}, "Cutoff", "Nyquist"},
		{"negative beta", FIRDesign{Taps: 11, Cutoff: 1e5, Rate: 1e6, Beta: -1}, "Beta", "8.6 for example"},
		{"beta not a number", FIRDesign{Taps: 11, Cutoff: 1e5, Rate: 1e6, Beta: math.NaN()}, "Beta", "8.6 for example"},
		{"nothing left", FIRDesign{Taps: 2, Cutoff: 1e-3, Rate: 1e6}, "Taps", "too few"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := c.d.FIR()
			var e *DesignError
			if !errors.As(err, &e) || e.Field != c.field || !strings.Contains(e.Problem, c.says) {
				t.Errorf("error %v, want one of field %q that says %q", err, c.field, c.says)
			}
		})
	}
	for name, f := range map[string]FIR{"empty": nil, "not finite": {1, math.Inf(1)}, "too long": make(FIR, MaxTaps+1)} {
		var e *DesignError
		if _, err := NewConvolver(f, Options{}); !errors.As(err, &e) {
			t.Errorf("%s: NewConvolver: error %v", name, err)
		}
		if _, err := NewFIRZeroPhase(f, Options{}); !errors.As(err, &e) {
			t.Errorf("%s: NewFIRZeroPhase: error %v", name, err)
		}
		if _, err := f.FiltFilt(nil, []float64{1}); !errors.As(err, &e) {
			t.Errorf("%s: FiltFilt: error %v", name, err)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	got := fmt.Sprint(LowPass, HighPass, BandPass, BandStop, Butterworth, Chebyshev1, Chebyshev2, Bessel, PhaseNorm, DelayNorm, MagnitudeNorm)
	if want := "low-pass high-pass band-pass band-stop Butterworth Chebyshev I Chebyshev II Bessel phase delay mag"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The group delay is the slope of the phase.
func TestGroupDelay(t *testing.T) {
	t.Parallel()
	everyDesign(func(d Design) {
		if d.Order > 8 {
			return
		}
		s := mustSOS(t, d)
		for _, part := range []float64{0.13, 0.7, 0.97, 1.01} {
			hz := d.Cutoff * part
			got := s.GroupDelay(nil, []float64{hz}, d.Rate)[0]
			step := 1e-6 * hz
			h := s.Response(nil, []float64{hz - step, hz + step}, d.Rate)
			want := -cmplx.Phase(h[1]/h[0]) / (2 * math.Pi * 2 * step / d.Rate)
			if !(math.Abs(got-want) <= 1e-4*math.Abs(want)+1e-3) {
				t.Errorf("%+v at %g Hz: %g samples, want %g", d, hz, got, want)
			}
		}
	})
	s := mustSOS(t, Design{Order: 5, Cutoff: 100e3, Rate: 1e6})
	ends := s.GroupDelay(nil, []float64{0, 500e3}, 1e6)
	near := s.GroupDelay(nil, []float64{1, 499_999}, 1e6)
	for i, v := range ends {
		if !(math.Abs(v-near[i]) <= 1e-6) {
			t.Errorf("at the ends of the spectrum %g, beside them %g", ends, near)
		}
	}
}
