package clock

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// pairsOf makes a second's earliest delivery for each second of a device that is fast by ppm and begins at startNS.
func pairsOf(seed uint64, intervalNS, ppm, startNS float64, seconds int, constantNS, jitterNS float64) []Mark {
	rnd := rand.New(rand.NewPCG(seed, 7))
	var marks []Mark
	for s := range seconds {
		late := math.Inf(1)
		for range 20 {
			late = min(late, rnd.ExpFloat64()*jitterNS)
		}
		t := float64(s+1) * 1e9
		index := int64(t * (1 + ppm*1e-6) / intervalNS)
		mono := int64(startNS + t + constantNS + late)
		marks = append(marks, Mark{Index: index, MonoNS: mono, UTCNS: mono + 1e18, UTCErrNS: 1000})
	}
	return marks
}

func TestTimelineDrift(t *testing.T) {
	t.Parallel()
	for _, ppm := range []float64{50, -50, 0, 150} {
		for seed := range uint64(20) {
			marks := pairsOf(seed, 1000, ppm, 5e12, 600, 0.3e6, 2e6)
			l, err := NewTimeline(1000, marks, nil)
			if err != nil {
				t.Fatal(err)
			}
			from, to := l.Range()
			got, uncertainty := l.Drift(from, to)
			if math.Abs(got-ppm) > 1 || math.Abs(got-ppm) > uncertainty {
				t.Errorf("%v ppm, seed %d: %.3f ppm, ±%.3f", ppm, seed, got, uncertainty)
			}
		}
	}
}

func TestTimelineAt(t *testing.T) {
	t.Parallel()
	const interval, start, constant = 1e4, 7e12, 0.4e6
	marks := pairsOf(1, interval, 35, start, 3600, constant, 1e6)
	for k := 1000; k < 1020; k++ { // nothing arrives early for a while
		marks[k].MonoNS += int64(80 * time.Millisecond)
		marks[k].UTCNS += int64(80 * time.Millisecond)
	}
	l, err := NewTimeline(interval, marks, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, second := range []float64{0, 10, 500, 1005, 1010, 1800, 3599, 3700} {
		index := int64(second * 1e9 * (1 + 35e-6) / interval)
		m := l.At(index)
		truth := start + second*1e9 + constant
		if off := math.Abs(float64(m.MonoNS) - truth); off > 200e3 || off > m.ErrNS+100e3 {
			t.Errorf("at %v s: off by %.0f ns, said ±%.0f", second, off, m.ErrNS)
		}
		if m.UTCNS-m.MonoNS != 1e18 || m.UTCErrNS != 1000 {
			t.Errorf("at %v s: %+v", second, m)
		}
		back, _ := l.Index(m.MonoNS)
		if math.Abs(back-float64(index)) > 1 {
			t.Errorf("at %v s: index %d became %.2f", second, index, back)
		}
	}
	if near, far := l.At(1e8), l.At(2e9); far.ErrNS < near.ErrNS+1e6 {
		t.Errorf("uncertainty %.0f ns inside, %.0f far behind", near.ErrNS, far.ErrNS)
	}
}

func TestTimelineParts(t *testing.T) {
	t.Parallel()
	a := pairsOf(1, 1000, 10, 0, 300, 0, 1e6)
	b := pairsOf(2, 1000, -10, 1e12, 300, 0, 1e6) // a new sample clock
	for k := range b {
		b[k].Epoch = 1
		b[k].Index += 1e9
		if k >= 150 {
			b[k].Index += 5_000_000 // 5 s too many: a loss that was estimated
		}
	}
	border := b[149].Index + 2_000_000
	l, err := NewTimeline(1000, append(a, b...), []int64{border})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []Mark{a[100], a[299], b[0], b[100], b[149], b[150], b[299]} {
		if got := l.At(m.Index); math.Abs(float64(got.MonoNS-m.MonoNS)) > 2e6 {
			t.Errorf("index %d: %d, want about %d", m.Index, got.MonoNS, m.MonoNS)
		}
	}
	if _, err := NewTimeline(1000, nil, nil); !errors.Is(err, ErrNoTime) {
		t.Errorf("no pairs: %v", err)
	}
	one, err := NewTimeline(1000, a[:1], nil)
	if err != nil {
		t.Fatal(err)
	}
	if m := one.At(a[0].Index); m.MonoNS != a[0].MonoNS || !(m.ErrNS > 0) {
		t.Errorf("one pair: %+v", m)
	}
	if _, u := one.Drift(0, 1e9); !math.IsInf(u, 1) {
		t.Errorf("the drift of one pair is known to %v ppm", u)
	}
}

func TestAlignment(t *testing.T) {
	t.Parallel()
	// b began 2.5 s after a, samples at a third of the rate, and its deliveries are 0.7 ms later.
	a, errA := NewTimeline(1000, pairsOf(1, 1000, 20, 1e12, 1800, 0.2e6, 1e6), nil)
	b, errB := NewTimeline(3000, pairsOf(2, 3000, -30, 1e12+2.5e9, 1800, 0.9e6, 1e6), nil)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	same := func(second float64) (ia, ib float64) { // true indexes of one moment
		return second * 1e6 * (1 + 20e-6), (second - 2.5) * 1e9 * (1 - 30e-6) / 3000
	}
	l := NewAlignment(a, b)
	if ppm, u := l.Drift(1e12+5e9, 1e12+1700e9); math.Abs(ppm+50) > u || u > 1 {
		t.Errorf("drift %.3f ±%.3f ppm", ppm, u)
	}
	from, to, ok := l.Common()
	if !ok || to-from < 1790e9 {
		t.Errorf("common time %d to %d, %v", from, to, ok)
	}
	ea, eb := same(60)
	for _, c := range []struct {
		name   string
		l      Alignment
		within float64
	}{{"unaided", l, 1e6}, {"an edge", l.WithEdge(ea, eb), 120e3}} {
		for _, second := range []float64{3, 60, 300, 1000, 1799} {
			ia, ib := same(second)
			got, errNS := c.l.Other(int64(ia))
			if off := math.Abs(got-ib) * 3000; off > c.within || off > errNS {
				t.Errorf("%s, at %v s: off by %.0f ns, said ±%.0f", c.name, second, off, errNS)
			}
		}
	}
	if got := l.WithEdge(ea, eb).ConstantNS(); math.Abs(got-0.7e6) > 100e3 {
		t.Errorf("constant %.0f ns", got)
	}
	if got, errNS := l.Offset(int64(ea)); math.Abs(got+2.5e9) > 10e6 || errNS < Latency {
		t.Errorf("offset %.0f ±%.0f ns", got, errNS)
	}
}

func TestFindEdge(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		x      []float64
		at     float64
		rising bool
		ok     bool
	}{
		{"rising", []float64{0, 0, 0, 1, 1, 1}, 2.5, true, true},
		{"falling", []float64{5, 5, 5, 4, 1, 1, 1}, 3 + 1./3, false, true},
		{"with a sample on the way", []float64{0, 0, 0, 0.4, 1, 1, 1}, 3 + 1./6, true, true},
		{"noise at the level is none", []float64{0, 0.1, 0.5, 0.45, 0.55, 0.1, 0, 0.5, 1, 1, 1, 1}, 7, true, true},
		{"the first of two", []float64{0, 0, 0, 1, 1, 1, 0, 0}, 2.5, true, true},
		{"a thin pulse", []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0}, 15.5, true, true},
		{"holes", []float64{nan, 0, 0, nan, 1, 1, nan}, 4, true, true},
		{"constant", []float64{1, 1, 1, 1, 1}, 0, false, false},
		{"too short", []float64{0, 1}, 0, false, false},
		{"empty", nil, 0, false, false},
	} {
		at, rising, ok := FindEdge(c.x)
		if math.Abs(at-c.at) > 1e-9 || rising != c.rising || ok != c.ok {
			t.Errorf("%s: %v, %v, %v, want %v, %v, %v", c.name, at, rising, ok, c.at, c.rising, c.ok)
		}
	}
}

func TestLag(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	raw := make([]float64, 12000)
	for i := 1; i < len(raw); i++ {
		raw[i] = 0.9*raw[i-1] + rnd.NormFloat64() // slow enough to lie between two samples
	}
	for _, c := range []struct {
		shift  int
		maxLag int
	}{{0, 50}, {17, 50}, {-17, 50}, {50, 50}, {2345, 3000}, {-2345, 3000}} {
		a, b := raw[3000:8000], raw[3000-c.shift:8000-c.shift]
		if lag, k := Lag(a, b, c.maxLag); math.Abs(lag-float64(c.shift)) > 0.05 || k < 0.99 {
			t.Errorf("shift %d: lag %.3f, coefficient %.3f", c.shift, lag, k)
		}
	}
	half := make([]float64, 5000)
	for i := range half {
		half[i] = (raw[3000+i] + raw[2999+i]) / 2
	}
	if lag, _ := Lag(raw[3000:8000], half, 20); math.Abs(lag-0.5) > 0.2 {
		t.Errorf("half a sample: %.3f", lag)
	}
	for name, x := range map[string][]float64{"constant": make([]float64, 5000), "empty": nil} {
		if lag, k := Lag(raw[:5000], x, 100); lag != 0 || k != 0 {
			t.Errorf("%s: lag %v, coefficient %v", name, lag, k)
		}
	}
}
