package emulator_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/internal/abicheck"
)

// TestHeaders compares every type and prototype of the layers' headers with the ABI table.
func TestHeaders(t *testing.T) {
	shared := "declared by a header that the vendor's families share; no function of this one takes it"
	cases := map[string]map[string]string{
		"ps2000a": {"enum:PICO_*": shared},
		"ps5000a": {
			"enum:PICO_*":                                shared,
			"struct:PICO_[^V]*":                          shared,
			"struct:PROBE_APP":                           shared,
			"callback:PicoProbeInteractions":             shared,
			"callback:PicoDataReadyUsingReads":           shared,
			"callback:PicoExternalReferenceInteractions": shared,
			"callback:PicoAWGOverrangeInteractions":      shared,
			"callback:PicoTemperatureSensorInteractions": shared,
		},
	}
	for family, left := range cases {
		t.Run(family, func(t *testing.T) {
			t.Parallel()
			abicheck.Header(t, family, filepath.Join(family, family+".h"), nil, abicheck.Options{Left: left})
		})
	}
}

// TestExports looks for every function of the table in the built libraries, and for nothing else but the emulation's mark.
func TestExports(t *testing.T) {
	dir, err := emulator.Libraries(t.Context())
	if errors.Is(err, emulator.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range emulator.Families {
		t.Run(family, func(t *testing.T) {
			t.Parallel()
			abicheck.Exports(t, filepath.Join(dir, "lib"+family+".so.2"), family)
		})
	}
}
