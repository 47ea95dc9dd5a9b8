package peaks

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// same wants the same peaks, NaN for NaN. It formats the difference only where there is one, which takes long.
func same(t *testing.T, how string, want, got []Peak) {
	t.Helper()
	equal := func(a, b Peak) bool { return a == b || cmp.Equal(a, b, cmpopts.EquateNaNs()) }
	if !slices.EqualFunc(want, got, equal) {
		t.Fatalf("%s (-want +got):\n%.2000s", how, cmp.Diff(want, got, cmpopts.EquateNaNs()))
	}
}

// shapes are signals long enough for everything that a finder does from time to time: settling, compacting, trimming.
func shapes(n int) map[string][]float64 {
	rng := rand.New(rand.NewPCG(7, 7))
	all := map[string][]float64{}
	for name, wave := range map[string]func(i int) float64{
		"fine noise":   func(int) float64 { return rng.NormFloat64() },
		"coarse noise": func(int) float64 { return float64(rng.IntN(5)) },
		"noisy sine":   func(i int) float64 { return 5*math.Sin(float64(i)/150) + rng.NormFloat64() },
		"clipped":      func(i int) float64 { return max(-3, min(3, math.Round(6*math.Sin(float64(i)/80)+rng.NormFloat64()/2))) },
		"rising":       func(i int) float64 { return float64(i)/20 + rng.NormFloat64() },
		"falling":      func(i int) float64 { return -float64(i)/20 + rng.NormFloat64() },
		"with NaN": func(i int) float64 {
			if rng.IntN(700) == 0 {
				return math.NaN()
			}
			return 3*math.Sin(float64(i)/90) + rng.NormFloat64()
		},
		"long plateaus": func(i int) float64 { return float64((i / 3000 % 2) * (1 + i/9000)) },
	} {
		x := make([]float64, n)
		for i := range x {
			x[i] = wave(i)
		}
		all[name] = x
	}
	return all
}

// TestLongStreams compares the stream with the slice, and with two other ways to the same peaks: a window over the whole record, and
// the distance settled at the end only.
func TestLongStreams(t *testing.T) {
	t.Parallel()
	const n = 8000
	for name, x := range shapes(n) {
		for _, tc := range []struct {
			name string
			o    Options
		}{
			{"plain", Options{}},
			{"height+distance+prominence", Options{Height: AtLeast(2), Distance: 100, Prominence: AtLeast(1)}},
			{"distance", Options{Distance: 30}},
			{"far distance", Options{Distance: 900}},
			{"prominence", Options{Prominence: AtLeast(2)}},
			{"width", Options{Width: AtLeast(3)}},
			{"width+distance", Options{Width: Any(), Distance: 50, RelHeight: 0.8}},
			{"window", Options{Width: Any(), Distance: 50, Window: 300}},
			{"small window", Options{Prominence: AtLeast(1), Window: 7}},
		} {
			t.Run(name+"/"+tc.name, func(t *testing.T) {
				t.Parallel()
				want, err := Find(nil, x, tc.o)
				if err != nil {
					t.Fatal(err)
				}
				same(t, "stream", want, stream(t, x, tc.o))
				other := tc.o
				if other.Window == 0 && (other.Prominence != nil && other.Distance > 0 || other.Distance > 40) {
					other.Window = 2 * n
				}
				if slices.Contains([]string{"fine noise", "noisy sine", "rising", "falling", "with NaN"}, name) {
					other.Ties = NumPyOrder // no ties there
				}
				direct, err := Find(nil, x, other)
				if err != nil {
					t.Fatal(err)
				}
				same(t, "other way", want, direct)
			})
		}
	}
}

// TestSelectOnly wants the same peaks as without this option, and with Unordered, on long signals and on small ones.
func TestSelectOnly(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, x []float64, o Options) {
		t.Helper()
		full, err := Find(nil, x, o)
		if err != nil {
			t.Fatal(err)
		}
		o.SelectOnly = true
		want := slices.Clone(full)
		for i := range want {
			want[i].Prominence, want[i].LeftBase, want[i].RightBase = 0, 0, 0
		}
		same(t, fmt.Sprintf("%+v", o), want, stream(t, x, o))
		o.SelectOnly, o.Unordered = false, true
		got := stream(t, x, o)
		slices.SortFunc(got, func(a, b Peak) int { return int(a.Index - b.Index) })
		same(t, fmt.Sprintf("%+v", o), full, got)
	}
	for name, x := range shapes(3000) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, least := range []float64{math.Inf(-1), 0.5, 3} {
				for _, distance := range []float64{0, 5, 100} {
					check(t, x, Options{Prominence: AtLeast(least), Distance: distance})
					check(t, x, Options{Prominence: AtLeast(least), Distance: distance, Height: AtLeast(1)})
				}
				check(t, x[:100], Options{Prominence: AtLeast(least), Distance: 8, Window: 30})
			}
		})
	}
	for _, c := range committed(t).Cases {
		if o := c.options(); o.Width == nil && (o.Prominence == nil || math.IsInf(o.Prominence.Max, 1)) {
			check(t, c.samples(), o)
		}
	}
}

// TestSelectOnlyHoldsLittle goes through a signal whose highest peaks never find a higher sample.
func TestSelectOnlyHoldsLittle(t *testing.T) {
	t.Parallel()
	n := 0
	f, err := NewFinder(Options{Prominence: AtLeast(3), Distance: 100, SelectOnly: true, MaxPending: 1100}, func(Peak) { n++ })
	if err != nil {
		t.Fatal(err)
	}
	x := shapes(20000)["clipped"]
	for range 20 {
		if err := f.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Flush(); err != nil || n < 700 {
		t.Errorf("%d peaks, error %v", n, err)
	}
}

func stream(t *testing.T, x []float64, o Options) []Peak {
	t.Helper()
	var got []Peak
	f, err := NewFinder(o, func(p Peak) { got = append(got, p) })
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	for len(x) > 0 {
		n := min(len(x), int(math.Exp(rng.Float64()*9)))
		if err := f.Add(x[:n]); err != nil {
			t.Fatal(err)
		}
		x = x[n:]
	}
	if err := f.Flush(); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestBreak wants what each stretch has by itself, at its place.
func TestBreak(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(4, 4))
	for _, tc := range []struct {
		name string
		o    Options
	}{
		{"plain", Options{}}, {"distance", Options{Distance: 20}}, {"prominence", Options{Prominence: AtLeast(1)}},
		{"width", Options{Width: Any(), Distance: 3}}, {"window", Options{Width: Any(), Window: 30}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got, want []Peak
			f, err := NewFinder(tc.o, func(p Peak) { got = append(got, p) })
			if err != nil {
				t.Fatal(err)
			}
			at := int64(0)
			for range 40 {
				x := make([]float64, rng.IntN(60))
				for i := range x {
					x[i] = float64(rng.IntN(9))
				}
				alone, err := Find(nil, x, tc.o)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range alone {
					want = append(want, moved(p, at, tc.o))
				}
				missing := rng.Int64N(1000)
				if err := errors.Join(f.Add(x), f.Break(missing)); err != nil {
					t.Fatal(err)
				}
				at += int64(len(x)) + missing
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
		})
	}
}

// moved returns a peak as it is that many samples later.
func moved(p Peak, by int64, o Options) Peak {
	p.Index += by
	p.LeftEdge += by
	p.RightEdge += by
	if o.needsBases() {
		p.LeftBase += by
		p.RightBase += by
	}
	if o.Width != nil {
		p.LeftCrossing += float64(by)
		p.RightCrossing += float64(by)
	}
	return p
}

func TestKinds(t *testing.T) {
	t.Parallel()
	x := []int16{0, -32768, 32767, -32768, 5, 5, -32768, 7}
	o := Options{Prominence: Any(), Width: Any()}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	want, err := Find(nil, y, o)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Find(nil, x, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 2 || got[0].Prominence != 65535 {
		t.Errorf("int16, %d peaks (-want +got):\n%s", len(got), diff)
	}
	for i := range y {
		y[i] = -y[i]
	}
	if want, err = Find(nil, y, o); err != nil {
		t.Fatal(err)
	}
	o.Valleys = true
	if got, err = Find(nil, x, o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 3 || got[0].Height != 32768 {
		t.Errorf("valleys, %d (-want +got):\n%s", len(got), diff)
	}
}

func TestAppends(t *testing.T) {
	t.Parallel()
	x := []uint8{0, 1, 0}
	got, err := Find([]Peak{{Index: 77}}, x, Options{})
	if diff := cmp.Diff([]int64{77, 1}, indices(got)); err != nil || diff != "" {
		t.Errorf("error %v, (-want +got):\n%s", err, diff)
	}
}

func TestBadOptions(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, tc := range []struct {
		name string
		o    Options
		want error
	}{
		{"height upside down", Options{Height: Between(2, 1)}, ErrInterval},
		{"prominence NaN", Options{Prominence: AtLeast(nan)}, ErrInterval},
		{"width NaN", Options{Width: AtMost(nan)}, ErrInterval},
		{"threshold upside down", Options{Threshold: Between(1, 0)}, ErrInterval},
		{"plateau upside down", Options{PlateauSize: Between(1, 0)}, ErrInterval},
		{"distance below 1", Options{Distance: 0.5}, ErrDistance},
		{"distance NaN", Options{Distance: nan}, ErrDistance},
		{"distance infinite", Options{Distance: math.Inf(1)}, ErrDistance},
		{"window 1", Options{Window: 1}, ErrWindow},
		{"window negative", Options{Window: -5}, ErrWindow},
		{"relative height negative", Options{RelHeight: -1}, ErrRelHeight},
		{"relative height NaN", Options{RelHeight: nan}, ErrRelHeight},
		{"select only with width", Options{SelectOnly: true, Width: Any()}, ErrSelectOnly},
		{"select only up to", Options{SelectOnly: true, Prominence: AtMost(3)}, ErrSelectOnly},
		{"ties", Options{Ties: 7}, ErrTies},
		{"pending", Options{MaxPending: -1}, ErrMaxPending},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Find(nil, []float64{0, 1, 0}, tc.o)
			if !errors.Is(err, tc.want) || len(got) != 0 {
				t.Errorf("%d peaks, error %v, want %v", len(got), err, tc.want)
			}
		})
	}
}

// TestPending drives each kind of waiting over a small limit, and wants the error to say what helps.
func TestPending(t *testing.T) {
	t.Parallel()
	all := shapes(20000)
	falling := all["falling"]
	ramp, stairs := make([]float64, 20000), make([]float64, 20000)
	for i := range ramp {
		ramp[i] = float64(i)
		stairs[i] = float64(i + i%2*3)
	}
	for _, tc := range []struct {
		name string
		x    []float64
		o    Options
		want string
	}{
		{"prominence", falling, Options{Prominence: Any()}, fixWindow},
		{"prominence, window", falling, Options{Prominence: Any(), Window: 100}, ""},
		{"width on a ramp", ramp, Options{Width: Any()}, fixWindow},
		{"width on a ramp, window", ramp, Options{Width: Any(), Window: 100}, ""},
		{"distance on a slope", stairs, Options{Distance: 30}, fixDistance},
		{"distance on a slope, window", stairs, Options{Distance: 30, Prominence: Any(), Window: 50}, fixDistance},
		{"distance, noise", all["fine noise"], Options{Distance: 30}, ""},
		{"ties", all["fine noise"], Options{Distance: 2, Ties: NumPyOrder}, fixTies},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.o.MaxPending = 1000
			f, err := NewFinder(tc.o, func(Peak) {})
			if err != nil {
				t.Fatal(err)
			}
			err = f.Add(tc.x)
			if tc.want == "" {
				if err := errors.Join(err, f.Flush()); err != nil {
					t.Fatal(err)
				}
				return
			}
			var p *PendingError
			if !errors.As(err, &p) || p.Fix != tc.want || p.Limit != 1000 || !strings.Contains(err.Error(), "more than 1000 wait since sample") {
				t.Fatalf("error %v, want %q", err, tc.want)
			}
			if again := errors.Join(f.Add(tc.x), f.Flush()); !errors.Is(again, error(p)) {
				t.Errorf("then %v", again)
			}
			f.Reset()
			if err := f.Add(tc.x[:100]); err != nil {
				t.Errorf("after Reset: %v", err)
			}
		})
	}
}

// TestSteadyStateAllocatesNothing is not parallel: it counts the allocations of the whole process.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	x := recording(20000)
	for _, o := range []Options{
		{}, {Height: AtLeast(8000), Distance: 500, Prominence: AtLeast(4000)}, {Distance: 50}, {Prominence: AtLeast(4000), Width: AtLeast(3), Distance: 100},
		{Prominence: AtLeast(4000), Width: AtLeast(3), Window: 2000}, {Prominence: AtLeast(4000), SelectOnly: true, Distance: 100},
	} {
		f, err := NewFinder(o, func(Peak) {})
		if err != nil {
			t.Fatal(err)
		}
		chunk := func() {
			if err := errors.Join(f.AddInt16(x), f.Break(10)); err != nil {
				t.Fatal(err)
			}
		}
		chunk()
		if n := testing.AllocsPerRun(3, chunk); n != 0 {
			t.Errorf("%+v: %v allocations for a chunk", o, n)
		}
	}
}

// TestNumPyOrderOfDeepRecursion sorts what is slow for a quicksort with the median of three, so that its heapsort has to help.
func TestNumPyOrderOfDeepRecursion(t *testing.T) {
	t.Parallel()
	const n = 4096
	s := spacing{open: make([]spaced, n)}
	for i := range n / 2 {
		if i%2 == 0 {
			s.open[i].height = float64(i + 1)
		} else {
			s.open[i].height = float64(n/2 + i + i%2 - 1)
		}
		s.open[n/2+i].height = float64(2 * (i + 1))
	}
	order := s.numPyOrder(nil)
	if !slices.IsSortedFunc(order, func(a, b int) int { return -int(s.open[a].height - s.open[b].height) }) {
		t.Error("not sorted")
	}
	slices.Sort(order)
	for i, p := range order {
		if i != p {
			t.Fatalf("place %d is missing or doubled", i)
		}
	}
}
