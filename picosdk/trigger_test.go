package picosdk

import (
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// TestThresholdCodes: every direction that is offered has a number, which together with its mode is its own.
func TestThresholdCodes(t *testing.T) {
	type key struct {
		number uint32
		window bool
	}
	seen := map[key]driver.Direction{}
	for _, d := range Directions() {
		c, ok := ThresholdCodeOf(d)
		if !ok {
			t.Errorf("%s has no number", d)
		}
		k := key{c.Number, c.Window}
		if other, twice := seen[k]; twice {
			t.Errorf("%s and %s are both %+v", d, other, k)
		}
		seen[k] = d
	}
	if len(thresholdCodes) != len(seen) {
		t.Errorf("%d numbers for %d directions", len(thresholdCodes), len(seen))
	}
	if _, ok := ThresholdCodeOf(driver.DirectionInsideLower); ok {
		t.Error("the lower threshold of a window has a number")
	}
	for d, want := range map[driver.Direction]ThresholdCode{
		driver.DirectionRising: {Number: 2}, driver.DirectionEither: {Number: 4, Instant: true}, driver.DirectionFallingLower: {Number: 8},
		driver.DirectionExit: {Number: 3, Window: true}, driver.DirectionNegativeRunt: {Number: 10, Window: true, Instant: true},
	} {
		if got, _ := ThresholdCodeOf(d); got != want {
			t.Errorf("%s: %+v, want %+v", d, got, want)
		}
	}
}

func TestPinAndPulseCodes(t *testing.T) {
	for i, d := range []string{"low", "high", "rising", "falling", "either"} {
		if code, edge, ok := PinCodeOf(d); code != uint32(i+1) || edge != (i >= 2) || !ok {
			t.Errorf("%s: %d, edge %v, %v", d, code, edge, ok)
		}
	}
	if _, _, ok := PinCodeOf("sideways"); ok {
		t.Error("a pin goes sideways")
	}
	for i, p := range []driver.PulseType{driver.PulseLessThan, driver.PulseGreaterThan, driver.PulseInRange, driver.PulseOutOfRange} {
		if code, both, ok := PulseCodeOf(p); code != uint32(i+1) || both != (i >= 2) || !ok {
			t.Errorf("%s: %d, both %v, %v", p, code, both, ok)
		}
	}
	if _, _, ok := PulseCodeOf("odd"); ok {
		t.Error("a width is odd")
	}
}

func TestInputScale(t *testing.T) {
	for name, c := range map[string]struct {
		t    Trigger
		want int32
	}{
		"as the table says": {Trigger{External: true, ExternalFull: 2 * units.Volt}, 16384},
		"nothing is said":   {Trigger{Aux: true}, 6553},
	} {
		if code, ok := c.t.InputScale().Code(units.Volt); code != c.want || !ok {
			t.Errorf("%s: 1 V is %d, %v", name, code, ok)
		}
	}
}

// TestTriggerField: what a refusal is about.
func TestTriggerField(t *testing.T) {
	for _, c := range []struct {
		status     Status
		name, want string
	}{
		{0x20, "", "trigger.delay"}, {0x300, "long", "trigger.delay"}, {0x4000, "", "trigger.auto"}, {0x1F, "long", "trigger.pulse_width.long"},
		{0x20A, "long", "trigger.pulse_width.long"}, {0x1F, "", "trigger"}, {0x22, "long", "trigger.any_of"}, {0x17C, "long", "trigger"},
		{0x38, "", "trigger"}, // a field of its own, but not of the trigger
	} {
		if got := c.status.TriggerField(c.name); got != c.want {
			t.Errorf("%s with %q: %s, want %s", c.status.Hex(), c.name, got, c.want)
		}
	}
}
