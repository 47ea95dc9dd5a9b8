package capi

import (
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck"
)

// left is what the header does not repeat.
var left = map[string]string{
	"ps5000aCheckForUpdate":               "firmware is updated with the vendor's program",
	"ps5000aStartFirmwareUpdate":          "firmware is updated with the vendor's program",
	"callback:PicoUpdateFirmwareProgress": "firmware is updated with the vendor's program",
	"enum:PICO_*":                         "shared with newer families; no function of this one takes it",
	"struct:PICO_*":                       "shared with newer families; no function of this one that is bound takes it",
	"struct:PROBE_APP":                    "shared with newer families; no function of this one takes it",
	"callback:Pico[^U]*":                  "shared with newer families; no function of this one takes it",
	"constant:*":                          "limits are in the plugin's table of models, and asked of the unit",
}

func TestHeader(t *testing.T) {
	abicheck.Header(t, "ps5000a", "ps5000a.h", nil, abicheck.Options{Pointers: true, Left: left})
}
