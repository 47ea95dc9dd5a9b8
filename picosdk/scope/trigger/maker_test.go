package trigger

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// request asks for a trigger of a unit whose channels A (2 V), B (1 V with an offset of 0.5 V), C and ports are on; codes go to 32512, an
// interval is 1 us.
func request(rules Rules, t *driver.TriggerConfig) Request {
	return Request{
		Config: t, Rules: rules, CodeMax: 32512, Ports: []int{0, 1}, MaxDelay: 8_388_607, Interval: units.Seconds(1, 1_000_000),
		Model: picosdk.Model{
			Name: "F4", Channels: 4, Ports: 2, Trigger: picosdk.Trigger{External: true, ExternalFull: 5 * units.Volt, Aux: true, MaxPulseWidth: 16_777_215},
		},
		Channels: []driver.AppliedChannel{{Channel: "A", Range: 2 * units.Volt}, {Channel: "B", Range: units.Volt, Offset: 500 * units.Millivolt}, {Channel: "C", Range: 2 * units.Volt}},
		Capabilities: driver.Capabilities{Model: "F4", Trigger: driver.TriggerCapabilities{
			Sources: []string{"A", "B", "C", "D", "EXT", "AUX"}, Directions: picosdk.Directions(), Digital: true,
			PulseWidth: []driver.PulseType{driver.PulseLessThan, driver.PulseGreaterThan, driver.PulseInRange, driver.PulseOutOfRange},
		}},
	}
}

// The rules of the families, and of one that cannot have windows and levels of a source mixed.
var (
	freeRules   = Rules{AutoStep: time.Microsecond, MaxAuto: time.Hour}
	strictRules = Rules{AutoStep: time.Millisecond, OneDigital: true, OneMode: true, OneDirection: true, MaxTerms: 2}
	singleRules = Rules{AutoStep: time.Microsecond, OneSource: true}
)

func volts(v float64) units.Voltage { return units.Voltage(v * 1e9) }

func level(source string, d driver.Direction, at, hysteresis float64) driver.LevelCondition {
	return driver.LevelCondition{Name: source, Source: source, Direction: d, Threshold: volts(at), Hysteresis: volts(hysteresis)}
}

func windowOf(source string, d driver.Direction, lower, upper, hysteresis float64) driver.WindowCondition {
	return driver.WindowCondition{
		Name: source, Source: source, Direction: d, Lower: volts(lower), Upper: volts(upper), LowerHysteresis: volts(hysteresis), UpperHysteresis: volts(hysteresis),
	}
}

func pinsOf(name, port string, list ...string) driver.DigitalCondition {
	d := driver.DigitalCondition{Name: name, Port: port}
	for i := 0; i < len(list); i += 2 {
		d.Pins = append(d.Pins, driver.PinCondition{Pin: list[i], Direction: list[i+1]})
	}
	return d
}

func refs(names ...string) []driver.ConditionRef {
	var out []driver.ConditionRef
	for _, n := range names {
		not := n[0] == '!'
		if not {
			n = n[1:]
		}
		out = append(out, driver.ConditionRef{Name: n, Not: not})
	}
	return out
}

func samples(n int64) driver.Span { return driver.Span{Samples: n} }

var (
	sourceA  = Source{Kind: SourceChannel}
	sourceB  = Source{Kind: SourceChannel, Index: 1}
	external = Source{Kind: SourceExternal}
	width    = Source{Kind: SourcePulseWidth}
	port0    = Source{Kind: SourcePort}
	port1    = Source{Kind: SourcePort, Index: 1}
)

func on(list ...Source) []State {
	var out []State
	for _, s := range list {
		out = append(out, State{Source: s})
	}
	return out
}

// TestMake: what is asked for in the terms of the unit.
func TestMake(t *testing.T) {
	a := level("A", driver.DirectionAbove, 1, 0)
	levelA := Level{Source: sourceA, Direction: 0, Upper: 16256, Lower: 16256}
	levelB := Level{Source: sourceB, Direction: 1, Upper: 16256, Lower: 16256} // 0 V at an offset of 0.5 V
	pulseA := driver.PulseWidthCondition{Name: "long", Source: "A", Direction: driver.DirectionAbove, Type: driver.PulseGreaterThan, Lower: samples(100)}
	for _, c := range []struct {
		name  string
		rules Rules
		t     driver.TriggerConfig
		want  Plan
		notes []string
	}{
		{"simple", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("A", driver.DirectionRising, 1, 0)}},
			Plan{Simple: true, Levels: []Level{{Source: sourceA, Direction: 2, Upper: 16256, Lower: 16256}}, Terms: [][]State{on(sourceA)}}, nil},
		{"hysteresis is more than a simple trigger knows", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("A", driver.DirectionFalling, -1, 0.1)}},
			Plan{Levels: []Level{{Source: sourceA, Direction: 3, Upper: -16256, Lower: -16256, UpperHysteresis: 1626, LowerHysteresis: 1626}}, Terms: [][]State{on(sourceA)}}, nil},
		{"the analog offset counts", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("B", driver.DirectionEither, -0.5, 0.25)}},
			Plan{Levels: []Level{{Source: sourceB, Direction: 4, UpperHysteresis: 8128, LowerHysteresis: 8128}}, Terms: [][]State{on(sourceB)}}, nil},
		{"external input", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("EXT", driver.DirectionRising, 2.5, 0)}},
			Plan{Simple: true, Levels: []Level{{Source: external, Direction: 2, Upper: 16384, Lower: 16384}}, Terms: [][]State{on(external)}}, nil},
		{"window", freeRules, driver.TriggerConfig{Windows: []driver.WindowCondition{windowOf("A", driver.DirectionEnterOrExit, -1, 1, 0.1)}},
			Plan{Levels: []Level{{Source: sourceA, Direction: 4, Window: true, Upper: 16256, Lower: -16256, UpperHysteresis: 1626, LowerHysteresis: 1626}}, Terms: [][]State{on(sourceA)}}, nil},
		{"lower threshold of two", freeRules, driver.TriggerConfig{Windows: []driver.WindowCondition{windowOf("A", driver.DirectionRisingLower, -1, 1, 0)}},
			Plan{Levels: []Level{{Source: sourceA, Direction: 7, Upper: 16256, Lower: -16256}}, Terms: [][]State{on(sourceA)}}, nil},
		{"runt", freeRules, driver.TriggerConfig{Windows: []driver.WindowCondition{windowOf("A", driver.DirectionNegativeRunt, -1, 1, 0)}},
			Plan{Levels: []Level{{Source: sourceA, Direction: 10, Window: true, Upper: 16256, Lower: -16256}}, Terms: [][]State{on(sourceA)}}, nil},
		{"all conditions together", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{a, level("B", driver.DirectionBelow, 0, 0)}},
			Plan{Levels: []Level{levelA, levelB}, Terms: [][]State{on(sourceA, sourceB)}}, nil},
		{"or, and, not", freeRules, driver.TriggerConfig{
			Levels: []driver.LevelCondition{a, level("B", driver.DirectionBelow, 0, 0)}, AnyOf: [][]driver.ConditionRef{refs("A", "!B"), refs("B")},
		}, Plan{Levels: []Level{levelA, levelB}, Terms: [][]State{{{Source: sourceA}, {Source: sourceB, Not: true}}, on(sourceB)}}, nil},
		{"digital, each port for itself", freeRules, driver.TriggerConfig{
			Levels: []driver.LevelCondition{a}, Digital: []driver.DigitalCondition{pinsOf("x", "D0-7", "D1", "rising", "D0", "high"), pinsOf("y", "D8-15", "D9", "low")},
			AnyOf: [][]driver.ConditionRef{refs("A", "x"), refs("y")},
		}, Plan{Levels: []Level{levelA}, Pins: []Pin{{0, 2}, {1, 3}, {9, 1}}, Terms: [][]State{on(sourceA, port0), on(port1)}}, nil},
		{"digital, all ports as one", strictRules, driver.TriggerConfig{
			Digital: []driver.DigitalCondition{pinsOf("x", "D0-7", "D0", "either"), pinsOf("y", "D8-15", "D8", "falling")},
		}, Plan{Pins: []Pin{{0, 5}, {8, 4}}, Terms: [][]State{on(port0)}}, nil},
		{"pulse width by itself", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{a}, PulseWidth: &pulseA, AnyOf: [][]driver.ConditionRef{refs("long")}},
			Plan{Terms: [][]State{on(width)}, Pulse: &Pulse{Levels: []Level{levelA}, Terms: [][]State{on(sourceA)}, Type: 2, Lower: 100}}, nil},
		{"pulse width with the level that ends it", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("A", driver.DirectionFalling, 1, 0)}, PulseWidth: &pulseA},
			Plan{
				Levels: []Level{{Source: sourceA, Direction: 3, Upper: 16256, Lower: 16256}}, Terms: [][]State{on(sourceA, width)},
				Pulse: &Pulse{Levels: []Level{levelA}, Terms: [][]State{on(sourceA)}, Type: 2, Lower: 100},
			}, nil},
		{"pulse width of a window in time", freeRules, driver.TriggerConfig{
			Windows:    []driver.WindowCondition{windowOf("A", driver.DirectionEnter, -1, 1, 0)},
			PulseWidth: &driver.PulseWidthCondition{Name: "w", Source: "A", Direction: driver.DirectionInside, Type: driver.PulseInRange, Lower: driver.Span{Time: units.Seconds(1, 100_000)}, Upper: driver.Span{Time: units.Seconds(25, 2_000_000)}},
			AnyOf:      [][]driver.ConditionRef{refs("w")},
		}, Plan{Terms: [][]State{on(width)}, Pulse: &Pulse{
			Levels: []Level{{Source: sourceA, Window: true, Upper: 16256, Lower: -16256}}, Terms: [][]State{on(sourceA)}, Type: 3, Lower: 10, Upper: 13,
		}}, []string{"trigger.pulse_width.w.upper: 12.5 us is not a whole number of samples; 13 are used"}},
		{"pulse width while others hold", freeRules, driver.TriggerConfig{
			Levels: []driver.LevelCondition{a, level("B", driver.DirectionBelow, 0, 0)}, Digital: []driver.DigitalCondition{pinsOf("x", "D0-7", "D0", "high")},
			PulseWidth: &driver.PulseWidthCondition{Name: "w", Source: "A", Direction: driver.DirectionAbove, Type: driver.PulseLessThan, Lower: samples(5), When: [][]driver.ConditionRef{refs("!B"), refs("A", "x")}},
			AnyOf:      [][]driver.ConditionRef{refs("w")},
		}, Plan{Terms: [][]State{on(width)}, Pulse: &Pulse{
			Levels: []Level{levelA, levelB}, Pins: []Pin{{0, 2}}, Terms: [][]State{{{Source: sourceA}, {Source: sourceB, Not: true}}, on(sourceA, port0)}, Type: 1, Lower: 5,
		}}, nil},
		{"delay and auto", strictRules, driver.TriggerConfig{Levels: []driver.LevelCondition{a}, Delay: samples(8_388_607), Auto: 1500 * time.Microsecond},
			Plan{Simple: true, Levels: []Level{levelA}, Terms: [][]State{on(sourceA)}, Delay: 8_388_607, Auto: 2 * time.Millisecond},
			[]string{"trigger.auto: the unit counts in steps of 1ms: it triggers by itself after 2ms"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, notes, err := Make(request(c.rules, &c.t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&c.want, got, cmpopts.IgnoreFields(Pulse{}, "Name"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.notes, notes, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("notes (-want +got)\n%s", diff)
			}
		})
	}
}
