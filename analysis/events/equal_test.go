package events

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	core "github.com/scopelog/scopelog/core/events"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// walk is a random walk of whole numbers with quiet stretches, and with NaN now and then.
func walk(r *rand.Rand, n int, withNaN bool) []float64 {
	x := make([]float64, n)
	v, quiet := 0.0, 0
	for i := range x {
		if quiet > 0 {
			quiet--
		} else {
			v += float64(r.IntN(7) - 3)
			v = max(-10, min(v, 10))
			if r.IntN(30) == 0 {
				quiet = r.IntN(200)
			}
		}
		x[i] = v
		if withNaN && r.IntN(40) == 0 {
			x[i] = nan
		}
	}
	return x
}

// conditions are some of each kind.
func conditions(r *rand.Rand) map[string]Condition {
	h := float64(r.IntN(4))
	level := float64(r.IntN(7) - 3)
	lo, hi := level-float64(r.IntN(4)+3), level+float64(r.IntN(4)+3)
	over := int64(1 + r.IntN(40))
	all := map[string]Condition{
		"positive runt":  must(Runt(DirectionAbove, lo, hi, h)),
		"negative runt":  must(Runt(DirectionBelow, lo, hi, h)),
		"glitch":         must(PulseWidth(DirectionAbove, level, h, LessThan(5))),
		"long pulse":     must(PulseWidth(DirectionBelow, level, h, GreaterThan(9))),
		"pulse in range": must(PulseWidth(DirectionBelow, level, h, InRange(3, 9))),
		"interval":       must(Interval(DirectionFalling, level, h, OutOfRange(4, 30))),
		"any interval":   must(Interval(DirectionRising, level, h, Span{})),
		"dropout":        must(Dropout(level, h, 20)),
	}
	for _, d := range []Direction{DirectionRising, DirectionFalling, DirectionEither} {
		all["slope "+string(d)] = must(Slope(d, 9, h, over))
		all["level "+string(d)] = must(Level(d, level, h))
	}
	for _, d := range []Direction{DirectionAbove, DirectionBelow} {
		all["level "+string(d)] = must(Level(d, level, h))
	}
	for _, d := range []Direction{DirectionEnter, DirectionExit, DirectionEnterOrExit, DirectionInside, DirectionOutside} {
		all["window "+string(d)] = must(Window(d, lo, hi, h))
	}
	return all
}

// TestPiecesAndSkips wants the same events whether a signal comes whole, in pieces, or as the bins of an overview of which only
// those that may hold something are read.
func TestPiecesAndSkips(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	skipped, bins := 0, 0
	for round := range 25 {
		x := walk(r, 200+r.IntN(3000), round%3 == 0)
		for name, c := range conditions(r) {
			want := search(c, 0, x)
			var got []Event
			d := New(c, 0, func(e Event) { got = append(got, e) })
			for rest := x; len(rest) > 0; {
				n := min(1+r.IntN(300), len(rest))
				d.Add(rest[:n])
				rest = rest[n:]
			}
			d.Flush()
			if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
				t.Fatalf("round %d, %s in pieces (-whole +pieces):\n%s", round, name, diff)
			}
			got = nil
			d.Reset()
			size := 1 + r.IntN(100)
			for at := 0; at < len(x); at += size {
				end := min(at+size, len(x))
				lo, hi := extremes(x[at:end], inf, -inf)
				bins++
				if d.SkipTo(int64(end), lo, hi) {
					skipped++
					continue
				}
				d.Add(x[d.Next():end])
			}
			d.Flush()
			if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
				t.Fatalf("round %d, %s by an overview of %d (-whole +overview):\n%s", round, name, size, diff)
			}
		}
	}
	if skipped < bins/3 {
		t.Errorf("only %d of %d bins were passed over", skipped, bins)
	}
}

// TestMeansWhatPlansMean compares with the detector of running recordings.
func TestMeansWhatPlansMean(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 10))
	one := core.Scale{PerCount: 1}
	mustCore := func(c core.Condition, err error) core.Condition {
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	type pair struct {
		ours  Condition
		plans core.Condition
	}
	for round := range 20 {
		x := walk(r, 2000, false)
		level, h := float64(r.IntN(9)-4), float64(r.IntN(4))
		lo, hi := level-float64(r.IntN(3)+3), level+float64(r.IntN(3)+3)
		over := int64(1 + r.IntN(20))
		pairs := map[string]pair{}
		for _, d := range []Direction{DirectionRising, DirectionFalling, DirectionEither, DirectionAbove, DirectionBelow} {
			pairs["level "+string(d)] = pair{must(Level(d, level, h)), mustCore(core.Level(driver.Direction(d), level, h, one))}
		}
		for _, d := range []Direction{DirectionEnter, DirectionExit, DirectionEnterOrExit, DirectionInside, DirectionOutside} {
			pairs["window "+string(d)] = pair{must(Window(d, lo, hi, h)), mustCore(core.Window(driver.Direction(d), lo, hi, h, one))}
		}
		for _, d := range []Direction{DirectionRising, DirectionFalling, DirectionEither} {
			pairs["slope "+string(d)] = pair{must(Slope(d, 7, h, over)), mustCore(core.Slope(driver.Direction(d), 7, h, over, one))}
		}
		raw := make([]byte, 0, 2*len(x))
		for _, v := range x {
			raw = binary.LittleEndian.AppendUint16(raw, uint16(int16(v)))
		}
		for name, p := range pairs {
			var want, got []int64
			core.New(p.plans, recording.Int16).Look(0, raw, func(h core.Hit) { want = append(want, h.Index) })
			for _, e := range search(p.ours, 0, x) {
				got = append(got, e.Index)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("round %d, %s, level %v, window %v to %v, hysteresis %v, over %d (-plan +here):\n%s", round, name, level, lo, hi, h, over, diff)
			}
		}
	}
}

func TestAddDoesNotAllocate(t *testing.T) {
	x := walk(rand.New(rand.NewPCG(1, 1)), 5000, false)
	for name, c := range conditions(rand.New(rand.NewPCG(2, 2))) {
		d := New(c, 0, func(Event) {})
		if n := testing.AllocsPerRun(5, func() { d.Add(x); d.SkipTo(d.Next()+100, 0, 0) }); n != 0 {
			t.Errorf("%s: %v allocations, want 0", name, n)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	const n = 1 << 16
	quiet := make([]float64, n)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range quiet {
		quiet[i] = 0.1 * r.Float64()
	}
	for _, bb := range []struct {
		name string
		c    Condition
		x    []float64
	}{
		{"level/quiet", must(Level(DirectionRising, 1, 0.1)), quiet},
		{"window/quiet", must(Window(DirectionExit, -1, 1, 0.1)), quiet},
		{"dropout/quiet", must(Dropout(1, 0.1, 1000)), quiet},
		{"slope/quiet", must(Slope(DirectionEither, 1, 0.1, 10)), quiet},
		{"level/busy", must(Level(DirectionEither, 0, 1)), walk(r, n, false)},
	} {
		b.Run(fmt.Sprintf("%s/samples=%d", bb.name, n), func(b *testing.B) {
			b.SetBytes(8 * n)
			b.ReportAllocs()
			d := New(bb.c, 0, func(Event) {})
			for b.Loop() {
				d.Add(bb.x)
			}
		})
	}
}
