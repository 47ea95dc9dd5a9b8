package clock

import (
	"math/rand/v2"
	"testing"
	"time"
)

// What is late but complete is no loss.
func TestLossDetectorStalls(t *testing.T) {
	t.Parallel()
	base := deliveries{rate: 100_000, period: 500 * time.Millisecond, jitter: 0.1, spells: 120, floor: 0.5, seconds: 1500}
	for _, c := range []struct {
		name   string
		change func(*deliveries)
	}{
		{"a second", func(s *deliveries) { s.stall = [2]float64{600, 601} }},
		{"a minute", func(s *deliveries) { s.stall = [2]float64{600, 660} }},
		{"ten minutes", func(s *deliveries) { s.stall = [2]float64{600, 1200} }},
		{"caught up at twice the speed", func(s *deliveries) { s.stall, s.speed = [2]float64{600, 660}, 2 }},
		{"caught up slowly", func(s *deliveries) { s.stall, s.speed = [2]float64{600, 630}, 1.1 }},
		{"while it learns", func(s *deliveries) { s.stall = [2]float64{30, 50} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(5) {
				s := base
				c.change(&s)
				if found, _, last, end := s.run(seed, 1); len(found) > 0 || end == Missing {
					t.Errorf("seed %d: %+v, at the end %v %+v", seed, found, end, last)
				}
			}
		})
	}
}

func TestLossDetectorEnd(t *testing.T) {
	t.Parallel()
	base := deliveries{rate: 100_000, period: 250 * time.Millisecond, jitter: 0.05, seconds: 400}
	for _, c := range []struct {
		name string
		at   float64
		want Verdict
	}{
		{"half a minute before the end", 365, Missing},
		{"ten seconds before", 390, Doubtful},
		{"right before", 399.5, Complete},
		{"never", 1000, Complete},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := base
			s.losses = []cut{{c.at, 0.2}}
			found, truth, loss, end := s.run(1, 1)
			if len(found) > 0 || end != c.want {
				t.Fatalf("found %+v, verdict %v, want %v", found, end, c.want)
			}
			if end == Complete {
				return
			}
			if loss.LostMin > 20_000 || loss.LostMax < 20_000 || truth[0] < loss.PositionMin || truth[0] > loss.PositionMax {
				t.Errorf("20000 are lost at %d, told is %+v", truth[0], loss)
			}
			if (loss.LostMin == 0) != (end == Doubtful) {
				t.Errorf("verdict %v: %+v", end, loss)
			}
		})
	}
}

// A loss while the detector learns is found when it is long enough, or not; never is anything false told.
func TestLossDetectorLearning(t *testing.T) {
	t.Parallel()
	n := 0
	for seed := range uint64(50) {
		at := 5 + float64(seed)
		s := deliveries{rate: 100_000, period: 100 * time.Millisecond, jitter: 0.03, seconds: 300, losses: []cut{{at, 0.5}}}
		found, truth, _, end := s.run(seed, 1)
		if end != Complete || len(found) > 1 {
			t.Fatalf("lost at %.0f s: %+v", at, found)
		}
		for _, f := range found {
			n++
			if f.LostMin > 50_000 || f.LostMax < 50_000 || truth[0] < f.PositionMin || truth[0] > f.PositionMax {
				t.Errorf("50000 are lost at %d, told is %+v", truth[0], f.Loss)
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d of 50 found", n)
	}
}

func TestLossDetectorReset(t *testing.T) {
	t.Parallel()
	const period = 100 * time.Millisecond
	for _, c := range []struct {
		name string
		what func(*LossDetector, *Pair)
		want int
	}{
		{"a silent loss", func(_ *LossDetector, p *Pair) { p.Index -= 9_000 }, 1},
		{"a loss of unknown length", func(d *LossDetector, p *Pair) { p.Index -= 9_000; d.Reset() }, 0},
		{"a new sample clock", func(_ *LossDetector, p *Pair) { p.Index = 0 }, 0},
		{"time runs back", func(_ *LossDetector, p *Pair) { p.MonoNS -= int64(time.Hour) }, 0},
		{"a known loss", func(_ *LossDetector, p *Pair) { p.Index += 1_000_000; p.MonoNS += int64(10 * time.Second) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := NewLossDetector(1e4, 1)
			p := Pair{0, int64(2 * time.Hour)}
			found := 0
			for k := range 5000 {
				if k == 2500 {
					c.what(d, &p)
				}
				p.Index += 10_000
				p.MonoNS += int64(period)
				if loss, ok := d.Add(p); ok {
					found++
					p.Index += loss.Lost
				}
			}
			if found != c.want {
				t.Errorf("%d found, want %d", found, c.want)
			}
		})
	}
}

// Outside of what it is made for it says nothing.
func TestLossDetectorOutside(t *testing.T) {
	t.Parallel()
	for _, s := range []deliveries{
		{rate: 999, period: 100 * time.Millisecond, losses: []cut{{200, 1}}, seconds: 400},
		{rate: 100_000, period: time.Second, losses: []cut{{200, 1}}, seconds: 400},
		{rate: 100_000, period: 100 * time.Millisecond, jitter: 0.01, ppm: 300, seconds: 2000},
		{rate: 100_000, period: 100 * time.Millisecond, jitter: 0.01, ppm: 500, seconds: 2000},
		{rate: 100_000, period: 100 * time.Millisecond, jitter: 0.01, ppm: 1000, seconds: 2000},
		{rate: 100_000, period: 100 * time.Millisecond, jitter: 0.01, ppm: 10_000, seconds: 2000},
		{rate: 100_000, period: 100 * time.Millisecond, jitter: 0.01, ppm: -10_000, seconds: 2000},
	} {
		if found, _, _, end := s.run(1, 1); len(found) > 0 || end != Complete {
			t.Errorf("%v S/s every %v, %v ppm: %+v, at the end %v", s.rate, s.period, s.ppm, found, end)
		}
	}
}

func TestLossDetectorAllocates(t *testing.T) {
	d := NewLossDetector(1000, 1)
	p := Pair{}
	rnd := rand.New(rand.NewPCG(1, 2))
	next := func() {
		p.Index += 100_000
		p.MonoNS += int64(100 * time.Millisecond)
		late := p
		late.MonoNS += rnd.Int64N(int64(90 * time.Millisecond))
		d.Add(late)
	}
	for range 5000 {
		next()
	}
	if n := testing.AllocsPerRun(2000, next); n != 0 {
		t.Errorf("%v allocations a delivery", n)
	}
}

func BenchmarkLossDetector(b *testing.B) {
	for _, perSecond := range []int64{2, 100} {
		b.Run(time.Duration(int64(time.Second)/perSecond).String(), func(b *testing.B) {
			d := NewLossDetector(1000, 1)
			b.ReportAllocs()
			for k := range int64(b.N) {
				d.Add(Pair{k * 1_000_000 / perSecond, k*int64(time.Second)/perSecond + k*k%50_000_000})
			}
		})
	}
}
