package scopetest

import (
	"math"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// shapes are the built-in waves from -1 to 1 over one period from 0 to 1.
var shapes = map[string]func(p float64) float64{
	"sine": func(p float64) float64 { return math.Sin(2 * math.Pi * p) },
	"square": func(p float64) float64 {
		if p < 0.5 {
			return 1
		}
		return -1
	},
	"triangle":  func(p float64) float64 { return 2 / math.Pi * math.Asin(math.Sin(2*math.Pi*p)) },
	"ramp_up":   func(p float64) float64 { return 2*p - 1 },
	"ramp_down": func(p float64) float64 { return 1 - 2*p },
	"half_sine": func(p float64) float64 { return 2*math.Abs(math.Sin(math.Pi*p)) - 1 },
	"gaussian":  func(p float64) float64 { return 2*math.Exp(-32*(p-0.5)*(p-0.5)) - 1 },
	"sinc": func(p float64) float64 {
		x := 8 * math.Pi * (p - 0.5)
		if math.Abs(x) < 1e-9 {
			return 1
		}
		return math.Sin(x) / x
	},
}

// sineOf is 1 kHz, 2 V peak to peak about 0.5 V.
func sineOf(wave string) driver.GeneratorConfig {
	return driver.GeneratorConfig{Wave: wave, Operation: "normal", Frequency: units.Hertz(1000, 1), Amplitude: 2 * units.Volt, Offset: 500 * units.Millivolt}
}

// waves compares every wave with its formula: shape, height, offset, and over 120 periods the frequency that was read back.
func (e *ear) waves(t *testing.T) {
	type wave struct {
		name  string
		g     driver.GeneratorConfig
		shape func(float64) float64
	}
	var list []wave
	for name, f := range shapes {
		list = append(list, wave{name, sineOf(name), f})
	}
	steps := []float64{0, 1, -0.5, 0.25, -1}
	own := sineOf("arbitrary")
	own.Arbitrary = &driver.ArbitraryWave{Values: steps}
	list = append(list, wave{"arbitrary", own, func(p float64) float64 { return steps[int(p*5)] }})
	rate := own
	rate.Frequency, rate.Arbitrary = units.Frequency{}, &driver.ArbitraryWave{Values: steps, SampleRate: units.PerSecond(4985, 1)}
	list = append(list, wave{"arbitrary by its rate", rate, func(p float64) float64 { return steps[int(p*5)] }})
	long := sineOf("arbitrary")
	long.Arbitrary = &driver.ArbitraryWave{Values: make([]float64, 4096)}
	for i := range long.Arbitrary.Values {
		x := float64(i) / 4096
		long.Arbitrary.Values[i] = math.Sin(2*math.Pi*x) * math.Exp(-3*x)
	}
	list = append(list, wave{"arbitrary as a formula", long, func(p float64) float64 { return math.Sin(2*math.Pi*p) * math.Exp(-3*p) }})
	for _, w := range list {
		t.Run(w.name, func(t *testing.T) {
			applied, _ := e.set(t, &w.g)
			hertz := applied.Frequency.Float64()
			want := w.g.Frequency.Float64()
			if a := w.g.Arbitrary; a != nil && !a.SampleRate.IsZero() {
				want = a.SampleRate.Float64() / float64(len(a.Values))
			}
			if math.Abs(hertz-want) > 1e-4*want || applied.Amplitude != 2*units.Volt || applied.Offset != 500*units.Millivolt {
				t.Errorf("applied %+v, want %g Hz", applied, want)
			}
			v := e.steady(t, 125*time.Millisecond)
			period := int(e.rate / hertz)
			head, tail := v[:2*period], v[120*period:122*period]
			phase, best := 0.0, math.MaxInt
			for k := range 2000 {
				if n := e.strangers(head, 0, hertz, float64(k)/2000, w.shape); n < best {
					phase, best = float64(k)/2000, n
				}
			}
			if most := len(head) / 40; best > most {
				t.Errorf("%d of %d samples are not of the wave", best, len(head))
			} else if n := e.strangers(tail, 120*period, hertz, phase, w.shape); n > most+len(tail)/50 {
				t.Errorf("%d of %d samples are not of the wave 120 periods later", n, len(tail))
			}
		})
	}
}

// strangers counts the samples that are not of a wave with a phase at sample 0; those beside an edge are, too.
func (e *ear) strangers(v []float64, first int, hertz, phase float64, shape func(float64) float64) (n int) {
	for i, x := range v {
		p := phase + float64(first+i)*hertz/e.rate
		if want := 0.5 + shape(p-math.Floor(p)); math.Abs(x-want) > e.lsb {
			n++
		}
	}
	return n
}

// level: DC is a level, and its amplitude does not count.
func (e *ear) level(t *testing.T) {
	g := driver.GeneratorConfig{Wave: "dc", Operation: "normal", Offset: -1250 * units.Millivolt}
	applied, _ := e.set(t, &g)
	if applied.Offset != g.Offset || !applied.Frequency.IsZero() {
		t.Errorf("applied %+v", applied)
	}
	for i, x := range e.steady(t, 10*time.Millisecond) {
		if math.Abs(x+1.25) > e.lsb {
			t.Fatalf("sample %d: %.3f V", i, x)
		}
	}
}

// noise: white noise fills its amplitude evenly, and no sample tells of the next.
func (e *ear) noise(t *testing.T) {
	g := sineOf("sine")
	g.Operation, g.Frequency = "noise", units.Frequency{}
	e.set(t, &g)
	v := e.steady(t, 200*time.Millisecond)
	mean, power, steps := 0.0, 0.0, 0.0
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for i, x := range v {
		power += (x - mean) * (x - mean) / float64(len(v))
		if i > 0 {
			steps += (x - v[i-1]) * (x - v[i-1]) / float64(len(v)-1)
		}
		if math.Abs(x-0.5) > 1+e.lsb {
			t.Fatalf("%.3f V lies outside the amplitude", x)
		}
	}
	if rms := math.Sqrt(power); math.Abs(mean-0.5) > 0.02 || math.Abs(rms-2/math.Sqrt(12)) > 0.02 {
		t.Errorf("a mean of %.3f V and %.3f V rms", mean, rms)
	}
	if r := 1 - steps/2/power; math.Abs(r) > 0.03 {
		t.Errorf("neighbours are alike by %.3f", r)
	}
}

// bits: a pseudo-random binary sequence has two levels, and changes at multiples of its period only.
func (e *ear) bits(t *testing.T) {
	g := sineOf("sine")
	g.Operation = "prbs"
	e.set(t, &g)
	v := e.steady(t, 600*time.Millisecond)
	bit := int(e.rate) / 1000
	high, edges := 0, 0
	for i, x := range v {
		if math.Abs(math.Abs(x-0.5)-1) > e.lsb {
			t.Fatalf("sample %d: %.3f V is no level", i, x)
		}
		if x > 0.5 {
			high++
		}
	}
	last := -1
	for i := 1; i < len(v); i++ {
		if (v[i] > 0.5) == (v[i-1] > 0.5) {
			continue
		}
		edges++
		if off := (i - last) % bit; last >= 0 && off > 1 && off < bit-1 {
			t.Fatalf("a level of %d samples", i-last)
		}
		last = i
	}
	if part := float64(high) / float64(len(v)); part < 0.4 || part > 0.6 || edges < 230 || edges > 370 {
		t.Errorf("%.2f of the time high, %d edges in 600 bits", part, edges)
	}
}
