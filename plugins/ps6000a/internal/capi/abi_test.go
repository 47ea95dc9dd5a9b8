package capi

import (
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck"
)

// left is what the header does not repeat.
var left = map[string]string{
	"ps6000aCheckForUpdate":                    "its arguments changed between versions; firmware is updated with the vendor's program",
	"ps6000aStartFirmwareUpdate":               "firmware is updated with the vendor's program",
	"callback:PicoUpdateFirmwareProgress":      "firmware is updated with the vendor's program",
	"struct:PICO_FIRMWARE_INFO":                "firmware is updated with the vendor's program",
	"struct:PICO_VERSION":                      "firmware is updated with the vendor's program",
	"enum:PICO_STRING_VALUE":                   "belongs to a function that no library of this family exports",
	"enum:PICO_CONNECT_PROBE":                  "the number of a probe is passed through",
	"enum:PICO_CONNECT_PROBE_RANGE":            "the number of a range is passed through",
	"enum:PICO_DIGITAL_PORT":                   "the number of a pod is passed through",
	"enum:PICO_ETS_MODE":                       "this family has no equivalent-time sampling",
	"enum:PICO_INDEX_MODE":                     "no function of this family takes it",
	"enum:PICO_READ_SELECTION":                 "no function of this family takes it",
	"enum:PICO_TRIM_ACTION":                    "no function of this family takes it",
	"enum:PICO_CONDITIONS_INFO":                "functions take PICO_ACTION, with the same numbers",
	"enum:PICO_PROBE_BUTTON_PRESS_TYPE":        "what a probe's button says is not read",
	"struct:PICO_PROBE_BUTTON_PRESS_PARAMETER": "what a probe's button says is not read",
	"struct:PICO_DATA_BUFFERS":                 "no function of this family takes it",
	"struct:PROBE_APP":                         "no function of this family takes it",
	"callback:PicoDataReadyUsingReads":         "no function of this family takes it",
}

func TestHeader(t *testing.T) {
	abicheck.Header(t, "ps6000a", "ps6000a.h", nil, abicheck.Options{Pointers: true, Left: left})
}
