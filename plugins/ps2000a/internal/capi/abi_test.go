package capi

import (
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck"
)

// left is what the header does not repeat.
var left = map[string]string{
	"enum:PICO_STRING_VALUE":            "belongs to a function that no library of this family exports",
	"enum:PS2000A_CHANNEL_BUFFER_INDEX": "for arrays in the caller's program; no function takes it",
	"constant:*":                        "limits are in the plugin's table of models, and asked of the unit",
}

func TestHeader(t *testing.T) {
	abicheck.Header(t, "ps2000a", "ps2000a.h", nil, abicheck.Options{Pointers: true, Left: left})
}
