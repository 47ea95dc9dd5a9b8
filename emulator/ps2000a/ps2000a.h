/* The functions that the vendor library ps2000a exports, with the vendor's prototypes. Not here: what they do. */
#ifndef SCOPELOG_EMU_PS2000A_H
#define SCOPELOG_EMU_PS2000A_H

#include "ps2000a_types.h"

/* Open, close, information */
PICO_STATUS ps2000aEnumerateUnits(int16_t *count, int8_t *serials, int16_t *serialLth);
PICO_STATUS ps2000aOpenUnit(int16_t *handle, int8_t *serial);
PICO_STATUS ps2000aOpenUnitAsync(int16_t *status, int8_t *serial);
PICO_STATUS ps2000aOpenUnitProgress(int16_t *handle, int16_t *progressPercent, int16_t *complete);
PICO_STATUS ps2000aGetUnitInfo(int16_t handle, int8_t *string, int16_t stringLength, int16_t *requiredSize, uint32_t info);
PICO_STATUS ps2000aFlashLed(int16_t handle, int16_t start);
PICO_STATUS ps2000aPingUnit(int16_t handle);
PICO_STATUS ps2000aCloseUnit(int16_t handle);

/* Resolution and ADC limits */
PICO_STATUS ps2000aMaximumValue(int16_t handle, int16_t *value);
PICO_STATUS ps2000aMinimumValue(int16_t handle, int16_t *value);
PICO_STATUS ps2000aGetScalingValues(int16_t handle, PS2000A_SCALING_FACTORS_VALUES *scalingValues, int16_t nChannels);

/* Channels and ports */
PICO_STATUS ps2000aSetChannel(int16_t handle, PS2000A_CHANNEL channel, int16_t enabled, PS2000A_COUPLING type,
		PS2000A_RANGE range, float analogOffset);
PICO_STATUS ps2000aSetDigitalPort(int16_t handle, PS2000A_DIGITAL_PORT port, int16_t enabled, int16_t logicLevel);
PICO_STATUS ps2000aGetChannelInformation(int16_t handle, PS2000A_CHANNEL_INFO info, int32_t probe, int32_t *ranges,
		int32_t *length, int32_t channels);
PICO_STATUS ps2000aGetAnalogueOffset(int16_t handle, PS2000A_RANGE range, PS2000A_COUPLING coupling, float *maximumVoltage,
		float *minimumVoltage);

/* Timebase */
PICO_STATUS ps2000aGetTimebase(int16_t handle, uint32_t timebase, int32_t noSamples, int32_t *timeIntervalNanoseconds,
		int16_t oversample, int32_t *maxSamples, uint32_t segmentIndex);
PICO_STATUS ps2000aGetTimebase2(int16_t handle, uint32_t timebase, int32_t noSamples, float *timeIntervalNanoseconds,
		int16_t oversample, int32_t *maxSamples, uint32_t segmentIndex);

/* Memory, segments, captures */
PICO_STATUS ps2000aMemorySegments(int16_t handle, uint32_t nSegments, int32_t *nMaxSamples);
PICO_STATUS ps2000aGetMaxSegments(int16_t handle, uint32_t *maxSegments);
PICO_STATUS ps2000aSetNoOfCaptures(int16_t handle, uint32_t nCaptures);
PICO_STATUS ps2000aGetNoOfCaptures(int16_t handle, uint32_t *nCaptures);
PICO_STATUS ps2000aGetNoOfProcessedCaptures(int16_t handle, uint32_t *nProcessedCaptures);

/* Triggers */
PICO_STATUS ps2000aSetSimpleTrigger(int16_t handle, int16_t enable, PS2000A_CHANNEL source, int16_t threshold,
		PS2000A_THRESHOLD_DIRECTION direction, uint32_t delay, int16_t autoTrigger_ms);
PICO_STATUS ps2000aSetTriggerChannelProperties(int16_t handle, PS2000A_TRIGGER_CHANNEL_PROPERTIES *channelProperties,
		int16_t nChannelProperties, int16_t auxOutputEnable, int32_t autoTriggerMilliseconds);
PICO_STATUS ps2000aSetTriggerChannelConditions(int16_t handle, PS2000A_TRIGGER_CONDITIONS *conditions, int16_t nConditions);
PICO_STATUS ps2000aSetTriggerChannelDirections(int16_t handle, PS2000A_THRESHOLD_DIRECTION channelA,
		PS2000A_THRESHOLD_DIRECTION channelB, PS2000A_THRESHOLD_DIRECTION channelC, PS2000A_THRESHOLD_DIRECTION channelD,
		PS2000A_THRESHOLD_DIRECTION ext, PS2000A_THRESHOLD_DIRECTION aux);
PICO_STATUS ps2000aSetTriggerDelay(int16_t handle, uint32_t delay);
PICO_STATUS ps2000aSetTriggerDigitalPortProperties(int16_t handle, PS2000A_DIGITAL_CHANNEL_DIRECTIONS *directions,
		int16_t nDirections);
PICO_STATUS ps2000aSetDigitalAnalogTriggerOperand(int16_t handle, PS2000A_TRIGGER_OPERAND operand);
PICO_STATUS ps2000aSetPulseWidthQualifier(int16_t handle, PS2000A_PWQ_CONDITIONS *conditions, int16_t nConditions,
		PS2000A_THRESHOLD_DIRECTION direction, uint32_t lower, uint32_t upper, PS2000A_PULSE_WIDTH_TYPE type);
PICO_STATUS ps2000aSetPulseWidthDigitalPortProperties(int16_t handle, PS2000A_DIGITAL_CHANNEL_DIRECTIONS *directions,
		int16_t nDirections);
PICO_STATUS ps2000aIsTriggerOrPulseWidthQualifierEnabled(int16_t handle, int16_t *triggerEnabled,
		int16_t *pulseWidthQualifierEnabled);
PICO_STATUS ps2000aSetOutputEdgeDetect(int16_t handle, int16_t state);
PICO_STATUS ps2000aQueryOutputEdgeDetect(int16_t handle, int16_t *state);
PICO_STATUS ps2000aHoldOff(int16_t handle, uint64_t holdoff, PS2000A_HOLDOFF_TYPE type);

/* Trigger timing results */
PICO_STATUS ps2000aGetTriggerTimeOffset(int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, PS2000A_TIME_UNITS *timeUnits,
		uint32_t segmentIndex);
PICO_STATUS ps2000aGetTriggerTimeOffset64(int16_t handle, int64_t *time, PS2000A_TIME_UNITS *timeUnits, uint32_t segmentIndex);
PICO_STATUS ps2000aGetValuesTriggerTimeOffsetBulk(int16_t handle, uint32_t *timesUpper, uint32_t *timesLower,
		PS2000A_TIME_UNITS *timeUnits, uint32_t fromSegmentIndex, uint32_t toSegmentIndex);
PICO_STATUS ps2000aGetValuesTriggerTimeOffsetBulk64(int16_t handle, int64_t *times, PS2000A_TIME_UNITS *timeUnits,
		uint32_t fromSegmentIndex, uint32_t toSegmentIndex);

/* Data buffers */
PICO_STATUS ps2000aSetDataBuffer(int16_t handle, int32_t channelOrPort, int16_t *buffer, int32_t bufferLth, uint32_t segmentIndex,
		PS2000A_RATIO_MODE mode);
PICO_STATUS ps2000aSetDataBuffers(int16_t handle, int32_t channelOrPort, int16_t *bufferMax, int16_t *bufferMin,
		int32_t bufferLth, uint32_t segmentIndex, PS2000A_RATIO_MODE mode);
PICO_STATUS ps2000aSetUnscaledDataBuffers(int16_t handle, PS2000A_CHANNEL channelOrPort, int8_t *bufferMax, int8_t *bufferMin,
		int32_t bufferLth, uint32_t segmentIndex, PS2000A_RATIO_MODE mode);

/* Block and rapid block */
PICO_STATUS ps2000aRunBlock(int16_t handle, int32_t noOfPreTriggerSamples, int32_t noOfPostTriggerSamples, uint32_t timebase,
		int16_t oversample, int32_t *timeIndisposedMs, uint32_t segmentIndex, ps2000aBlockReady lpReady,
		void *pParameter);
PICO_STATUS ps2000aIsReady(int16_t handle, int16_t *ready);
PICO_STATUS ps2000aGetValues(int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow);
PICO_STATUS ps2000aGetValuesBulk(int16_t handle, uint32_t *noOfSamples, uint32_t fromSegmentIndex, uint32_t toSegmentIndex,
		uint32_t downSampleRatio, PS2000A_RATIO_MODE downSampleRatioMode, int16_t *overflow);
PICO_STATUS ps2000aGetValuesAsync(int16_t handle, uint32_t startIndex, uint32_t noOfSamples, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, void *lpDataReady, void *pParameter);
PICO_STATUS ps2000aGetValuesOverlapped(int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow);
PICO_STATUS ps2000aGetValuesOverlappedBulk(int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t fromSegmentIndex, uint32_t toSegmentIndex, int16_t *overflow);
PICO_STATUS ps2000aGetMaxDownSampleRatio(int16_t handle, uint32_t noOfUnaggreatedSamples, uint32_t *maxDownSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex);

/* Streaming */
PICO_STATUS ps2000aRunStreaming(int16_t handle, uint32_t *sampleInterval, PS2000A_TIME_UNITS sampleIntervalTimeUnits,
		uint32_t maxPreTriggerSamples, uint32_t maxPostPreTriggerSamples, int16_t autoStop, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t overviewBufferSize);
PICO_STATUS ps2000aGetStreamingLatestValues(int16_t handle, ps2000aStreamingReady lpPs2000aReady, void *pParameter);
PICO_STATUS ps2000aNoOfStreamingValues(int16_t handle, uint32_t *noOfValues);

/* Stop */
PICO_STATUS ps2000aStop(int16_t handle);

/* Equivalent-time sampling */
PICO_STATUS ps2000aSetEts(int16_t handle, PS2000A_ETS_MODE mode, int16_t etsCycles, int16_t etsInterleave,
		int32_t *sampleTimePicoseconds);
PICO_STATUS ps2000aSetEtsTimeBuffer(int16_t handle, int64_t *buffer, int32_t bufferLth);
PICO_STATUS ps2000aSetEtsTimeBuffers(int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, int32_t bufferLth);

/* Signal generator */
PICO_STATUS ps2000aSetSigGenArbitrary(int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, uint32_t startDeltaPhase,
		uint32_t stopDeltaPhase, uint32_t deltaPhaseIncrement, uint32_t dwellCount, int16_t *arbitraryWaveform,
		int32_t arbitraryWaveformSize, PS2000A_SWEEP_TYPE sweepType, PS2000A_EXTRA_OPERATIONS operation,
		PS2000A_INDEX_MODE indexMode, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType,
		PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps2000aSetSigGenBuiltIn(int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, int16_t waveType,
		float startFrequency, float stopFrequency, float increment, float dwellTime, PS2000A_SWEEP_TYPE sweepType,
		PS2000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType,
		PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps2000aSetSigGenBuiltInV2(int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, int16_t waveType,
		double startFrequency, double stopFrequency, double increment, double dwellTime, PS2000A_SWEEP_TYPE sweepType,
		PS2000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType,
		PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps2000aSetSigGenPropertiesArbitrary(int16_t handle, uint32_t startDeltaPhase, uint32_t stopDeltaPhase,
		uint32_t deltaPhaseIncrement, uint32_t dwellCount, PS2000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps,
		PS2000A_SIGGEN_TRIG_TYPE triggerType, PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps2000aSetSigGenPropertiesBuiltIn(int16_t handle, double startFrequency, double stopFrequency, double increment,
		double dwellTime, PS2000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps,
		PS2000A_SIGGEN_TRIG_TYPE triggerType, PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold);
PICO_STATUS ps2000aSigGenFrequencyToPhase(int16_t handle, double frequency, PS2000A_INDEX_MODE indexMode, uint32_t bufferLength,
		uint32_t *phase);
PICO_STATUS ps2000aSigGenArbitraryMinMaxValues(int16_t handle, int16_t *minArbitraryWaveformValue,
		int16_t *maxArbitraryWaveformValue, uint32_t *minArbitraryWaveformSize, uint32_t *maxArbitraryWaveformSize);
PICO_STATUS ps2000aSigGenSoftwareControl(int16_t handle, int16_t state);

/* Exported without a place in the vendor's header. */
void ps2000aApplyFix(uint32_t a, uint16_t b);
PICO_STATUS ps2000aConvertStreamingDataInternal(void);
PICO_STATUS ps2000aRunStreamingInternal(void);
PICO_STATUS ps2000aGetTimebaseStateless(void);
PICO_STATUS ps2000aGetTimebaseStateless2(void);

/* The mark of the emulation: its name and version. No vendor library has it. */
const char *scopelog_emulator(void);

#endif
