package rigtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// What the bounds of an estimated gap may be at most: three times what a time on the host's clock may be wrong by, and one delivery.
const (
	clockUncertainty = 100e6  // ns: how late the earliest of some deliveries may be
	clockApart       = 150e-6 // of the gap's length: a unit's clock against the host's
	oneDelivery      = 10e6   // ns, of the emulation
	busyMachine      = 1e9    // ns: by which a plugin that starts may be late besides, as long as the bounds know of it
)

// streamRun is one streaming run of a unit, as the unit's own log tells it.
type streamRun struct {
	number     string
	counter    int64 // of the unit, at its first raw sample: it counts on between runs
	startNS    int64 // monotonic
	intervalNS float64
	delivered  int64
	drops      []drop
}

// drop is a loss inside of the library.
type drop struct{ at, samples int64 }

// absolute is the unit's counter behind so many samples of the run that were handed over.
func (r streamRun) absolute(samples int64) int64 {
	index := samples
	for _, d := range r.drops {
		if d.at < index {
			index += d.samples
		}
	}
	return r.counter + index
}

// at is when that was.
func (r streamRun) at(samples int64) int64 {
	return r.startNS + int64(float64(r.absolute(samples)-r.counter)*r.intervalNS)
}

// runsOf lists the runs in which a unit handed over samples.
func (l *lab) runsOf(serial string) []streamRun {
	l.t.Helper()
	events, err := l.rig.Truth(serial)
	if err != nil {
		l.t.Fatal(err)
	}
	var runs []streamRun
	for _, e := range events {
		switch e.Name {
		case "run":
			runs = append(runs, streamRun{
				number: e.Fields["run"], counter: l.number(e, "counter"), startNS: l.number(e, "start_ns"), intervalNS: float64(l.number(e, "interval_fs")) / 1e6, delivered: -1,
			})
		case "lost":
			r := &runs[len(runs)-1]
			r.drops = append(r.drops, drop{l.number(e, "at"), l.number(e, "samples")})
		case "stopped", "run-cut":
			if r := &runs[len(runs)-1]; r.number == e.Fields["run"] {
				r.delivered = l.number(e, "delivered")
			}
		}
	}
	return slices.DeleteFunc(runs, func(r streamRun) bool { return r.delivered == 0 })
}

// inBounds compares the gaps of a device that streams with what its unit says: the loss lies within the bounds, these are no wider than the
// clocks demand, and the times are those at which the last sample before the gap and the first behind it were taken. It wants as many gaps in
// each stream.
func (l *lab) inBounds(sum *session.Summary, name, serial string, gaps int) {
	l.t.Helper()
	runs := l.runsOf(serial)
	rec := l.open(sum.Dir)
	for _, st := range ended(sum, name).Streams {
		s := rec.Stream(st.Name)
		found := slices.DeleteFunc(s.Gaps(), func(g recording.StreamGap) bool { return g.StreamIndex == s.Samples() })
		if len(found) != gaps {
			l.t.Errorf("%s: %d gaps, want %d: %+v", st.Name, len(found), gaps, found)
		}
		before, begin := l.runAt(runs, firstNS(rec, name)), int64(0)
		for _, g := range found {
			behind := l.runAt(runs, g.MonoToNS)
			l.t.Logf("%s: %d lost, bounds %d to %d: %.1f ms", st.Name, g.Lost, g.LostMin, g.LostMax, float64(g.LostMax-g.LostMin)*float64(s.Global().Ratio)*before.intervalNS/1e6)
			for _, wrong := range judgeGap(g, before, behind, g.StreamIndex-begin, max(s.Global().Ratio, 1)) {
				l.t.Errorf("%s: %s: %+v", st.Name, wrong, g)
			}
			before, begin = behind, g.StreamIndex
		}
	}
}

// firstNS is when the first sample of a device was taken, as the recording tells.
func firstNS(rec *recording.Recording, name string) int64 {
	return rec.Run().Device(name).Epochs[0].First.MonoNS
}

// runAt is the run that began next to a time.
func (l *lab) runAt(runs []streamRun, ns int64) streamRun {
	l.t.Helper()
	if len(runs) == 0 {
		l.t.Fatal("the unit has no runs")
	}
	return slices.MinFunc(runs, func(a, b streamRun) int {
		return int(max(a.startNS-ns, ns-a.startNS) - max(b.startNS-ns, ns-b.startNS))
	})
}

// judgeGap says what is wrong with a gap, behind n samples of a stream of the run before and before the first of the run behind it.
func judgeGap(g recording.StreamGap, before, behind streamRun, n, ratio int64) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	from, to := before.at(n*ratio), behind.at(0)
	truth := behind.counter - before.absolute(n*ratio)
	if g.Exact || truth < g.LostMin*ratio || truth > (g.LostMax+1)*ratio || g.Lost < g.LostMin || g.Lost > g.LostMax {
		say("%d samples are lost, told are %d, %d to %d, exact: %v", truth/ratio, g.Lost, g.LostMin, g.LostMax, g.Exact)
	}
	widest := 3*(clockUncertainty+clockApart*float64(to-from)) + oneDelivery
	if wide := float64((g.LostMax-g.LostMin-2)*ratio) * before.intervalNS; wide > widest {
		say("the bounds are %.1f ms wide, more than %.1f ms", wide/1e6, widest/1e6)
	}
	early := clockApart*20e9 + 2*before.intervalNS*float64(ratio)
	for _, end := range []struct {
		what string
		off  int64
	}{{"from", g.MonoFromNS - from}, {"to", g.MonoToNS - to}} {
		if float64(end.off) < -early || float64(end.off) > clockUncertainty+oneDelivery+busyMachine {
			say("%s is %.3f ms off the truth", end.what, float64(end.off)/1e6)
		}
	}
	if off := g.To.Time().Sub(g.From.Time()).Nanoseconds() - (g.MonoToNS - g.MonoFromNS); off > 5e6 || off < -5e6 {
		say("its times in UTC are %.1f ms off those of the monotonic clock", float64(off)/1e6)
	}
	return wrong
}

// TestBoundsAreJudged: what is wrong with a gap is found.
func TestBoundsAreJudged(t *testing.T) {
	t.Parallel()
	before := streamRun{counter: 1000, startNS: 1e9, intervalNS: 1000, drops: []drop{{at: 100, samples: 7}}}
	if before.absolute(100) != 1100 || before.absolute(101) != 1108 {
		t.Errorf("behind 100 samples %d, behind 101 %d", before.absolute(100), before.absolute(101))
	}
	behind := streamRun{counter: 1_001_000, startNS: 2e9, intervalNS: 1000}
	good := recording.Gap{ // of 1 s, behind 10 ms
		Lost: 990_000, LostMin: 900_000, LostMax: 1_000_000, From: 1010e6, To: 2e9, MonoFromNS: 1010e6, MonoToNS: 2e9,
	}
	for _, c := range []struct {
		name, says string
		spoil      func(*recording.Gap)
	}{
		{"a good one", "", func(*recording.Gap) {}},
		{"more are lost", "990000 samples are lost", func(g *recording.Gap) { g.LostMin, g.Lost = 990_001, 990_001 }},
		{"fewer are lost", "990000 samples are lost", func(g *recording.Gap) { g.LostMax, g.Lost = 989_998, 980_000 }},
		{"the estimate is out of its bounds", "990000 samples are lost", func(g *recording.Gap) { g.Lost = 1_000_001 }},
		{"it says that it is exact", "exact: true", func(g *recording.Gap) { g.Exact = true }},
		{"too wide", "ms wide", func(g *recording.Gap) { g.LostMin = 600_000 }},
		{"it begins too early", "from is", func(g *recording.Gap) { g.MonoFromNS -= 5e6; g.From -= 5e6 }},
		{"it ends too late", "to is", func(g *recording.Gap) { g.MonoToNS += 2e9; g.To += 2e9 }},
		{"UTC is wrong", "in UTC", func(g *recording.Gap) { g.To += 1e9 }},
	} {
		g := recording.StreamGap{Gap: good}
		c.spoil(&g.Gap)
		wrong := strings.Join(judgeGap(g, before, behind, 10_007-14, 1), "; ")
		if c.says == "" && wrong != "" || !strings.Contains(wrong, c.says) {
			t.Errorf("%s: %q", c.name, wrong)
		}
	}
}
