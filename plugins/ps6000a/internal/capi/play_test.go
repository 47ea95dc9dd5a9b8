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
	"OpenUnit":            "o s v",
	"OpenUnitAsync":       "o s v",
	"OpenUnitProgress":    "o o o",
	"FlashLed":            "v v",
	"PingUnit":            "v",
	"CloseUnit":           "v",
	"SetDeviceResolution": "v v",
	"GetDeviceResolution": "v o",
	"GetAdcLimits":        "v v o o",
	"GetScalingValues":    "v aio n",

	"SetChannelOn":            "v v v v v v",
	"SetChannelOff":           "v v",
	"SetDigitalPortOn":        "v v a n v",
	"SetDigitalPortOff":       "v v",
	"GetAnalogueOffsetLimits": "v v v o o",
	"SetAuxIoMode":            "v v",
	"ResetChannelsAndReportAllChannelsOvervoltageTripStatus": "v aio n",
	"ReportAllChannelsOvervoltageTripStatus":                 "v aio n",
	"GetTimebase":                                            "v v v o o v",
	"GetMinimumTimebaseStateless":                            "v v o o v",
	"NearestSampleIntervalStateless":                         "v v v v o o",
	"MemorySegments":                                         "v v o",
	"MemorySegmentsBySamples":                                "v v o",
	"GetMaximumAvailableMemory":                              "v o v",
	"QueryMaxSegmentsBySamples":                              "v v v o v",
	"SetNoOfCaptures":                                        "v v",
	"GetNoOfCaptures":                                        "v o",
	"GetNoOfProcessedCaptures":                               "v o",

	"SetSimpleTrigger":                   "v v v v v v v",
	"SetTriggerChannelProperties":        "v a n v v",
	"SetTriggerChannelConditions":        "v a n v",
	"SetTriggerChannelDirections":        "v a n",
	"SetTriggerDelay":                    "v v",
	"SetTriggerDigitalPortProperties":    "v v a n",
	"SetPulseWidthQualifierProperties":   "v v v v",
	"SetPulseWidthQualifierConditions":   "v a n v",
	"SetPulseWidthQualifierDirections":   "v a n",
	"SetPulseWidthDigitalPortProperties": "v v a n",
	"TriggerWithinPreTriggerSamples":     "v v",
	"SetOutputEdgeDetect":                "v v",
	"QueryOutputEdgeDetect":              "v o",
	"GetTriggerTimeOffset":               "v o o v",
	"GetValuesTriggerTimeOffsetBulk":     "v ao4 ao4 =3 =6",
	"GetTriggerInfo":                     "v aio v n",

	"SetDataBuffer":                "v v p =40 =1 v v v",
	"SetDataBuffers":               "v v p p =40 =1 v v v",
	"RunBlock":                     "v v v v o v 0 0",
	"IsReady":                      "v o",
	"GetValues":                    "v v io v v v o",
	"GetValuesBulk":                "v v io =3 =6 v v p",
	"GetValuesAsync":               "v v v v v v p p",
	"GetValuesBulkAsync":           "v v v v v v v p p",
	"GetValuesOverlapped":          "v v p v v =3 =6 p",
	"StopUsingGetValuesOverlapped": "v",

	"RunStreaming":             "v io v v v v v v",
	"GetStreamingLatestValues": "v aio n ip",
	"NoOfStreamingValues":      "v o",
	"Stop":                     "v",

	"SigGenWaveform":               "v v a n",
	"SigGenRange":                  "v v v",
	"SigGenWaveformDutyCycle":      "v v",
	"SigGenTrigger":                "v v v v v",
	"SigGenFilter":                 "v v",
	"SigGenFrequency":              "v v",
	"SigGenFrequencySweep":         "v v v v v",
	"SigGenPhase":                  "v v",
	"SigGenPhaseSweep":             "v v v v v",
	"SigGenClockManual":            "v v v",
	"SigGenSoftwareTriggerControl": "v v",
	"SigGenApply":                  "v v v v v v io io io io",
	"SigGenLimits":                 "v v o o o",
	"SigGenFrequencyLimits":        "v v ip ip v ip ip o o o o o",
	"SigGenPause":                  "v",
	"SigGenRestart":                "v",

	"SetProbeInteractionCallback":             "v p",
	"SetDigitalPortInteractionCallback":       "v p",
	"SetExternalReferenceInteractionCallback": "v p",
	"SetAWGOverrangeInteractionCallback":      "v p",
	"SetTemperatureSensorInteractionCallback": "v p",
	"SetProbeUserActionCallback":              "v p p",
}

// twice are the functions of twice_test.go.
var twice = []string{"EnumerateUnits", "GetUnitInfo", "GetAccessoryInfo", "ChannelCombinationsStateless"}

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
		buffer[int16](t), buffer[int16](t), buffer[int8](t), buffer[int8](t), buffer[int64](t), buffer[uint32](t), buffer[uint64](t),
	}
	fakelib.Play(t, f, api, specs, buffers, func(name string) bool {
		return slices.Contains(twice, name) || name == "Has" || name == "Pointer" || left[prefix+name] != ""
	})
}
