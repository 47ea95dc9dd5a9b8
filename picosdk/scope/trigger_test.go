package scope

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
	"github.com/scopelog/scopelog/units"
)

// triggered is a unit of which only the trigger counts.
type triggered struct {
	Unit
	rules trigger.Rules
	set   error // answer of SetTrigger
	calls []string
}

func (t *triggered) TriggerRules() trigger.Rules { return t.rules }

func (t *triggered) SetTrigger(trigger.Plan) error {
	t.calls = append(t.calls, "SetTrigger")
	return t.set
}

func (t *triggered) ClearTrigger() error {
	t.calls = append(t.calls, "ClearTrigger")
	return nil
}

// triggerPlanner is a planner after the steps before the trigger: channel A (2 V) and D0-7 are on, an interval is 1 us.
func triggerPlanner(rules trigger.Rules, t *driver.TriggerConfig) *planner {
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

// aboveA is a trigger that all units have.
func aboveA(delay driver.Span, auto time.Duration) *driver.TriggerConfig {
	return &driver.TriggerConfig{
		Levels: []driver.LevelCondition{{Name: "A", Source: "A", Direction: driver.DirectionAbove, Threshold: units.Volt}}, Delay: delay, Auto: auto,
	}
}

// TestTriggerPlanned: what the planner knows reaches the plan, and what the unit does not tell is noted.
func TestTriggerPlanned(t *testing.T) {
	p := triggerPlanner(trigger.Rules{AutoStep: time.Millisecond}, aboveA(driver.Span{Samples: 100}, time.Millisecond))
	if err := p.trigger(); err != nil {
		t.Fatal(err)
	}
	source := trigger.Source{Kind: trigger.SourceChannel}
	want := &trigger.Plan{
		Simple: true, Levels: []trigger.Level{{Source: source, Upper: 16256, Lower: 16256}}, Terms: [][]trigger.State{{{Source: source}}}, Delay: 100, Auto: time.Millisecond,
	}
	if diff := cmp.Diff(want, p.s.trigger); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if notes := p.s.applied.Notes; !slices.Equal(notes, []string{"trigger.auto: the unit does not tell which waveforms it took without a trigger: they are marked as if it had come"}) {
		t.Errorf("notes %q", notes)
	}
}

// TestTriggerLimits: the delay is limited by the model, by the library's calls and by what can be told of it.
func TestTriggerLimits(t *testing.T) {
	for _, c := range []struct {
		name    string
		most    uint64 // of the model
		rules   trigger.Rules
		delay   int64
		nearest string
	}{
		{"the model", 8_388_607, trigger.Rules{}, 8_388_608, "8388607"},
		{"the calls", 8_388_607, trigger.Rules{MaxDelay: 1000}, 1001, "1000"},
		{"what can be told", 1 << 40, trigger.Rules{}, 1 << 33, "4611686018"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := triggerPlanner(c.rules, aboveA(driver.Span{Samples: c.delay}, 0))
			p.dev.model.Trigger.MaxDelay = c.most
			var e *driver.Error
			if err := p.trigger(); !errors.As(err, &e) || e.Field != "trigger.delay" || e.Nearest != c.nearest || p.s.trigger != nil {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("unit without triggers", func(t *testing.T) {
		p := triggerPlanner(trigger.Rules{}, aboveA(driver.Span{}, 0))
		p.dev.unit = struct{ Unit }{}
		var e *driver.Error
		if err := p.trigger(); !errors.As(err, &e) || e.Field != "trigger" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("none asked for", func(t *testing.T) {
		p := triggerPlanner(trigger.Rules{}, nil)
		if err := p.trigger(); err != nil || p.s.trigger != nil {
			t.Errorf("got %v, %v", p.s.trigger, err)
		}
	})
}

// TestTriggerOfStream: delay and time-out are not the library's there, so its limits and steps do not count.
func TestTriggerOfStream(t *testing.T) {
	p := triggerPlanner(trigger.Rules{AutoStep: time.Millisecond, MaxDelay: 1000}, aboveA(driver.Span{Samples: 1 << 40}, 1500*time.Microsecond))
	p.cfg.Stream = &driver.StreamConfig{}
	if err := p.trigger(); err != nil {
		t.Fatal(err)
	}
	if got := p.s.trigger; got.Delay != 1<<40 || got.Auto != 1500*time.Microsecond || len(p.s.applied.Notes) > 0 {
		t.Errorf("delay %d, auto %v, notes %q", got.Delay, got.Auto, p.s.applied.Notes)
	}
}

// TestTriggerApply: a setup without a trigger takes the old one away, and a refusal names the place.
func TestTriggerApply(t *testing.T) {
	plan := &trigger.Plan{Pulse: &trigger.Pulse{Name: "long"}}
	for _, c := range []struct {
		name  string
		plan  *trigger.Plan
		set   error
		call  string
		field string
	}{
		{"none", nil, nil, "ClearTrigger", ""},
		{"one", plan, nil, "SetTrigger", ""},
		{"delay refused", plan, picosdk.Err("fakeSetTriggerDelay", 0x20), "SetTrigger", "trigger.delay"},
		{"width refused", plan, picosdk.Err("fakeSetPulseWidthQualifier", 0x1F), "SetTrigger", "trigger.pulse_width.long"},
		{"width refused without one", &trigger.Plan{}, picosdk.Err("fakeSetPulseWidthQualifier", 0x1F), "SetTrigger", "trigger"},
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
