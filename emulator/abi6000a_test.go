package emulator_test

import (
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck"
)

// TestHeader6000a compares every type and prototype of the layer's header with the ABI table.
func TestHeader6000a(t *testing.T) {
	abicheck.Header(t, "ps6000a", filepath.Join("ps6000a", "ps6000a.h"), []string{"ps6000a"}, abicheck.Options{})
}
