package signal

import (
	"math"
	"math/big"
	"testing"

	"github.com/scopelog/scopelog/units"
)

func TestPeriodicSignals(t *testing.T) {
	t.Parallel()
	const pp = 2.0
	third := units.Rat(1, 3)
	wave := func(shape func(turn float64) float64, f float64, start float64) func(i int64, interval float64) float64 {
		return func(i int64, interval float64) float64 {
			x := f*float64(i)*interval + start
			return shape(x - math.Floor(x))
		}
	}
	sine := func(x float64) float64 { return math.Sin(2 * math.Pi * x) }
	square := func(x float64) float64 {
		if x < 0.25 {
			return 1
		}
		return -1
	}
	triangle := func(x float64) float64 { return 1 - math.Abs(2-math.Mod(4*x+1, 4)) }
	ramp := func(x float64) float64 { return 2 * (x - 0.5) }
	for _, c := range []struct {
		name string
		make func(units.Frequency, units.Interval) Source
		want func(float64) float64
		at   float64
	}{
		{"sine", func(f units.Frequency, i units.Interval) Source { return NewSine(f, i, pp, none()) }, sine, 0},
		{"sine with phase", func(f units.Frequency, i units.Interval) Source { return NewSine(f, i, pp, third) }, sine, 1.0 / 3},
		{"sine with negative phase", func(f units.Frequency, i units.Interval) Source { return NewSine(f, i, pp, units.Rat(-1, 4)) }, sine, -0.25},
		{"square", func(f units.Frequency, i units.Interval) Source {
			return NewSquare(f, i, pp, none(), units.Rat(1, 4))
		}, square, 0},
		{"triangle", func(f units.Frequency, i units.Interval) Source { return NewTriangle(f, i, pp, none()) }, triangle, 0},
		{"ramp", func(f units.Frequency, i units.Interval) Source { return NewRamp(f, i, pp, third) }, ramp, 1.0 / 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, interval := hz(1234567, 1000), us(10) // not commensurate within a table, no edge on a sample
			want := wave(c.want, 1234.567, c.at)
			for i, got := range volts(c.make(f, interval), 1, 5000) {
				if w := want(int64(i)+1, 1e-5); math.Abs(got-w) > 1e-6 {
					t.Fatalf("sample %d: got %g, want %g", i+1, got, w)
				}
			}
		})
	}
}

func TestEdgesOnSamples(t *testing.T) {
	t.Parallel()
	// Ten samples per period, edges exactly on samples, far out: the phase must not have slipped.
	s := NewSquare(hz(100_000, 1), us(1), 2, none(), units.Rat(3, 10))
	for _, first := range []int64{0, 10, 1 << 20 * 10, 1 << 40 * 10, (1<<62)/10*10 - 10} {
		for i, v := range volts(s, first, 40) {
			want := -1.0
			if i%10 < 3 {
				want = 1
			}
			if v != want {
				t.Fatalf("sample %d + %d: got %g, want %g", first, i, v, want)
			}
		}
	}
	for duty, want := range map[int64]float64{0: -1, 1: 1} {
		for i, v := range volts(NewSquare(hz(1000, 1), us(1), 2, none(), units.Rat(duty, 1)), 0, 2000) {
			if v != want {
				t.Fatalf("duty %d, sample %d: %g", duty, i, v)
			}
		}
	}
}

func TestPhaseFarOut(t *testing.T) {
	t.Parallel()
	f, interval := hz(1_000_003, 7), units.Seconds(1, 44100)
	o := newOscillator(f, interval, units.Rat(1, 7))
	perSample := new(big.Rat).Mul(f.Big(), interval.Big())
	for _, i := range []int64{0, 1, 12345, 1<<31 + 1, 1<<33 + 7, 1<<53 + 1, 1<<62 + 12345} {
		exact := new(big.Rat).Mul(perSample, new(big.Rat).SetInt64(i))
		exact.Add(exact, big.NewRat(1, 7))
		want := turns(exact)
		got := o.at(i)
		if d := int64(got.hi - want.hi); d < -1 || d > 1 {
			t.Errorf("phase of sample %d is off by %d x 2^-64 turns", i, d)
		}
	}
}

func TestWindowsAgree(t *testing.T) {
	t.Parallel()
	interval := us(1)
	shape := PulseShape{Height: 1, Width: 30, Rise: 7, Second: 40, SecondPart: 0.5, RuntPart: 0.3, RuntHeight: 0.5}
	replay, err := NewReplay([]float32{1, 2, 3, 4, 5}, 1, 0, units.Rat(3, 7), true)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]Source{
		"sine":            NewSine(hz(12345, 7), interval, 1, none()),
		"square":          NewSquare(hz(12345, 7), interval, 1, none(), units.Rat(1, 3)),
		"triangle":        NewTriangle(hz(12345, 7), interval, 1, none()),
		"ramp":            NewRamp(hz(12345, 7), interval, 1, none()),
		"uniform noise":   NewUniform(1, 5),
		"normal noise":    NewGauss(1, 5),
		"random pulses":   NewRandomPulses(shape, 100, 7),
		"periodic pulses": NewPeriodicPulses(shape, units.Seconds(1234, 1e7), interval, 7),
		"replay":          replay,
		"dc":              DC(1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := volts(s, 0, 60_000)
			for _, w := range []struct{ first, n int }{{0, 1}, {1, 3}, {3, 5}, {8, 1000}, {40_000, 17}, {40_017, 512}, {5, 20_000}, {59_999, 1}} {
				for i, v := range volts(s, int64(w.first), w.n) {
					if v != whole[w.first+i] {
						t.Fatalf("window at %d: sample %d is %g, was %g", w.first, w.first+i, v, whole[w.first+i])
					}
				}
			}
		})
	}
}
