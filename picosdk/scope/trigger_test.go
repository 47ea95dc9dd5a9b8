package scope

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// triggered is a unit of which only the trigger counts.
type triggered struct {
	Unit
	rules TriggerRules
	set   error // answer of SetTrigger
	calls []string
}

func (t *triggered) TriggerRules() TriggerRules { return t.rules }

func (t *triggered) SetTrigger(TriggerPlan) error {
	t.calls = append(t.calls, "SetTrigger")
	return t.set
}

func (t *triggered) ClearTrigger() error {
	t.calls = append(t.calls, "ClearTrigger")
	return nil
}

// triggerPlanner is a planner after the steps before the trigger: channels A (2 V), B (1 V with an offset of 0.5 V) and D0-7 are on,
// codes go to 32512, an interval is 1 us.
func triggerPlanner(rules TriggerRules, t *driver.TriggerConfig) *planner {
	m := picosdk.Model{
		Name: "F4", Channels: 4, Ports: 2, Trigger: picosdk.Trigger{External: true, ExternalFull: 5 * units.Volt, Aux: true, MaxDelay: 8_388_607, MaxPulseWidth: 16_777_215},
	}
	s := &setup{codeMin: -32512, codeMax: 32512, ports: []PortSettings{{Port: 0, On: true}, {Port: 1, On: true}}}
	s.applied = driver.Applied{
		Interval: units.Seconds(1, 1_000_000),
		Channels: []driver.AppliedChannel{{Channel: "A", Range: 2 * units.Volt}, {Channel: "B", Range: units.Volt, Offset: 500 * units.Millivolt}, {Channel: "C", Range: 2 * units.Volt}},
	}
	return &planner{
		dev: &Device{unit: &triggered{rules: rules}, model: m}, s: s, cfg: driver.Config{Trigger: t},
		caps: driver.Capabilities{Model: "F4", Trigger: driver.TriggerCapabilities{
			Sources: []string{"A", "B", "C", "D", "EXT", "AUX"}, Directions: picosdk.Directions(), Digital: true,
			PulseWidth: []driver.PulseType{driver.PulseLessThan, driver.PulseGreaterThan, driver.PulseInRange, driver.PulseOutOfRange},
		}},
	}
}

// The rules of the families, and of one that cannot have windows and levels of a source mixed.
var (
	freeRules   = TriggerRules{AutoStep: time.Microsecond, MaxAuto: time.Hour}
	strictRules = TriggerRules{AutoStep: time.Millisecond, OneDigital: true, OneMode: true, OneDirection: true, MaxTerms: 2}
	singleRules = TriggerRules{AutoStep: time.Microsecond, OneSource: true}
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
	sourceA  = TriggerSource{Kind: SourceChannel}
	sourceB  = TriggerSource{Kind: SourceChannel, Index: 1}
	external = TriggerSource{Kind: SourceExternal}
	width    = TriggerSource{Kind: SourcePulseWidth}
	port0    = TriggerSource{Kind: SourcePort}
	port1    = TriggerSource{Kind: SourcePort, Index: 1}
)

func on(list ...TriggerSource) []TriggerState {
	var out []TriggerState
	for _, s := range list {
		out = append(out, TriggerState{Source: s})
	}
	return out
}

// TestTriggerPlan: what is asked for in the terms of the unit.
func TestTriggerPlan(t *testing.T) {
	a := level("A", driver.DirectionAbove, 1, 0)
	levelA := TriggerLevel{Source: sourceA, Direction: 0, Upper: 16256, Lower: 16256}
	levelB := TriggerLevel{Source: sourceB, Direction: 1, Upper: 16256, Lower: 16256} // 0 V at an offset of 0.5 V
	pulseA := driver.PulseWidthCondition{Name: "long", Source: "A", Direction: driver.DirectionAbove, Type: driver.PulseGreaterThan, Lower: samples(100)}
	for _, c := range []struct {
		name  string
		rules TriggerRules
		t     driver.TriggerConfig
		want  TriggerPlan
		notes []string
	}{
		{"simple", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("A", driver.DirectionRising, 1, 0)}},
			TriggerPlan{Simple: true, Levels: []TriggerLevel{{Source: sourceA, Direction: 2, Upper: 16256, Lower: 16256}}, Terms: [][]TriggerState{on(sourceA)}}, nil},
		{"hysteresis is more than a simple trigger knows", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("A", driver.DirectionFalling, -1, 0.1)}},
			TriggerPlan{Levels: []TriggerLevel{{Source: sourceA, Direction: 3, Upper: -16256, Lower: -16256, UpperHysteresis: 1626, LowerHysteresis: 1626}}, Terms: [][]TriggerState{on(sourceA)}}, nil},
		{"the analog offset counts", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("B", driver.DirectionEither, -0.5, 0.25)}},
			TriggerPlan{Levels: []TriggerLevel{{Source: sourceB, Direction: 4, UpperHysteresis: 8128, LowerHysteresis: 8128}}, Terms: [][]TriggerState{on(sourceB)}}, nil},
		{"external input", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("EXT", driver.DirectionRising, 2.5, 0)}},
			TriggerPlan{Simple: true, Levels: []TriggerLevel{{Source: external, Direction: 2, Upper: 16384, Lower: 16384}}, Terms: [][]TriggerState{on(external)}}, nil},
		{"window", freeRules, driver.TriggerConfig{Windows: []driver.WindowCondition{windowOf("A", driver.DirectionEnterOrExit, -1, 1, 0.1)}},
			TriggerPlan{Levels: []TriggerLevel{{Source: sourceA, Direction: 4, Window: true, Upper: 16256, Lower: -16256, UpperHysteresis: 1626, LowerHysteresis: 1626}}, Terms: [][]TriggerState{on(sourceA)}}, nil},
		{"lower threshold of two", freeRules, driver.TriggerConfig{Windows: []driver.WindowCondition{windowOf("A", driver.DirectionRisingLower, -1, 1, 0)}},
			TriggerPlan{Levels: []TriggerLevel{{Source: sourceA, Direction: 7, Upper: 16256, Lower: -16256}}, Terms: [][]TriggerState{on(sourceA)}}, nil},
		{"runt", freeRules, driver.TriggerConfig{Windows: []driver.WindowCondition{windowOf("A", driver.DirectionNegativeRunt, -1, 1, 0)}},
			TriggerPlan{Levels: []TriggerLevel{{Source: sourceA, Direction: 10, Window: true, Upper: 16256, Lower: -16256}}, Terms: [][]TriggerState{on(sourceA)}}, nil},
		{"all conditions together", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{a, level("B", driver.DirectionBelow, 0, 0)}},
			TriggerPlan{Levels: []TriggerLevel{levelA, levelB}, Terms: [][]TriggerState{on(sourceA, sourceB)}}, nil},
		{"or, and, not", freeRules, driver.TriggerConfig{
			Levels: []driver.LevelCondition{a, level("B", driver.DirectionBelow, 0, 0)}, AnyOf: [][]driver.ConditionRef{refs("A", "!B"), refs("B")},
		}, TriggerPlan{Levels: []TriggerLevel{levelA, levelB}, Terms: [][]TriggerState{{{Source: sourceA}, {Source: sourceB, Not: true}}, on(sourceB)}}, nil},
		{"digital, each port for itself", freeRules, driver.TriggerConfig{
			Levels: []driver.LevelCondition{a}, Digital: []driver.DigitalCondition{pinsOf("x", "D0-7", "D1", "rising", "D0", "high"), pinsOf("y", "D8-15", "D9", "low")},
			AnyOf: [][]driver.ConditionRef{refs("A", "x"), refs("y")},
		}, TriggerPlan{Levels: []TriggerLevel{levelA}, Pins: []TriggerPin{{0, 2}, {1, 3}, {9, 1}}, Terms: [][]TriggerState{on(sourceA, port0), on(port1)}}, nil},
		{"digital, all ports as one", strictRules, driver.TriggerConfig{
			Digital: []driver.DigitalCondition{pinsOf("x", "D0-7", "D0", "either"), pinsOf("y", "D8-15", "D8", "falling")},
		}, TriggerPlan{Pins: []TriggerPin{{0, 5}, {8, 4}}, Terms: [][]TriggerState{on(port0)}}, nil},
		{"pulse width by itself", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{a}, PulseWidth: &pulseA, AnyOf: [][]driver.ConditionRef{refs("long")}},
			TriggerPlan{Terms: [][]TriggerState{on(width)}, Pulse: &PulsePlan{Levels: []TriggerLevel{levelA}, Terms: [][]TriggerState{on(sourceA)}, Type: 2, Lower: 100}}, nil},
		{"pulse width with the level that ends it", freeRules, driver.TriggerConfig{Levels: []driver.LevelCondition{level("A", driver.DirectionFalling, 1, 0)}, PulseWidth: &pulseA},
			TriggerPlan{
				Levels: []TriggerLevel{{Source: sourceA, Direction: 3, Upper: 16256, Lower: 16256}}, Terms: [][]TriggerState{on(sourceA, width)},
				Pulse: &PulsePlan{Levels: []TriggerLevel{levelA}, Terms: [][]TriggerState{on(sourceA)}, Type: 2, Lower: 100},
			}, nil},
		{"pulse width of a window in time", freeRules, driver.TriggerConfig{
			Windows:    []driver.WindowCondition{windowOf("A", driver.DirectionEnter, -1, 1, 0)},
			PulseWidth: &driver.PulseWidthCondition{Name: "w", Source: "A", Direction: driver.DirectionInside, Type: driver.PulseInRange, Lower: driver.Span{Time: units.Seconds(1, 100_000)}, Upper: driver.Span{Time: units.Seconds(25, 2_000_000)}},
			AnyOf:      [][]driver.ConditionRef{refs("w")},
		}, TriggerPlan{Terms: [][]TriggerState{on(width)}, Pulse: &PulsePlan{
			Levels: []TriggerLevel{{Source: sourceA, Window: true, Upper: 16256, Lower: -16256}}, Terms: [][]TriggerState{on(sourceA)}, Type: 3, Lower: 10, Upper: 13,
		}}, []string{"trigger.pulse_width.w.upper: 12.5 us is not a whole number of samples; 13 are used"}},
		{"pulse width while others hold", freeRules, driver.TriggerConfig{
			Levels: []driver.LevelCondition{a, level("B", driver.DirectionBelow, 0, 0)}, Digital: []driver.DigitalCondition{pinsOf("x", "D0-7", "D0", "high")},
			PulseWidth: &driver.PulseWidthCondition{Name: "w", Source: "A", Direction: driver.DirectionAbove, Type: driver.PulseLessThan, Lower: samples(5), When: [][]driver.ConditionRef{refs("!B"), refs("A", "x")}},
			AnyOf:      [][]driver.ConditionRef{refs("w")},
		}, TriggerPlan{Terms: [][]TriggerState{on(width)}, Pulse: &PulsePlan{
			Levels: []TriggerLevel{levelA, levelB}, Pins: []TriggerPin{{0, 2}}, Terms: [][]TriggerState{{{Source: sourceA}, {Source: sourceB, Not: true}}, on(sourceA, port0)}, Type: 1, Lower: 5,
		}}, nil},
		{"delay and auto", strictRules, driver.TriggerConfig{Levels: []driver.LevelCondition{a}, Delay: samples(8_388_607), Auto: 1500 * time.Microsecond},
			TriggerPlan{Simple: true, Levels: []TriggerLevel{levelA}, Terms: [][]TriggerState{on(sourceA)}, Delay: 8_388_607, Auto: 2 * time.Millisecond},
			[]string{
				"trigger.auto: the unit counts in steps of 1ms: it triggers by itself after 2ms",
				"trigger.auto: the unit does not tell which waveforms it took without a trigger: they are marked as if it had come",
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := triggerPlanner(c.rules, &c.t)
			if err := p.trigger(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&c.want, p.s.trigger, cmpopts.IgnoreUnexported(PulsePlan{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.notes, p.s.applied.Notes, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("notes (-want +got)\n%s", diff)
			}
		})
	}
}

// TestTriggerOfStream: delay and time-out are not the library's there, so its limits and steps do not count.
func TestTriggerOfStream(t *testing.T) {
	p := triggerPlanner(strictRules, &driver.TriggerConfig{
		Levels: []driver.LevelCondition{level("A", driver.DirectionAbove, 1, 0)}, Delay: samples(1 << 40), Auto: 1500 * time.Microsecond,
	})
	p.cfg.Stream = &driver.StreamConfig{}
	if err := p.trigger(); err != nil {
		t.Fatal(err)
	}
	if got := p.s.trigger; got.Delay != 1<<40 || got.Auto != 1500*time.Microsecond || len(p.s.applied.Notes) > 0 {
		t.Errorf("delay %d, auto %v, notes %q", got.Delay, got.Auto, p.s.applied.Notes)
	}
}

// TestTriggerThresholds: each source once, those of the trigger first.
func TestTriggerThresholds(t *testing.T) {
	a, below, b := TriggerLevel{Source: sourceA, Direction: 2}, TriggerLevel{Source: sourceA, Direction: 1}, TriggerLevel{Source: sourceB}
	for _, c := range []struct {
		name string
		plan TriggerPlan
		want []TriggerLevel
	}{
		{"no pulse width", TriggerPlan{Levels: []TriggerLevel{a, b}}, []TriggerLevel{a, b}},
		{"pulse width of the same source", TriggerPlan{Levels: []TriggerLevel{a}, Pulse: &PulsePlan{Levels: []TriggerLevel{below, b}}}, []TriggerLevel{a, b}},
		{"pulse width alone", TriggerPlan{Pulse: &PulsePlan{Levels: []TriggerLevel{below}}}, []TriggerLevel{below}},
	} {
		if diff := cmp.Diff(c.want, c.plan.Thresholds()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

// TestTriggerApply: a setup without a trigger takes the old one away, and a refusal names the place.
func TestTriggerApply(t *testing.T) {
	plan := &TriggerPlan{Pulse: &PulsePlan{name: "long"}}
	for _, c := range []struct {
		name  string
		plan  *TriggerPlan
		set   error
		call  string
		field string
	}{
		{"none", nil, nil, "ClearTrigger", ""},
		{"one", plan, nil, "SetTrigger", ""},
		{"delay refused", plan, picosdk.Err("fakeSetTriggerDelay", 0x20), "SetTrigger", "trigger.delay"},
		{"width refused", plan, picosdk.Err("fakeSetPulseWidthQualifier", 0x1F), "SetTrigger", "trigger.pulse_width.long"},
		{"width refused without one", &TriggerPlan{}, picosdk.Err("fakeSetPulseWidthQualifier", 0x1F), "SetTrigger", "trigger"},
		{"conditions refused", plan, picosdk.Err("fakeSetTriggerChannelConditions", 0x22), "SetTrigger", "trigger.any_of"},
		{"threshold refused", plan, picosdk.Err("fakeSetSimpleTrigger", 0x17C), "SetTrigger", "trigger"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := &triggered{set: c.set}
			err := (&Device{unit: u}).setTrigger(&setup{trigger: c.plan})
			var e *driver.Error
			switch errors.As(err, &e); {
			case c.set == nil && err != nil, c.set != nil && (e == nil || e.Field != c.field || e.Kind != driver.KindUnsupported || e.Status.Call == ""):
				t.Errorf("got %#v", err)
			}
			if diff := cmp.Diff([]string{c.call}, u.calls); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	t.Run("power", func(t *testing.T) { // is for whoever can acknowledge it
		err := (&Device{unit: &triggered{set: picosdk.Err("fakeSetSimpleTrigger", picosdk.StatusPowerSupplyNotConnected)}}).setTrigger(&setup{trigger: plan})
		if s, ok := picosdk.StatusOf(err); !ok || !s.IsPower() {
			t.Errorf("got %v", err)
		}
	})
}
