package measure

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// twoSines are two sines of which the second comes later by some degrees.
func twoSines(n int, period, degrees float64) (a, b []float64) {
	f := func(i, shift float64) float64 { return math.Sin(2*math.Pi*i/period - shift*math.Pi/180) }
	return sample(n, func(i float64) float64 { return f(i, 0) }), sample(n, func(i float64) float64 { return 3 + 2*f(i, degrees) })
}

func TestPhase(t *testing.T) {
	t.Parallel()
	const period, interval = 100.3, 1e-3
	la, lb := Levels{Base: -1, Top: 1}, Levels{Base: 1, Top: 5}
	for _, degrees := range []float64{0, 1, 45, -90, 120, 179, -179.5, 180} {
		a, b := twoSines(5000, period, degrees)
		d, err := NewDelay(la, lb, interval, DelayOptions{})
		if err != nil {
			t.Fatal(err)
		}
		d.Add(a, b)
		r := d.Result()
		want := []float64{degrees, degrees / 360 * period * interval, period * interval, 0}
		got := []float64{r.Phase.Mean(), r.Delay.Mean(), r.Period.Mean(), r.Phase.Std()}
		if math.Abs(degrees) == 180 && got[0] < 0 {
			// Half a turn is as much before as behind.
			got[0], got[1] = got[0]+360, got[1]+period*interval
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-4, 5e-3)); diff != "" {
			t.Errorf("%v degrees by edges (-want +got):\n%s", degrees, diff)
		}
		if n := r.Phase.N(); n < 47 {
			t.Errorf("%v degrees: only %d cycles", degrees, n)
		}
		f, err := TransferOf(a, b, 1/(period*interval), interval)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(degrees) == 180 && f.Phase < 0 {
			f.Phase, f.Delay = f.Phase+360, f.Delay+period*interval
		}
		wantF := TransferResult{Gain: 2, Phase: degrees, Delay: degrees / 360 * period * interval, Coherence: 1, Blocks: 1}
		if diff := cmp.Diff(wantF, f, cmpopts.EquateApprox(1e-5, 1e-4)); diff != "" {
			t.Errorf("%v degrees by Fourier components (-want +got):\n%s", degrees, diff)
		}
	}
}

func TestDelayEdges(t *testing.T) {
	t.Parallel()
	// High for 30 of 100 samples; the second channel 7 later.
	a := sample(1000, func(i float64) float64 { return trapezoid(i, 2, 28, 2, 100) })
	b := sample(1000, func(i float64) float64 { return trapezoid(i+93, 2, 28, 2, 100) })
	l := Levels{Base: 0, Top: 1}
	for name, tt := range map[string]struct {
		o    DelayOptions
		want float64
	}{
		"rising to rising":   {DelayOptions{}, 7},
		"falling to falling": {DelayOptions{From: FallingEdge, To: FallingEdge}, 7},
		"rising to falling":  {DelayOptions{To: FallingEdge}, 37},
		"falling to rising":  {DelayOptions{From: FallingEdge}, -23},
	} {
		d, err := NewDelay(l, l, 1, tt.o)
		if err != nil {
			t.Fatal(err)
		}
		d.Add(a, b)
		if r := d.Result(); math.Abs(r.Delay.Mean()-tt.want) > 1e-9 || r.Delay.N() < 8 {
			t.Errorf("%s: %v in %d cycles, want %v", name, r.Delay.Mean(), r.Delay.N(), tt.want)
		}
	}
}

func TestDelayGapsAndPieces(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	a := sample(20000, func(i float64) float64 { return math.Sin(i/9) + 0.2*r.NormFloat64() })
	b := sample(20000, func(i float64) float64 { return math.Sin(i/9-1) + 0.2*r.NormFloat64() })
	a[5000] = nan
	l := Levels{Base: -1, Top: 1}
	run := func(cut func(left int) int) DelayResult {
		d, err := NewDelay(l, l, 1, DelayOptions{Hysteresis: 0.5})
		if err != nil {
			t.Fatal(err)
		}
		from := 0
		for _, end := range []int{10000, len(a)} {
			d.Break(int64(3 * from))
			for from < end {
				n := cut(end - from)
				d.Add(a[from:from+n], b[from:from+n])
				from += n
			}
		}
		return d.Result()
	}
	want := run(func(left int) int { return left })
	got := run(func(left int) int { return min(left, 1+r.IntN(100)) })
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(want.Delay)); diff != "" {
		t.Errorf("(-whole +pieces):\n%s", diff)
	}
	if want.Period.Max() > 70 || want.Period.N() < 340 {
		t.Errorf("%d cycles of up to %v samples", want.Period.N(), want.Period.Max())
	}
}

func TestTransferSkips(t *testing.T) {
	t.Parallel()
	a, b := twoSines(640, 10, 30)
	a[100] = nan
	b[330] = math.Inf(1)
	m, err := NewTransfer(0.1, 1, 16)
	if err != nil {
		t.Fatal(err)
	}
	m.Add(a, b)
	r := m.Result()
	if r.Blocks != 2 || r.Skipped != 2 || math.Abs(r.Phase-30) > 1e-9 {
		t.Errorf("%+v, want 2 blocks, 2 skipped, 30 degrees", r)
	}
	m.Reset()
	m.Add(make([]float64, 640), make([]float64, 640))
	if r := m.Result(); !math.IsNaN(r.Gain) || !math.IsNaN(r.Phase) || !math.IsNaN(r.Delay) {
		t.Errorf("nothing against nothing: %+v", r)
	}
}

func TestAverage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		x      []float64
		offset float64
		want   []float64
	}{
		{"as it is", []float64{1, 2, 3, 4}, 0, []float64{1, 2, 3, 4}},
		{"later", []float64{1, 2, 3, 4}, 1, []float64{2, 3, 4, nan}},
		{"earlier", []float64{1, 2, 3, 4}, -2, []float64{nan, nan, 1, 2}},
		{"between samples", []float64{1, 2, 3, 4}, 0.25, []float64{1.25, 2.25, 3.25, nan}},
		{"between samples, earlier", []float64{1, 2, 3, 4}, -0.25, []float64{nan, 1.75, 2.75, 3.75}},
		{"short", []float64{1}, 0, []float64{1, nan, nan, nan}},
		{"long", []float64{1, 2, 3, 4, 5, 6}, 1.5, []float64{2.5, 3.5, 4.5, 5.5}},
		{"empty", nil, 0, []float64{nan, nan, nan, nan}},
		{"far away", []float64{1, 2}, 1e18, []float64{nan, nan, nan, nan}},
		{"NaN", []float64{1, nan, 3, 4}, 0.5, []float64{nan, nan, 3.5, nan}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, err := NewAverage(4)
			if err != nil {
				t.Fatal(err)
			}
			a.Add(tt.x, tt.offset)
			if diff := cmp.Diff(tt.want, a.Mean(nil), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestERes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(13, 14))
	x := noise(5, 5000)
	x[700], x[2000] = nan, math.Inf(1)
	for _, bits := range []float64{0.5, 2, 4} {
		e, err := NewERes(bits)
		if err != nil {
			t.Fatal(err)
		}
		whole := e.Append(nil, x)
		n := e.Len()
		if len(whole) != len(x)-n+1 {
			t.Errorf("%v bits: %d values, want %d", bits, len(whole), len(x)-n+1)
		}
		for i, v := range whole {
			sum := 0.0
			for _, s := range x[i : i+n] {
				sum += s
			}
			want := sum / float64(n)
			if want != want != (v != v) || math.IsInf(want, 0) != math.IsInf(v, 0) || math.Abs(v-want) > 1e-14 {
				t.Fatalf("%v bits: value %d is %v, want %v", bits, i, v, want)
			}
		}
		e.Reset()
		var pieces []float64
		for rest := append([]float64(nil), x...); len(rest) > 0; {
			k := min(len(rest), 1+r.IntN(300))
			pieces = append(pieces, e.Append(rest[:0], rest[:k])...)
			rest = rest[k:]
		}
		if diff := cmp.Diff(whole, pieces, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%v bits (-whole +pieces, in place):\n%s", bits, diff)
		}
	}
}

func TestWrongLengthsPanic(t *testing.T) {
	t.Parallel()
	a, _ := NewAverage(3)
	other, _ := NewAverage(4)
	d, _ := NewDelay(Levels{}, Levels{}, 1, DelayOptions{})
	f, _ := NewTransfer(0.1, 1, 0)
	for name, call := range map[string]func(){
		"mean": func() { a.Mean(make([]float64, 2)) }, "counts": func() { a.Counts(make([]int64, 2)) }, "merge": func() { a.Merge(other) },
		"delay": func() { d.Add(make([]float64, 1), nil) }, "transfer": func() { f.Add(make([]float64, 1), nil) }, "offset": func() { a.Add(nil, nan) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

func TestAddDoesNotAllocate(t *testing.T) {
	x := sample(5000, func(i float64) float64 { return math.Sin(i / 9) })
	l := Levels{Base: -1, Top: 1}
	m, _ := NewMeter(l, 1, Options{})
	d, _ := NewDelay(l, l, 1, DelayOptions{})
	f, _ := NewTransfer(0.1, 1, 0)
	a, _ := NewAverage(5000)
	e, _ := NewERes(2)
	y := make([]float64, 0, 5000)
	if n := testing.AllocsPerRun(10, func() { m.Add(x); d.Add(x, x); f.Add(x, x); a.Add(x, 0.5); e.Append(y, x) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func BenchmarkAdd(b *testing.B) {
	const n = 1 << 16
	x := sample(n, func(i float64) float64 { return math.Sin(i / 50) })
	l := Levels{Base: -1, Top: 1}
	m, _ := NewMeter(l, 1, Options{})
	d, _ := NewDelay(l, l, 1, DelayOptions{})
	f, _ := NewTransfer(0.02, 1, 0)
	a, _ := NewAverage(n)
	e, _ := NewERes(2)
	y := make([]float64, 0, n)
	for name, add := range map[string]func(){
		"meter/samples=65536":       func() { m.Add(x) },
		"delay/samples=65536":       func() { d.Add(x, x) },
		"transfer/samples=65536":    func() { f.Add(x, x) },
		"average/samples=65536":     func() { a.Add(x, 0.5) },
		"eres/bits=2/samples=65536": func() { e.Append(y, x) },
		"of/samples=65536":          func() { _, _ = Of(x, 1, Options{}) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(8 * n)
			b.ReportAllocs()
			for b.Loop() {
				add()
			}
		})
	}
}
