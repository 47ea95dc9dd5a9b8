package correlate

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

func mustNew(t testing.TB, o Options) *Correlator {
	t.Helper()
	c, err := NewCorrelator(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustAdd(t testing.TB, c *Correlator, u, v []float64) {
	t.Helper()
	if err := c.Add(u, v); err != nil {
		t.Fatal(err)
	}
}

func mustResult(t testing.TB, c *Correlator) *Correlation {
	t.Helper()
	r, err := c.Result()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCutsAndCoresDoNotMatter compares to the last bit: chunks, cores, results asked for on the way, and the slice form.
func TestCutsAndCoresDoNotMatter(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{
		{MaxLag: 1},
		{MaxLag: 100, RemoveMean: true, Norm: Energy},
		{MaxLag: 3000, RemoveMean: true, Norm: Overlap},
		{MaxLag: 20000, Norm: Overlap},
		{MaxLag: 59999, RemoveMean: true},
	} {
		t.Run(fmt.Sprintf("lag=%d", o.MaxLag), func(t *testing.T) {
			t.Parallel()
			const n = 60000
			u, v := scipytest.Signal("offset", n, 1), scipytest.Signal("noise", n, 2)
			o.Workers = 1
			want, err := Cross(u, v, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, workers := range []int{5, 2} {
				r := rand.New(rand.NewPCG(5, uint64(workers)))
				o.Workers = workers
				c := mustNew(t, o)
				for turn := range 2 { // the second after Reset
					for from := 0; from < n; {
						to := min(n, from+r.IntN(1<<r.IntN(17)))
						mustAdd(t, c, u[from:to], v[from:to])
						from = to
						if r.IntN(10) == 0 && from > 0 && o.MaxLag < 20000 {
							mustResult(t, c)
						}
					}
					if got := mustResult(t, c); !reflect.DeepEqual(want, got) {
						t.Fatalf("workers %d, turn %d: the correlation is another", workers, turn)
					}
					c.Reset()
				}
				if o.MaxLag > 3000 {
					break // long transforms take their time
				}
			}
		})
	}
}

// TestManyBatches compares blocks with one long transform.
func TestManyBatches(t *testing.T) {
	t.Parallel()
	const n, lag = 300000, 50
	u, v := scipytest.Signal("noise", n, 1), scipytest.Signal("noise", n, 2)
	copy(u[17:], v[:n/2])
	got, err := Cross(u, v, Options{MaxLag: lag, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []int{-lag, -1, 0, 17, lag} {
		want := 0.0
		for i := max(0, -k); i < n-max(0, k); i++ {
			want += u[i+k] * v[i]
		}
		if v := got.Values[k+lag]; !(math.Abs(v-want) < 1e-6) { // the plain sum is not better
			t.Errorf("lag %d: %v, want %v", k, v, want)
		}
	}
	if got.Peak().Lag != 17 {
		t.Errorf("the peak is at %d", got.Peak().Lag)
	}
}

// TestBreak compares with the sums themselves, stretch by stretch.
func TestBreak(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		lengths []int
		lag     int
		last    int // greatest lag of the result
		gaps    int64
	}{
		{"one", []int{50}, 10, 10, 0},
		{"two", []int{50, 30}, 10, 10, 1},
		{"shorter than the lag", []int{5, 3, 7, 1, 2}, 10, 6, 4},
		{"as long as the lag", []int{10, 10, 11}, 10, 10, 2},
		{"about twice the lag", []int{19, 20, 21, 22}, 10, 10, 3},
		{"empty", []int{0, 30, 0, 0, 30, 0}, 10, 10, 1},
		{"long", []int{20000, 3, 20000}, 20, 20, 2},
		{"many", many(7, 500), 5, 5, 499},
	} {
		for _, o := range []Options{
			{}, {RemoveMean: true}, {Norm: Energy}, {RemoveMean: true, Norm: Energy}, {Norm: Overlap}, {RemoveMean: true, Norm: Overlap},
		} {
			t.Run(fmt.Sprintf("%s/mean=%v/norm=%d", c.name, o.RemoveMean, o.Norm), func(t *testing.T) {
				t.Parallel()
				o.MaxLag = c.lag
				cor := mustNew(t, o)
				var us, vs [][]float64
				for i, n := range c.lengths {
					if i > 0 {
						cor.Break()
					}
					u, v := scipytest.Signal("noise", n, uint64(2*i+3)), scipytest.Signal("noise", n, uint64(2*i+4))
					for j := range u {
						u[j], v[j] = u[j]+2, v[j]+u[j]/2-5
					}
					mustAdd(t, cor, u[:n/3], v[:n/3])
					mustAdd(t, cor, u[n/3:], v[n/3:])
					us, vs = append(us, u), append(vs, v)
				}
				got := mustResult(t, cor)
				if diff := cmp.Diff(definition(us, vs, o, c.last), got.Values, cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if got.First != -c.last || got.Gaps != c.gaps {
					t.Errorf("lags from %d, %d gaps; want %d, %d", got.First, got.Gaps, -c.last, c.gaps)
				}
			})
		}
	}
}

func many(each, n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = each
	}
	return all
}

// definition computes the correlation of stretches by its formula.
func definition(us, vs [][]float64, o Options, last int) []float64 {
	mu, mv := 0.0, 0.0
	if o.RemoveMean {
		mu, mv = meanOf(us), meanOf(vs)
	}
	energyU, energyV := 0.0, 0.0
	for i, u := range us {
		for n := range u {
			energyU += (u[n] - mu) * (u[n] - mu)
			energyV += (vs[i][n] - mv) * (vs[i][n] - mv)
		}
	}
	values := make([]float64, 2*last+1)
	for i := range values {
		lag, r, a, b := i-last, 0.0, 0.0, 0.0
		for s, u := range us {
			for n := max(0, -lag); n < min(len(u), len(u)-lag); n++ {
				x, y := u[n+lag]-mu, vs[s][n]-mv
				r, a, b = r+x*y, a+x*x, b+y*y
			}
		}
		switch o.Norm {
		case Energy:
			r /= math.Sqrt(energyU * energyV)
		case Overlap:
			r /= math.Sqrt(a * b)
		}
		values[i] = r
	}
	return values
}

func meanOf(xs [][]float64) float64 {
	sum, n := 0.0, 0.0
	for _, x := range xs {
		for _, v := range x {
			sum += v
			n++
		}
	}
	return sum / n
}

func TestOffsetsDoNotDrown(t *testing.T) {
	t.Parallel()
	const n = 30000
	u, v := scipytest.Signal("noise", n, 1), scipytest.Signal("noise", n, 1)
	for i := range u {
		u[i], v[i] = 1e6+u[i], 1e-6*v[i]-300
	}
	r, err := Cross(u[5:], v[:n-5], Options{MaxLag: 20, RemoveMean: true, Norm: Overlap})
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Peak(); p.Lag != -5 || math.Abs(p.Value-1) > 1e-8 {
		t.Errorf("the peak is %v at lag %d, want 1 at -5", p.Value, p.Lag)
	}
}

func TestNotANumber(t *testing.T) {
	t.Parallel()
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		for _, lag := range []int{0, 10} {
			u := scipytest.Signal("noise", 100, 1)
			u[40] = bad
			r, err := Cross(u, scipytest.Signal("noise", 100, 2), Options{MaxLag: lag, Norm: Energy, RemoveMean: true})
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range r.Values {
				if !math.IsNaN(v) {
					t.Errorf("%v, lag %d: %v", bad, r.Lag(i), v)
				}
			}
			if p := r.Peak(); !math.IsNaN(p.Value) || !math.IsNaN(p.Position) {
				t.Errorf("%v: peak %v", bad, p)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	one, long := make([]float64, 1), make([]float64, MaxAll)
	for name, c := range map[string]struct {
		u, v []float64
		o    Options
		want string
	}{
		"negative lag": {one, one, Options{MaxLag: -1}, "a greatest lag of -1 samples: it is 1 to 4194304"},
		"great lag":    {one, one, Options{MaxLag: MaxLag + 1}, "decimate both signals first"},
		"norm":         {one, one, Options{Norm: 3}, "no norm 3"},
		"no u":         {nil, one, Options{}, ErrNoData.Error()},
		"no v":         {one, nil, Options{MaxLag: 3}, ErrNoData.Error()},
		"too long":     {long, one, Options{}, "all lags of 16777216 and 1 samples: together they may have 16777216, give a greatest lag"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Cross(c.u, c.v, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	if _, err := NewCorrelator(Options{}); err == nil || !strings.Contains(err.Error(), "needs a greatest lag: 1 to 4194304") {
		t.Errorf("no lag: error %v", err)
	}
	c := mustNew(t, Options{MaxLag: 3})
	if err := c.Add(one, nil); !errors.Is(err, ErrLengths) {
		t.Errorf("chunks of different lengths: error %v", err)
	}
	c.Break()
	if _, err := c.Result(); !errors.Is(err, ErrNoData) {
		t.Errorf("nothing added: error %v", err)
	}
}

func TestPeak(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		values []float64
		want   Peak
		size   Peak // PeakMagnitude
	}{
		{"parabola", []float64{-4.25, -0.25, 1.75, 1.75, -0.25}, Peak{2, 1.75, 2.5, 2}, Peak{0, -4.25, 0, -4.25}},
		{"symmetric", []float64{0, 1, 0}, Peak{1, 1, 1, 1}, Peak{1, 1, 1, 1}},
		{"inverted", []float64{0, -3, -1, 1}, Peak{3, 1, 3, 1}, Peak{1, -3, 1.1, -3.025}},
		{"at the end", []float64{3, 2, 1}, Peak{0, 3, 0, 3}, Peak{0, 3, 0, 3}},
		{"plateau", []float64{0, 0, 0}, Peak{0, 0, 0, 0}, Peak{0, 0, 0, 0}},
		{"beside NaN", []float64{0, nan, 2, 1}, Peak{2, 2, 2, 2}, Peak{2, 2, 2, 2}},
		{"one", []float64{7}, Peak{0, 7, 0, 7}, Peak{0, 7, 0, 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := Correlation{Values: c.values}
			if diff := cmp.Diff(c.want, r.Peak(), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Errorf("peak (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.size, r.PeakMagnitude(), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Errorf("magnitude (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSubSample: a narrow-band signal, shifted by part of a sample.
func TestSubSample(t *testing.T) {
	t.Parallel()
	for _, shift := range []float64{-7.5, 0, 0.1, 3.3, 12.75} {
		const n = 4000
		u, v := make([]float64, n), make([]float64, n)
		for i := range u {
			pulse := func(x float64) float64 { return math.Exp(-x * x / 200) }
			u[i], v[i] = pulse(float64(i)-n/2-shift), pulse(float64(i)-n/2)
		}
		r, err := Cross(u, v, Options{MaxLag: 50})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Peak().Position; math.Abs(got-shift) > 0.01 {
			t.Errorf("shifted by %v, found at %v", shift, got)
		}
	}
}

func TestAddAllocatesNothing(t *testing.T) {
	c := mustNew(t, Options{MaxLag: 100, RemoveMean: true, Norm: Overlap, Workers: 1})
	u, v := scipytest.Signal("noise", 1<<14, 1), scipytest.Signal("noise", 1<<14, 2)
	add := func() {
		if err := c.Add(u, v); err != nil {
			t.Fatal(err)
		}
	}
	for range 70 { // until the buffers have their size
		add()
	}
	if got := testing.AllocsPerRun(70, add); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkCross(b *testing.B) {
	for _, n := range []int{1 << 16, 1 << 22} {
		b.Run(fmt.Sprintf("all/samples=2x%d", n), func(b *testing.B) {
			u, v := scipytest.Signal("noise", n, 1), scipytest.Signal("noise", n, 2)
			b.SetBytes(int64(16 * n))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Cross(u, v, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCorrelator(b *testing.B) {
	const n = 1 << 20
	u, v := scipytest.Signal("noise", n, 1), scipytest.Signal("noise", n, 2)
	for _, lag := range []int{100, 10000, 1000000} {
		b.Run(fmt.Sprintf("lag=%d/samples=2x%d", lag, n), func(b *testing.B) {
			c := mustNew(b, Options{MaxLag: lag})
			b.SetBytes(16 * n)
			b.ReportAllocs()
			for b.Loop() {
				mustAdd(b, c, u, v)
			}
		})
	}
}
