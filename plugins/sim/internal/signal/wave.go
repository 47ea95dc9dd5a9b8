package signal

import (
	"errors"
	"math"
	"math/big"
	"slices"

	"github.com/scopelog/scopelog/units"
)

// Waves are the built-in waves of the signal generator.
var Waves = []string{"sine", "square", "triangle", "ramp_up", "ramp_down", "sinc", "gaussian", "half_sine", "dc"}

// WaveSpec is what a generator puts out.
type WaveSpec struct {
	Name       string // one of Waves, "arbitrary", "noise" (white) or "prbs" (pseudo-random bits, one per period)
	Frequency  units.Frequency
	PeakToPeak float64 // volts
	Offset     float64
	Values     []float64 // arbitrary: one period from -1 to 1, each value held
	Shots      int64     // periods, then it rests at the offset; 0: without end
	Sweep      *Sweep
	Seed       uint64
}

// Sweep steps the frequency.
type Sweep struct {
	Stop, Step units.Frequency
	Dwell      units.Interval // of each step
	Kind       string         // up, down, up_down, down_up
	Count      int64          // sweeps, then it rests; 0: without end
}

// ErrFrequency says that a frequency does not go with the sample interval.
var ErrFrequency = errors.New("the frequency and the sample interval have no exact ratio")

// Wave is a generator's wave as a function of the samples since its beginning.
type Wave struct {
	oscillator
	shape        func(cycle float64) float64 // at a place in the period, 0 to 1
	values       []float64                   // of a wave that is not swept; nil: by shape
	peak, offset float64
	end          int64 // samples after which it rests
	noise, bits  bool
	perCycle     position // bits: number of the period
	seed         uint64
	sweep        *sweep
}

// NewWave makes a wave for a sample interval.
func NewWave(s WaveSpec, interval units.Interval) (*Wave, error) {
	perSample, err := s.Frequency.Mul(interval.Rational)
	if err != nil {
		return nil, ErrFrequency
	}
	w := &Wave{oscillator: newOscillator(s.Frequency, interval, units.Rational{}), peak: math.Abs(s.PeakToPeak) / 2, offset: s.Offset, end: forever, seed: s.Seed}
	switch s.Name {
	case "noise":
		w.noise = true
	case "prbs":
		w.bits = true
		if w.perCycle, err = newPosition(perSample, 1<<32, true); err != nil {
			return nil, ErrFrequency
		}
	case "arbitrary":
		values := slices.Clone(s.Values)
		w.values = values
		w.shape = func(x float64) float64 { return values[min(int(x*float64(len(values))), len(values)-1)] }
	default:
		w.shape = shapes[s.Name]
	}
	if s.Sweep != nil {
		w.sweep = newSweep(s.Frequency, *s.Sweep, interval)
		if s.Sweep.Count > 0 {
			w.end = samplesOf(float64(s.Sweep.Count) * float64(w.sweep.length) * w.sweep.dwell)
		}
	}
	if s.Shots > 0 && perSample.Sign() > 0 && w.sweep == nil {
		q := new(big.Rat).Quo(big.NewRat(s.Shots, 1), perSample.Big())
		n := new(big.Int).Quo(new(big.Int).Sub(new(big.Int).Add(q.Num(), q.Denom()), big.NewInt(1)), q.Denom())
		if n.IsInt64() {
			w.end = min(w.end, n.Int64())
		}
	}
	return w, nil
}

func samplesOf(v float64) int64 {
	if v > 1e18 {
		return forever
	}
	return int64(math.Ceil(v))
}

// add adds the wave from a number of samples after its beginning on.
func (w *Wave) add(dst []float64, age int64, gain float64) {
	peak, offset := gain*w.peak, gain*w.offset
	p := w.at(age)
	for i := range dst {
		at := age + int64(i)
		v := 0.0
		switch {
		case at >= w.end:
		case w.noise:
			v = 2*float64(mix(w.seed^uint64(at))>>11)*(1.0/(1<<53)) - 1
		case w.bits:
			v = 1 - 2*float64(mix(w.seed^uint64(w.perCycle.at(at)))&1)
		case w.sweep != nil:
			cycles := w.sweep.cycles(float64(at))
			v = w.shape(cycles - math.Floor(cycles))
		case w.values != nil:
			v = w.values[p.of(len(w.values))]
		default:
			v = w.shape(float64(p.hi>>11) * (1.0 / (1 << 53)))
		}
		dst[i] += offset + peak*v
		p = p.plus(w.step)
	}
}

var shapes = map[string]func(x float64) float64{
	"sine": func(x float64) float64 { return math.Sin(2 * math.Pi * x) },
	"square": func(x float64) float64 {
		if x < 0.5 {
			return 1
		}
		return -1
	},
	"triangle": func(x float64) float64 {
		switch {
		case x < 0.25:
			return 4 * x
		case x < 0.75:
			return 2 - 4*x
		}
		return 4*x - 4
	},
	"ramp_up":   func(x float64) float64 { return 2*x - 1 },
	"ramp_down": func(x float64) float64 { return 1 - 2*x },
	"sinc": func(x float64) float64 {
		if x = (x - 0.5) * 8 * math.Pi; math.Abs(x) < 1e-9 {
			return 1
		}
		return math.Sin(x) / x
	},
	"gaussian":  func(x float64) float64 { x = (x - 0.5) * 8; return 2*math.Exp(-x*x/2) - 1 },
	"half_sine": func(x float64) float64 { return 2*math.Sin(math.Pi*x) - 1 },
	"dc":        func(float64) float64 { return 0 },
}

// sweep is a ladder of frequencies in periods per sample: low, low + step, ...
type sweep struct {
	low, step float64
	dwell     float64 // samples per rung
	rungs     int64
	length    int64 // dwells in one sweep
	down      bool  // it begins at the top
}

func newSweep(from units.Frequency, s Sweep, interval units.Interval) *sweep {
	low, high := from, s.Stop
	if low.Cmp(high.Rational) > 0 {
		low, high = high, low
	}
	span := new(big.Rat).Sub(high.Big(), low.Big())
	span.Quo(span, s.Step.Big())
	n := new(big.Int).Quo(span.Num(), span.Denom()).Int64() + 1
	w := &sweep{
		low: low.Float64() * interval.Float64(), step: s.Step.Float64() * interval.Float64(), dwell: s.Dwell.Float64() / interval.Float64(),
		rungs: n, length: n, down: s.Kind == "down" || s.Kind == "down_up",
	}
	if (s.Kind == "up_down" || s.Kind == "down_up") && n > 1 {
		w.length = 2*n - 2
	}
	return w
}

// rung is the place in the ladder at a dwell of a sweep, sum that of all dwells before it.
func (s *sweep) rung(j int64) int64 {
	if j >= s.rungs {
		j = 2*(s.rungs-1) - j
	}
	if s.down {
		return s.rungs - 1 - j
	}
	return j
}

func (s *sweep) sum(j int64) float64 {
	top, k := float64(s.rungs-1), float64(j)
	sum := k * (k - 1) / 2
	if j > s.rungs {
		back := float64(j - s.rungs)
		sum = top*(top+1)/2 + back*(2*top-1-back)/2
	}
	if s.down {
		return k*top - sum
	}
	return sum
}

// cycles is how many periods have passed after a number of samples.
func (s *sweep) cycles(age float64) float64 {
	k := int64(age / s.dwell)
	rest := age - float64(k)*s.dwell
	whole, j := k/s.length, k%s.length
	per := (s.low*float64(s.length) + s.step*s.sum(s.length)) * s.dwell
	return float64(whole)*per + (s.low*float64(j)+s.step*s.sum(j))*s.dwell + (s.low+s.step*float64(s.rung(j)))*rest
}
