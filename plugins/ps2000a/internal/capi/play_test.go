//go:build cgo && linux

package capi

import (
	"slices"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck/fakelib"
	"github.com/scopelog/scopelog/picosdk/dynlib"
)

// specs has a line per function; see fakelib.Spec. Those that call the library twice are tested in twice_test.go.
var specs = map[string]fakelib.Spec{
	"OpenUnit":         "o s",
	"OpenUnitAsync":    "o s",
	"OpenUnitProgress": "o o o",
	"FlashLed":         "v v",
	"PingUnit":         "v",
	"CloseUnit":        "v",
	"MaximumValue":     "v o",
	"MinimumValue":     "v o",
	"GetScalingValues": "v aio n",

	"SetChannel":               "v v v v v v",
	"SetDigitalPort":           "v v v v",
	"GetAnalogueOffset":        "v v v o o",
	"GetTimebase":              "v v v o v o v",
	"GetTimebase2":             "v v v o v o v",
	"MemorySegments":           "v v o",
	"GetMaxSegments":           "v o",
	"SetNoOfCaptures":          "v v",
	"GetNoOfCaptures":          "v o",
	"GetNoOfProcessedCaptures": "v o",

	"SetSimpleTrigger":                      "v v v v v v v",
	"SetTriggerChannelProperties":           "v a n v v",
	"SetTriggerChannelConditions":           "v a n",
	"SetTriggerChannelDirections":           "v v v v v v v",
	"SetTriggerDelay":                       "v v",
	"SetTriggerDigitalPortProperties":       "v a n",
	"SetDigitalAnalogTriggerOperand":        "v v",
	"SetPulseWidthQualifier":                "v a n v v v v",
	"SetPulseWidthDigitalPortProperties":    "v a n",
	"IsTriggerOrPulseWidthQualifierEnabled": "v o o",
	"SetOutputEdgeDetect":                   "v v",
	"QueryOutputEdgeDetect":                 "v o",
	"HoldOff":                               "v v v",
	"GetTriggerTimeOffset":                  "v o o o v",
	"GetTriggerTimeOffset64":                "v o o v",
	"GetValuesTriggerTimeOffsetBulk":        "v ao4 ao4 ao4 =3 =6",
	"GetValuesTriggerTimeOffsetBulk64":      "v ao4 ao4 =3 =6",

	"SetDataBuffer":           "v v p =40 v v",
	"SetDataBuffers":          "v v p p =40 v v",
	"SetUnscaledDataBuffers":  "v v p p =40 v v",
	"RunBlock":                "v v v v v o v 0 0",
	"IsReady":                 "v o",
	"GetValues":               "v v io v v v o",
	"GetValuesBulk":           "v io =3 =6 v v p",
	"GetValuesAsync":          "v v v v v v p p",
	"GetValuesOverlapped":     "v v p v v v p",
	"GetValuesOverlappedBulk": "v v p v v =3 =6 p",
	"GetMaxDownSampleRatio":   "v v o v v",
	"SetEts":                  "v v v v o",
	"SetEtsTimeBuffer":        "v p =40",
	"SetEtsTimeBuffers":       "v p p =40",

	"RunStreaming":             "v io v v v v v v v",
	"GetStreamingLatestValues": "v p p",
	"NoOfStreamingValues":      "v o",
	"Stop":                     "v",

	"SetSigGenArbitrary":           "v v v v v v v a n v v v v v v v v",
	"SetSigGenBuiltIn":             "v v v v v v v v v v v v v v v",
	"SetSigGenBuiltInV2":           "v v v v v v v v v v v v v v v",
	"SetSigGenPropertiesArbitrary": "v v v v v v v v v v v",
	"SetSigGenPropertiesBuiltIn":   "v v v v v v v v v v v",
	"SigGenFrequencyToPhase":       "v v v v o",
	"SigGenArbitraryMinMaxValues":  "v o o o o",
	"SigGenSoftwareControl":        "v v",
}

// twice are the functions of twice_test.go.
var twice = []string{"EnumerateUnits", "GetUnitInfo", "GetChannelInformation"}

// loaded is the binding of a recording library.
func loaded(t *testing.T) (*fakelib.Fake, *API) {
	t.Helper()
	f := fakelib.Build(t, prefix, nil)
	required, optional := Symbols()
	lib, err := dynlib.Open(dynlib.Request{Explicit: f.Path, Required: required, Optional: optional})
	if err != nil {
		t.Fatal(err)
	}
	api, err := Load(lib)
	if err != nil {
		t.Fatal(err)
	}
	return f, api
}

func buffer[T Element](t *testing.T) *Buffer[T] {
	t.Helper()
	b, err := dynlib.NewBuffer[T](40)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Free)
	return b
}

func TestCalls(t *testing.T) {
	f, api := loaded(t)
	buffers := []any{
		buffer[int16](t), buffer[int16](t), buffer[int8](t), buffer[int8](t), buffer[int64](t), buffer[uint32](t), buffer[uint32](t),
	}
	fakelib.Play(t, f, api, specs, buffers, func(name string) bool {
		return slices.Contains(twice, name) || name == "Has" || name == "Pointer" || left[prefix+name] != ""
	})
}
