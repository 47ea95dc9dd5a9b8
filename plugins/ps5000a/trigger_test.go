//go:build cgo

package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
)

// TestTriggers: every kind of trigger, by the calls that the engine makes.
func TestTriggers(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	t.Run("external input", func(t *testing.T) {
		scopetest.Triggers(t, family, libraries, scopetest.Unit{Model: "5444D", Channels: []string{"A", "B"}})
	})
	t.Run("with ports", func(t *testing.T) {
		scopetest.PinTriggers(t, family, libraries, scopetest.Unit{Model: "5444DMSO", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
	})
}

// TestTriggerOrder: which of the library's functions make up a trigger, and which take it away.
func TestTriggerOrder(t *testing.T) {
	got := scopetest.TriggerOrder(t, family, scopetest.EmulatorDir(t, family.File), scopetest.Unit{Model: "5444DMSO", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
	want := scopetest.TriggerCalls{
		Clear: []string{
			"SetSimpleTrigger", "SetTriggerChannelConditionsV2", "SetPulseWidthQualifierConditions", "SetPulseWidthQualifierDirections",
			"SetPulseWidthQualifierProperties", "SetTriggerDigitalPortProperties", "SetPulseWidthDigitalPortProperties",
			"SetTriggerChannelPropertiesV2", "SetTriggerChannelDirectionsV2", "SetAutoTriggerMicroSeconds", "SetTriggerDelay",
		},
		Simple: []string{"SetSimpleTrigger"},
		All: []string{
			"SetTriggerChannelPropertiesV2", "SetTriggerChannelConditionsV2", "SetTriggerChannelConditionsV2", "SetTriggerChannelDirectionsV2",
			"SetAutoTriggerMicroSeconds", "SetTriggerDelay", "SetPulseWidthQualifierConditions", "SetPulseWidthQualifierDirections",
			"SetPulseWidthQualifierProperties", "SetPulseWidthDigitalPortProperties", "SetTriggerDigitalPortProperties",
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
		scopetest.Triggered(t, family, libraries, scopetest.Unit{Model: "5444D", Channels: []string{"A", "B"}})
	})
	t.Run("with ports", func(t *testing.T) {
		scopetest.Triggered(t, family, libraries, scopetest.Unit{Model: "5444DMSO", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
	})
}
