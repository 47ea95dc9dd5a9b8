package spectrum

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

func mustWelch(t testing.TB, o Options) *Welch {
	t.Helper()
	w, err := NewWelch(o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func mustAdd(t testing.TB, w *Welch, x []float64) {
	t.Helper()
	if err := w.Add(x); err != nil {
		t.Fatal(err)
	}
}

func mustResult(t testing.TB, w *Welch) *Spectrum {
	t.Helper()
	s, err := w.Result()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cuts calls add with x in pieces of random lengths, some of them empty.
func cuts(r *rand.Rand, x []float64, add func([]float64)) {
	for len(x) > 0 {
		n := min(len(x), r.IntN(1<<r.IntN(14)))
		add(x[:n])
		x = x[n:]
	}
}

// TestCutsAndCoresDoNotMatter compares to the last bit: chunks, cores, and results asked for on the way.
func TestCutsAndCoresDoNotMatter(t *testing.T) {
	t.Parallel()
	long := scipytest.Signal("drift", 12000, 7)
	for _, o := range []Options{
		{},
		{Segment: 64, Overlap: 63, Average: Mean, FFT: 64},
		{Segment: 1000, Overlap: 10, Detrend: Linear},
		{Segment: 4096, Overlap: NoOverlap, FFT: 5000, Scaling: Power},
		{Segment: 512, Average: Median},
		{Segment: 11999},
		{Segment: 12001},
	} {
		t.Run(fmt.Sprintf("segment=%d/overlap=%d/average=%d", o.Segment, o.Overlap, o.Average), func(t *testing.T) {
			t.Parallel()
			x := long
			if o.Overlap == 63 {
				x = x[:5000] // every sample begins a segment
			}
			want, err := Estimate(x, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, workers := range []int{1, 2, 5} {
				r := rand.New(rand.NewPCG(5, uint64(workers)))
				o.Workers = workers
				w := mustWelch(t, o)
				for turn := range 2 { // the second after Reset
					cuts(r, x, func(part []float64) {
						mustAdd(t, w, part)
						if r.IntN(50) == 0 {
							if _, err := w.Result(); err != nil && !errors.Is(err, ErrNoData) {
								t.Fatal(err)
							}
						}
					})
					if got := mustResult(t, w); !reflect.DeepEqual(got, want) { // a difference would be long
						t.Fatalf("workers %d, turn %d: the spectrum is another", workers, turn)
					}
					w.Reset()
				}
			}
		})
	}
}

// TestBreak takes the segments of each stretch and averages them, which is what no bridge means.
func TestBreak(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		lengths   []int
		segments  int64
		skipped   int64
		shortened bool
	}{
		{"one stretch", []int{640}, 19, 0, false},
		{"two stretches", []int{320, 320}, 18, 0, false},
		{"ends left over", []int{100, 70, 65}, 2 + 1 + 1, 4 + 6 + 1, false},
		{"one short", []int{640, 63, 64}, 20, 63, false},
		{"short first", []int{63, 64}, 1, 63, false},
		{"all short", []int{10, 63, 50}, 1, 60, true},
		{"last is longest", []int{10, 30, 60}, 1, 40, true},
		{"empty stretches", []int{0, 640, 0, 0, 640, 0}, 38, 0, false},
		{"many", lengths(64, 300), 300, 0, false},
		{"many and short", append(lengths(63, 300), 64), 1, 63 * 300, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(6, 6))
			w := mustWelch(t, Options{Segment: 64, Workers: 2})
			sum, n, total := make([]float64, 33), 0.0, int64(0)
			for i, length := range c.lengths {
				x := scipytest.Signal("offset", length, uint64(i+1))
				total += int64(length)
				if i > 0 {
					w.Break()
				}
				cuts(r, x, func(part []float64) { mustAdd(t, w, part) })
				for ; len(x) >= 64; x = x[32:] {
					s, err := Estimate(x[:64], Options{Segment: 64})
					if err != nil {
						t.Fatal(err)
					}
					for k, v := range s.Values {
						sum[k] += v
					}
					n++
				}
			}
			got := mustResult(t, w)
			counts := []int64{got.Segments, got.Samples, got.Skipped}
			if diff := cmp.Diff([]int64{c.segments, total, c.skipped}, counts); diff != "" || got.Shortened != c.shortened {
				t.Errorf("segments, samples, skipped, with shortened %v (-want +got):\n%s", got.Shortened, diff)
			}
			if c.shortened {
				return
			}
			for k := range sum {
				sum[k] /= n
			}
			if diff := cmp.Diff(sum, got.Values, cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
}

func lengths(each, n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = each
	}
	return all
}

func TestShortenedIsTheLongestStretch(t *testing.T) {
	t.Parallel()
	w := mustWelch(t, Options{Segment: 64})
	x := scipytest.Signal("noise", 50, 9)
	mustAdd(t, w, scipytest.Signal("noise", 20, 3))
	w.Break()
	mustAdd(t, w, x)
	w.Break()
	mustAdd(t, w, scipytest.Signal("noise", 49, 4))
	got := mustResult(t, w)
	want, err := Estimate(x, Options{Segment: 50})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Values, got.Values); diff != "" || got.Segment != 50 || got.Step != 1.0/50 {
		t.Errorf("segment %d, step %v, values (-want +got):\n%s", got.Segment, got.Step, diff)
	}
}

func TestAddInt16(t *testing.T) {
	t.Parallel()
	x := counts(20000)
	x[0], x[1], x[2] = math.MinInt16, math.MaxInt16, 0
	values := make([]float64, len(x))
	for i, v := range x {
		values[i] = float64(float64(v)*0.25e-3) - 0.125
	}
	w := mustWelch(t, Options{})
	for i := 0; i < len(x); i += 777 {
		if err := w.AddInt16(x[i:min(i+777, len(x))], 0.25e-3, -0.125); err != nil {
			t.Fatal(err)
		}
	}
	want, err := Estimate(values, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, mustResult(t, w)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoData(t *testing.T) {
	t.Parallel()
	w := mustWelch(t, Options{})
	w.Break()
	mustAdd(t, w, nil)
	if _, err := w.Result(); !errors.Is(err, ErrNoData) {
		t.Errorf("error %v", err)
	}
}

// TestParseval: the power of noise is that of its spectrum, and a sine has its power at its line.
func TestParseval(t *testing.T) {
	t.Parallel()
	x := scipytest.Signal("noise", 200000, 1)
	s, err := Estimate(x, Options{SampleRate: 5000, Segment: 1000})
	if err != nil {
		t.Fatal(err)
	}
	sum, squares := 0.0, 0.0
	for _, v := range s.Values {
		sum += v * s.Step
	}
	for _, v := range x {
		squares += v * v / float64(len(x))
	}
	if math.Abs(sum/squares-1) > 0.01 {
		t.Errorf("the spectrum has the power %v and the signal %v", sum, squares)
	}
	for i := range x {
		x[i] = 3 * math.Sin(2*math.Pi*0.1*float64(i))
	}
	if s, err = Estimate(x, Options{SampleRate: 5000, Segment: 1000, Scaling: Power}); err != nil {
		t.Fatal(err)
	}
	if got := s.Values[100]; math.Abs(got-4.5) > 1e-9 || s.Frequency(100) != 500 {
		t.Errorf("the sine has the power %v at %v Hz", got, s.Frequency(100))
	}
}

func TestMedianLimit(t *testing.T) {
	t.Parallel()
	o := Options{Segment: 64, Overlap: NoOverlap, Average: Median, MemoryLimit: 33 * 8 * 100}
	w := mustWelch(t, o)
	mustAdd(t, w, make([]float64, 6400))
	mustResult(t, w)
	err := w.Add(make([]float64, 64))
	if err == nil { // not handed out yet
		_, err = w.Result()
	}
	var full *MemoryError
	if !errors.As(err, &full) || full.Segments < 101 || full.Limit != o.MemoryLimit || !strings.Contains(err.Error(), "take the mean") {
		t.Fatalf("error %v", err)
	}
	w = mustWelch(t, o)
	for range 1000 {
		if err = w.Add(make([]float64, 6400)); err != nil {
			break
		}
	}
	if !errors.As(err, &full) {
		t.Errorf("after 100000 segments: error %v", err)
	}
	if err := w.Add(make([]float64, 10)); !errors.As(err, &full) {
		t.Errorf("once more: error %v", err)
	}
	w.Reset()
	mustAdd(t, w, make([]float64, 64))
	mustResult(t, w)
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o    Options
		want string // part of the error; empty: none
	}{
		"zero":                 {Options{}, ""},
		"rate":                 {Options{SampleRate: -1}, "a sample rate of -1 Hz: it is a number above 0"},
		"rate NaN":             {Options{SampleRate: math.NaN()}, "sample rate of NaN"},
		"rate infinite":        {Options{SampleRate: math.Inf(1)}, "sample rate of +Inf"},
		"segment negative":     {Options{Segment: -5}, "a segment of -5 samples: it has 1 to 16777216"},
		"segment long":         {Options{Segment: MaxSegment + 1}, "it has 1 to 16777216"},
		"overlap whole":        {Options{Overlap: 256}, "an overlap of 256 samples is not less than the segment of 256: give at most 255"},
		"overlap negative":     {Options{Overlap: -2}, "it is 0 (half a segment) to 255, or NoOverlap"},
		"overlap largest":      {Options{Overlap: 255}, ""},
		"transform short":      {Options{FFT: 255}, "a transform of 255 values for segments of 256 samples: it has 256 to 16777216"},
		"transform long":       {Options{FFT: MaxSegment + 1}, "16777216"},
		"detrend":              {Options{Detrend: 3}, "no detrending 3"},
		"scaling":              {Options{Scaling: -1}, "no scaling -1"},
		"average":              {Options{Average: 2}, "no average 2"},
		"memory":               {Options{MemoryLimit: -1}, "memory limit of -1"},
		"window":               {Options{Window: Window{Shape: 99}}, "no window shape 99"},
		"window's parameter":   {Options{Window: Window{Shape: Kaiser, Param: -1}}, "beta of a kaiser window is 0 or more, not -1"},
		"one sample a segment": {Options{Segment: 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := NewWelch(c.o)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestWelchAllocatesNothing(t *testing.T) {
	w := mustWelch(t, Options{Segment: 1024, Workers: 1})
	x := counts(1 << 16)
	add := func() {
		if err := w.AddInt16(x, 1, 0); err != nil {
			t.Fatal(err)
		}
	}
	for range 36 { // until the buffers have their size
		add()
	}
	if got := testing.AllocsPerRun(20, add); got != 0 {
		t.Errorf("%v allocations", got)
	}
}
