//go:build cgo

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/driver/drivertest"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
)

// TestPlugin runs the plugin as a process of its proper name on emulated units: against the kit for all drivers, none of
// whose rules may be skipped, and against what is particular to vendor libraries.
func TestPlugin(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.Getwd() // which is called like the driver has to be
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), filepath.Base(folder))
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	emulator := scopetest.EmulatorDir(t, family.File)
	t.Run("conformance", func(t *testing.T) {
		t.Parallel()
		drivertest.Run(scopetest.Strict{T: t}, drivertest.Target{
			Path: path, Slack: 4, Library: scope.Emulated, Env: scopetest.Environ(emulator, t.TempDir()),
		})
	})
	t.Run("emulated", func(t *testing.T) {
		t.Parallel()
		scopetest.Emulated(t, emulator, scopetest.Unit{Model: "5444DMSO", Channels: []string{"A", "B", "C", "D"}, Ports: []string{"D0-7", "D8-15"}})
	})
}
