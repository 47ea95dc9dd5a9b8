package trigger

import (
	"errors"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// TestRefused: what a unit cannot do is refused at its place in the plan, with what is nearest.
func TestRefused(t *testing.T) {
	type config = driver.TriggerConfig
	type levels = []driver.LevelCondition
	type windows = []driver.WindowCondition
	type digital = []driver.DigitalCondition
	a, b := level("A", driver.DirectionAbove, 1, 0), level("B", driver.DirectionBelow, 0, 0)
	x, y := pinsOf("x", "D0-7", "D0", "high"), pinsOf("y", "D8-15", "D8", "rising")
	pulse := func(d driver.Direction, kind driver.PulseType, lower, upper int64, when ...[]driver.ConditionRef) *driver.PulseWidthCondition {
		return &driver.PulseWidthCondition{Name: "w", Source: "A", Direction: d, Type: kind, Lower: samples(lower), Upper: samples(upper), When: when}
	}
	long := pulse(driver.DirectionAbove, driver.PulseGreaterThan, 100, 0)
	for _, c := range []struct {
		name           string
		rules          Rules
		t              config
		field, nearest string
	}{
		{"unknown source", freeRules, config{Levels: levels{level("EX", driver.DirectionRising, 1, 0)}}, "trigger.level.EX", `"EXT"`},
		{"channel that is off", freeRules, config{Levels: levels{level("D", driver.DirectionRising, 1, 0)}}, "trigger.level.D", ""},
		{"direction of a window", freeRules, config{Levels: levels{level("A", driver.DirectionEnter, 1, 0)}}, "trigger.level.A.direction", `"either"`},
		{"direction of a level", freeRules, config{Windows: windows{windowOf("A", driver.DirectionRising, -1, 1, 0)}}, "trigger.window.A.direction", `"enter"`},
		{"direction that no unit has", freeRules, config{Windows: windows{windowOf("A", driver.DirectionInsideLower, -1, 1, 0)}}, "trigger.window.A.direction", `"inside"`},
		{"threshold above the range", freeRules, config{Levels: levels{level("A", driver.DirectionRising, 3, 0)}}, "trigger.level.A.threshold", `"2V"`},
		{"threshold beyond range and offset", freeRules, config{Levels: levels{level("B", driver.DirectionRising, 0.6, 0)}}, "trigger.level.B.threshold", `"500mV"`},
		{"threshold below the external input", freeRules, config{Levels: levels{level("EXT", driver.DirectionRising, -6, 0)}}, "trigger.level.EXT.threshold", `"-5V"`},
		{"lower threshold below the range", freeRules, config{Windows: windows{windowOf("A", driver.DirectionEnter, -3, 1, 0)}}, "trigger.window.A.lower", `"-2V"`},
		{"upper threshold above the range", freeRules, config{Windows: windows{windowOf("A", driver.DirectionEnter, -1, 3, 0)}}, "trigger.window.A.upper", `"2V"`},
		{"window upside down", freeRules, config{Windows: windows{windowOf("A", driver.DirectionEnter, 1, -1, 0)}}, "trigger.window.A.lower", ""},
		{"window narrower than a count", freeRules, config{Windows: windows{windowOf("A", driver.DirectionEnter, 0, 1e-6, 0)}}, "trigger.window.A.upper", ""},
		{"hysteresis out of the range", freeRules, config{Levels: levels{level("A", driver.DirectionRising, -1.5, 1)}}, "trigger.level.A.hysteresis", `"500mV"`},
		{"hysteresis out of the range upwards", freeRules, config{Levels: levels{level("A", driver.DirectionBelow, 1.5, 1)}}, "trigger.level.A.hysteresis", `"500mV"`},
		{"negative hysteresis", freeRules, config{Levels: levels{level("A", driver.DirectionRising, 0, -1)}}, "trigger.level.A.hysteresis", `"0V"`},
		{"hysteresis wider than the window", freeRules, config{Windows: windows{windowOf("A", driver.DirectionExit, -1, 1, 1.5)}}, "trigger.window.A.lower_hysteresis", `"500mV"`},
		{"hysteresis beside a runt", freeRules, config{Windows: windows{windowOf("A", driver.DirectionPositiveRunt, -1.5, 1, 0.6)}}, "trigger.window.A.lower_hysteresis", `"500mV"`},
		{"two conditions on a source", freeRules, config{Levels: levels{a}, Windows: windows{{Name: "A2", Source: "A", Direction: driver.DirectionEnter, Lower: 0, Upper: units.Volt}}}, "trigger.window.A2", ""},
		{"two conditions of a name", freeRules, config{Levels: levels{a, {Name: "A", Source: "B", Direction: driver.DirectionAbove}}}, "trigger.level.A", ""},
		{"no condition", freeRules, config{}, "trigger", ""},
		{"unknown name", freeRules, config{Levels: levels{a}, AnyOf: [][]driver.ConditionRef{refs("Z")}}, "trigger.any_of", ""},
		{"empty list", freeRules, config{Levels: levels{a}, AnyOf: [][]driver.ConditionRef{{}}}, "trigger.any_of", ""},
		{"holds and does not", freeRules, config{Levels: levels{a}, AnyOf: [][]driver.ConditionRef{refs("A", "!A")}}, "trigger.any_of", ""},
		{"too many alternatives", strictRules, config{Levels: levels{a, b}, AnyOf: [][]driver.ConditionRef{refs("A"), refs("B"), refs("A", "B")}}, "trigger.any_of", ""},
		{"unknown port", freeRules, config{Digital: digital{pinsOf("x", "D16-23", "D16", "high")}}, "trigger.digital.x", ""},
		{"pin of another port", freeRules, config{Digital: digital{pinsOf("x", "D0-7", "D8", "high")}}, "trigger.digital.x.pins", `"D0"`},
		{"pin without direction", freeRules, config{Digital: digital{pinsOf("x", "D0-7", "D1", "sideways")}}, "trigger.digital.x.pins", ""},
		{"pin twice", freeRules, config{Digital: digital{pinsOf("x", "D0-7", "D1", "high", "D1", "rising")}}, "trigger.digital.x.pins", ""},
		{"no pin", freeRules, config{Digital: digital{pinsOf("x", "D0-7")}}, "trigger.digital.x.pins", ""},
		{"pin in two conditions", freeRules, config{Digital: digital{x, pinsOf("z", "D0-7", "D0", "rising")}}, "trigger.any_of", ""},
		{"pins of a port apart", freeRules, config{Digital: digital{x, pinsOf("z", "D0-7", "D1", "rising")}, AnyOf: [][]driver.ConditionRef{refs("x"), refs("z")}}, "trigger.any_of", ""},
		{"ports apart where they are one", strictRules, config{Digital: digital{x, y}, AnyOf: [][]driver.ConditionRef{refs("x"), refs("y")}}, "trigger.any_of", ""},
		{"ports negated where they are one", strictRules, config{Digital: digital{x, y}, AnyOf: [][]driver.ConditionRef{refs("!x", "!y")}}, "trigger.any_of", ""},
		{"pulse width without thresholds", freeRules, config{Levels: levels{b}, PulseWidth: long}, "trigger.pulse_width.w", ""},
		{"pulse width of a window without one", freeRules, config{Levels: levels{a}, PulseWidth: pulse(driver.DirectionInside, driver.PulseGreaterThan, 1, 0)}, "trigger.pulse_width.w", ""},
		{"pulse width of a direction that no unit has", freeRules, config{Windows: windows{windowOf("A", driver.DirectionEnter, 0, 1, 0)}, PulseWidth: pulse(driver.DirectionEnterLower, driver.PulseGreaterThan, 1, 0)}, "trigger.pulse_width.w.direction", `"enter"`},
		{"pulse width of no type", freeRules, config{Levels: levels{a}, PulseWidth: pulse(driver.DirectionAbove, "odd", 1, 0)}, "trigger.pulse_width.w.type", `"greater_than"`},
		{"pulse width too long", freeRules, config{Levels: levels{a}, PulseWidth: pulse(driver.DirectionAbove, driver.PulseGreaterThan, 1<<24, 0)}, "trigger.pulse_width.w.lower", "16777215"},
		{"pulse width too long as a time", freeRules, config{Levels: levels{a}, PulseWidth: &driver.PulseWidthCondition{Name: "w", Source: "A", Direction: driver.DirectionAbove, Type: driver.PulseInRange, Upper: driver.Span{Time: units.Seconds(20, 1)}}}, "trigger.pulse_width.w.upper", `"16.777215s"`},
		{"pulse widths upside down", freeRules, config{Levels: levels{a}, PulseWidth: pulse(driver.DirectionAbove, driver.PulseInRange, 20, 10)}, "trigger.pulse_width.w.lower", "10"},
		{"shorter than a sample", freeRules, config{Levels: levels{a}, PulseWidth: pulse(driver.DirectionAbove, driver.PulseLessThan, 1, 0)}, "trigger.pulse_width.w.lower", "2"},
		{"negative pulse width", freeRules, config{Levels: levels{a}, PulseWidth: pulse(driver.DirectionAbove, driver.PulseGreaterThan, -1, 0)}, "trigger.pulse_width.w.lower", "0"},
		{"pulse while it is not", freeRules, config{Levels: levels{a}, PulseWidth: pulse(driver.DirectionAbove, driver.PulseGreaterThan, 1, 0, refs("!A"))}, "trigger.pulse_width.w.when", ""},
		{"pulse with two directions of its source", freeRules, config{Levels: levels{a}, PulseWidth: pulse(driver.DirectionBelow, driver.PulseGreaterThan, 1, 0, refs("A"))}, "trigger.pulse_width.w.when", ""},
		{"pulse while a moment", freeRules, config{Levels: levels{a}, Digital: digital{y}, PulseWidth: pulse(driver.DirectionAbove, driver.PulseGreaterThan, 1, 0, refs("y"))}, "trigger.pulse_width.w.when", ""},
		{"pulse while a pulse", freeRules, config{Levels: levels{a}, PulseWidth: pulse(driver.DirectionAbove, driver.PulseGreaterThan, 1, 0, refs("w"))}, "trigger.pulse_width.w.when", ""},
		{"pulse with another source", singleRules, config{Levels: levels{a, b}, PulseWidth: pulse(driver.DirectionAbove, driver.PulseGreaterThan, 1, 0, refs("B"))}, "trigger.pulse_width.w.when", ""},
		{"pulse with another direction", strictRules, config{Levels: levels{a, b}, PulseWidth: pulse(driver.DirectionAbove, driver.PulseGreaterThan, 1, 0, refs("B"))}, "trigger.pulse_width.w.when", ""},
		{"level and window of a source", strictRules, config{Windows: windows{windowOf("A", driver.DirectionEnter, 0, 1, 0)}, PulseWidth: pulse(driver.DirectionAboveLower, driver.PulseGreaterThan, 1, 0)}, "trigger.pulse_width.w.direction", ""},
		{"delay too long", freeRules, config{Levels: levels{a}, Delay: samples(8_388_608)}, "trigger.delay", "8388607"},
		{"delay too long as a time", freeRules, config{Levels: levels{a}, Delay: driver.Span{Time: units.Seconds(10, 1)}}, "trigger.delay", `"8.388607s"`},
		{"auto too long", freeRules, config{Levels: levels{a}, Auto: 2 * time.Hour}, "trigger.auto", `"3600s"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan, _, err := Make(request(c.rules, &c.t))
			var e *driver.Error
			if !errors.As(err, &e) || e.Kind != driver.KindUnsupported {
				t.Fatalf("got %v", err)
			}
			if e.Field != c.field || e.Nearest != c.nearest {
				t.Errorf("at %q, nearest %q; want %q, %q: %v", e.Field, e.Nearest, c.field, c.nearest, e)
			}
			if plan != nil {
				t.Error("a refused trigger is planned")
			}
		})
	}
}
