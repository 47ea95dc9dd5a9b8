package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// pieces cuts x at random.
func pieces(r *rand.Rand, x []float64, add func([]float64)) {
	for len(x) > 0 {
		n := min(1+r.IntN(1+r.IntN(3000)), len(x))
		add(x[:n])
		x = x[n:]
	}
}

func TestCutsChangeNothing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for name, x := range signals() {
		whole := Of(x)
		wholeA, _ := NewAdaptive(64)
		wholeA.Add(x)
		for range 5 {
			var s Summary
			a, _ := NewAdaptive(64)
			pieces(r, x, func(p []float64) {
				s.Add(p)
				_ = s.Mean() // looking changes nothing
				a.Add(p)
			})
			if diff := cmp.Diff(whole.settled(), s.settled(), cmp.AllowUnexported(totals{}, Moments{})); diff != "" {
				t.Errorf("%s: summary (-whole +pieces):\n%s", name, diff)
			}
			if diff := cmp.Diff(binsOf(wholeA), binsOf(a)); diff != "" {
				t.Errorf("%s: adaptive histogram (-whole +pieces):\n%s", name, diff)
			}
		}
	}
}

type bins struct {
	Counts      []int64
	Edge, Width float64
}

func binsOf(h *Adaptive) bins {
	c, e, w := h.Bins()
	return bins{append([]int64(nil), c...), e, w}
}

func TestAdaptive(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	tests := []struct {
		name string
		x    []float64
		want bins
	}{
		{"one value", []float64{3}, bins{[]int64{1}, 3, 0x1p-50}},
		{"constant", []float64{-2, -2, -2}, bins{[]int64{3}, -2, 0x1p-50}},
		{"zero", []float64{0, 0}, bins{[]int64{2}, 0, 0x1p-1022}},
		{"two far apart", []float64{0, 100}, bins{[]int64{1, 0, 0, 0, 0, 0, 1}, 0, 16}},
		{"the other way round", []float64{100, 0}, bins{[]int64{1, 0, 0, 0, 0, 0, 1}, 0, 16}},
		{"signs", []float64{-1, -0.5, 0, 0.5, 1}, bins{[]int64{1, 1, 1, 1, 1}, -1, 0.5}},
		{"largest numbers", []float64{-math.MaxFloat64, math.MaxFloat64}, bins{[]int64{1, 0, 0, 0, 0, 0, 0, 1}, -0x1p1023 * 2 * (1 - 0x1p-53) * 1, 0}},
		{"NaN and Inf are left out", []float64{math.NaN(), 1, inf, -inf}, bins{[]int64{1}, 1, 0x1p-51}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h, err := NewAdaptive(8)
			if err != nil {
				t.Fatal(err)
			}
			h.Add(tt.x)
			got := binsOf(h)
			if tt.name == "largest numbers" {
				// The lower edge is beyond the largest number; only the counts are of interest.
				got.Edge, got.Width, tt.want.Edge, tt.want.Width = 0, 0, 0, 0
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAdaptiveIsCanonical compares with a histogram that knows all samples beforehand, and with merged ones.
func TestAdaptiveIsCanonical(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 200 {
		n := 1 + r.IntN(200)
		x := make([]float64, n)
		scale := math.Ldexp(1, r.IntN(40)-20)
		for i := range x {
			x[i] = scale * (r.NormFloat64()*math.Exp(4*r.NormFloat64()) + float64(r.IntN(3)))
		}
		size := 2 + r.IntN(30)
		h, _ := NewAdaptive(size)
		for i := range x {
			h.Add(x[i : i+1])
		}
		want := reference(x, size)
		if diff := cmp.Diff(want, binsOf(h)); diff != "" {
			t.Fatalf("round %d, %d bins of %v (-want +got):\n%s", round, size, x, diff)
		}
		a, _ := NewAdaptive(size)
		b, _ := NewAdaptive(size)
		cut := r.IntN(n + 1)
		a.Add(x[:cut])
		b.Add(x[cut:])
		if err := a.Merge(b); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, binsOf(a)); diff != "" {
			t.Fatalf("round %d merged (-want +got):\n%s", round, diff)
		}
		if a.N() != int64(n) {
			t.Errorf("merged: %d samples, want %d", a.N(), n)
		}
	}
}

// TestAdaptiveZeros: zeros of both signs have the same range in whatever order, and whoever counted them.
func TestAdaptiveZeros(t *testing.T) {
	t.Parallel()
	minus := math.Copysign(0, -1)
	for name, x := range map[string][]float64{"minus first": {minus, 0, 1}, "minus last": {0, minus, 1}, "largest": {-1, minus, 0}, "alone": {minus}} {
		for cut := range len(x) + 1 {
			a, _ := NewAdaptive(8)
			b := a.Empty()
			a.Add(x[:cut])
			b.Add(x[cut:])
			if err := a.Merge(b); err != nil {
				t.Fatal(err)
			}
			if lo, hi := a.Range(); lo == 0 && math.Signbit(lo) || hi == 0 && math.Signbit(hi) {
				t.Errorf("%s, cut at %d: from %v to %v", name, cut, lo, hi)
			}
		}
	}
}

// reference takes the smallest width that fits and counts.
func reference(x []float64, size int) bins {
	lo, hi := x[0], x[0]
	for _, v := range x {
		lo, hi = min(lo, v), max(hi, v)
	}
	_, bits := math.Frexp(max(math.Abs(lo), math.Abs(hi)))
	e := max(-1022, bits-52)
	at := func(v float64) int64 { return int64(math.Floor(math.Ldexp(v, -e))) }
	for at(hi)-at(lo) >= int64(size) {
		e++
	}
	b := bins{Counts: make([]int64, at(hi)-at(lo)+1), Edge: math.Ldexp(float64(at(lo)), e), Width: math.Ldexp(1, e)}
	for _, v := range x {
		b.Counts[at(v)-at(lo)]++
	}
	return b
}

func TestMerge(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for name, x := range signals() {
		var merged Summary
		h, _ := NewHistogram(50, -1, 1)
		at := int64(0)
		pieces(r, x, func(p []float64) {
			var s Summary
			s.Break(at)
			s.Add(p)
			merged.Merge(&s)
			part, _ := NewHistogram(50, -1, 1)
			part.Add(p)
			if err := h.Merge(part); err != nil {
				t.Fatal(err)
			}
			at += int64(len(p))
		})
		whole := Of(x)
		opts := []cmp.Option{cmp.AllowUnexported(totals{}), cmp.Transformer("moments", func(m Moments) [6]float64 {
			return [6]float64{float64(m.N()), m.Min(), m.Max(), m.Mean(), m.RMS(), m.Std()}
		}), cmpopts.EquateApprox(1e-12, 2e-17)}
		if diff := cmp.Diff(whole.settled(), merged.settled(), opts...); diff != "" {
			t.Errorf("%s (-whole +merged):\n%s", name, diff)
		}
		all, _ := NewHistogram(50, -1, 1)
		all.Add(x)
		if diff := cmp.Diff(all.Counts(nil), h.Counts(nil)); diff != "" {
			t.Errorf("%s: histogram (-whole +merged):\n%s", name, diff)
		}
	}
}

// TestNoDrift merges as many samples as four days at 10 kS/s have, which is 4 G: blocks of a million equal blocks.
func TestNoDrift(t *testing.T) {
	t.Parallel()
	const blocks, each = 400_000, 10_000
	var one, m Moments
	for i := range each {
		one.Add(0.1 + 1e-3*float64(i%10))
	}
	for range blocks {
		m.Merge(one)
	}
	got := []float64{float64(m.N()), m.Mean(), m.Std()}
	want := []float64{blocks * each, 0.1045, 1e-3 * math.Sqrt(8.25)}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-14, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEmptyAndNaN(t *testing.T) {
	t.Parallel()
	for name, x := range map[string][]float64{"empty": nil, "all NaN": {math.NaN(), math.NaN()}} {
		s := Of(x)
		lo, loAt := s.Min()
		hi, hiAt := s.Max()
		for _, v := range []float64{lo, hi, s.Mean(), s.RMS(), s.Std(), s.SampleStd()} {
			if !math.IsNaN(v) {
				t.Errorf("%s: got %v, want NaN", name, v)
			}
		}
		if loAt != -1 || hiAt != -1 || s.N() != 0 || s.NaN() != int64(len(x)) {
			t.Errorf("%s: extremes at %d and %d, %d samples, %d NaN", name, loAt, hiAt, s.N(), s.NaN())
		}
		a, _ := NewAdaptive(4)
		a.Add(x)
		if v, _ := a.Percentile(50); !math.IsNaN(v) || a.NaN() != int64(len(x)) {
			t.Errorf("%s: median %v, %d NaN", name, v, a.NaN())
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	var s Summary
	s.Break(1000)
	s.Add([]float64{math.NaN(), 2, -1, 2})
	s.Break(1 << 62)
	s.Add([]float64{-1, 3, -1})
	_, lo := s.Min()
	_, hi := s.Max()
	if lo != 1002 || hi != 1<<62+1 {
		t.Errorf("extremes at %d and %d, want 1002 and 2^62+1", lo, hi)
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	x := []int16{-32768, 32767, 0, 0, 5, -1, -32768}
	c := NewCodes()
	c.Add(x[:3])
	o := NewCodes()
	o.Add(x[3:])
	c.Merge(o)
	f := make([]float64, len(x))
	for i, v := range x {
		f[i] = 0.5*float64(v) + 2
	}
	s := Of(f)
	m := c.Moments(0.5, 2)
	lo, _ := s.Min()
	hi, _ := s.Max()
	want := []float64{7, lo, hi, s.Mean(), s.RMS(), s.Std(), 2, 0, -32768, 32767, -16384.5}
	got := []float64{
		float64(m.N()), m.Min(), m.Max(), m.Mean(), m.RMS(), m.Std(),
		float64(c.Count(-32768)), c.Percentile(50), c.Percentile(0), c.Percentile(100), c.Percentile(25),
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-14, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m := NewCodes().Moments(1, 0); m.N() != 0 || !math.IsNaN(NewCodes().Percentile(50)) {
		t.Error("an empty histogram has values")
	}
}

// TestInfinite wants extremes and counts in spite of infinite samples, of which nothing has a mean.
func TestInfinite(t *testing.T) {
	t.Parallel()
	s := Of([]float64{1, math.Inf(1), math.NaN(), -2})
	lo, loAt := s.Min()
	hi, hiAt := s.Max()
	if lo != -2 || loAt != 3 || !math.IsInf(hi, 1) || hiAt != 1 || s.N() != 3 || s.NaN() != 1 {
		t.Errorf("from %v at %d to %v at %d, %d samples, %d NaN", lo, loAt, hi, hiAt, s.N(), s.NaN())
	}
	if !math.IsNaN(s.Mean()) || !math.IsNaN(s.Std()) || !math.IsNaN(s.RMS()) {
		t.Errorf("mean %v, deviation %v, rms %v, want NaN", s.Mean(), s.Std(), s.RMS())
	}
}

// TestInfinitePercentiles wants no NaN where samples are infinite.
func TestInfinitePercentiles(t *testing.T) {
	t.Parallel()
	h, _ := NewHistogram(4, 0, 1)
	h.Add([]float64{math.Inf(-1), 0.1, 0.6, math.Inf(1)})
	for p, want := range map[float64]float64{0: math.Inf(-1), 10: math.Inf(-1), 90: math.Inf(1), 100: math.Inf(1)} {
		if v, bound := h.Percentile(p); v != want || !math.IsInf(bound, 1) {
			t.Errorf("percentile %v is %v within %v, want %v within +Inf", p, v, bound, want)
		}
	}
	if v, bound := h.Percentile(50); !(math.Abs(v-0.35) <= bound) || bound > 0.25 {
		t.Errorf("median %v within %v, want 0.35", v, bound)
	}
}

func TestBadOptions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  func() error
		want string
	}{
		{"no bins", func() error { _, err := NewHistogram(0, 0, 1); return err }, "a histogram of 0 bins; there can be 1 to 16777216"},
		{"upside down", func() error { _, err := NewHistogram(4, 1, 0); return err }, "a histogram from 1 to 0; the first must be the smaller one, and both finite"},
		{"NaN", func() error { _, err := NewHistogram(4, math.NaN(), 0); return err }, "a histogram from NaN to 0; the first must be the smaller one, and both finite"},
		{"too narrow", func() error { _, err := NewHistogram(1000, 1, 1+1e-15); return err }, "1000 bins from 1 to 1.000000000000001 are narrower than numbers can be told apart; take fewer"},
		{"one adaptive bin", func() error { _, err := NewAdaptive(1); return err }, "a histogram of 1 bins; there can be 2 to 16777216"},
		{"other bins", func() error {
			a, _ := NewHistogram(4, 0, 1)
			b, _ := NewHistogram(4, 0, 2)
			return a.Merge(b)
		}, "merge histograms: 4 bins from 0 to 1 and 4 from 0 to 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := tt.err(); err == nil || err.Error() != tt.want {
				t.Errorf("got error %v, want %s", err, tt.want)
			}
		})
	}
}

func TestAddDoesNotAllocate(t *testing.T) {
	x := noise(9, 5000)
	codes := make([]int16, 5000)
	s := new(Summary)
	h, _ := NewHistogram(100, 0, 1)
	a, _ := NewAdaptive(100)
	c := NewCodes()
	if n := testing.AllocsPerRun(10, func() { s.Add(x); h.Add(x); a.Add(x); c.Add(codes) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// TestSharedSums: a signal that several goroutines sum has the sums of one, to the bit, however it is cut.
func TestSharedSums(t *testing.T) {
	t.Parallel()
	long := noise(4, 3*heldBlocks*blockLen/2+777)
	spoiled := noise(5, 200*blockLen+1)
	for i := 3; i < len(spoiled); i += i / 2 {
		spoiled[i] = math.NaN()
	}
	for k := range 2 * blockLen {
		spoiled[40*blockLen+k] = math.NaN()
	}
	spoiled[150*blockLen] = math.Inf(-1)
	r := rand.New(rand.NewPCG(3, 4))
	for name, x := range map[string][]float64{"long": long, "spoiled": spoiled, "constant": make([]float64, 100*blockLen), "short": noise(6, 100)} {
		want := Of(x).settled()
		for _, workers := range []int{-1, 1, 2, 7} {
			s, cut := new(Summary), new(Summary)
			s.AddOn(workers, x)
			for rest := x; len(rest) > 0; {
				n := min(1+r.IntN(100*blockLen), len(rest))
				cut.AddOn(workers, rest[:n])
				rest = rest[n:]
			}
			for _, got := range []totals{s.settled(), cut.settled()} {
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(totals{}, Moments{}), cmpopts.EquateNaNs()); diff != "" {
					t.Errorf("%s, %d workers (-one +several):\n%s", name, workers, diff)
				}
			}
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	x := noise(9, 1<<16)
	codes := make([]int16, len(x))
	s := new(Summary)
	h, _ := NewHistogram(1000, 0, 1)
	a, _ := NewAdaptive(4096)
	c := NewCodes()
	for name, add := range map[string]func(){
		"summary/samples=65536":             func() { s.Add(x) },
		"summary/samples=65536/workers=2":   func() { s.AddOn(2, x) },
		"histogram/bins=1000/samples=65536": func() { h.Add(x) },
		"adaptive/bins=4096/samples=65536":  func() { a.Add(x) },
		"codes/samples=65536":               func() { c.Add(codes) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(8 * int64(len(x)))
			b.ReportAllocs()
			for b.Loop() {
				add()
			}
		})
	}
}
