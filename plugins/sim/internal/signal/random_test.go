package signal

import (
	"math"
	"slices"
	"testing"
)

func TestNoise(t *testing.T) {
	t.Parallel()
	const n = 400_000
	for _, c := range []struct {
		name string
		s    Source
		rms  float64
		peak float64
	}{
		{"normal", NewGauss(0.005, 1), 0.005, 0.005 * 4.4},
		{"uniform", NewUniform(2, 1), 2 / math.Sqrt(12), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := volts(c.s, 0, n)
			mean, rms := moments(v)
			near(t, "mean", mean, 0, 5*c.rms/math.Sqrt(n))
			near(t, "rms", rms, c.rms, 0.01*c.rms)
			if peak := max(slices.Max(v), -slices.Min(v)); peak > c.peak {
				t.Errorf("peak %g is above %g", peak, c.peak)
			}
			for _, lag := range []int{1, 2, 3, 4, 5, 64} {
				sum := 0.0
				for i := range n - lag {
					sum += v[i] * v[i+lag]
				}
				near(t, "autocorrelation", sum/float64(n-lag)/rms/rms, 0, 5/math.Sqrt(n))
			}
		})
	}
}

func TestNormalDistribution(t *testing.T) {
	t.Parallel()
	const n = 200_000
	v := volts(NewGauss(1, 99), 0, n)
	slices.Sort(v)
	worst := 0.0
	for i, x := range v {
		p := 0.5 * math.Erfc(-x/math.Sqrt2)
		worst = max(worst, math.Abs(p-float64(i)/n), math.Abs(p-float64(i+1)/n))
	}
	if limit := 1.95 / math.Sqrt(n); worst > limit { // Kolmogorov-Smirnov, one in a thousand
		t.Errorf("the distance to a normal distribution is %g, above %g", worst, limit)
	}
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	seen := map[uint64]string{}
	for _, base := range []uint64{0, 1} {
		for _, part := range []string{"", "A", "B", "AB", "BA", "noise"} {
			s := Seed(base, part)
			if other, ok := seen[s]; ok {
				t.Errorf("seed %d of %q is that of %s", base, part, other)
			}
			seen[s] = part
		}
	}
	if a, b := volts(NewGauss(1, 1), 0, 100), volts(NewGauss(1, 2), 0, 100); slices.Equal(a, b) {
		t.Error("two seeds give the same noise")
	}
}
