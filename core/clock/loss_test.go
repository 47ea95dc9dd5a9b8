package clock

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// deliveries simulates a device whose samples arrive late: what the detector is promised, and what is lost on the way.
type deliveries struct {
	rate    float64       // samples a second, nominal
	period  time.Duration // of deliveries
	ppm     float64       // by which the device is slow
	wander  float64       // ppm more, to and fro within an hour
	jitter  float64       // s
	spells  float64       // s between two spells on the average; 0: none
	floor   float64       // share of the jitter below which no delivery is in a spell
	losses  []cut         // in order
	stall   [2]float64    // s: from when to when nothing is delivered; what comes is then complete
	speed   float64       // of catching up behind it, 0: at once
	seconds float64
	granule int64
}

type cut struct{ at, long float64 } // s

// finding is a loss and when it was told.
type finding struct {
	Loss
	at float64 // s of the host
}

// run feeds a detector and returns what it found; truth gets the index at which each loss lies, all earlier counted.
func (s deliveries) run(seed uint64, granule int64) (found []finding, truth []int64, last Loss, end Verdict) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	det := NewLossDetector(1e9/s.rate, granule)
	var entered, spellEnd, mono, lost float64
	nextSpell := math.Inf(1)
	if s.spells > 0 {
		nextSpell = rnd.ExpFloat64() * s.spells
	}
	losses, step := s.losses, s.period.Seconds()
	for now := step; now < s.seconds; now += step {
		if len(losses) > 0 && now >= losses[0].at {
			if now < losses[0].at+losses[0].long {
				continue // nothing to deliver
			}
			truth = append(truth, int64((s.device(losses[0].at)-lost)*s.rate))
			lost += losses[0].long
			losses = losses[1:]
		}
		index := (s.device(now) - lost) * s.rate
		if now >= nextSpell {
			spellEnd, nextSpell = now+10, now+10+rnd.ExpFloat64()*s.spells
		}
		late := rnd.Float64()
		if now < spellEnd {
			late = s.floor + (1-s.floor)*late
		}
		at := now + late*s.jitter
		if now >= s.stall[0] && s.stall[1] > 0 {
			free := s.stall[1]
			if s.speed > 0 {
				free += (now - s.stall[0]) / s.speed
			}
			at = max(at, free)
		}
		mono = max(mono, at)
		if loss, ok := det.Add(Pair{int64(index + entered), int64(mono * 1e9)}); ok {
			entered += float64(loss.Lost)
			found = append(found, finding{loss, mono})
		}
	}
	last, end = det.End()
	return found, truth, last, end
}

// device is the time on the device's clock.
func (s deliveries) device(host float64) float64 {
	wave := s.wander * 1e-6 * 3600 / (2 * math.Pi) * math.Sin(host*2*math.Pi/3600)
	return host*(1-s.ppm*1e-6) - wave
}

func long() bool { return os.Getenv("SCOPELOG_LONG") == "1" }

func TestLossDetectorNoFalseAlarm(t *testing.T) {
	t.Parallel()
	day := deliveries{rate: 100_000, period: 500 * time.Millisecond, jitter: 0.1, spells: 120, floor: 0.5, wander: 20, seconds: 86400}
	seeds := uint64(1)
	if long() {
		seeds = 200
	}
	for _, c := range []struct {
		name   string
		change func(*deliveries)
	}{
		{"slow clock", func(s *deliveries) { s.ppm = 130 }},
		{"fast clock", func(s *deliveries) { s.ppm = -130 }},
		{"many spells", func(s *deliveries) { s.spells = 40 }},
		{"late spells", func(s *deliveries) { s.floor = 0.95 }},
		{"ten a second", func(s *deliveries) { s.period = 100 * time.Millisecond; s.seconds /= 4 }},
		{"hundred a second", func(s *deliveries) { s.period = 10 * time.Millisecond; s.seconds /= 24 }},
		{"slowest rate", func(s *deliveries) { s.rate = 1000 }},
		{"1 GS/s", func(s *deliveries) { s.rate = 1e9 }},
		{"little jitter", func(s *deliveries) { s.jitter = 0.002 }},
		{"none", func(s *deliveries) { s.jitter, s.spells = 0, 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for seed := range seeds {
				s := day
				if c.change(&s); !long() && c.name != "slow clock" && c.name != "many spells" {
					s.seconds /= 4
				}
				found, _, last, end := s.run(seed, 1)
				for _, f := range found {
					t.Errorf("seed %d: at %.1f s: %+v", seed, f.at, f.Loss)
				}
				if end == Missing {
					t.Errorf("seed %d: at the end: %+v", seed, last)
				}
			}
		})
	}
}

// A short run many times: learning is when least is known.
func TestLossDetectorNoFalseAlarmEarly(t *testing.T) {
	t.Parallel()
	seeds := uint64(100)
	if long() {
		seeds = 20_000
	}
	for _, ppm := range []float64{-150, 0, 150} {
		s := deliveries{rate: 100_000, period: 500 * time.Millisecond, jitter: 0.1, spells: 120, floor: 0.5, seconds: 300, ppm: ppm}
		for seed := range seeds {
			found, _, last, end := s.run(seed, 1)
			if len(found) > 0 || end == Missing {
				t.Errorf("%v ppm, seed %d: %+v, at the end %v %+v", ppm, seed, found, end, last)
			}
		}
	}
}

func TestLossDetectorFinds(t *testing.T) {
	t.Parallel()
	base := deliveries{rate: 100_000, period: 500 * time.Millisecond, jitter: 0.1, spells: 120, floor: 0.5, wander: 20, seconds: 900}
	seeds := uint64(8)
	if long() {
		seeds = 400
	}
	for _, c := range []struct {
		name   string
		change func(*deliveries)
	}{
		{"50 ms", func(s *deliveries) { s.losses = []cut{{700, 0.05}} }},
		{"50 ms, slow clock", func(s *deliveries) { s.ppm, s.losses = 130, []cut{{700, 0.05}} }},
		{"50 ms, fast clock", func(s *deliveries) { s.ppm, s.losses = -130, []cut{{700, 0.05}} }},
		{"50 ms at 10 a second", func(s *deliveries) { s.period, s.losses = 100*time.Millisecond, []cut{{700, 0.05}} }},
		{"50 ms, little jitter", func(s *deliveries) { s.jitter, s.losses = 0.002, []cut{{700, 0.05}} }},
		{"soon after learning", func(s *deliveries) { s.ppm, s.losses = -150, []cut{{75, 0.06}} }},
		{"soon after learning, slow clock", func(s *deliveries) { s.ppm, s.losses = 150, []cut{{75, 0.06}} }},
		{"120 ms", func(s *deliveries) { s.losses = []cut{{700, 0.12}} }},
		{"3 s", func(s *deliveries) { s.losses = []cut{{700, 3}} }},
		{"5 min", func(s *deliveries) { s.seconds, s.losses = 1500, []cut{{700, 300}} }},
		{"1 h", func(s *deliveries) { s.seconds, s.losses = 4800, []cut{{700, 3600}} }},
		{"80 and 70 s later 60 ms", func(s *deliveries) { s.losses = []cut{{600, 0.08}, {670, 0.06}} }},
		{"80 and 35 s later 90 ms", func(s *deliveries) { s.losses = []cut{{600, 0.08}, {635, 0.09}} }},
		{"80 and 15 s later 90 ms", func(s *deliveries) { s.losses = []cut{{600, 0.08}, {615, 0.09}} }},
		{"80 and 3 s later 90 ms", func(s *deliveries) { s.losses = []cut{{600, 0.08}, {603, 0.09}} }},
		{"1 s and 35 s later 2 s", func(s *deliveries) { s.losses = []cut{{600, 1}, {635, 2}} }},
		{"1 s and 5 s later 2 s", func(s *deliveries) { s.losses = []cut{{600, 1}, {605, 2}} }},
		{"30 s and 40 s later 20 s", func(s *deliveries) { s.losses = []cut{{600, 30}, {670, 20}} }},
		{"three in granules of 30 ms", func(s *deliveries) { s.losses, s.granule = []cut{{500, 0.1}, {600, 0.2}, {700, 0.3}}, 3000 }},
		{"three in granules of 1 s", func(s *deliveries) { s.losses, s.granule = []cut{{500, 0.1}, {600, 0.2}, {700, 0.3}}, 100_000 }},
		{"three", func(s *deliveries) { s.losses = []cut{{600, 0.1}, {650, 0.2}, {700, 0.3}} }},
		{"in a stall", func(s *deliveries) { s.stall, s.losses = [2]float64{600, 605}, []cut{{602, 0.2}} }},
		{"slow rate", func(s *deliveries) { s.rate, s.losses = 1000, []cut{{700, 0.05}} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var slowest, widest, off, apart float64
			for seed := range seeds {
				s := base
				c.change(&s)
				found, truth, last, end := s.run(seed, max(s.granule, 1))
				if end == Missing {
					t.Errorf("seed %d: at the end: %+v", seed, last)
				}
				if msg := judgeFound(s, found, truth, &slowest, &widest, &off, &apart); msg != "" {
					t.Errorf("seed %d: %s", seed, msg)
				}
			}
			t.Logf("found after at most %.1f s, length within %.1f ms, its estimate off by at most %.1f ms, place within %.1f s", slowest, widest, off, apart)
		})
	}
}

// judgeFound compares findings with the truth: each loss lies in the bounds of one finding, which contains all of them.
func judgeFound(s deliveries, found []finding, truth []int64, slowest, widest, off, apart *float64) string {
	var entered int64
	k := 0
	for _, f := range found {
		var lost float64
		for ; k < len(truth) && truth[k]+entered <= f.PositionMax; k++ {
			if truth[k]+entered < f.PositionMin {
				return fmt.Sprintf("lies at %d, not in %+v", truth[k]+entered, f.Loss)
			}
			lost += s.losses[k].long
			*slowest = max(*slowest, f.at-s.losses[k].at-s.losses[k].long)
		}
		n := lost * s.rate
		if n < float64(f.LostMin)-1 || n > float64(f.LostMax)+1 || f.Lost < f.LostMin || f.Lost > f.LostMax {
			return fmt.Sprintf("%.0f are lost, told is %+v (at %.1f s)", n, f.Loss, f.at)
		}
		if w, u := float64(f.LostMax-f.LostMin)/s.rate, 0.1+150e-6*lost; w > 3*u+s.period.Seconds()+float64(s.granule)/s.rate {
			return fmt.Sprintf("length within %.1f ms", w*1e3)
		}
		*widest = max(*widest, float64(f.LostMax-f.LostMin)/s.rate*1e3)
		*off = max(*off, math.Abs(float64(f.Lost)-n)/s.rate*1e3)
		*apart = max(*apart, float64(f.PositionMax-f.PositionMin)/s.rate)
		entered += f.Lost
	}
	if k < len(truth) {
		return fmt.Sprintf("%d of %d found: %+v", k, len(truth), found)
	}
	if *slowest > 60 {
		late := *slowest
		*slowest = 0
		return fmt.Sprintf("found after %.1f s", late)
	}
	return ""
}
