package filter

import (
	"errors"
	"math"
	"testing"
)

// naive is the definition.
func naive(f FIR, x []float64) []float64 {
	y := make([]float64, len(x))
	for n := range y {
		for k, c := range f[:min(len(f), n+1)] {
			y[n] += c * x[n-k]
		}
	}
	return y
}

// causal makes a Convolver look like the other streams.
type causal struct{ *Convolver }

func (c causal) Flush(dst []float64) ([]float64, error) { return c.Convolver.Flush(dst), nil }

func TestConvolver(t *testing.T) {
	t.Parallel()
	for _, taps := range []int{1, 4, directTaps, directTaps + 1, 1025} {
		f := FIR(noise(taps, taps, 0))
		x := noise(9, 2*least+2*taps+200, 50)
		c, err := NewConvolver(f, Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := pieces(t, causal{c}, x, 1, 1<<20)
		head := naive(f, x[:3*taps])
		if value, off := largest(t, want[:3*taps], head); !(off <= 1e-12*value) {
			t.Errorf("%d taps: off by %.2g of the largest", taps, off/value)
		}
		at := 2*least - 50 // over the joint of blocks
		tail := naive(f, x[at-taps+1:at+100])[taps-1:]
		if value, off := largest(t, want[at:at+100], tail); !(off <= 1e-12*value) {
			t.Errorf("%d taps: at a joint off by %.2g of the largest", taps, off/value)
		}
		for _, o := range []Options{{Workers: 1}, {Workers: 5}, {Memory: 1}} {
			c, err := NewConvolver(f, o)
			if err != nil {
				t.Fatal(err)
			}
			c.Process(nil, x[:70_000])
			c.Reset()
			if at := firstDifference(pieces(t, causal{c}, x, uint64(taps), 40_000), want); at >= 0 {
				t.Errorf("%d taps, %+v: sample %d is another", taps, o, at)
			}
		}
	}
}

func TestConvolverGoesOnAfterFlush(t *testing.T) {
	t.Parallel()
	for _, taps := range []int{5, 500} {
		f := FIR(noise(taps, taps, 0))
		x := noise(1, 3000, 0)
		c, err := NewConvolver(f, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []float64
		for in := 0; in < len(x); in += 750 {
			got = c.Flush(c.Process(got, x[in:in+750]))
		}
		if value, off := largest(t, got, naive(f, x)); !(off <= 1e-12*value) {
			t.Errorf("%d taps: off by %.2g of the largest", taps, off/value)
		}
		c.SteadyState(3)
		sum := 0.0
		for _, v := range f {
			sum += 3 * v
		}
		if y := c.Flush(c.Process(nil, []float64{3, 3})); !(math.Abs(y[0]-sum) <= 1e-9*math.Abs(sum)+1e-6) || len(y) != 2 {
			t.Errorf("%d taps: %g after the steady state, want %g twice", taps, y, sum)
		}
	}
}

func TestConvolverOfNaN(t *testing.T) {
	t.Parallel()
	for _, taps := range []int{7, 400} {
		f := FIR(noise(taps, taps, 0))
		for _, bad := range []float64{math.NaN(), math.Inf(-1)} {
			c, err := NewConvolver(f, Options{})
			if err != nil {
				t.Fatal(err)
			}
			x := noise(1, 5000, 0)
			clean := c.Flush(c.Process(nil, x))
			c.Reset()
			x[2500] = bad
			for i, v := range c.Flush(c.Process(nil, x)) {
				finite := !math.IsNaN(v) && !math.IsInf(v, 0)
				if near := i >= 2500 && i < 2500+taps; near == finite || !near && !(math.Abs(v-clean[i]) <= 1e-4) {
					t.Fatalf("%d taps, %g: y[%d] = %g, without it %g", taps, bad, i, v, clean[i])
				}
			}
		}
	}
}

func TestFIRZeroPhase(t *testing.T) {
	t.Parallel()
	for _, taps := range []int{1, 2, 31, 1000} {
		f := FIR(noise(taps, taps, 0)) // no symmetry
		x := noise(9, 2*least+12345, 50)
		want, err := f.FiltFilt(nil, x)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []Options{{Workers: 1}, {Workers: 5}} {
			z, err := NewFIRZeroPhase(f, o)
			if err != nil {
				t.Fatal(err)
			}
			for seed := range uint64(2) {
				if at := firstDifference(pieces(t, z, x, seed, 30_000), want); at >= 0 {
					t.Errorf("%d taps, %+v: sample %d is another", taps, o, at)
				}
			}
			out, err := z.Flush(z.Process(nil, x[:3*taps]))
			var short *ShortError
			if !errors.As(err, &short) || len(out) != 0 || short.Least != int64(3*taps+1) {
				t.Errorf("%d taps, short stretch: %d samples, error %v", taps, len(out), err)
			}
		}
		in := append([]float64(nil), x...)
		if _, err := f.FiltFilt(in, in); err != nil || firstDifference(in, want) >= 0 {
			t.Errorf("%d taps: in place the result is another, error %v", taps, err)
		}
	}
	if y, err := (FIR{1, 2}).FiltFilt(nil, nil); err != nil || len(y) != 0 {
		t.Errorf("nothing: %d samples, error %v", len(y), err)
	}
}
