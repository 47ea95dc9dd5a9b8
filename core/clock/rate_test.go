package clock

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRateFit: the rate is right to 1 ppm after ten minutes and after days, as sure as it says, and what is held does not grow.
func TestRateFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		seconds int
		within  float64 // ppm
	}{{"half a minute", 30, 150}, {"ten minutes", 600, 1}, {"three days", 3 * 24 * 3600, 0.01}} {
		for _, ppm := range []float64{0, 50, -120} {
			r := NewRateFit(1000)
			for _, m := range pairsOf(uint64(c.seconds), 1000, ppm, 5e12, c.seconds, 0.3e6, 2e6) {
				r.Add(Pair{Index: m.Index, MonoNS: m.MonoNS})
			}
			hz, u, ok := r.Rate()
			got, may := (hz/1e6-1)*1e6, u/1e6*1e6
			if !ok || math.Abs(got-ppm) > may || math.Abs(got-ppm) > c.within || may > 10*c.within {
				t.Errorf("%s, %v ppm: %.4f ±%.4f ppm, %v", c.name, ppm, got, may, ok)
			}
			if len(r.points) > mostPoints || cap(r.points) > mostPoints {
				t.Errorf("%s: %d points, room for %d", c.name, len(r.points), cap(r.points))
			}
		}
	}
}

// TestRateFitTellsNothing while it knows nothing better than what crystals are good for.
func TestRateFitTellsNothing(t *testing.T) {
	t.Parallel()
	r := NewRateFit(1000)
	if _, _, ok := r.Rate(); ok {
		t.Error("a rate of nothing")
	}
	marks := pairsOf(1, 1000, 50, 0, 100, 0, 1e6)
	for _, m := range marks[:leastPairs-1] {
		r.Add(Pair{Index: m.Index, MonoNS: m.MonoNS})
	}
	if _, _, ok := r.Rate(); ok {
		t.Error("a rate of few pairs")
	}
	for _, m := range marks[leastPairs-1:] {
		r.Add(Pair{Index: m.Index, MonoNS: m.MonoNS})
	}
	r.Reset()
	if _, _, ok := r.Rate(); ok {
		t.Error("a rate of what was forgotten")
	}
	for _, m := range marks { // another sample clock, whose indexes begin elsewhere
		r.Add(Pair{Index: m.Index + 1e12, MonoNS: m.MonoNS + 1e15})
	}
	if hz, u, ok := r.Rate(); !ok || math.Abs(hz-1e6*(1+50e-6)) > u {
		t.Errorf("behind a reset: %v ±%v, %v", hz, u, ok)
	}
}

// TestRatesOnABusyComputer: spells in which all deliveries are late, by some milliseconds and for up to a minute, make no rate
// and no drift surer than it is right.
func TestRatesOnABusyComputer(t *testing.T) {
	t.Parallel()
	const ppm, trials = -80, 300
	rateWrong, driftWrong, worst := 0, 0, 0.0
	for seed := range uint64(trials) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		r := NewRateFit(1e5)
		late, until := 0.0, 0
		marks := pairsOf(seed, 1e5, ppm, 5e12, 600, 0.3e6, 2e6)
		for s := range marks {
			if s >= until { // as often busy as not
				until, late = s+1+rnd.IntN(60), float64(rnd.IntN(2))*rnd.ExpFloat64()*1e6
			}
			marks[s].MonoNS += int64(late * (0.5 + rnd.Float64()))
			r.Add(Pair{Index: marks[s].Index, MonoNS: marks[s].MonoNS})
		}
		hz, u, ok := r.Rate()
		off := math.Abs((hz/1e4-1)*1e6 - ppm)
		if worst = max(worst, off); !ok || off > u/1e4*1e6 {
			rateWrong++
		}
		l, err := NewTimeline(1e5, marks, nil)
		if err != nil {
			t.Fatal(err)
		}
		from, to := l.Range()
		if got, may := l.Drift(from, to); math.Abs(got-ppm) > may {
			driftWrong++
		}
	}
	if rateWrong > 0 || driftWrong > 0 || worst > 3 {
		t.Errorf("of %d, %d rates and %d drifts are surer than they are right; the worst rate is off by %.3f ppm", trials, rateWrong, driftWrong, worst)
	}
}
