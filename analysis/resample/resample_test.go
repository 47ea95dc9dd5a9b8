package resample

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/units"
)

func noise(seed uint64, n int) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

// TestStreamEqualsSlice cuts streams at random and wants the bits of the slice form, and the same again after Reset.
func TestStreamEqualsSlice(t *testing.T) {
	t.Parallel()
	own := noise(9, 5)
	for _, tc := range []struct {
		name     string
		up, down int
		n        int
		taps     []float64
	}{
		{"identity", 1, 1, 1000, nil},
		{"down", 1, 100, 300001, nil},
		{"down much", 1, 9973, 280000, nil},
		{"up", 7, 1, 30000, nil},
		{"fraction", 147, 160, 20011, nil},
		{"few taps, wide gaps", 1, 1000, 300003, own},
		{"few taps, gaps wider than the stream", 1, 5000, 17, own},
		{"few taps, up", 50, 3, 999, own},
		{"empty", 3, 2, 0, nil},
		{"one sample", 1, 50, 1, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			x := noise(1, tc.n)
			want, err := Poly(nil, x, tc.up, tc.down, Options{Taps: tc.taps})
			if err != nil {
				t.Fatal(err)
			}
			r, err := New(tc.up, tc.down, Options{Taps: tc.taps})
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(2, 2))
			for round := range 3 {
				var got []float64
				for rest := x; len(rest) > 0; {
					n := min(len(rest), int(math.Exp(rng.Float64()*math.Log(float64(tc.n)+1))))
					got = r.Process(got, rest[:n])
					rest = rest[n:]
				}
				got = r.Flush(got)
				if !slices.Equal(got, want) {
					t.Fatalf("round %d: the stream's %d outputs are not the slice's %d", round, len(got), len(want))
				}
				r.Reset()
			}
		})
	}
}

// TestCoresDoNotMatter takes the same block with one share and with many.
func TestCoresDoNotMatter(t *testing.T) {
	t.Parallel()
	x := noise(3, 400000)
	var want []float64
	for _, cores := range []int{1, 2, 3, 7} {
		r, err := New(3, 50, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for len(r.shares) < cores {
			i := len(r.shares)
			r.shares = append(r.shares, share{})
			r.work = append(r.work, func() {
				defer r.wait.Done()
				r.fill(r.shares[i].dst, r.buf, r.shares[i].last, r.shares[i].phase)
			})
		}
		r.shares = r.shares[:cores]
		got := r.Flush(r.Process(nil, x))
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%d cores give other results", cores)
		}
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()
	constant := slices.Repeat([]float64{32767}, 5000)
	y, err := Poly(nil, constant, 1, 10, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range y[20 : len(y)-20] {
		if math.Abs(v-32767) > 1e-8 {
			t.Fatalf("a constant of full scale is %v at %d", v, k+20)
		}
	}
	x := noise(4, 5000)
	x[2500] = math.NaN()
	y, err = Poly(nil, x, 1, 10, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range y {
		if reached := 2400 <= 10*k && 10*k <= 2600; math.IsNaN(v) != reached {
			t.Fatalf("output %d is %v with a NaN at 2500", k, v)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		up, down int
		o        Options
		want     error
	}{
		{"no up", 0, 100, Options{}, ErrFactors},
		{"negative down", 1, -2, Options{}, ErrFactors},
		{"negative beta", 1, 2, Options{Beta: -1}, ErrBeta},
		{"beta NaN", 1, 2, Options{Beta: math.NaN()}, ErrBeta},
		{"beta too large", 1, 2, Options{Beta: 1e3}, ErrBeta},
		{"no taps", 1, 2, Options{Taps: []float64{}}, ErrTaps},
		{"tap NaN", 1, 2, Options{Taps: []float64{1, math.NaN()}}, ErrTaps},
		{"tap infinite, not used", 1, 1, Options{Taps: []float64{math.Inf(-1)}}, ErrTaps},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Poly(nil, []float64{1}, tc.up, tc.down, tc.o); !errors.Is(err, tc.want) {
				t.Errorf("error %v, want %v", err, tc.want)
			}
		})
	}
	var e *FactorError
	if _, err := New(1, 3_000_001, Options{}); !errors.As(err, &e) || e.NearUp != 1 || e.NearDown != MaxFactor {
		t.Errorf("down by 3000001: %v", err)
	}
}

func TestWrongLengthPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if s := fmt.Sprint(recover()); !strings.Contains(s, "length 2 for 3 values") {
			t.Errorf("panic %q", s)
		}
	}()
	Poly(make([]float64, 2), make([]float64, 5), 1, 2, Options{})
}

func TestFactors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		from, to units.Rate
		want     [2]int
		message  string // "": none
	}{
		{"kilo to audio", units.PerSecond(48000, 1), units.PerSecond(44100, 1), [2]int{147, 160}, ""},
		{"same", units.PerSecond(1000, 3), units.PerSecond(1000, 3), [2]int{1, 1}, ""},
		{"fractions", units.PerSecond(1000000, 3), units.PerSecond(1000, 1), [2]int{3, 1000}, ""},
		{"to one a second", units.PerSecond(1000000, 1), units.PerSecond(1, 1), [2]int{1, 1000000}, ""},
		{"no rate", units.PerSecond(0, 1), units.PerSecond(1, 1), [2]int{}, "rates must be above 0"},
		{"absurd", units.PerSecond(100000007, 1), units.PerSecond(44100, 1), [2]int{},
			"resample by 44100/100000007: a factor above 1048576 needs a filter of more than 20971520 taps; 2/4535 is near it"},
		{"absurd upwards", units.PerSecond(1, 1), units.PerSecond(3000000, 1), [2]int{}, "1048576/1 is the nearest that goes and gives 1048576 samples per second"},
		{"far below the limit of small factors", units.PerSecond(100_000, 1), units.PerSecond(314159265, 100_000_000), [2]int{}, "; 1/31831 is near it and gives 3.14159153 samples per second"},
		{"far above it", units.PerSecond(314159265, 100_000_000), units.PerSecond(100_000, 1), [2]int{}, "; 31831/1 is near it and gives"},
		{"near pi", units.PerSecond(314159265358979, 1), units.PerSecond(100000000000000, 1), [2]int{}, "113/355 is near it"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			up, down, err := Factors(tc.from, tc.to)
			if tc.message != "" {
				if err == nil || !strings.Contains(err.Error(), tc.message) {
					t.Fatalf("error %v, want %q", err, tc.message)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, [2]int{up, down}); diff != "" {
				t.Errorf("factors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLen(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		n        int64
		up, down int
		want     int64
	}{{0, 1, 2, 0}, {1, 1, 2, 1}, {2, 1, 2, 1}, {3, 1, 2, 2}, {10, 3, 1, 30}, {10, 3, 7, 5}, {1 << 60, 1, 1 << 20, 1 << 40}} {
		if got := Len(tc.n, tc.up, tc.down); got != tc.want {
			t.Errorf("%d x %d/%d: %d, want %d", tc.n, tc.up, tc.down, got, tc.want)
		}
	}
}

// TestSteadyStateAllocatesNothing is not parallel: it counts the allocations of the whole process.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	x := noise(5, 1<<16)
	for _, f := range [][2]int{{1, 100}, {3, 2}} {
		r, err := New(f[0], f[1], Options{})
		if err != nil {
			t.Fatal(err)
		}
		dst := r.Process(nil, x)
		dst = slices.Grow(dst, len(x)*2)
		if n := testing.AllocsPerRun(20, func() { dst = r.Process(dst[:0], x) }); n != 0 {
			t.Errorf("%d/%d: %v allocations for a chunk", f[0], f[1], n)
		}
	}
}

func BenchmarkProcess(b *testing.B) {
	x := noise(6, 1<<20)
	for _, f := range [][2]int{{1, 10}, {1, 100}, {1, 1000}, {147, 160}} {
		b.Run(fmt.Sprintf("up=%d/down=%d/samples=%d", f[0], f[1], len(x)), func(b *testing.B) {
			r, err := New(f[0], f[1], Options{})
			if err != nil {
				b.Fatal(err)
			}
			dst := r.Process(nil, x)
			b.SetBytes(int64(8 * len(x)))
			b.ReportAllocs()
			for b.Loop() {
				dst = r.Process(dst[:0], x)
			}
		})
	}
}
