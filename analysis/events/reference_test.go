package events

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// piece is a stretch of samples on one side of a level.
type piece struct {
	above      bool
	from, to   int
	lo, hi     float64
	first, end bool // at the first sample, and at the last one
}

// split follows a signal sample by sample: above from the level on, below from level - hysteresis on, or for a signal that counts
// downwards the other way round. What is before the first known sample is left away.
func split(x []float64, level, hysteresis float64) []piece {
	var all []piece
	for i, v := range x {
		up, down := v >= level, v < level
		if hysteresis > 0 {
			down = v <= level-hysteresis
		}
		if n := len(all); n == 0 && (up || down) || n > 0 && (up && !all[n-1].above || down && all[n-1].above) {
			all = append(all, piece{above: up, from: i, lo: math.Inf(1), hi: math.Inf(-1), first: n == 0})
		}
		if n := len(all); n > 0 {
			p := &all[n-1]
			p.to, p.lo, p.hi = i+1, min(p.lo, v), max(p.hi, v)
		}
	}
	if n := len(all); n > 0 {
		all[n-1].end = true
	}
	return all
}

func (p piece) event(k Kind, extreme float64) Event {
	return Event{Kind: k, Index: int64(p.from), Length: int64(p.to - p.from), Extreme: extreme, CutStart: p.first, CutEnd: p.end}
}

// TestReference compares with conditions that are written down in the plainest way.
func TestReference(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(19, 20))
	for round := range 40 {
		x := walk(r, 1500, false)
		level, h := float64(r.IntN(7)-3), float64(r.IntN(4))
		upper := level + float64(1+r.IntN(6))
		var runts, short, long, dropouts, intervals []Event
		last := -1
		lo, hi := 0.0, 0.0
		for _, p := range split(x, level, h) {
			n := p.to - p.from
			cut := p.first || p.end
			if p.above && !cut && p.hi < upper {
				runts = append(runts, p.event(KindPositiveRunt, p.hi))
			}
			if p.above && !cut && n < 6 {
				short = append(short, p.event(KindPositivePulse, p.hi))
			}
			if p.above && n > 6 {
				long = append(long, p.event(KindPositivePulse, p.hi))
			}
			farthest := func(lo, hi float64) float64 {
				if hi-level >= level-lo {
					return hi
				}
				return lo
			}
			// The walk begins at 0, which may lie within the hysteresis: dropouts count from there.
			if d := p; d.to-d.from > 25 && !d.first {
				dropouts = append(dropouts, d.event(KindDropout, farthest(d.lo, d.hi)))
			}
			if p.above && !p.first {
				if last >= 0 && p.from-last >= 5 && p.from-last <= 40 {
					intervals = append(intervals, Event{Kind: KindInterval, Index: int64(last), Length: int64(p.from - last), Extreme: farthest(lo, hi)})
				}
				last, lo, hi = p.from, math.Inf(1), math.Inf(-1)
			}
			lo, hi = min(lo, p.lo), max(hi, p.hi)
		}
		for name, tt := range map[string]struct {
			c    Condition
			want []Event
		}{
			"runts":     {must(Runt(DirectionAbove, level, upper, h)), runts},
			"short":     {must(PulseWidth(DirectionAbove, level, h, LessThan(6))), short},
			"long":      {must(PulseWidth(DirectionAbove, level, h, GreaterThan(6))), long},
			"dropouts":  {must(Dropout(level, h, 25)), dropouts},
			"intervals": {must(Interval(DirectionRising, level, h, InRange(5, 40))), intervals},
		} {
			got := search(tt.c, 0, x)
			if name == "dropouts" && len(got) > 0 && got[0].CutStart {
				got = got[1:]
			}
			if len(got) == 0 && len(tt.want) == 0 {
				continue
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Fatalf("round %d, %s at %v, hysteresis %v (-want +got):\n%s", round, name, level, h, diff)
			}
		}
	}
}
