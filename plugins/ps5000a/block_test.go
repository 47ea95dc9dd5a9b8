//go:build cgo

package main

import (
	"testing"

	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
)

// TestBlocks: captures into the units' own memory, by the calls that the engine makes.
func TestBlocks(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	scopetest.Blocks(t, family, libraries, scopetest.Unit{Model: "5444DMSO", Channels: []string{"A", "B", "C", "D"}, Ports: []string{"D0-7", "D8-15"}})
}
