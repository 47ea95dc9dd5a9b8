//go:build cgo

package main

import (
	"testing"

	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
)

// TestStreamTrigger checks triggers in streams against what the emulated unit says of them.
func TestStreamTrigger(t *testing.T) {
	u := scopetest.Unit{Model: "6824E", Channels: []string{"A", "B"}}
	scopetest.StreamTrigger(t, scopetest.EmulatorDir(t, family.File), u, family.VagueTrigger)
}
