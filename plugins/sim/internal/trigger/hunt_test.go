package trigger

import (
	"encoding/binary"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

// trace is an input of given codes, whose last one goes on for ever.
type trace []int16

func (s trace) at(i int64) int16 { return s[min(i, int64(len(s))-1)] }

func (s trace) Fill(dst []byte, first int64) bool {
	for i := range len(dst) / 2 {
		binary.LittleEndian.PutUint16(dst[2*i:], uint16(s.at(first+int64(i))))
	}
	return false
}

// lines is a digital input.
type lines []byte

func (s lines) Fill(dst []byte, first int64) bool {
	for i := range dst {
		dst[i] = s[min(first+int64(i), int64(len(s))-1)]
	}
	return false
}

// level is a trigger of one condition on input 0.
func level(d driver.Direction, threshold, hysteresis int32) Config {
	return Config{Conditions: []Condition{{Direction: d, Upper: threshold, UpperHysteresis: hysteresis}}, Terms: [][]Member{{{}}}}
}

func band(d driver.Direction, lower, upper, hysteresis int32) Config {
	return Config{
		Conditions: []Condition{{Direction: d, Lower: lower, Upper: upper, LowerHysteresis: hysteresis, UpperHysteresis: hysteresis}},
		Terms:      [][]Member{{{}}},
	}
}

func width(d driver.Direction, kind driver.PulseType, lower, upper int64) Config {
	return Config{
		Pulse: &Pulse{Condition: Condition{Direction: d, Upper: 10}, Type: kind, Lower: lower, Upper: upper},
		Terms: [][]Member{{{Condition: -1}}},
	}
}

// TestKinds has for each direction and kind a signal that fires, where, and one that does not.
func TestKinds(t *testing.T) {
	t.Parallel()
	const none = -1
	pulses := trace{0, 20, 0, 0, 20, 20, 20, 0, 0, 20, 20, 20, 20, 20, 20, 0} // of 1, 3 and 6 samples
	for _, c := range []struct {
		name   string
		config Config
		codes  trace
		want   int64
	}{
		{"rising", level(driver.DirectionRising, 10, 0), trace{0, 5, 9, 10, 20}, 3},
		{"rising, never low", level(driver.DirectionRising, 10, 0), trace{10, 20, 10}, none},
		{"rising, never high", level(driver.DirectionRising, 10, 0), trace{0, 9, 0}, none},
		{"rising with hysteresis", level(driver.DirectionRising, 10, 4), trace{20, 7, 12, 6, 12}, 4},
		{"rising, not low enough", level(driver.DirectionRising, 10, 4), trace{20, 7, 12, 7, 12}, none},
		{"falling", level(driver.DirectionFalling, 10, 0), trace{20, 11, 10}, 2},
		{"falling, never high", level(driver.DirectionFalling, 10, 0), trace{5, 10, 0}, none},
		{"falling with hysteresis", level(driver.DirectionFalling, 10, 4), trace{0, 13, 9, 14, 9}, 4},
		{"either up", level(driver.DirectionEither, 10, 0), trace{0, 0, 10}, 2},
		{"either down", level(driver.DirectionEither, 10, 2), trace{20, 9, 8}, 2},
		{"either, steady", level(driver.DirectionEither, 10, 2), trace{20, 9, 20}, none},
		{"above", level(driver.DirectionAbove, 10, 0), trace{0, 10}, 1},
		{"above from the start", level(driver.DirectionAbove, 10, 0), trace{20}, none},
		{"below", level(driver.DirectionBelow, 10, 0), trace{20, 11, 9}, 2},
		{"below from the start", level(driver.DirectionBelow, 10, 0), trace{0}, none},
		{"enter from above", band(driver.DirectionEnter, 0, 10, 0), trace{20, 20, 5}, 2},
		{"enter from below", band(driver.DirectionEnter, 0, 10, 0), trace{-20, -1, 0}, 2},
		{"enter, too near", band(driver.DirectionEnter, 0, 10, 3), trace{12, 12, 5}, none},
		{"exit upwards", band(driver.DirectionExit, 0, 10, 0), trace{5, 10, 11}, 2},
		{"exit downwards", band(driver.DirectionExit, 0, 10, 0), trace{20, 5, -1}, 2},
		{"exit, not deep enough", band(driver.DirectionExit, 0, 10, 3), trace{20, 8, 11}, none},
		{"enter or exit", band(driver.DirectionEnterOrExit, 0, 10, 0), trace{20, 20, 5, 5}, 2},
		{"enter or exit outwards", band(driver.DirectionEnterOrExit, 0, 10, 0), trace{5, 5, 20}, 2},
		{"enter or exit, steady", band(driver.DirectionEnterOrExit, 0, 10, 0), trace{5, 0, 10}, none},
		{"inside", band(driver.DirectionInside, 0, 10, 0), trace{20, 10}, 1},
		{"inside from the start", band(driver.DirectionInside, 0, 10, 0), trace{5, 6}, none},
		{"outside", band(driver.DirectionOutside, 0, 10, 0), trace{5, 11}, 1},
		{"outside, never", band(driver.DirectionOutside, 0, 10, 0), trace{5, 0, 10}, none},
		{"positive runt", band(driver.DirectionPositiveRunt, 5, 10, 0), trace{0, 7, 7, 0}, 3},
		{"positive runt, full pulse", band(driver.DirectionPositiveRunt, 5, 10, 0), trace{0, 7, 10, 7, 0}, none},
		{"positive runt, too low", band(driver.DirectionPositiveRunt, 5, 10, 0), trace{0, 4, 0}, none},
		{"positive runt behind a pulse", band(driver.DirectionPositiveRunt, 5, 10, 2), trace{0, 12, 0, 6, 0}, 4},
		{"negative runt", band(driver.DirectionNegativeRunt, 5, 10, 0), trace{20, 7, 11}, 2},
		{"negative runt, full pulse", band(driver.DirectionNegativeRunt, 5, 10, 0), trace{20, 7, 5, 20}, none},
		{"above lower", band(driver.DirectionAboveLower, 5, 10, 0), trace{0, 6}, 1},
		{"above lower, never", band(driver.DirectionAboveLower, 5, 10, 0), trace{0, 4}, none},
		{"below lower", band(driver.DirectionBelowLower, 5, 10, 0), trace{8, 4}, 1},
		{"below lower, never", band(driver.DirectionBelowLower, 5, 10, 0), trace{20, 8}, none},
		{"rising lower", band(driver.DirectionRisingLower, 5, 10, 1), trace{4, 5}, 1},
		{"rising lower, too near", band(driver.DirectionRisingLower, 5, 10, 2), trace{4, 5}, none},
		{"falling lower", band(driver.DirectionFallingLower, 5, 10, 0), trace{20, 8, 5}, 2},
		{"falling lower, never", band(driver.DirectionFallingLower, 5, 10, 0), trace{20, 8}, none},
		{"inside lower", band(driver.DirectionInsideLower, 5, 10, 1), trace{0, 4}, 1},
		{"inside lower, between the thresholds", band(driver.DirectionInsideLower, 5, 20, 1), trace{0, 9}, none},
		{"outside lower", band(driver.DirectionOutsideLower, 5, 20, 1), trace{5, 9}, 1},
		{"outside lower, never", band(driver.DirectionOutsideLower, 5, 20, 1), trace{5, 6, 4}, none},
		{"enter lower", band(driver.DirectionEnterLower, 5, 20, 1), trace{0, 5}, 1},
		{"enter lower, through", band(driver.DirectionEnterLower, 5, 20, 1), trace{0, 9}, none},
		{"exit lower", band(driver.DirectionExitLower, 5, 20, 1), trace{5, 0}, 1},
		{"exit lower, never", band(driver.DirectionExitLower, 5, 20, 1), trace{5, 4}, none},
		{"enter or exit lower", band(driver.DirectionEnterOrExitLower, 5, 20, 1), trace{0, 0, 5}, 2},
		{"enter or exit lower, steady", band(driver.DirectionEnterOrExitLower, 5, 20, 1), trace{0, 3}, none},
		{"shorter than 2", width(driver.DirectionRising, driver.PulseLessThan, 2, 0), pulses, 2},
		{"shorter than 1", width(driver.DirectionRising, driver.PulseLessThan, 1, 0), pulses, none},
		{"longer than 3", width(driver.DirectionRising, driver.PulseGreaterThan, 3, 0), pulses, 13}, // while it lasts
		{"longer than 6", width(driver.DirectionRising, driver.PulseGreaterThan, 6, 0), pulses, none},
		{"2 to 4", width(driver.DirectionRising, driver.PulseInRange, 2, 4), pulses, 7},
		{"4 to 5", width(driver.DirectionRising, driver.PulseInRange, 4, 5), pulses, none},
		{"not 1 to 5", width(driver.DirectionRising, driver.PulseOutOfRange, 1, 5), pulses, 15},
		{"not 1 to 6", width(driver.DirectionRising, driver.PulseOutOfRange, 1, 6), pulses, none},
		{"pause of 2", width(driver.DirectionFalling, driver.PulseInRange, 2, 2), pulses, 4},
		{"interval of 3", width(driver.DirectionEither, driver.PulseInRange, 3, 3), pulses, 7},
		{"interval of 5", width(driver.DirectionEither, driver.PulseInRange, 5, 5), pulses, none},
		{"dropout", width(driver.DirectionFalling, driver.PulseGreaterThan, 20, 0), pulses, 36},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, steps := range []int64{1, 7, 100} { // pieces must not matter
				h := New(c.config, []Input{c.codes})
				h.Arm()
				got := int64(none)
				for first := int64(0); first < 200; first += steps {
					if at, ok := h.Run(first, steps); ok {
						got = at
						break
					}
				}
				if got != c.want {
					t.Fatalf("in steps of %d it fires at %d, want %d", steps, got, c.want)
				}
			}
		})
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	rising := func(source int) Condition {
		return Condition{Source: source, Direction: driver.DirectionRising, Upper: 10}
	}
	above := func(source int) Condition {
		return Condition{Source: source, Direction: driver.DirectionAbove, Upper: 10}
	}
	const none = -1
	for _, c := range []struct {
		name       string
		conditions []Condition
		terms      [][]Member
		a, b       trace
		want       int64
	}{
		{"edge and state", []Condition{rising(0), above(1)}, [][]Member{{{Condition: 0}, {Condition: 1}}}, trace{0, 20, 0, 20}, trace{0, 0, 20}, 3},
		{"edge and not state", []Condition{rising(0), above(1)}, [][]Member{{{Condition: 0}, {Condition: 1, Not: true}}}, trace{0, 0, 20}, trace{0, 20, 0}, 2},
		{"edge, state missing", []Condition{rising(0), above(1)}, [][]Member{{{Condition: 0}, {Condition: 1}}}, trace{0, 20}, trace{0}, none},
		{"two edges that overlap", []Condition{rising(0), rising(1)}, [][]Member{{{Condition: 0}, {Condition: 1}}}, trace{0, 20, 20, 0}, trace{0, 0, 20}, 2},
		{"two edges that do not", []Condition{rising(0), rising(1)}, [][]Member{{{Condition: 0}, {Condition: 1}}}, trace{0, 20, 0}, trace{0, 0, 0, 20}, none},
		{"or", []Condition{rising(0), rising(1)}, [][]Member{{{Condition: 0}}, {{Condition: 1}}}, trace{0}, trace{0, 0, 20}, 2},
		{"do not care", []Condition{rising(0), above(1)}, [][]Member{{{Condition: 0}}}, trace{0, 20}, trace{0}, 1},
		{"states together", []Condition{above(0), above(1)}, [][]Member{{{Condition: 0}, {Condition: 1}}}, trace{20}, trace{0, 0, 0, 20}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := New(Config{Conditions: c.conditions, Terms: c.terms}, []Input{c.a, c.b})
			h.Arm()
			at, ok := h.Run(0, 100)
			if !ok {
				at = none
			}
			if at != c.want {
				t.Errorf("fires at %d, want %d", at, c.want)
			}
		})
	}
}

func TestPinsAndQualifiedPulses(t *testing.T) {
	t.Parallel()
	pins := New(Config{Conditions: []Condition{{Pins: true, Care: 8, Want: 8, Rise: 1}}, Terms: [][]Member{{{}}}}, []Input{lines{0, 1, 0, 8, 9}})
	pins.Arm()
	if at, ok := pins.Run(0, 10); !ok || at != 4 || pins.Offset(1000, 1) != 0 {
		t.Errorf("pins fire at %d, %v", at, ok)
	}
	still := New(Config{Conditions: []Condition{{Pins: true, Care: 1, Want: 1, Fall: 2}}, Terms: [][]Member{{{}}}}, []Input{lines{3, 0, 2, 1}})
	still.Arm()
	if at, ok := still.Run(0, 10); !ok || at != 3 {
		t.Errorf("pins fire at %d, %v", at, ok)
	}
	c := width(driver.DirectionRising, driver.PulseInRange, 2, 3)
	c.Conditions = []Condition{{Source: 1, Direction: driver.DirectionAbove, Upper: 10}}
	c.Pulse.When = [][]Member{{{Condition: 0}}}
	a := trace{0, 20, 20, 0, 20, 20, 0}
	h := New(c, []Input{a, trace{0, 0, 0, 20}})
	h.Arm()
	if at, ok := h.Run(0, 10); !ok || at != 6 {
		t.Errorf("the qualified pulse fires at %d, %v", at, ok)
	}
	h = New(c, []Input{a, trace{0}})
	h.Arm()
	if at, ok := h.Run(0, 1000); ok {
		t.Errorf("without its condition it fires at %d", at)
	}
}

func TestOffset(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		config   Config
		codes    trace
		num, den uint64
		want     int64
	}{
		{"quarter before", level(driver.DirectionRising, 10, 0), trace{4, 12}, 1000, 1, -250},
		{"at the sample", level(driver.DirectionRising, 10, 0), trace{4, 10}, 1000, 1, 0},
		{"falling", level(driver.DirectionFalling, 10, 0), trace{20, 0}, 1000, 1, -500},
		{"a third of an interval", level(driver.DirectionRising, 10, 0), trace{-10, 20}, 1000, 1, -333},
		{"an odd interval", level(driver.DirectionRising, 10, 0), trace{-10, 20}, 1000, 3, -111},
		{"a thousand seconds", level(driver.DirectionRising, 10, 0), trace{-30000, 30010}, 1e18, 1, -499_916_680_553_241_126},
		{"exit downwards", band(driver.DirectionExit, 0, 100, 0), trace{10, 10, -10}, 1000, 1, -500},
		{"enter from above", band(driver.DirectionEnter, 0, 100, 0), trace{150, 150, 50}, 1000, 1, -500},
		{"runt", band(driver.DirectionPositiveRunt, 5, 100, 0), trace{0, 10, 0}, 1000, 1, -500},
	} {
		h := New(c.config, []Input{c.codes})
		h.Arm()
		if _, ok := h.Run(0, 10); !ok {
			t.Fatalf("%s: it does not fire", c.name)
		}
		if got := h.Offset(c.num, c.den); got != c.want {
			t.Errorf("%s: %d fs, want %d", c.name, got, c.want)
		}
	}
}

// bursts is mostly quiet, and tells so.
type bursts struct {
	seed  uint64
	calls *int
}

// scramble is a random number that depends on its arguments only.
func scramble(seed, i uint64) uint64 {
	z := (i + 1) * 0x9E3779B97F4A7C15 * (seed + 1)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	return z ^ z>>31
}

func (b bursts) busy(i int64) bool {
	return scramble(b.seed, uint64(i>>14))%40 == 0 && i&(1<<14-1) <= 600
}

func (b bursts) at(i int64) int16 {
	if !b.busy(i) {
		return 0
	}
	return int16(scramble(b.seed+7, uint64(i)) >> 20 % 40)
}

func (b bursts) Fill(dst []byte, first int64) bool {
	for i := range len(dst) / 2 {
		*b.calls++
		binary.LittleEndian.PutUint16(dst[2*i:], uint16(b.at(first+int64(i))))
	}
	return false
}

// quietBursts is the same with limits.
type quietBursts struct{ bursts }

func (b quietBursts) Bounds(first int64) (low, high int32, until int64) {
	until = first
	for until < first+1<<20 && !b.busy(until) {
		until = (until>>14 + 1) << 14
	}
	return 0, 0, until
}

// TestLeapsChangeNothing compares a hunt that may jump over quiet stretches with one that may not.
func TestLeapsChangeNothing(t *testing.T) {
	t.Parallel()
	configs := []Config{
		level(driver.DirectionRising, 38, 5), level(driver.DirectionEither, 39, 0), band(driver.DirectionExit, -5, 38, 2),
		band(driver.DirectionPositiveRunt, 5, 8, 1), band(driver.DirectionInside, 38, 39, 0),
		width(driver.DirectionFalling, driver.PulseGreaterThan, 200_000, 0), width(driver.DirectionRising, driver.PulseInRange, 9, 9),
		width(driver.DirectionEither, driver.PulseOutOfRange, 1, 300_000),
	}
	fired := 0
	for i, c := range configs {
		for seed := range uint64(3) {
			slow, fast := 0, 0
			var at [2]int64
			for k, in := range []Input{bursts{seed, &slow}, quietBursts{bursts{seed, &fast}}} {
				h := New(c, []Input{in})
				h.Arm()
				found := false
				if at[k], found = h.Run(0, 3_000_000); !found {
					at[k] = -1
				}
			}
			if at[0] >= 0 {
				fired++
			}
			if at[0] != at[1] {
				t.Errorf("trigger %d, seed %d: %d without leaps, %d with them", i, seed, at[0], at[1])
			}
			if i < 5 && at[0] > 500_000 && fast > slow/4 { // the others have to look at long pulses
				t.Errorf("trigger %d, seed %d: %d of %d samples were looked at", i, seed, fast, slow)
			}
		}
	}
	if fired < 3*len(configs)/2 {
		t.Errorf("%d of %d searches have found something", fired, 3*len(configs))
	}
}

func TestNever(t *testing.T) {
	calls := 0
	h := New(level(driver.DirectionRising, 10, 0), []Input{constant{&calls}})
	h.Arm()
	if _, ok := h.Run(0, 1<<50); ok || !h.Never(1<<50) || calls > 2*piece {
		t.Errorf("a constant fires: %v; it never will: %v; %d samples were made", ok, h.Never(1<<50), calls)
	}
	if n := testing.AllocsPerRun(10, func() { h.Arm(); h.Run(0, 100_000) }); n != 0 {
		t.Errorf("%g allocations per search", n)
	}
}

type constant struct{ calls *int }

func (c constant) Fill(dst []byte, _ int64) bool {
	*c.calls += len(dst) / 2
	clear(dst)
	return false
}

func (c constant) Bounds(int64) (low, high int32, until int64) { return 0, 0, Forever }
