//go:build !cgo

package capi

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/dynlib"
)

// What this build has in place of the binding: the same names, and nothing behind them. A test compares both forms.

// absent is the answer to every call. Nobody makes one, since [Load] gives no API.
const absent = picosdk.StatusNotSupported

// API is the resolved library; this build has none.
type API struct{}

// Symbols returns nothing.
func Symbols() (required, optional []string) { return nil, nil }

// Load returns an error that wraps dynlib.ErrNoBinding.
func Load(lib *dynlib.Library) (*API, error) { return nil, noBinding() }

// Has says no.
func (*API) Has(name string) bool { return false }

// Pointer returns nil.
func (*API) Pointer(name string) unsafe.Pointer { return nil }

func noBinding() error {
	return &dynlib.BindingError{Advice: "build the plugin ps6000a with cgo (CGO_ENABLED=1 and a C compiler) to use instruments of this family"}
}

// As in open.go.
func (*API) EnumerateUnits(options string, serialLth int16) (count int16, serials string, needed int16, status picosdk.Status) {
	status = absent
	return
}
func (*API) OpenUnit(serial string, resolution uint32) (Handle, picosdk.Status) { return 0, absent }
func (*API) OpenUnitAsync(serial string, resolution uint32) (started int16, status picosdk.Status) {
	status = absent
	return
}

func (*API) OpenUnitProgress() (handle Handle, progressPercent, complete int16, status picosdk.Status) {
	status = absent
	return
}
func (*API) GetUnitInfo(handle Handle, info uint32) (string, picosdk.Status) { return "", absent }
func (*API) GetAccessoryInfo(handle Handle, channel, info uint32) (string, picosdk.Status) {
	return "", absent
}
func (*API) FlashLed(handle Handle, start int16) picosdk.Status                  { return absent }
func (*API) PingUnit(handle Handle) picosdk.Status                               { return absent }
func (*API) CloseUnit(handle Handle) picosdk.Status                              { return absent }
func (*API) SetDeviceResolution(handle Handle, resolution uint32) picosdk.Status { return absent }
func (*API) GetDeviceResolution(handle Handle) (uint32, picosdk.Status)          { return 0, absent }

func (*API) GetAdcLimits(handle Handle, resolution uint32) (minValue, maxValue int16, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetScalingValues(handle Handle, scalingValues []ScalingFactorsValues) picosdk.Status {
	return absent
}

// As in channels.go.
func (*API) SetChannelOn(handle Handle, channel, coupling, voltageRange uint32, analogueOffset float64, bandwidth uint32) picosdk.Status {
	return absent
}
func (*API) SetChannelOff(handle Handle, channel uint32) picosdk.Status { return absent }
func (*API) SetDigitalPortOn(handle Handle, port uint32, logicThresholdLevel []int16, hysteresis uint32) picosdk.Status {
	return absent
}
func (*API) SetDigitalPortOff(handle Handle, port uint32) picosdk.Status { return absent }
func (*API) GetAnalogueOffsetLimits(handle Handle, voltageRange, coupling uint32) (maximumVoltage, minimumVoltage float64, status picosdk.Status) {
	status = absent
	return
}
func (*API) SetAuxIoMode(handle Handle, auxIoMode uint32) picosdk.Status { return absent }
func (*API) ResetChannelsAndReportAllChannelsOvervoltageTripStatus(handle Handle, allChannelsTrippedStatus []ChannelOvervoltageTripped) picosdk.Status {
	return absent
}

func (*API) ReportAllChannelsOvervoltageTripStatus(handle Handle, allChannelsTrippedStatus []ChannelOvervoltageTripped) picosdk.Status {
	return absent
}

func (*API) GetTimebase(handle Handle, timebase uint32, noSamples, segmentIndex uint64) (timeIntervalNanoseconds float64, maxSamples uint64, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetMinimumTimebaseStateless(handle Handle, enabledChannelFlags, resolution uint32) (timebase uint32, timeInterval float64, status picosdk.Status) {
	status = absent
	return
}

func (*API) NearestSampleIntervalStateless(handle Handle, enabledChannelFlags uint32, timeIntervalRequested float64, resolution uint32) (timebase uint32, timeIntervalAvailable float64, status picosdk.Status) {
	status = absent
	return
}

func (*API) ChannelCombinationsStateless(handle Handle, resolution, timebase uint32) (combinations []uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) MemorySegments(handle Handle, nSegments uint64) (nMaxSamples uint64, status picosdk.Status) {
	status = absent
	return
}

func (*API) MemorySegmentsBySamples(handle Handle, nSamples uint64) (nMaxSegments uint64, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetMaximumAvailableMemory(handle Handle, resolution uint32) (nMaxSamples uint64, status picosdk.Status) {
	status = absent
	return
}

func (*API) QueryMaxSegmentsBySamples(handle Handle, nSamples uint64, nChannelEnabled, resolution uint32) (nMaxSegments uint64, status picosdk.Status) {
	status = absent
	return
}
func (*API) SetNoOfCaptures(handle Handle, nCaptures uint64) picosdk.Status  { return absent }
func (*API) GetNoOfCaptures(handle Handle) (uint64, picosdk.Status)          { return 0, absent }
func (*API) GetNoOfProcessedCaptures(handle Handle) (uint64, picosdk.Status) { return 0, absent }

// As in trigger.go.
func (*API) SetSimpleTrigger(handle Handle, enable int16, source uint32, threshold int16, direction uint32, delay uint64, autoTriggerMicroSeconds uint32) picosdk.Status {
	return absent
}

func (*API) SetTriggerChannelProperties(handle Handle, channelProperties []TriggerChannelProperties, auxOutputEnable int16, autoTriggerMicroSeconds uint32) picosdk.Status {
	return absent
}

func (*API) SetTriggerChannelConditions(handle Handle, conditions []Condition, action uint32) picosdk.Status {
	return absent
}

func (*API) SetTriggerChannelDirections(handle Handle, directions []Direction) picosdk.Status {
	return absent
}
func (*API) SetTriggerDelay(handle Handle, delay uint64) picosdk.Status { return absent }
func (*API) SetTriggerDigitalPortProperties(handle Handle, port uint32, directions []DigitalChannelDirections) picosdk.Status {
	return absent
}

func (*API) SetPulseWidthQualifierProperties(handle Handle, lower, upper, pulseWidthType uint32) picosdk.Status {
	return absent
}

func (*API) SetPulseWidthQualifierConditions(handle Handle, conditions []Condition, action uint32) picosdk.Status {
	return absent
}

func (*API) SetPulseWidthQualifierDirections(handle Handle, directions []Direction) picosdk.Status {
	return absent
}

func (*API) SetPulseWidthDigitalPortProperties(handle Handle, port uint32, directions []DigitalChannelDirections) picosdk.Status {
	return absent
}

func (*API) TriggerWithinPreTriggerSamples(handle Handle, state uint32) picosdk.Status { return absent }

func (*API) SetOutputEdgeDetect(handle Handle, state int16) picosdk.Status { return absent }

func (*API) QueryOutputEdgeDetect(handle Handle) (int16, picosdk.Status) { return 0, absent }

func (*API) GetTriggerTimeOffset(handle Handle, segmentIndex uint64) (time int64, timeUnits uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetValuesTriggerTimeOffsetBulk(handle Handle, fromSegmentIndex, toSegmentIndex uint64) (times []int64, timeUnits []uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetTriggerInfo(handle Handle, triggerInfo []TriggerInfo, firstSegmentIndex uint64) picosdk.Status {
	return absent
}

// As in block.go.
func (*API) SetDataBuffer(handle Handle, channel uint32, buffer Memory, nSamples int32, dataType uint32, waveform uint64, downSampleRatioMode, action uint32) picosdk.Status {
	return absent
}

func (*API) SetDataBuffers(handle Handle, channel uint32, bufferMax, bufferMin Memory, nSamples int32, dataType uint32, waveform uint64, downSampleRatioMode, action uint32) picosdk.Status {
	return absent
}

func (*API) RunBlock(handle Handle, noOfPreTriggerSamples, noOfPostTriggerSamples uint64, timebase uint32, segmentIndex uint64) (timeIndisposedMs float64, status picosdk.Status) {
	status = absent
	return
}
func (*API) IsReady(handle Handle) (int16, picosdk.Status) { return 0, absent }
func (*API) GetValues(handle Handle, startIndex, noOfSamples, downSampleRatio uint64, downSampleRatioMode uint32, segmentIndex uint64) (samples uint64, overflow int16, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetValuesBulk(handle Handle, startIndex, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio uint64, downSampleRatioMode uint32, overflow *Buffer[int16]) (samples uint64, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetValuesAsync(handle Handle, startIndex, noOfSamples, downSampleRatio uint64, downSampleRatioMode uint32, segmentIndex uint64, lpDataReady, pParameter unsafe.Pointer) picosdk.Status {
	return absent
}

func (*API) GetValuesBulkAsync(handle Handle, startIndex, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio uint64, downSampleRatioMode uint32, lpDataReady, pParameter unsafe.Pointer) picosdk.Status {
	return absent
}

func (*API) GetValuesOverlapped(handle Handle, startIndex uint64, noOfSamples *Buffer[uint64], downSampleRatio uint64, downSampleRatioMode uint32, fromSegmentIndex, toSegmentIndex uint64, overflow *Buffer[int16]) picosdk.Status {
	return absent
}
func (*API) StopUsingGetValuesOverlapped(handle Handle) picosdk.Status { return absent }

// As in stream.go.
func (*API) RunStreaming(handle Handle, sampleInterval float64, sampleIntervalTimeUnits uint32, maxPreTriggerSamples, maxPostTriggerSamples uint64, autoStop int16, downSampleRatio uint64, downSampleRatioMode uint32) (interval float64, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetStreamingLatestValues(handle Handle, streamingDataInfo []StreamingDataInfo, triggerInfo *StreamingDataTriggerInfo) picosdk.Status {
	return absent
}
func (*API) NoOfStreamingValues(handle Handle) (uint64, picosdk.Status) { return 0, absent }
func (*API) Stop(handle Handle) picosdk.Status                          { return absent }

// As in siggen.go.
func (*API) SigGenWaveform(handle Handle, waveType uint32, buffer []int16) picosdk.Status {
	return absent
}

func (*API) SigGenRange(handle Handle, peakToPeakVolts, offsetVolts float64) picosdk.Status {
	return absent
}

func (*API) SigGenWaveformDutyCycle(handle Handle, dutyCyclePercent float64) picosdk.Status {
	return absent
}

func (*API) SigGenTrigger(handle Handle, triggerType, triggerSource uint32, cycles, autoTriggerPicoSeconds uint64) picosdk.Status {
	return absent
}
func (*API) SigGenFilter(handle Handle, filterState uint32) picosdk.Status     { return absent }
func (*API) SigGenFrequency(handle Handle, frequencyHz float64) picosdk.Status { return absent }
func (*API) SigGenFrequencySweep(handle Handle, stopFrequencyHz, frequencyIncrement, dwellTimeSeconds float64, sweepType uint32) picosdk.Status {
	return absent
}
func (*API) SigGenPhase(handle Handle, deltaPhase uint64) picosdk.Status { return absent }
func (*API) SigGenPhaseSweep(handle Handle, stopDeltaPhase, deltaPhaseIncrement, dwellCount uint64, sweepType uint32) picosdk.Status {
	return absent
}

func (*API) SigGenClockManual(handle Handle, dacClockFrequency float64, prescaleRatio uint64) picosdk.Status {
	return absent
}

func (*API) SigGenSoftwareTriggerControl(handle Handle, triggerState uint32) picosdk.Status {
	return absent
}

func (*API) SigGenApply(handle Handle, sigGenEnabled, sweepEnabled, triggerEnabled, automaticClockOptimisationEnabled, overrideAutomaticClockAndPrescale int16, frequency, stopFrequency, frequencyIncrement, dwellTime float64) (usedFrequency, usedStopFrequency, usedFrequencyIncrement, usedDwellTime float64, status picosdk.Status) {
	status = absent
	return
}

func (*API) SigGenLimits(handle Handle, parameter uint32) (minimumPermissibleValue, maximumPermissibleValue, step float64, status picosdk.Status) {
	status = absent
	return
}

func (*API) SigGenFrequencyLimits(handle Handle, waveType uint32, numSamples *uint64, startFrequency *float64, sweepEnabled int16, manualDacClockFrequency *float64, manualPrescaleRatio *uint64) (FrequencyLimits, picosdk.Status) {
	return FrequencyLimits{}, absent
}
func (*API) SigGenPause(handle Handle) picosdk.Status   { return absent }
func (*API) SigGenRestart(handle Handle) picosdk.Status { return absent }

// As in probes.go.
func (*API) SetProbeInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return absent
}

func (*API) SetDigitalPortInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return absent
}

func (*API) SetExternalReferenceInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return absent
}

func (*API) SetAWGOverrangeInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return absent
}

func (*API) SetTemperatureSensorInteractionCallback(handle Handle, callback unsafe.Pointer) picosdk.Status {
	return absent
}

func (*API) SetProbeUserActionCallback(handle Handle, callback, pParameter unsafe.Pointer) picosdk.Status {
	return absent
}
