package scopetest

import (
	"fmt"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
)

// pin wants a pin to be, or to become at the trigger point, what a trigger waits for.
func pin(n int, direction string) func(waveform) string {
	return func(w waveform) string {
		was, is := w.pins[w.at-1]>>n&1 != 0, w.pins[w.at]>>n&1 != 0
		ok := map[string]bool{"low": !is, "high": is, "rising": !was && is, "falling": was && !is, "either": was != is}[direction]
		if !ok {
			return fmt.Sprintf("D%d is not %s", n, direction)
		}
		return ""
	}
}

// digitalCases are none for a unit without ports.
func digitalCases(k triggers) []triggerCase {
	if len(k.unit.Ports) == 0 {
		return nil
	}
	const fast, slow = "pin D0 = square frequency=1.7kHz", "pin D1 = square frequency=130Hz"
	const high, low = "pin D1 = dc offset=3.3V", "pin D1 = dc offset=0V"
	const silent = "pin D0 = dc offset=0V"
	edge := k.pins("D0=rising")
	analog := func(terms ...[]trigger.State) trigger.Plan {
		p := k.pins("D0=rising")
		p.Levels, p.Terms = []trigger.Level{k.at(inputA, driver.DirectionAbove, 2, 2, 0)}, terms
		return p
	}
	const aHigh, aLow = "; channel A = dc offset=3V", "; channel A = dc offset=-3V"
	negated := k.level(driver.DirectionRising, 2, 0.1)
	negated.Pins, negated.Terms = pinList("D1=high"), anyOf(append(all(inputA), not(port0)))
	meanwhile := k.pulse(driver.PulseGreaterThan, 30, 0)
	meanwhile.Pulse.Pins, meanwhile.Pulse.Terms = pinList("D1=high"), anyOf(all(inputA, port0))
	long := "; " + pulses(211, 60)
	cases := []triggerCase{
		{"pin rising", edge, []string{fast}, pin(0, "rising"), []string{silent}},
		{"pin falling", k.pins("D0=falling"), []string{fast}, pin(0, "falling"), []string{silent}},
		{"pin either", k.pins("D0=either"), []string{fast}, pin(0, "either"), []string{silent}},
		{"pin high", k.pins("D0=high"), []string{fast}, both(pin(0, "high"), pin(0, "rising")), []string{silent}},
		{"pin low", k.pins("D0=low"), []string{fast}, both(pin(0, "low"), pin(0, "falling")), []string{"pin D0 = dc offset=3.3V"}},
		{"edge and state", k.pins("D0=rising D1=high"), []string{fast + "; " + high, fast + "; " + slow}, both(pin(0, "rising"), pin(1, "high")), []string{fast + "; " + low, silent + "; " + slow}},
		{"pattern", k.pins("D0=high D1=low D2=high"), []string{fast + "; " + low + "; pin D2 = dc offset=3.3V"}, both(pin(0, "rising"), pin(1, "low"), pin(2, "high")),
			[]string{fast + "; " + high + "; pin D2 = dc offset=3.3V", fast + "; " + low}},
		{"pin and level", analog(all(inputA, port0)), []string{fast + aHigh, fast + "; channel A = square frequency=130Hz amplitude=8V"}, both(pin(0, "rising"), func(w waveform) string {
			if w.a[w.at] < 2 {
				return "A is low"
			}
			return ""
		}), []string{fast + aLow, silent + aHigh}},
		{"pin or level", analog(all(inputA), all(port0)), []string{fast + aLow, silent + "; " + swing}, either(pin(0, "rising"), through(2, true)), []string{silent + aLow}},
		{"level without pin", negated, []string{swing + "; " + low, swing + "; " + slow}, both(through(2, true), pin(1, "low")), []string{swing + "; " + high}},
		{"pulse while a pin is high", meanwhile, []string{high + long}, wide(29, 33), []string{low + long, high + "; " + pulses(211, 5)}},
	}
	if len(k.unit.Ports) < 2 {
		return cases
	}
	ports := k.pins("D0=rising D9=high")
	if !k.rules.OneDigital {
		ports.Terms = anyOf(all(port0, trigger.Source{Kind: trigger.SourcePort, Index: 1}))
	}
	upper := k.pins("D9=falling")
	if !k.rules.OneDigital {
		upper.Terms = anyOf(all(trigger.Source{Kind: trigger.SourcePort, Index: 1}))
	}
	return append(cases,
		triggerCase{"two ports", ports, []string{fast + "; pin D9 = dc offset=3.3V"}, both(pin(0, "rising"), pin(9, "high")), []string{fast, "pin D9 = dc offset=3.3V"}},
		triggerCase{"upper port", upper, []string{"pin D9 = square frequency=1.7kHz"}, pin(9, "falling"), []string{fast}},
	)
}
