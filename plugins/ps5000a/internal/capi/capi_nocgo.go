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
	return &dynlib.BindingError{Advice: "build the plugin ps5000a with cgo (CGO_ENABLED=1 and a C compiler) to use instruments of this family"}
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

func (*API) FlashLed(handle Handle, start int16) picosdk.Status { return absent }

func (*API) IsLedFlashing(handle Handle) (int16, picosdk.Status) { return 0, absent }

func (*API) PingUnit(handle Handle) picosdk.Status { return absent }

func (*API) CloseUnit(handle Handle) picosdk.Status { return absent }

func (*API) CurrentPowerSource(handle Handle) picosdk.Status { return absent }

func (*API) ChangePowerSource(handle Handle, powerState picosdk.Status) picosdk.Status { return absent }

func (*API) SetDeviceResolution(handle Handle, resolution uint32) picosdk.Status { return absent }

func (*API) GetDeviceResolution(handle Handle) (uint32, picosdk.Status) { return 0, absent }

func (*API) MaximumValue(handle Handle) (int16, picosdk.Status) { return 0, absent }

func (*API) MinimumValue(handle Handle) (int16, picosdk.Status) { return 0, absent }

func (*API) GetScalingValues(handle Handle, scalingValues []ScalingFactorsValues) picosdk.Status {
	return absent
}

// As in channels.go.
func (*API) SetChannel(handle Handle, channel uint32, enabled int16, coupling, voltageRange uint32, analogOffset float32) picosdk.Status {
	return absent
}

func (*API) SetBandwidthFilter(handle Handle, channel, bandwidth uint32) picosdk.Status {
	return absent
}

func (*API) SetDigitalPort(handle Handle, port uint32, enabled, logicLevel int16) picosdk.Status {
	return absent
}

func (*API) GetChannelInformation(handle Handle, info uint32, probe, channel int32) (ranges []int32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetAnalogueOffset(handle Handle, voltageRange, coupling uint32) (maximumVoltage, minimumVoltage float32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetTimebase(handle Handle, timebase uint32, noSamples int32, segmentIndex uint32) (timeIntervalNanoseconds, maxSamples int32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetTimebase2(handle Handle, timebase uint32, noSamples int32, segmentIndex uint32) (timeIntervalNanoseconds float32, maxSamples int32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetMinimumTimebaseStateless(handle Handle, enabledChannelOrPortFlags, resolution uint32) (timebase uint32, timeInterval float64, status picosdk.Status) {
	status = absent
	return
}

func (*API) NearestSampleIntervalStateless(handle Handle, enabledChannelOrPortFlags uint32, timeIntervalRequested float64, resolution uint32, useEts uint16) (timebase uint32, timeIntervalAvailable float64, status picosdk.Status) {
	status = absent
	return
}

func (*API) ChannelCombinationsStateless(handle Handle, resolution, timebase uint32, hasDcPowerSupplyConnected int16) (combinations []uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) MemorySegments(handle Handle, nSegments uint32) (nMaxSamples int32, status picosdk.Status) {
	status = absent
	return
}
func (*API) GetMaxSegments(handle Handle) (uint32, picosdk.Status)           { return 0, absent }
func (*API) SetNoOfCaptures(handle Handle, nCaptures uint32) picosdk.Status  { return absent }
func (*API) GetNoOfCaptures(handle Handle) (uint32, picosdk.Status)          { return 0, absent }
func (*API) GetNoOfProcessedCaptures(handle Handle) (uint32, picosdk.Status) { return 0, absent }

// As in trigger.go.
func (*API) SetSimpleTrigger(handle Handle, enable int16, channel uint32, threshold int16, direction, delay uint32, autoTriggerMs int16) picosdk.Status {
	return absent
}

func (*API) SetTriggerChannelProperties(handle Handle, channelProperties []TriggerChannelProperties, auxOutputEnable int16, autoTriggerMilliseconds int32) picosdk.Status {
	return absent
}

func (*API) SetTriggerChannelConditions(handle Handle, conditions []TriggerConditions) picosdk.Status {
	return absent
}

func (*API) SetTriggerChannelDirections(handle Handle, channelA, channelB, channelC, channelD, ext, aux uint32) picosdk.Status {
	return absent
}
func (*API) SetTriggerDelay(handle Handle, delay uint32) picosdk.Status { return absent }
func (*API) SetPulseWidthQualifier(handle Handle, conditions []PWQConditions, direction, lower, upper, pulseWidthType uint32) picosdk.Status {
	return absent
}

func (*API) TriggerWithinPreTriggerSamples(handle Handle, state uint32) picosdk.Status { return absent }

func (*API) IsTriggerOrPulseWidthQualifierEnabled(handle Handle) (triggerEnabled, pulseWidthQualifierEnabled int16, status picosdk.Status) {
	status = absent
	return
}
func (*API) SetOutputEdgeDetect(handle Handle, state int16) picosdk.Status { return absent }
func (*API) QueryOutputEdgeDetect(handle Handle) (int16, picosdk.Status)   { return 0, absent }
func (*API) GetTriggerTimeOffset(handle Handle, segmentIndex uint32) (timeUpper, timeLower, timeUnits uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetTriggerTimeOffset64(handle Handle, segmentIndex uint32) (time int64, timeUnits uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetValuesTriggerTimeOffsetBulk(handle Handle, fromSegmentIndex, toSegmentIndex uint32) (timesUpper, timesLower, timeUnits []uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetValuesTriggerTimeOffsetBulk64(handle Handle, fromSegmentIndex, toSegmentIndex uint32) (times []int64, timeUnits []uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetTriggerInfoBulk(handle Handle, fromSegmentIndex, toSegmentIndex uint32) (triggerInfo []TriggerInfo, status picosdk.Status) {
	status = absent
	return
}

// As in trigger_v2.go.
func (*API) SetTriggerChannelPropertiesV2(handle Handle, channelProperties []TriggerChannelPropertiesV2, auxOutputEnable int16) picosdk.Status {
	return absent
}

func (*API) SetTriggerChannelConditionsV2(handle Handle, conditions []Condition, info uint32) picosdk.Status {
	return absent
}

func (*API) SetTriggerChannelDirectionsV2(handle Handle, directions []Direction) picosdk.Status {
	return absent
}

func (*API) SetAutoTriggerMicroSeconds(handle Handle, autoTriggerMicroseconds uint64) picosdk.Status {
	return absent
}

func (*API) SetPulseWidthQualifierProperties(handle Handle, lower, upper, pulseWidthType uint32) picosdk.Status {
	return absent
}

func (*API) SetPulseWidthQualifierConditions(handle Handle, conditions []Condition, info uint32) picosdk.Status {
	return absent
}

func (*API) SetPulseWidthQualifierDirections(handle Handle, directions []Direction) picosdk.Status {
	return absent
}

func (*API) SetTriggerDigitalPortProperties(handle Handle, directions []DigitalChannelDirections) picosdk.Status {
	return absent
}

func (*API) SetPulseWidthDigitalPortProperties(handle Handle, directions []DigitalChannelDirections) picosdk.Status {
	return absent
}

// As in block.go.
func (*API) SetDataBuffer(handle Handle, source uint32, buffer *Buffer[int16], bufferLth int32, segmentIndex, mode uint32) picosdk.Status {
	return absent
}

func (*API) SetDataBuffers(handle Handle, source uint32, bufferMax, bufferMin *Buffer[int16], bufferLth int32, segmentIndex, mode uint32) picosdk.Status {
	return absent
}

func (*API) SetUnscaledDataBuffers(handle Handle, source uint32, bufferMax, bufferMin *Buffer[int8], bufferLth int32, segmentIndex, mode uint32) picosdk.Status {
	return absent
}

func (*API) RunBlock(handle Handle, noOfPreTriggerSamples, noOfPostTriggerSamples int32, timebase, segmentIndex uint32) (timeIndisposedMs int32, status picosdk.Status) {
	status = absent
	return
}
func (*API) IsReady(handle Handle) (int16, picosdk.Status) { return 0, absent }
func (*API) GetValues(handle Handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex uint32) (samples uint32, overflow int16, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetValuesBulk(handle Handle, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio, downSampleRatioMode uint32, overflow *Buffer[int16]) (samples uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetValuesAsync(handle Handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex uint32, lpDataReady, pParameter unsafe.Pointer) picosdk.Status {
	return absent
}

func (*API) GetValuesOverlapped(handle Handle, startIndex uint32, noOfSamples *Buffer[uint32], downSampleRatio, downSampleRatioMode, segmentIndex uint32, overflow *Buffer[int16]) picosdk.Status {
	return absent
}

func (*API) GetValuesOverlappedBulk(handle Handle, startIndex uint32, noOfSamples *Buffer[uint32], downSampleRatio, downSampleRatioMode, fromSegmentIndex, toSegmentIndex uint32, overflow *Buffer[int16]) picosdk.Status {
	return absent
}

func (*API) GetMaxDownSampleRatio(handle Handle, noOfUnaggregatedSamples, downSampleRatioMode, segmentIndex uint32) (uint32, picosdk.Status) {
	return 0, absent
}

func (*API) SetEts(handle Handle, mode uint32, etsCycles, etsInterleave int16) (sampleTimePicoseconds int32, status picosdk.Status) {
	status = absent
	return
}

func (*API) SetEtsTimeBuffer(handle Handle, buffer *Buffer[int64], bufferLth int32) picosdk.Status {
	return absent
}

func (*API) SetEtsTimeBuffers(handle Handle, timeUpper, timeLower *Buffer[uint32], bufferLth int32) picosdk.Status {
	return absent
}

// As in stream.go.
func (*API) RunStreaming(handle Handle, sampleInterval, sampleIntervalTimeUnits, maxPreTriggerSamples, maxPostTriggerSamples uint32, autoStop int16, downSampleRatio, downSampleRatioMode, overviewBufferSize uint32) (interval uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) GetStreamingLatestValues(handle Handle, lpReady, pParameter unsafe.Pointer) picosdk.Status {
	return absent
}
func (*API) NoOfStreamingValues(handle Handle) (uint32, picosdk.Status) { return 0, absent }
func (*API) Stop(handle Handle) picosdk.Status                          { return absent }

// As in siggen.go.
func (*API) SetSigGenArbitrary(handle Handle, offsetVoltage int32, pkToPk, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount uint32, arbitraryWaveform []int16, sweepType, operation, indexMode, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return absent
}

func (*API) SetSigGenBuiltIn(handle Handle, offsetVoltage int32, pkToPk, waveType uint32, startFrequency, stopFrequency, increment, dwellTime float32, sweepType, operation, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return absent
}

func (*API) SetSigGenBuiltInV2(handle Handle, offsetVoltage int32, pkToPk, waveType uint32, startFrequency, stopFrequency, increment, dwellTime float64, sweepType, operation, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return absent
}

func (*API) SetSigGenPropertiesArbitrary(handle Handle, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount, sweepType, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return absent
}

func (*API) SetSigGenPropertiesBuiltIn(handle Handle, startFrequency, stopFrequency, increment, dwellTime float64, sweepType, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return absent
}

func (*API) SigGenFrequencyToPhase(handle Handle, frequency float64, indexMode, bufferLength uint32) (phase uint32, status picosdk.Status) {
	status = absent
	return
}

func (*API) SigGenArbitraryMinMaxValues(handle Handle) (minValue, maxValue int16, minSize, maxSize uint32, status picosdk.Status) {
	status = absent
	return
}
func (*API) SigGenSoftwareControl(handle Handle, state int16) picosdk.Status { return absent }
