package measure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/analysis/stats"
)

var nan = math.NaN()

// sample makes n samples of a function of the sample's number.
func sample(n int, f func(i float64) float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = f(float64(i))
	}
	return x
}

// trapezoid is a pulse train between 0 and 1: it rises in rise samples, stays high, falls in fall, and repeats after period.
func trapezoid(i, rise, high, fall, period float64) float64 {
	t := math.Mod(i, period)
	switch {
	case t < rise:
		return t / rise
	case t < rise+high:
		return 1
	case t < rise+high+fall:
		return 1 - (t-rise-high)/fall
	}
	return 0
}

func levelsOfSlice(x []float64) Levels {
	h, err := stats.NewAdaptive(LevelBins)
	if err != nil {
		panic(err)
	}
	h.Add(x)
	return LevelsOf(h)
}

// spiked is a signal of 200,000 samples with two glitches of five samples each.
func spiked(f func(i float64) float64, first, second float64) []float64 {
	x := sample(200_000, f)
	for k := range 5 {
		x[50_050+k], x[120_060+k] = first, second
	}
	return x
}

func TestLevels(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(sd float64) float64 { return sd * r.NormFloat64() }
	tests := []struct {
		name string
		x    []float64
		want Levels
		tol  float64
	}{
		{"empty", nil, Levels{nan, nan, nan, nan}, 0},
		{"constant", []float64{3, 3, 3}, Levels{3, 3, 3, 3}, 0},
		{"square", sample(1000, func(i float64) float64 { return trapezoid(i, 1, 49, 1, 100) }), Levels{0, 1, 0, 1}, 0},
		{"sine", sample(10000, func(i float64) float64 { return 2 * math.Sin(i/100) }), Levels{-2, 2, -2, 2}, 1e-3},
		{"triangle", sample(10000, func(i float64) float64 { return trapezoid(i, 500, 0, 500, 1000) }), Levels{0, 1, 0, 1}, 1e-12},
		{
			"square with noise of 2 %", sample(20000, func(i float64) float64 { return 5*trapezoid(i, 5, 45, 5, 100) + noise(0.1) }),
			Levels{0, 5, -0.4, 5.4},
			0.1,
		},
		{
			"overshoot that dies away", sample(20000, func(i float64) float64 {
				d := math.Mod(i, 1000)
				return 2*trapezoid(i, 1, 499, 1, 1000) + 0.5*math.Exp(-d/20)*math.Sin(d/5)
			}), Levels{0, 2, 0, 2.35}, 0.05,
		},
		{"rare pulses", sample(10000, func(i float64) float64 { return trapezoid(i, 5, 40, 5, 5000) }), Levels{0, 1, 0, 1}, 0},
		{"rare triangles have their peak for a top", sample(10000, func(i float64) float64 { return trapezoid(i, 100, 0, 100, 5000) }), Levels{0, 1, 0, 1}, 1e-12},
		{"ten steps of a converter", sample(1000, func(i float64) float64 { return math.Round(10 * trapezoid(i, 50, 0, 50, 100)) }), Levels{0, 10, 0, 10}, 0},
		{"staircase", sample(4000, func(i float64) float64 { return math.Floor(math.Mod(i, 500)/100) + noise(0.01) }), Levels{0, 4, -0.035, 4.035}, 0.015},
		{"pulses sampled at the same places", sample(10000, func(i float64) float64 {
			return []float64{0, 0.3, 0.6, 0.9, 0.6, 0.3, 0, 0, 0, 0}[int(i)%10] + noise(0.002)
		}), Levels{0, 0.9, 0, 0.9}, 0.01},
		{"glitches above", spiked(func(i float64) float64 { return trapezoid(i, 1, 19, 1, 100) }, 3, 3), Levels{0, 1, 0, 3}, 1e-3},
		{"glitches below a long high state", spiked(func(i float64) float64 { return trapezoid(i, 1, 79, 1, 100) }, -4, -4), Levels{0, 1, -4, 1}, 1e-3},
		{"glitches on both sides, with noise", spiked(func(i float64) float64 { return trapezoid(i, 1, 49, 1, 100) + noise(0.02) }, -2, 4), Levels{0, 1, -2, 4}, 0.01},
		{"glitches on a sine", spiked(func(i float64) float64 { return math.Sin(i / 50) }, 5, 5), Levels{-1, 1, -1, 5}, 0.01},
		{"pulses of which a few lie on each other", sample(100_000, func(i float64) float64 {
			return trapezoid(i, 1, 20, 1, 1000)*(1+math.Floor(math.Mod(i, 25_000)/24_000)) + noise(0.005)
		}), Levels{0, 1, -0.02, 2.02}, 0.01},
		{"rare pulses on noise of two codes", sample(100_000, func(i float64) float64 { return math.Mod(i, 2)/50 + trapezoid(i, 0, 5, 0, 50_000) }), Levels{0, 1.02, 0, 1.02}, 0.02},
		{"rare pulses on noise", sample(100_000, func(i float64) float64 { return noise(0.03) + trapezoid(i, 0, 5, 0, 50_000) }), Levels{0, 1, -0.13, 1.05}, 0.13},
		{"pulses that decay", sample(100_000, func(i float64) float64 { return math.Exp(-math.Mod(i, 10_000)/100) + noise(0.001) }), Levels{0, 1, 0, 1}, 0.02},
		{"few samples", []float64{0, 0, 0, 1, 1, 1}, Levels{0, 1, 0, 1}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, levelsOfSlice(tt.x), cmpopts.EquateApprox(0, tt.tol), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLevelsOfCodes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	c := stats.NewCodes()
	for i := range 20000 {
		c.Add([]int16{int16(math.Round(-100 + 300*trapezoid(float64(i), 5, 45, 5, 100) + 2*r.NormFloat64()))})
	}
	for scale, want := range map[float64]Levels{0.5: {-49, 101, -53, 105}, -0.5: {-99, 51, -103, 55}} {
		if diff := cmp.Diff(want, LevelsOfCodes(c, scale, 1), cmpopts.EquateApprox(0, 0.9)); diff != "" {
			t.Errorf("scale %v (-want +got):\n%s", scale, diff)
		}
	}
	if l := LevelsOfCodes(stats.NewCodes(), 1, 0); !math.IsNaN(l.Base) {
		t.Errorf("levels of nothing: %+v", l)
	}
}

// means are the means of quantities; those that were never measured are missing.
func means(r Result) map[string]float64 {
	m := map[string]float64{}
	for q := range quantities {
		if s := r.Of(q); s.N() > 0 {
			m[q.String()] = s.Mean()
		}
	}
	return m
}

func TestTrapezoid(t *testing.T) {
	t.Parallel()
	// 2 V to 7 V; rises in 10, high 30, falls in 20, low 40 samples of 1 ms.
	x := sample(1005, func(i float64) float64 { return 2 + 5*trapezoid(i, 10, 30, 20, 100) })
	r, err := Of(x, 1e-3, Options{})
	if err != nil {
		t.Fatal(err)
	}
	area := 30 + (10+20)/2.0
	square := func(v float64) float64 { return v * v }
	// Trapezoids over the ramps, as the meter takes them.
	squares := 30*49.0 + 40*4
	for _, n := range []float64{10, 20} {
		for i := range int(n) {
			a, b := 2+5*float64(i)/n, 2+5*float64(i+1)/n
			squares += (square(a) + square(b)) / 2
		}
	}
	want := map[string]float64{
		"period": 0.1, "frequency": 10, "positive_width": 0.045, "negative_width": 0.055, "duty_cycle": 45,
		"rise_time": 0.008, "fall_time": 0.016, "rising_slew": 500, "falling_slew": -250, "overshoot": 0, "undershoot": 0,
		"cycle_mean": 2 + 5*area/100, "cycle_rms": math.Sqrt(squares / 100), "cycle_peak_to_peak": 5,
	}
	if diff := cmp.Diff(want, means(r), cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
		t.Errorf("means (-want +got):\n%s", diff)
	}
	if period := r.Of(Period); r.Rising != 10 || r.Falling != 10 || period.N() != 9 || r.Signal.N() != 1005 {
		t.Errorf("%d rising and %d falling edges, %d periods of %d samples", r.Rising, r.Falling, period.N(), r.Signal.N())
	}
	r, err = Of(x, 1e-3, Options{Lower: 0.2, Middle: 0.4, Upper: 0.8})
	if err != nil {
		t.Fatal(err)
	}
	want["rise_time"], want["fall_time"], want["positive_width"], want["negative_width"], want["duty_cycle"] = 0.006, 0.012, 0.048, 0.052, 48
	if diff := cmp.Diff(want, means(r), cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
		t.Errorf("means with other levels (-want +got):\n%s", diff)
	}
}

func TestSine(t *testing.T) {
	t.Parallel()
	const f, interval = 50.3, 1e-4
	x := sample(20000, func(i float64) float64 { return 1 + 3*math.Sin(2*math.Pi*f*interval*i+0.3) })
	r, err := Of(x, interval, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := means(r)
	got["overall frequency"] = r.Frequency()
	rise := 2 * math.Asin(0.8) / (2 * math.Pi * f)
	want := map[string]float64{
		"period": 1 / f, "frequency": f, "overall frequency": f, "positive_width": 0.5 / f, "negative_width": 0.5 / f, "duty_cycle": 50,
		"rise_time": rise, "fall_time": rise, "rising_slew": 4.8 / rise, "falling_slew": -4.8 / rise, "overshoot": 0, "undershoot": 0,
		"cycle_mean": 1, "cycle_rms": math.Sqrt(1 + 4.5), "cycle_peak_to_peak": 6,
	}
	// A curve that is taken for straight between samples is at most 1/8 of the squared step too low: (2 pi f dt)^2 / 8 = 1.2e-4.
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-3, 0.05)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p := r.Of(Period); p.Std() > 1e-6 || math.Abs(p.Mean()-1/f) > 1e-7 {
		t.Errorf("period %v with deviation %v, want %v", p.Mean(), p.Std(), 1/f)
	}
}

func TestHysteresis(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	x := sample(10000, func(i float64) float64 { return math.Sin(2*math.Pi*i/1000) + 0.02*r.NormFloat64() })
	l := Levels{Base: -1, Top: 1}
	for hysteresis, same := range map[float64]bool{0: true, 0.2: true, -1: false} {
		m, err := NewMeter(l, 1, Options{Hysteresis: hysteresis})
		if err != nil {
			t.Fatal(err)
		}
		m.Add(x)
		if got := m.Result(); (got.Rising+got.Falling == 19) != same {
			t.Errorf("hysteresis %v: %d rising and %d falling edges", hysteresis, got.Rising, got.Falling)
		}
	}
}

func TestEdgeCases(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		x               []float64
		levels          Levels
		rising, falling int64
		quantity        Quantity
		want            stats.Moments
	}{
		{"empty", nil, Levels{Base: 0, Top: 1}, 0, 0, Period, moments()},
		{"flat levels", []float64{0, 1, 0, 1}, Levels{Base: 1, Top: 1}, 0, 0, Period, moments()},
		{"no levels", []float64{nan, nan}, Levels{nan, nan, nan, nan}, 0, 0, Period, moments()},
		{"constant at the middle", []float64{0.5, 0.5, 0.5}, Levels{Base: 0, Top: 1}, 0, 0, Period, moments()},
		{"one sample a state", []float64{0, 1, 0, 1, 0, 1}, Levels{Base: 0, Top: 1}, 3, 2, Period, moments(2, 2)},
		{"rise within a sample", []float64{0, 1, 0, 1}, Levels{Base: 0, Top: 1}, 2, 1, RiseTime, moments(0.8, 0.8)},
		{"samples at the middle", []float64{0, 0.5, 1, 0.5, 0, 0.5, 1}, Levels{Base: 0, Top: 1}, 2, 1, Period, moments(4)},
		{"runt has no rise time", []float64{0, 0.7, 0, 1, 1, 0}, Levels{Base: 0, Top: 1}, 2, 2, RiseTime, moments(0.8)},
		{"a touch is no edge", []float64{0, 0.5, 0, 0.52, 0, 1}, Levels{Base: 0, Top: 1}, 1, 0, Period, moments()},
		{"NaN is a gap", []float64{0, 1, 0, nan, 1, 0, 1}, Levels{Base: 0, Top: 1}, 2, 2, Period, moments()},
		{"infinite", []float64{0, math.Inf(1), 0, 1, 0}, Levels{Base: 0, Top: 1}, 2, 2, PositiveWidth, moments(1)},
		{"widths", []float64{0, 1, 1, 1, 0, 0, 1, 0}, Levels{Base: 0, Top: 1}, 2, 2, PositiveWidth, moments(3, 1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := NewMeter(tt.levels, 1, Options{})
			if err != nil {
				t.Fatal(err)
			}
			m.Add(tt.x)
			r := m.Result()
			if r.Rising != tt.rising || r.Falling != tt.falling {
				t.Errorf("%d rising and %d falling edges, want %d and %d", r.Rising, r.Falling, tt.rising, tt.falling)
			}
			got := r.Of(tt.quantity)
			if tt.name == "infinite" {
				// A crossing towards infinity has no place.
				return
			}
			if diff := cmp.Diff([]float64{float64(tt.want.N()), tt.want.Min(), tt.want.Max()}, []float64{float64(got.N()), got.Min(), got.Max()}, cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-12, 0)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.quantity, diff)
			}
		})
	}
}

func moments(v ...float64) stats.Moments {
	var m stats.Moments
	for _, x := range v {
		m.Add(x)
	}
	return m
}

// TestPiecesAndGaps wants the same observations however a signal is cut, and none that bridges a gap.
func TestPiecesAndGaps(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	x := sample(30000, func(i float64) float64 { return math.Sin(i/7) + 0.4*math.Sin(i/31) + 0.05*r.NormFloat64() })
	gaps := []int{9000, 9001, 20000}
	run := func(cut func(left int) int) []Observation {
		var got []Observation
		m, err := NewMeter(levelsOfSlice(x), 1e-3, Options{Observe: func(o Observation) { got = append(got, o) }})
		if err != nil {
			t.Fatal(err)
		}
		m.Break(1 << 40)
		from := 0
		for _, end := range append(gaps, len(x)) {
			m.Break(1<<40 + int64(2*from))
			for from < end {
				n := cut(end - from)
				m.Add(x[from : from+n])
				from += n
			}
		}
		return got
	}
	want := run(func(left int) int { return left })
	for range 3 {
		if got := run(func(left int) int { return min(left, 1+r.IntN(500)) }); !slices.Equal(want, got) {
			t.Fatalf("(-whole +pieces):\n%s", cmp.Diff(want, got))
		}
	}
	for _, o := range want {
		if o.Quantity == Period && o.Value > 0.2 {
			t.Errorf("a period of %v s bridges a gap", o.Value)
		}
	}
	if len(want) < 5000 {
		t.Errorf("only %d observations", len(want))
	}
}

// TestReuse wants the same of waveforms whether each has a meter of its own or all have the same.
func TestReuse(t *testing.T) {
	t.Parallel()
	h, _ := stats.NewAdaptive(LevelBins)
	m, err := NewMeter(Levels{}, 1e-6, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for k := range 10 {
		x := sample(500+100*k, func(i float64) float64 { return math.Exp(float64(k)) * math.Sin(i/float64(k+2)) })
		want, err := Of(x, 1e-6, Options{})
		if err != nil {
			t.Fatal(err)
		}
		h.Reset()
		h.Add(x)
		m.Reset(LevelsOf(h))
		m.Add(x)
		if got := m.Result(); got != want {
			t.Errorf("waveform %d: %+v, want %+v", k, got, want)
		}
	}
}

func TestBadOptions(t *testing.T) {
	t.Parallel()
	l := Levels{Base: 0, Top: 1}
	meter := func(interval float64, o Options) error { _, err := NewMeter(l, interval, o); return err }
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"interval", meter(0, Options{}), "a sample interval of 0 s; it must be above 0"},
		{"levels", meter(1, Options{Lower: 0.5, Middle: 0.5, Upper: 0.9}), "reference levels of 0.5, 0.5 and 0.9; they must be parts of the amplitude between 0 and 1, in rising order, such as 0.1, 0.5 and 0.9"},
		{"hysteresis", meter(1, Options{Hysteresis: 0.9}), "a hysteresis of 0.9 reaches beyond the reference levels of 0.1 and 0.9; it can be at most 0.8"},
		{"delay", func() error { _, err := NewDelay(l, l, 1, DelayOptions{Middle: 1}); return err }(), "a middle level of 1; it must be a part of the amplitude between 0 and 1"},
		{"hysteresis of a delay", func() error { _, err := NewDelay(l, l, 1, DelayOptions{Hysteresis: 1}); return err }(), "a hysteresis of 1; it must be below 1"},
		{"above Nyquist", func() error { _, err := NewTransfer(600, 1e-3, 0); return err }(), "a frequency of 600 Hz; it must be above 0 and below half the sample rate, 500 Hz"},
		{"long block", func() error { _, err := NewTransfer(1e-6, 1, 4); return err }(), "4 cycles of 1e-06 Hz are 4000000 samples, more than 1048576; take fewer cycles, or resample the signal to a lower rate first"},
		{"few cycles", func() error { _, err := NewTransfer(1, 1e-3, 2); return err }(), "blocks of 2 cycles; there must be 4 or more"},
		{"short waveform", func() error { _, err := TransferOf(make([]float64, 99), make([]float64, 99), 1, 0.1); return err }(), ""},
		{"too short waveform", func() error { _, err := TransferOf(make([]float64, 19), make([]float64, 19), 1, 0.1); return err }(), "19 samples have 1 whole cycles of 1 Hz; there must be 4 or more"},
		{"average", func() error { _, err := NewAverage(0); return err }(), "an average of waveforms of 0 samples; there must be 1 or more"},
		{"bits", func() error { _, err := NewERes(0.7); return err }(), "resolution enhanced by 0.7 bits; it can be 0.5 to 8 in steps of 0.5"},
	}
	for _, tt := range tests {
		got := ""
		if tt.err != nil {
			got = tt.err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: error %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestQuantities(t *testing.T) {
	t.Parallel()
	for q := range quantities {
		if got, ok := ParseQuantity(q.String()); !ok || got != q {
			t.Errorf("%s is read as %v", q, got)
		}
	}
	got := []string{RisingSlew.Unit("V"), CycleMean.Unit("A"), Period.Unit("V"), Quantity(99).String()}
	if diff := cmp.Diff([]string{"V/s", "A", "s", "unknown"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
