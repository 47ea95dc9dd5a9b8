package events

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// millivolt is a scale of one count a millivolt.
var millivolt = Scale{PerCount: 1e-3}

func int16s(v ...int) []byte {
	var p []byte
	for _, x := range v {
		p = binary.LittleEndian.AppendUint16(p, uint16(int16(x)))
	}
	return p
}

// found runs a detector over samples and returns the indexes of the events.
func found(d *Detector, p []byte) (at []int64) {
	d.Look(0, p, func(h Hit) { at = append(at, h.Index) })
	return at
}

func must(t *testing.T) func(Condition, error) Condition {
	return func(c Condition, err error) Condition {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	level := func(d driver.Direction, hysteresis float64) func(Scale) (Condition, error) {
		return func(s Scale) (Condition, error) { return Level(d, 0.100, hysteresis, s) }
	}
	window := func(d driver.Direction, hysteresis float64) func(Scale) (Condition, error) {
		return func(s Scale) (Condition, error) { return Window(d, -0.100, 0.100, hysteresis, s) }
	}
	slope := func(d driver.Direction, hysteresis float64, lag int64) func(Scale) (Condition, error) {
		return func(s Scale) (Condition, error) { return Slope(d, 0.010, hysteresis, lag, s) }
	}
	const hyst = 0.010
	for _, c := range []struct {
		name string
		make func(Scale) (Condition, error)
		in   []int
		want []int64
	}{
		{"rising", level(driver.DirectionRising, 0), []int{0, 99, 100, 101, 99, 100}, []int64{2, 5}},
		{"rising begins above", level(driver.DirectionRising, 0), []int{150, 99, 100}, []int64{2}},
		{"rising, hysteresis", level(driver.DirectionRising, hyst), []int{0, 100, 91, 100, 90, 100}, []int64{1, 5}},
		{"rising begins within the hysteresis", level(driver.DirectionRising, hyst), []int{95, 100, 90, 100}, []int64{3}},
		{"falling", level(driver.DirectionFalling, 0), []int{150, 101, 100, 99, 101, 100}, []int64{2, 5}},
		{"falling, hysteresis", level(driver.DirectionFalling, hyst), []int{150, 100, 109, 100, 110, 100}, []int64{1, 5}},
		{"either", level(driver.DirectionEither, 0), []int{0, 100, 99, 100}, []int64{1, 2, 3}},
		{"either, hysteresis", level(driver.DirectionEither, hyst), []int{0, 100, 95, 91, 90, 95, 100}, []int64{1, 4, 6}},
		{"above", level(driver.DirectionAbove, 0), []int{150, 150, 99, 100}, []int64{0, 3}},
		{"below", level(driver.DirectionBelow, 0), []int{100, 50, 101, 100}, []int64{0, 3}},
		{"enter", window(driver.DirectionEnter, 0), []int{0, 101, 100, -101, -100}, []int64{2, 4}},
		{"enter, hysteresis", window(driver.DirectionEnter, hyst), []int{200, 100, 109, 100, 110, 100}, []int64{1, 5}},
		{"enter jumps through", window(driver.DirectionEnter, 0), []int{200, -200, 200}, nil},
		{"exit", window(driver.DirectionExit, 0), []int{200, 100, 101, 0, -100, -101}, []int64{2, 5}},
		{"exit, hysteresis", window(driver.DirectionExit, hyst), []int{0, 101, 100, 101, 90, 101}, []int64{1, 5}},
		{"enter or exit", window(driver.DirectionEnterOrExit, 0), []int{0, 101, 0, -101}, []int64{1, 2, 3}},
		{"inside", window(driver.DirectionInside, 0), []int{0, 101, 0}, []int64{0, 2}},
		{"outside", window(driver.DirectionOutside, 0), []int{101, 0, 101}, []int64{0, 2}},
		{"slope up", slope(driver.DirectionRising, 0, 1), []int{0, 9, 19, 30, 31, 41}, []int64{2, 5}},
		{"slope up at once", slope(driver.DirectionRising, 0, 1), []int{0, 10, 0, 10}, []int64{1, 3}},
		{"slope up, hysteresis", slope(driver.DirectionRising, 0.005, 1), []int{0, 10, 16, 26, 31, 41}, []int64{1, 5}},
		{"slope down", slope(driver.DirectionFalling, 0, 1), []int{0, -9, -19, -19, -29}, []int64{2, 4}},
		{"slope either", slope(driver.DirectionEither, 0, 1), []int{0, 10, 10, 0}, []int64{1, 3}},
		{"slope over three", slope(driver.DirectionRising, 0, 3), []int{0, 3, 6, 9, 13, 13, 13, 13, 13, 23}, []int64{4, 9}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cond := must(t)(c.make(millivolt))
			if diff := cmp.Diff(c.want, found(New(cond, recording.Int16), int16s(c.in...))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			// The same with counts that fall where volts rise.
			flipped := slices.Clone(c.in)
			for i := range flipped {
				flipped[i] = -flipped[i]
			}
			cond = must(t)(c.make(Scale{PerCount: -millivolt.PerCount}))
			if diff := cmp.Diff(c.want, found(New(cond, recording.Int16), int16s(flipped...))); diff != "" {
				t.Errorf("flipped (-want +got)\n%s", diff)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		err     error
		shallow bool
	}{
		{"less than a count", second(Slope(driver.DirectionRising, 0.0009, 0, 1, millivolt)), true},
		{"over too much", second(Slope(driver.DirectionRising, 1, 0, MaxLag+1, millivolt)), false},
		{"no distance", second(Slope(driver.DirectionRising, 1, 0, 0, millivolt)), false},
		{"no scale", second(Level(driver.DirectionRising, 1, 0, Scale{})), false},
		{"a level that is entered", second(Level(driver.DirectionEnter, 1, 0, millivolt)), false},
		{"a window that rises", second(Window(driver.DirectionRising, 0, 1, 0, millivolt)), false},
		{"a slope that is above", second(Slope(driver.DirectionAbove, 1, 0, 1, millivolt)), false},
		{"a window between two counts", second(Window(driver.DirectionEnter, 0.0002, 0.0008, 0, millivolt)), false},
		{"a hysteresis wider than the window", second(Window(driver.DirectionExit, 0, 1, 0.6, millivolt)), false},
	} {
		if c.err == nil || errors.Is(c.err, ErrShallow) != c.shallow {
			t.Errorf("%s: %v", c.name, c.err)
		}
	}
}

func second(_ Condition, err error) error { return err }

// TestExactLevels: a level that lies on a count is reached by it, whatever the scale makes of fractions.
func TestExactLevels(t *testing.T) {
	t.Parallel()
	for code := -32767; code <= 32767; code += 97 {
		s := Scale{PerCount: 5.0 / 32767, Offset: -0.3}
		c := must(t)(Level(driver.DirectionRising, float64(code)*s.PerCount+s.Offset, 0, s))
		if c.Inside[0] != float64(code) || c.Outside[0] != float64(code) {
			t.Fatalf("count %d: %+v", code, c)
		}
	}
}

// wander is a signal that crosses often, seldom, and rests.
func wander(rng *rand.Rand, n int) []int {
	out := make([]int, n)
	v, step := 0, 1
	for i := range out {
		if rng.IntN(500) == 0 {
			step = []int{0, 0, 1, 5, 60, 400}[rng.IntN(6)]
		}
		v = max(-400, min(400, v+rng.IntN(2*step+1)-step))
		out[i] = v
	}
	return out
}

// plain looks at every sample by itself: what a detector does without shortcuts.
func plain(c Condition, in []int) (at []int64) {
	side := unknown
	for i, v := range in {
		if c.Lag > 0 {
			if int64(i) < c.Lag {
				continue
			}
			v -= in[int64(i)-c.Lag]
		}
		was, f := side, float64(v)
		isIn, isOut := f >= c.Inside[0] && f <= c.Inside[1], f < c.Outside[0] || f > c.Outside[1]
		if side != inside && isIn {
			side = inside
		} else if side != outside && isOut {
			side = outside
		}
		if side != was && (was != unknown || c.First) && (side == inside && c.Enter || side == outside && c.Leave) {
			at = append(at, int64(i))
		}
	}
	return at
}

// TestCuts: however the samples are cut into batches, the events are those that looking at each sample finds.
func TestCuts(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	var conds []Condition
	for _, h := range []float64{0, 0.020} {
		for _, d := range []driver.Direction{driver.DirectionRising, driver.DirectionFalling, driver.DirectionEither, driver.DirectionAbove, driver.DirectionBelow} {
			conds = append(conds, must(t)(Level(d, 0.150, h, millivolt)))
		}
		for _, d := range []driver.Direction{driver.DirectionEnter, driver.DirectionExit, driver.DirectionEnterOrExit, driver.DirectionInside, driver.DirectionOutside} {
			conds = append(conds, must(t)(Window(d, -0.2, 0.2, h, millivolt)))
		}
		for _, d := range []driver.Direction{driver.DirectionRising, driver.DirectionFalling, driver.DirectionEither} {
			for _, lag := range []int64{1, 7, 1500} {
				conds = append(conds, must(t)(Slope(d, 0.1, h, lag, millivolt)))
			}
		}
	}
	events := 0
	for round := range 4 {
		in := wander(rng, 20_000)
		p := int16s(in...)
		for k, c := range conds {
			want := plain(c, in)
			events += len(want)
			var got []int64
			d := New(c, recording.Int16)
			for at := 0; at < len(in); {
				n := min(1+rng.IntN([]int{3, 100, 1024, 9000}[rng.IntN(4)]), len(in)-at)
				d.Look(int64(at), p[2*at:2*(at+n)], func(h Hit) {
					if h.Value != float64(in[h.Index]) {
						t.Fatalf("sample %d is %v, not %v", h.Index, in[h.Index], h.Value)
					}
					got = append(got, h.Index)
				})
				at += n
			}
			if !slices.Equal(got, want) {
				t.Fatalf("round %d, condition %d %+v:\n%v, want\n%v", round, k, c, got, want)
			}
		}
	}
	if events < 500 {
		t.Errorf("%d events: the signal says nothing", events)
	}
}

func TestGapsReset(t *testing.T) {
	t.Parallel()
	var at []int64
	see := func(h Hit) { at = append(at, h.Index) }
	d := New(must(t)(Level(driver.DirectionRising, 0.1, 0, millivolt)), recording.Int16)
	d.Look(0, int16s(0, 0), see)
	d.Look(10, int16s(100, 0, 100), see) // what was between is not known: the first sample there is no change
	s := New(must(t)(Slope(driver.DirectionRising, 0.1, 0, 1, millivolt)), recording.Int16)
	s.Look(0, int16s(0, 0), see)
	s.Look(20, int16s(100, 200), see)
	d.Change(must(t)(Level(driver.DirectionRising, 0.05, 0, millivolt)))
	d.Look(13, int16s(60, 0, 60), see)
	if want := []int64{12, 21, 15}; !slices.Equal(at, want) {
		t.Errorf("%v, want %v", at, want)
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	f32 := func(v ...float32) (p []byte) {
		for _, x := range v {
			p = binary.LittleEndian.AppendUint32(p, math.Float32bits(x))
		}
		return p
	}
	nan := float32(math.NaN())
	for _, c := range []struct {
		typ  recording.Datatype
		data []byte
	}{
		{recording.Int8, []byte{0, 0xff, 10, 0, 10}},
		{recording.Uint8, []byte{0, 5, 10, 9, 10}},
		{recording.Int32, []byte{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 10, 0, 0, 0, 1, 0, 0, 0, 10, 0, 0, 0}},
		{recording.Float32, f32(0, nan, 10, 9.5, 10)},
	} {
		d := New(must(t)(Level(driver.DirectionRising, 10, 0, Scale{PerCount: 1})), c.typ)
		if at := found(d, c.data); !slices.Equal(at, []int64{2, 4}) {
			t.Errorf("%s: %v", c.typ, at)
		}
		if at := found(New(d.c, c.typ), nil); at != nil {
			t.Errorf("%s: %v in nothing", c.typ, at)
		}
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	l := Limiter{PerSecond: 3}
	var through []int64
	for ns := int64(0); ns < 3e9; ns += 1e8 {
		if l.Allow(ns) {
			through = append(through, ns/1e8)
		}
	}
	if want := []int64{0, 1, 2, 10, 11, 12, 20, 21, 22}; !slices.Equal(through, want) || l.Suppressed != 21 {
		t.Errorf("%v and %d suppressed", through, l.Suppressed)
	}
	if l.Allow(5) {
		t.Error("a time that goes back begins a new second")
	}
}

func TestNoAllocations(t *testing.T) {
	p := int16s(wander(rand.New(rand.NewPCG(3, 4)), 50_000)...)
	d := New(must(t)(Slope(driver.DirectionEither, 0.05, 0, 100, millivolt)), recording.Int16)
	at := int64(0)
	if n := testing.AllocsPerRun(10, func() { d.Look(at, p, func(Hit) {}); at += 50_000 }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

func BenchmarkLook(b *testing.B) {
	const n = 1 << 20
	quiet, busy := make([]int, n), make([]int, n)
	for i := range quiet {
		quiet[i], busy[i] = i%50, 200*(i%2)
	}
	for _, c := range []struct {
		name string
		make func() (Condition, error)
	}{
		{"level", func() (Condition, error) { return Level(driver.DirectionRising, 0.1, 0, millivolt) }},
		{"slope", func() (Condition, error) { return Slope(driver.DirectionRising, 0.1, 0, 100, millivolt) }},
	} {
		cond, err := c.make()
		if err != nil {
			b.Fatal(err)
		}
		for name, in := range map[string][]int{"quiet": quiet, "busy": busy} {
			p := int16s(in...)
			b.Run(fmt.Sprintf("%s/%s/samples=%d", c.name, name, n), func(b *testing.B) {
				d := New(cond, recording.Int16)
				b.SetBytes(int64(len(p)))
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					d.Look(int64(i)*n, p, func(Hit) {})
				}
			})
		}
	}
}
