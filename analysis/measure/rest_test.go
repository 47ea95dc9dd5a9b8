package measure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRest wants the same, to the bit, with and without passing over samples that stay in a zone.
func TestRest(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(15, 16))
	for round := range 40 {
		step := math.Exp(-3 * r.Float64())
		v := 0.0
		x := sample(2000, func(float64) float64 {
			v = max(-1.3, min(v+step*r.NormFloat64(), 1.3))
			switch r.IntN(60) {
			case 0:
				return nan
			case 1:
				return []float64{-1, -0.8, 0, 0.8, 1, -0.1, 0.1}[r.IntN(7)] // on the levels
			}
			return v
		})
		run := func(add func(m *Meter)) ([]Observation, Result) {
			var got []Observation
			m, err := NewMeter(Levels{Base: -1, Top: 1}, 1, Options{Observe: func(o Observation) { got = append(got, o) }})
			if err != nil {
				t.Fatal(err)
			}
			add(m)
			return got, m.Result()
		}
		fast, fastResult := run(func(m *Meter) { m.Add(x) })
		slow, slowResult := run(func(m *Meter) {
			m.signal.Add(x)
			for _, v := range x {
				v -= m.middle
				switch {
				case v != v:
					m.begin(m.next)
				case !m.have:
					m.have = true
					m.edges.begin(v)
				default:
					m.step(v)
				}
				m.last = v
				m.next++
			}
		})
		if !slices.Equal(slow, fast) {
			t.Fatalf("round %d (-each sample +rest):\n%s", round, cmp.Diff(slow, fast))
		}
		if slowResult != fastResult && !math.IsNaN(slowResult.Levels.Min) {
			t.Errorf("round %d: results differ", round)
		}
	}
}

// TestDelayRest does the same for two channels, one sample at a time against all at once.
func TestDelayRest(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(17, 18))
	l := Levels{Base: -1, Top: 1}
	for round := range 20 {
		noise := 0.5 * r.Float64()
		a := sample(3000, func(i float64) float64 { return math.Round(8*(math.Sin(i/11)+noise*r.NormFloat64())) / 8 })
		b := sample(3000, func(i float64) float64 { return math.Round(8*(math.Sin(i/11-2)+noise*r.NormFloat64())) / 8 })
		whole, err := NewDelay(l, l, 1, DelayOptions{})
		if err != nil {
			t.Fatal(err)
		}
		single, _ := NewDelay(l, l, 1, DelayOptions{})
		whole.Add(a, b)
		for i := range a {
			single.Add(a[i:i+1], b[i:i+1])
		}
		if whole.Result() != single.Result() {
			t.Errorf("round %d: %+v at once, %+v one by one", round, whole.Result(), single.Result())
		}
	}
}
