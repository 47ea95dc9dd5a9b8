package signal

import (
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/units"
)

// starts lists the times, in samples, at which the pulses of the first cells begin.
func starts(p *Pulses, cells int64) (at []float64, pulses []pulse) {
	p.active = p.active[:0]
	for k := range cells {
		p.load(k)
	}
	for _, q := range p.active {
		at = append(at, float64(q.at)+q.frac)
	}
	return at, p.active
}

func TestRandomIntervals(t *testing.T) {
	t.Parallel()
	for _, mean := range []float64{0.1, 0.7, 3, 1000.4, 1e6} {
		at, _ := starts(NewRandomPulses(PulseShape{Height: 1, Width: 1}, mean, 42), 20_000)
		slices.Sort(at)
		n := len(at) - 1
		var d []float64
		for i := range n {
			d = append(d, (at[i+1]-at[i])/mean)
		}
		m, sd := moments(d)
		near(t, "mean interval", m, 1, 5/math.Sqrt(float64(n)))
		near(t, "standard deviation of intervals", sd, 1, 10/math.Sqrt(float64(n)))
		slices.Sort(d)
		worst := 0.0
		for i, x := range d {
			worst = max(worst, math.Abs(-math.Expm1(-x)-(float64(i)+0.5)/float64(n)))
		}
		if limit := 1.95 / math.Sqrt(float64(n)); worst > limit {
			t.Errorf("mean %g: the distance to an exponential distribution is %g, above %g", mean, worst, limit)
		}
	}
}

func TestSecondPulsesAndRunts(t *testing.T) {
	t.Parallel()
	shape := PulseShape{Height: -2, Width: 3, Second: 50, SecondPart: 0.25, RuntPart: 0.1, RuntHeight: 0.3}
	const cells = 40_000
	p := NewPeriodicPulses(shape, us(1000), us(1), 3)
	var delays []float64
	runts := 0
	total := 0
	for k := range int64(cells) {
		p.active = p.active[:0]
		p.load(k)
		if len(p.active) == 2 {
			delays = append(delays, float64(p.active[1].at-p.active[0].at)+p.active[1].frac-p.active[0].frac)
		}
		for _, q := range p.active {
			total++
			switch q.height {
			case -2:
			case -0.6:
				runts++
			default:
				t.Fatalf("height %g", q.height)
			}
		}
	}
	near(t, "part with a second pulse", float64(len(delays))/cells, 0.25, 0.02)
	near(t, "part of runts", float64(runts)/float64(total), 0.1, 0.01)
	mean, sd := moments(delays)
	near(t, "mean delay", mean, 50, 2.5)
	near(t, "standard deviation of delays", sd, 50, 5)
}

func TestPulseShape(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		shape PulseShape
		every units.Interval
		want  []float64
	}{
		{"rectangle", PulseShape{Height: 5, Width: 3}, us(8), []float64{5, 5, 5, 0, 0, 0, 0, 0, 5, 5, 5, 0}},
		{"slow edges", PulseShape{Height: 4, Width: 4, Rise: 2}, us(8), []float64{0, 2, 4, 4, 4, 2, 0, 0, 0, 2, 4, 4}},
		{"overlap adds up", PulseShape{Height: 1, Width: 6}, us(4), []float64{1, 1, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1}},
		{"not on samples", PulseShape{Height: 1, Width: 1}, units.Seconds(25, 1e7), []float64{1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := volts(NewPeriodicPulses(c.shape, c.every, us(1), 0), 0, len(c.want)); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestPeriodicPulsesFarOut(t *testing.T) {
	t.Parallel()
	p := NewPeriodicPulses(PulseShape{Height: 1, Width: 1}, units.Seconds(1, 3e5), us(1), 0) // every 10/3 samples
	for _, base := range []int64{0, 1 << 33, 1 << 50} {
		first := base * 10
		for i, v := range volts(p, first, 30) {
			want := 0.0
			if i%10 == 0 || i%10 == 4 || i%10 == 7 {
				want = 1
			}
			if v != want {
				t.Fatalf("sample %d + %d: %g, want %g", first, i, v, want)
			}
		}
	}
}
