package scopetest

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
)

// through wants channel A to go up, or down, through a voltage at the trigger point.
func through(v float64, up bool) func(waveform) string {
	return func(w waveform) string {
		before, after := w.a[w.at-1], w.a[w.at]
		if up && before < v && after >= v || !up && before > v && after <= v {
			return ""
		}
		return fmt.Sprintf("A does not go through %v V", v)
	}
}

// either wants one of some.
func either(judges ...func(waveform) string) func(waveform) string {
	return func(w waveform) (wrong string) {
		for _, j := range judges {
			if wrong = j(w); wrong == "" {
				return ""
			}
		}
		return wrong
	}
}

// both wants all of some.
func both(judges ...func(waveform) string) func(waveform) string {
	return func(w waveform) string {
		for _, j := range judges {
			if wrong := j(w); wrong != "" {
				return wrong
			}
		}
		return ""
	}
}

// peak wants the pulse of channel A that ends at the trigger point to have gone through one voltage and not through another.
func peak(from, to float64, up bool) func(waveform) string {
	return func(w waveform) string {
		for i := w.at - 1; i >= 0; i-- {
			switch {
			case up && w.a[i] >= to || !up && w.a[i] <= to:
				return "A went through both thresholds"
			case up && w.a[i] < from || !up && w.a[i] > from:
				return ""
			}
		}
		return "the pulse is longer than the waveform"
	}
}

// bRises wants channel B to go up through 1 V at the trigger point.
func bRises(w waveform) string {
	if w.b[w.at-1] < 1 && w.b[w.at] >= 1 {
		return ""
	}
	return "B does not rise"
}

const (
	swing  = "channel A = square frequency=1.7kHz amplitude=8V" // from -4 V to 4 V
	little = "channel A = square frequency=1.7kHz amplitude=2V"
)

func levelCases(k triggers) []triggerCase {
	up, down := through(2, true), through(2, false)
	cases := []triggerCase{
		{"simple rising", k.level(driver.DirectionRising, 2, 0), []string{swing}, up, []string{little, "channel A = dc offset=3V"}},
		{"simple falling", k.level(driver.DirectionFalling, 2, 0), []string{swing}, down, []string{little, "channel A = dc offset=-3V"}},
		{"simple either", k.level(driver.DirectionEither, 2, 0), []string{swing}, either(up, down), []string{little}},
		{"simple above", k.level(driver.DirectionAbove, 2, 0), []string{swing}, up, []string{little}},
		{"simple below", k.level(driver.DirectionBelow, 2, 0), []string{swing}, down, []string{"channel A = square frequency=1.7kHz amplitude=2V offset=5V"}},
		{"rising", k.level(driver.DirectionRising, 2, 0.1), []string{swing}, up, []string{little}},
		{"falling", k.level(driver.DirectionFalling, 2, 0.1), []string{swing}, down, []string{little}},
		{"either", k.level(driver.DirectionEither, 2, 0.1), []string{swing}, either(up, down), []string{little}},
		{"above", k.level(driver.DirectionAbove, 2, 0.1), []string{swing}, up, []string{little}},
		{"below", k.level(driver.DirectionBelow, 2, 0.1), []string{swing}, down, []string{"channel A = square frequency=1.7kHz amplitude=2V offset=5V"}},
		{"hysteresis", k.level(driver.DirectionRising, 0, 3), []string{swing}, through(0, true), []string{little}},
		{"hysteresis downwards", k.level(driver.DirectionFalling, 0, 3), []string{swing}, through(0, false), []string{little}},
	}
	// The trigger point lies behind the trigger.
	late := k.level(driver.DirectionRising, 2, 0)
	late.Delay = 300
	delayed := func(w waveform) string {
		w.at -= 300
		return up(w)
	}
	cases = append(cases, triggerCase{"delay", late, []string{"channel A = square frequency=100Hz amplitude=8V"}, delayed, []string{little}})
	late = k.level(driver.DirectionRising, 2, 0.1)
	late.Delay = 300
	cases = append(cases, triggerCase{"delay beside hysteresis", late, []string{"channel A = square frequency=100Hz amplitude=8V"}, delayed, []string{little}})
	for name, source := range map[string]trigger.Source{"ext": external, "aux": aux} {
		if source == external && !k.model.Trigger.External || source == aux && !k.model.Trigger.Aux {
			continue
		}
		// A sees what the input sees, at another voltage.
		same := swing + "; " + name + " = square frequency=1.7kHz amplitude=4V"
		silent := swing + "; " + name + " = square frequency=1.7kHz amplitude=1V"
		simple := k.on(source, driver.DirectionFalling, 1, 1, 0)
		simple.Simple = true
		cases = append(cases,
			triggerCase{"simple " + name, simple, []string{same}, through(0, false), []string{silent}},
			triggerCase{name, k.on(source, driver.DirectionRising, 1, 1, 0.2), []string{same}, through(0, true), []string{silent}},
			triggerCase{name + " window", k.on(source, driver.DirectionEnter, -1, 3, 0), []string{same}, through(0, true), []string{silent}},
		)
	}
	return cases
}

// windowCases use the window from -2 V to 2 V, or what else a direction needs.
func windowCases(k triggers) []triggerCase {
	window := func(d driver.Direction) trigger.Plan { return k.on(inputA, d, -2, 2, 0.1) }
	const triangle = "channel A = triangle frequency=700Hz amplitude=8V"
	const inside, outside = "channel A = triangle frequency=700Hz amplitude=2V", "channel A = triangle frequency=700Hz amplitude=2V offset=5V"
	in := func(v float64) bool { return v >= -2 && v <= 2 }
	enters := func(w waveform) string {
		if !in(w.a[w.at-1]) && in(w.a[w.at]) {
			return ""
		}
		return "A does not come into the window"
	}
	leaves := func(w waveform) string {
		if in(w.a[w.at-1]) && !in(w.a[w.at]) {
			return ""
		}
		return "A does not leave the window"
	}
	// Two thresholds, of which the lower one counts.
	lower := func(d driver.Direction) trigger.Plan { return k.on(inputA, d, -2, 4, 0.1) }
	const low, high = "channel A = square frequency=1.7kHz amplitude=4V offset=-2V", "channel A = square frequency=1.7kHz amplitude=4V offset=4V"
	// Triangles that turn above the upper threshold, or below the lower one, or between.
	runt := func(d driver.Direction) trigger.Plan { return k.on(inputA, d, 1, 4, 0) }
	const turnsUp, turnsDown, never = "channel A = triangle frequency=700Hz amplitude=3V offset=1.5V", "channel A = triangle frequency=700Hz amplitude=4V offset=5V", "channel A = triangle frequency=700Hz amplitude=10V offset=2V"
	return []triggerCase{
		{"enter", window(driver.DirectionEnter), []string{triangle}, enters, []string{inside, outside}},
		{"exit", window(driver.DirectionExit), []string{triangle}, leaves, []string{inside, outside}},
		{"enter or exit", window(driver.DirectionEnterOrExit), []string{triangle}, either(enters, leaves), []string{inside, outside}},
		{"inside", window(driver.DirectionInside), []string{triangle}, enters, []string{outside}},
		{"outside", window(driver.DirectionOutside), []string{triangle}, leaves, []string{inside}},
		{"window with hysteresis", k.on(inputA, driver.DirectionEnter, -2, 2, 1.5), []string{triangle}, enters, []string{"channel A = triangle frequency=700Hz amplitude=4.4V"}},
		{"rising through the lower", lower(driver.DirectionRisingLower), []string{low}, through(-2, true), []string{high}},
		{"falling through the lower", lower(driver.DirectionFallingLower), []string{low}, through(-2, false), []string{high}},
		{"above the lower", lower(driver.DirectionAboveLower), []string{low}, through(-2, true), []string{"channel A = dc offset=-3V"}},
		{"below the lower", lower(driver.DirectionBelowLower), []string{low}, through(-2, false), []string{high}},
		{"positive runt", runt(driver.DirectionPositiveRunt), []string{turnsUp, "channel A = runts period=300us width=100us amplitude=6V every=4 runt=50%"},
			both(through(1, false), peak(1, 4, true)), []string{never, "channel A = pulses period=300us width=100us amplitude=6V"}},
		{"negative runt", runt(driver.DirectionNegativeRunt), []string{turnsDown}, both(through(4, true), peak(4, 1, false)), []string{never}},
	}
}

func logicCases(k triggers) []triggerCase {
	a, b := k.at(inputA, driver.DirectionRising, 2, 2, 0.1), k.at(inputB, driver.DirectionAbove, 1, 1, 0)
	plan := func(terms ...[]trigger.State) trigger.Plan {
		return trigger.Plan{Levels: []trigger.Level{a, b}, Terms: terms}
	}
	bIs := func(high bool) func(waveform) string {
		return func(w waveform) string {
			if w.b[w.at] >= 1 != high {
				return fmt.Sprintf("B is at %.2f V", w.b[w.at])
			}
			return ""
		}
	}
	up := through(2, true)
	const bHigh, bLow, bSlow = "; channel B = dc offset=3V", "; channel B = dc offset=-3V", "; channel B = square frequency=130Hz amplitude=6V"
	const still = "channel A = dc offset=0V"
	return []triggerCase{
		{"and", plan(all(inputA, inputB)), []string{swing + bHigh, swing + bSlow}, both(up, bIs(true)), []string{swing + bLow, still + bHigh}},
		{"and not", plan(append(all(inputA), not(inputB))), []string{swing + bLow, swing + bSlow}, both(up, bIs(false)), []string{swing + bHigh}},
		{"or", plan(all(inputA), all(inputB)), []string{swing + bLow, still + bSlow, swing + bSlow}, either(up, bRises), []string{little + bLow}},
		{"or of ands", plan(append(all(inputA), not(inputB)), append(all(inputB), not(inputA))), []string{still + bSlow, swing + bLow}, either(up, bRises), []string{still + bLow, still + bHigh}},
		{"states together", trigger.Plan{Levels: []trigger.Level{k.at(inputA, driver.DirectionBelow, -2, -2, 0), b}, Terms: anyOf(all(inputA, inputB))},
			[]string{swing + bSlow}, func(w waveform) string {
				if w.a[w.at] <= -2 && w.b[w.at] >= 1 && (w.a[w.at-1] > -2 || w.b[w.at-1] < 1) {
					return ""
				}
				return "A and B do not begin to hold"
			}, []string{swing + bLow, still + bSlow}},
	}
}

// wide wants the pulse of channel A above 2 V that ends at the trigger point, or lasts there, to have a width in microseconds.
func wide(low, high float64) func(waveform) string {
	return func(w waveform) string {
		i := w.at - 1
		for i >= 0 && w.a[i] >= 2 {
			i--
		}
		if us := float64(w.at-1-i) * w.dt * 1e6; us < low || us > high {
			return fmt.Sprintf("the pulse is %.1f us long, want %v to %v", us, low, high)
		}
		return ""
	}
}

func pulses(period, width int) string {
	return fmt.Sprintf("channel A = pulses period=%dus width=%dus amplitude=5V", period, width)
}

func pulseCases(k triggers) []triggerCase {
	short, middle, long := pulses(211, 5), pulses(211, 20), pulses(211, 60)
	falls := through(2, false)
	withLevel := k.pulse(driver.PulseGreaterThan, 30, 0)
	withLevel.Levels = []trigger.Level{k.at(inputA, driver.DirectionFalling, 2, 2, 0)}
	withLevel.Terms = anyOf(all(inputA, width))
	orLevel := k.pulse(driver.PulseLessThan, 10, 0)
	orLevel.Levels = []trigger.Level{k.at(inputB, driver.DirectionRising, 1, 1, 0)}
	orLevel.Terms = anyOf(all(width), all(inputB))
	cases := []triggerCase{
		{"pulse less than", k.pulse(driver.PulseLessThan, 10, 0), []string{short}, both(falls, wide(4, 7)), []string{middle, long}},
		{"pulse greater than", k.pulse(driver.PulseGreaterThan, 30, 0), []string{long}, wide(29, 33), []string{short, middle}},
		{"pulse in range", k.pulse(driver.PulseInRange, 10, 30), []string{middle}, both(falls, wide(18, 22)), []string{short, long}},
		{"pulse out of range", k.pulse(driver.PulseOutOfRange, 10, 30), []string{short, long}, either(wide(4, 7), wide(29, 33)), []string{middle}},
		{"pulse that ends", withLevel, []string{long}, both(falls, wide(58, 62)), []string{short, middle}},
		{"pulse or level", orLevel, []string{short, long + "; channel B = square frequency=130Hz amplitude=6V"}, either(both(falls, wide(4, 7)), bRises), []string{long}},
		{"dropout", k.pulseOf(driver.DirectionBelow, driver.PulseGreaterThan, 2, 2, 100, 0), []string{pulses(700, 50)}, func(w waveform) string {
			for i := w.at - 99; i < w.at; i++ {
				if w.a[i] >= 2 {
					return "there was a pulse not long ago"
				}
			}
			if w.a[w.at-110] < 2 {
				return "the last pulse is too long ago"
			}
			return ""
		}, []string{pulses(100, 50)}},
		{"interval in range", k.pulseOf(driver.DirectionEither, driver.PulseInRange, 2, 2, 40, 60), []string{pulses(100, 50)}, interval(40, 60), []string{pulses(60, 30), pulses(200, 100)}},
		{"interval greater than", k.pulseOf(driver.DirectionEither, driver.PulseGreaterThan, 2, 2, 80, 0), []string{pulses(200, 100)}, interval(79, 83), []string{pulses(100, 50)}},
		{"interval between runts", k.pulseOf(driver.DirectionPositiveRunt, driver.PulseInRange, 1, 4, 1100, 1300),
			[]string{"channel A = runts period=300us width=100us amplitude=6V every=4 runt=50%"}, both(through(1, false), peak(1, 4, true)),
			[]string{"channel A = runts period=300us width=100us amplitude=6V every=2 runt=50%", "channel A = pulses period=1200us width=100us amplitude=6V"}},
		{"time in a window", k.pulseOf(driver.DirectionInside, driver.PulseGreaterThan, -2, 2, 100, 0), []string{"channel A = triangle period=800us amplitude=10V"}, func(w waveform) string {
			if math.Abs(w.a[w.at-99]) <= 2 && math.Abs(w.a[w.at-1]) <= 2 && math.Abs(w.a[w.at-104]) > 2 {
				return ""
			}
			return "A was not so long inside"
		}, []string{"channel A = triangle period=200us amplitude=10V"}},
	}
	if !k.rules.OneSource {
		meanwhile := k.pulse(driver.PulseGreaterThan, 30, 0)
		meanwhile.Pulse.Levels = append(meanwhile.Pulse.Levels, k.at(inputB, driver.DirectionAbove, 1, 1, 0))
		meanwhile.Pulse.Terms = anyOf(all(inputA, inputB))
		cases = append(cases, triggerCase{"pulse while another holds", meanwhile, []string{long + "; channel B = dc offset=3V"}, wide(29, 33), []string{long + "; channel B = dc offset=-3V", short + "; channel B = dc offset=3V"}})
	}
	return cases
}

// interval wants the last time that channel A went through 2 V before the trigger point to be so many microseconds away.
func interval(low, high float64) func(waveform) string {
	return func(w waveform) string {
		i := w.at - 1
		for i > 0 && (w.a[i] >= 2) == (w.a[i-1] >= 2) {
			i--
		}
		if us := float64(w.at-i) * w.dt * 1e6; us < low || us > high {
			return fmt.Sprintf("%.1f us passed, want %v to %v", us, low, high)
		}
		return ""
	}
}
