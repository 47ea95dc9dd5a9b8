//go:build cgo

package main

import (
	"testing"

	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
)

// TestBlocks: captures into the units' own memory, by the calls that the engine makes.
func TestBlocks(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	t.Run("four channels", func(t *testing.T) {
		scopetest.Blocks(t, family, libraries, scopetest.Unit{Model: "2406B", Channels: []string{"A", "B", "C", "D"}})
	})
	t.Run("with ports", func(t *testing.T) {
		scopetest.Blocks(t, family, libraries, scopetest.Unit{Model: "2208BMSO", Channels: []string{"A", "B"}, Ports: []string{"D0-7", "D8-15"}})
	})
}
