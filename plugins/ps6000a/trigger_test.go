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
	scopetest.Triggers(t, family, libraries, scopetest.Unit{Model: "6824E", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
}

// TestTriggerOrder: which of the library's functions make up a trigger, and which take it away.
func TestTriggerOrder(t *testing.T) {
	got := scopetest.TriggerOrder(t, family, scopetest.EmulatorDir(t, family.File), scopetest.Unit{Model: "6824E", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
	want := scopetest.TriggerCalls{
		Clear: []string{
			"SetSimpleTrigger", "SetTriggerChannelConditions", "SetPulseWidthQualifierConditions", "SetPulseWidthQualifierDirections", "SetPulseWidthQualifierProperties",
			"SetTriggerDigitalPortProperties", "SetPulseWidthDigitalPortProperties", "SetTriggerDigitalPortProperties", "SetPulseWidthDigitalPortProperties",
			"SetTriggerChannelProperties", "SetTriggerChannelDirections", "SetTriggerDelay",
		},
		Simple: []string{"SetSimpleTrigger"},
		All: []string{
			"SetAuxIoMode", "SetTriggerChannelProperties", "SetTriggerChannelConditions", "SetTriggerChannelConditions", "SetTriggerChannelConditions",
			"SetTriggerChannelDirections", "SetTriggerDelay", "SetPulseWidthQualifierConditions", "SetPulseWidthQualifierDirections",
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
	scopetest.Triggered(t, family, libraries, scopetest.Unit{Model: "6824E", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
}
