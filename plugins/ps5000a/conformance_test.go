//go:build cgo

package main

import (
	"testing"

	"github.com/scopelog/scopelog/driver/drivertest"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
)

// TestPlugin checks the plugin against the kit for all drivers, and against what is particular to vendor libraries.
func TestPlugin(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	scopetest.Conform(t, libraries, func(t scopetest.Strict, plugin string, env []string) {
		drivertest.Run(t, drivertest.Target{Path: plugin, Slack: 4, Library: scope.Emulated, Env: env})
	})
	t.Run("emulated", func(t *testing.T) {
		t.Parallel()
		scopetest.Emulated(t, libraries, scopetest.Unit{Model: "5444DMSO", Channels: []string{"A", "B", "C", "D"}, Ports: []string{"D0-7", "D8-15"}, Counts: true})
	})
}
