/* The functions that the vendor library ps5000a exports, with the vendor's prototypes. Not here: what they do. */
#ifndef SCOPELOG_EMU_PS5000A_H
#define SCOPELOG_EMU_PS5000A_H

#include "ps5000a_types.h"

/* Open, close, information */
PICO_STATUS ps5000aEnumerateUnits(int16_t *count, int8_t *serials, int16_t *serialLth);
PICO_STATUS ps5000aOpenUnit(int16_t *handle, int8_t *serial, PS5000A_DEVICE_RESOLUTION resolution);
PICO_STATUS ps5000aOpenUnitAsync(int16_t *status, int8_t *serial, PS5000A_DEVICE_RESOLUTION resolution);
PICO_STATUS ps5000aOpenUnitProgress(int16_t *handle, int16_t *progressPercent, int16_t *complete);
PICO_STATUS ps5000aGetUnitInfo(int16_t handle, int8_t *string, int16_t stringLength, int16_t *requiredSize, uint32_t info);
PICO_STATUS ps5000aFlashLed(int16_t handle, int16_t start);
PICO_STATUS ps5000aIsLedFlashing(int16_t handle, int16_t *status);
PICO_STATUS ps5000aPingUnit(int16_t handle);
PICO_STATUS ps5000aCloseUnit(int16_t handle);
PICO_STATUS ps5000aCheckForUpdate(int16_t handle, PICO_VERSION *current, PICO_VERSION *update, uint16_t *updateRequired);
PICO_STATUS ps5000aStartFirmwareUpdate(int16_t handle, PicoUpdateFirmwareProgress progress);

/* Power */
PICO_STATUS ps5000aCurrentPowerSource(int16_t handle);
PICO_STATUS ps5000aChangePowerSource(int16_t handle, uint32_t powerState);

/* Resolution and ADC limits */
PICO_STATUS ps5000aSetDeviceResolution(int16_t handle, PS5000A_DEVICE_RESOLUTION resolution);
PICO_STATUS ps5000aGetDeviceResolution(int16_t handle, PS5000A_DEVICE_RESOLUTION *resolution);
PICO_STATUS ps5000aMaximumValue(int16_t handle, int16_t *value);
PICO_STATUS ps5000aMinimumValue(int16_t handle, int16_t *value);
PICO_STATUS ps5000aGetScalingValues(int16_t handle, PS5000A_SCALING_FACTORS_VALUES *scalingValues, int16_t nChannels);

/* Channels and ports */
PICO_STATUS ps5000aSetChannel(int16_t handle, PS5000A_CHANNEL channel, int16_t enabled, PS5000A_COUPLING type,
		PS5000A_RANGE range, float analogOffset);
PICO_STATUS ps5000aSetBandwidthFilter(int16_t handle, PS5000A_CHANNEL channel, PS5000A_BANDWIDTH_LIMITER bandwidth);
PICO_STATUS ps5000aSetDigitalPort(int16_t handle, PS5000A_CHANNEL port, int16_t enabled, int16_t logicLevel);
PICO_STATUS ps5000aGetChannelInformation(int16_t handle, PS5000A_CHANNEL_INFO info, int32_t probe, int32_t *ranges,
		int32_t *length, int32_t channels);
PICO_STATUS ps5000aGetAnalogueOffset(int16_t handle, PS5000A_RANGE range, PS5000A_COUPLING coupling, float *maximumVoltage,
		float *minimumVoltage);

/* Timebase */
PICO_STATUS ps5000aGetTimebase(int16_t handle, uint32_t timebase, int32_t noSamples, int32_t *timeIntervalNanoseconds,
		int32_t *maxSamples, uint32_t segmentIndex);
PICO_STATUS ps5000aGetTimebase2(int16_t handle, uint32_t timebase, int32_t noSamples, float *timeIntervalNanoseconds,
		int32_t *maxSamples, uint32_t segmentIndex);
PICO_STATUS ps5000aGetMinimumTimebaseStateless(int16_t handle, PS5000A_CHANNEL_FLAGS enabledChannelOrPortFlags,
		uint32_t *timebase, double *timeInterval, PS5000A_DEVICE_RESOLUTION resolution);
PICO_STATUS ps5000aNearestSampleIntervalStateless(int16_t handle, PS5000A_CHANNEL_FLAGS enabledChannelOrPortFlags,
		double timeIntervalRequested, PS5000A_DEVICE_RESOLUTION resolution, uint16_t useEts, uint32_t *timebase,
		double *timeIntervalAvailable);
PICO_STATUS ps5000aChannelCombinationsStateless(int16_t handle, PS5000A_CHANNEL_FLAGS *channelOrPortFlagsCombinations,
		uint32_t *nChannelCombinations, PS5000A_DEVICE_RESOLUTION resolution, uint32_t timebase,
		int16_t hasDcPowerSupplyConnected);

/* Memory, segments, captures */
PICO_STATUS ps5000aMemorySegments(int16_t handle, uint32_t nSegments, int32_t *nMaxSamples);
PICO_STATUS ps5000aGetMaxSegments(int16_t handle, uint32_t *maxSegments);
PICO_STATUS ps5000aSetNoOfCaptures(int16_t handle, uint32_t nCaptures);
PICO_STATUS ps5000aGetNoOfCaptures(int16_t handle, uint32_t *nCaptures);
PICO_STATUS ps5000aGetNoOfProcessedCaptures(int16_t handle, uint32_t *nProcessedCaptures);

/* Triggers */
PICO_STATUS ps5000aSetSimpleTrigger(int16_t handle, int16_t enable, PS5000A_CHANNEL channel, int16_t threshold,
		PS5000A_THRESHOLD_DIRECTION direction, uint32_t delay, int16_t autoTrigger_ms);
PICO_STATUS ps5000aSetTriggerChannelProperties(int16_t handle, PS5000A_TRIGGER_CHANNEL_PROPERTIES *channelProperties,
		int16_t nChannelProperties, int16_t auxOutputEnable, int32_t autoTriggerMilliseconds);
PICO_STATUS ps5000aSetTriggerChannelPropertiesV2(int16_t handle, PS5000A_TRIGGER_CHANNEL_PROPERTIES_V2 *channelProperties,
		int16_t nChannelProperties, int16_t auxOutputEnable);
PICO_STATUS ps5000aSetTriggerChannelConditions(int16_t handle, PS5000A_TRIGGER_CONDITIONS *conditions, int16_t nConditions);
PICO_STATUS ps5000aSetTriggerChannelConditionsV2(int16_t handle, PS5000A_CONDITION *conditions, int16_t nConditions,
		PS5000A_CONDITIONS_INFO info);
PICO_STATUS ps5000aSetTriggerChannelDirections(int16_t handle, PS5000A_THRESHOLD_DIRECTION channelA,
		PS5000A_THRESHOLD_DIRECTION channelB, PS5000A_THRESHOLD_DIRECTION channelC, PS5000A_THRESHOLD_DIRECTION channelD,
		PS5000A_THRESHOLD_DIRECTION ext, PS5000A_THRESHOLD_DIRECTION aux);
PICO_STATUS ps5000aSetTriggerChannelDirectionsV2(int16_t handle, PS5000A_DIRECTION *directions, uint16_t nDirections);
PICO_STATUS ps5000aSetAutoTriggerMicroSeconds(int16_t handle, uint64_t autoTriggerMicroseconds);
PICO_STATUS ps5000aSetTriggerDelay(int16_t handle, uint32_t delay);
PICO_STATUS ps5000aSetTriggerDigitalPortProperties(int16_t handle, PS5000A_DIGITAL_CHANNEL_DIRECTIONS *directions,
		int16_t nDirections);
PICO_STATUS ps5000aSetPulseWidthQualifier(int16_t handle, PS5000A_PWQ_CONDITIONS *conditions, int16_t nConditions,
		PS5000A_THRESHOLD_DIRECTION direction, uint32_t lower, uint32_t upper, PS5000A_PULSE_WIDTH_TYPE type);
PICO_STATUS ps5000aSetPulseWidthQualifierProperties(int16_t handle, uint32_t lower, uint32_t upper,
		PS5000A_PULSE_WIDTH_TYPE type);
PICO_STATUS ps5000aSetPulseWidthQualifierConditions(int16_t handle, PS5000A_CONDITION *conditions, int16_t nConditions,
		PS5000A_CONDITIONS_INFO info);
PICO_STATUS ps5000aSetPulseWidthQualifierDirections(int16_t handle, PS5000A_DIRECTION *directions, int16_t nDirections);
PICO_STATUS ps5000aSetPulseWidthDigitalPortProperties(int16_t handle, PS5000A_DIGITAL_CHANNEL_DIRECTIONS *directions,
		int16_t nDirections);
PICO_STATUS ps5000aTriggerWithinPreTriggerSamples(int16_t handle, PS5000A_TRIGGER_WITHIN_PRE_TRIGGER state);
PICO_STATUS ps5000aIsTriggerOrPulseWidthQualifierEnabled(int16_t handle, int16_t *triggerEnabled,
		int16_t *pulseWidthQualifierEnabled);
PICO_STATUS ps5000aSetOutputEdgeDetect(int16_t handle, int16_t state);
PICO_STATUS ps5000aQueryOutputEdgeDetect(int16_t handle, int16_t *state);

/* Trigger timing results */
PICO_STATUS ps5000aGetTriggerTimeOffset(int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, PS5000A_TIME_UNITS *timeUnits,
		uint32_t segmentIndex);
PICO_STATUS ps5000aGetTriggerTimeOffset64(int16_t handle, int64_t *time, PS5000A_TIME_UNITS *timeUnits, uint32_t segmentIndex);
PICO_STATUS ps5000aGetValuesTriggerTimeOffsetBulk(int16_t handle, uint32_t *timesUpper, uint32_t *timesLower,
		PS5000A_TIME_UNITS *timeUnits, uint32_t fromSegmentIndex, uint32_t toSegmentIndex);
PICO_STATUS ps5000aGetValuesTriggerTimeOffsetBulk64(int16_t handle, int64_t *times, PS5000A_TIME_UNITS *timeUnits,
		uint32_t fromSegmentIndex, uint32_t toSegmentIndex);
PICO_STATUS ps5000aGetTriggerInfoBulk(int16_t handle, PS5000A_TRIGGER_INFO *triggerInfo, uint32_t fromSegmentIndex,
		uint32_t toSegmentIndex);

/* Data buffers */
PICO_STATUS ps5000aSetDataBuffer(int16_t handle, PS5000A_CHANNEL source, int16_t *buffer, int32_t bufferLth,
		uint32_t segmentIndex, PS5000A_RATIO_MODE mode);
PICO_STATUS ps5000aSetDataBuffers(int16_t handle, PS5000A_CHANNEL source, int16_t *bufferMax, int16_t *bufferMin,
		int32_t bufferLth, uint32_t segmentIndex, PS5000A_RATIO_MODE mode);
PICO_STATUS ps5000aSetUnscaledDataBuffers(int16_t handle, PS5000A_CHANNEL source, int8_t *bufferMax, int8_t *bufferMin,
		int32_t bufferLth, uint32_t segmentIndex, PS5000A_RATIO_MODE mode);

/* Block and rapid block */
PICO_STATUS ps5000aRunBlock(int16_t handle, int32_t noOfPreTriggerSamples, int32_t noOfPostTriggerSamples, uint32_t timebase,
		int32_t *timeIndisposedMs, uint32_t segmentIndex, ps5000aBlockReady lpReady, void *pParameter);
PICO_STATUS ps5000aIsReady(int16_t handle, int16_t *ready);
PICO_STATUS ps5000aGetValues(int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio,
		PS5000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow);
PICO_STATUS ps5000aGetValuesBulk(int16_t handle, uint32_t *noOfSamples, uint32_t fromSegmentIndex, uint32_t toSegmentIndex,
		uint32_t downSampleRatio, PS5000A_RATIO_MODE downSampleRatioMode, int16_t *overflow);
PICO_STATUS ps5000aGetValuesAsync(int16_t handle, uint32_t startIndex, uint32_t noOfSamples, uint32_t downSampleRatio,
		PS5000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, void *lpDataReady, void *pParameter);
PICO_STATUS ps5000aGetValuesOverlapped(int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio,
		PS5000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow);
PICO_STATUS ps5000aGetValuesOverlappedBulk(int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio,
		PS5000A_RATIO_MODE downSampleRatioMode, uint32_t fromSegmentIndex, uint32_t toSegmentIndex, int16_t *overflow);
PICO_STATUS ps5000aGetMaxDownSampleRatio(int16_t handle, uint32_t noOfUnaggreatedSamples, uint32_t *maxDownSampleRatio,
		PS5000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex);

/* Streaming */
PICO_STATUS ps5000aRunStreaming(int16_t handle, uint32_t *sampleInterval, PS5000A_TIME_UNITS sampleIntervalTimeUnits,
		uint32_t maxPreTriggerSamples, uint32_t maxPostTriggerSamples, int16_t autoStop, uint32_t downSampleRatio,
		PS5000A_RATIO_MODE downSampleRatioMode, uint32_t overviewBufferSize);
PICO_STATUS ps5000aGetStreamingLatestValues(int16_t handle, ps5000aStreamingReady lpPs5000aReady, void *pParameter);
PICO_STATUS ps5000aNoOfStreamingValues(int16_t handle, uint32_t *noOfValues);

/* Stop */
PICO_STATUS ps5000aStop(int16_t handle);

/* Equivalent-time sampling */
PICO_STATUS ps5000aSetEts(int16_t handle, PS5000A_ETS_MODE mode, int16_t etsCycles, int16_t etsInterleave,
		int32_t *sampleTimePicoseconds);
PICO_STATUS ps5000aSetEtsTimeBuffer(int16_t handle, int64_t *buffer, int32_t bufferLth);
PICO_STATUS ps5000aSetEtsTimeBuffers(int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, int32_t bufferLth);

/* Signal generator */
PICO_STATUS ps5000aSetSigGenArbitrary(int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, uint32_t startDeltaPhase,
		uint32_t stopDeltaPhase, uint32_t deltaPhaseIncrement, uint32_t dwellCount, int16_t *arbitraryWaveform,
		int32_t arbitraryWaveformSize, PS5000A_SWEEP_TYPE sweepType, PS5000A_EXTRA_OPERATIONS operation,
		PS5000A_INDEX_MODE indexMode, uint32_t shots, uint32_t sweeps, PS5000A_SIGGEN_TRIG_TYPE triggerType,
		PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps5000aSetSigGenBuiltIn(int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, PS5000A_WAVE_TYPE waveType,
		float startFrequency, float stopFrequency, float increment, float dwellTime, PS5000A_SWEEP_TYPE sweepType,
		PS5000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS5000A_SIGGEN_TRIG_TYPE triggerType,
		PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps5000aSetSigGenBuiltInV2(int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, PS5000A_WAVE_TYPE waveType,
		double startFrequency, double stopFrequency, double increment, double dwellTime, PS5000A_SWEEP_TYPE sweepType,
		PS5000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS5000A_SIGGEN_TRIG_TYPE triggerType,
		PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps5000aSetSigGenPropertiesArbitrary(int16_t handle, uint32_t startDeltaPhase, uint32_t stopDeltaPhase,
		uint32_t deltaPhaseIncrement, uint32_t dwellCount, PS5000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps,
		PS5000A_SIGGEN_TRIG_TYPE triggerType, PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps5000aSetSigGenPropertiesBuiltIn(int16_t handle, double startFrequency, double stopFrequency, double increment,
		double dwellTime, PS5000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps,
		PS5000A_SIGGEN_TRIG_TYPE triggerType, PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps5000aSigGenFrequencyToPhase(int16_t handle, double frequency, PS5000A_INDEX_MODE indexMode, uint32_t bufferLength,
		uint32_t *phase);
PICO_STATUS ps5000aSigGenArbitraryMinMaxValues(int16_t handle, int16_t *minArbitraryWaveformValue,
		int16_t *maxArbitraryWaveformValue, uint32_t *minArbitraryWaveformSize, uint32_t *maxArbitraryWaveformSize);
PICO_STATUS ps5000aSigGenSoftwareControl(int16_t handle, int16_t state);

/* Exported without a place in the vendor's header. */
void ps5000aApplyFix(uint32_t a, uint16_t b);

/* The mark of the emulation: its name and version. No vendor library has it. */
const char *scopelog_emulator(void);

#endif
