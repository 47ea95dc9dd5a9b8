//go:build cgo

package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
)

// TestTriggers: every kind of trigger, by the calls that the engine makes.
func TestTriggers(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	t.Run("external input", func(t *testing.T) {
		scopetest.Triggers(t, family, libraries, scopetest.Unit{Model: "2208B", Channels: []string{"A", "B"}})
	})
	t.Run("with ports", func(t *testing.T) {
		scopetest.PinTriggers(t, family, libraries, scopetest.Unit{Model: "2208BMSO", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
	})
}

// TestTriggerOrder: which of the library's functions make up a trigger, and which take it away.
func TestTriggerOrder(t *testing.T) {
	got := scopetest.TriggerOrder(t, family, scopetest.EmulatorDir(t, family.File), scopetest.Unit{Model: "2208BMSO", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
	want := scopetest.TriggerCalls{
		Clear: []string{
			"SetSimpleTrigger", "SetTriggerChannelConditions", "SetPulseWidthQualifier", "SetTriggerDigitalPortProperties", "SetPulseWidthDigitalPortProperties",
			"SetDigitalAnalogTriggerOperand", "SetTriggerChannelProperties", "SetTriggerChannelDirections", "SetTriggerDelay",
		},
		Simple: []string{"SetSimpleTrigger"},
		All: []string{
			"SetTriggerChannelProperties", "SetTriggerChannelConditions", "SetTriggerChannelDirections", "SetTriggerDelay",
			"SetPulseWidthDigitalPortProperties", "SetPulseWidthQualifier", "SetTriggerDigitalPortProperties", "SetDigitalAnalogTriggerOperand",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestTriggered: triggers through the whole plugin.
func TestTriggered(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	t.Run("external input", func(t *testing.T) {
		scopetest.Triggered(t, family, libraries, scopetest.Unit{Model: "2208B", Channels: []string{"A", "B"}})
	})
	t.Run("with ports", func(t *testing.T) {
		scopetest.Triggered(t, family, libraries, scopetest.Unit{Model: "2208BMSO", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
	})
}

// TestOperand: the word for how pins and inputs combine, where there is one.
func TestOperand(t *testing.T) {
	a, pins := trigger.State{Source: trigger.Source{Kind: trigger.SourceChannel}}, trigger.State{Source: trigger.Source{Kind: trigger.SourcePort}}
	negated := trigger.State{Source: pins.Source, Not: true}
	type terms = [][]trigger.State
	for name, c := range map[string]struct {
		terms terms
		want  uint32
	}{
		"inputs only":         {terms{{a}}, operandNone},
		"pins only":           {terms{{pins}}, operandNone},
		"both":                {terms{{a, pins}}, operandAnd},
		"one of them":         {terms{{a}, {pins}}, operandOr},
		"both or inputs":      {terms{{a, pins}, {a}}, operandNone},
		"both or pins":        {terms{{a, pins}, {pins}}, operandNone},
		"inputs without pins": {terms{{a, negated}}, operandNone},
	} {
		if got := operand(c.terms); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
