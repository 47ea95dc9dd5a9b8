/* The interface of libps6000a.so as its users see it: callbacks and functions. Everything here is ABI. What the functions
 * mean to this emulation is in the C files beside this one, which translate to ../engine/emu.h. */
#ifndef SCOPELOG_PS6000A_H
#define SCOPELOG_PS6000A_H

#include "pico_structs.h"

#define PS6000A_API __attribute__((visibility("default")))

typedef void (*PicoUpdateFirmwareProgress)(int16_t handle, uint16_t progress);
typedef void (*PicoProbeInteractions)(int16_t handle, PICO_STATUS status, PICO_USER_PROBE_INTERACTIONS *probes,
	uint32_t nProbes);
typedef void (*PicoDataReadyUsingReads)(int16_t handle, PICO_READ_SELECTION read, PICO_STATUS status,
	uint64_t fromSegmentIndex, uint64_t toSegmentIndex, void *pParameter);
typedef void (*PicoExternalReferenceInteractions)(int16_t handle, PICO_STATUS status, PICO_CLOCK_REFERENCE reference);
typedef void (*PicoAWGOverrangeInteractions)(int16_t handle, PICO_STATUS status);
typedef void (*PicoTemperatureSensorInteractions)(int16_t handle, PICO_TEMPERATURE_REFERENCE temperatureStatus);
typedef void (*ps6000aBlockReady)(int16_t handle, PICO_STATUS status, void *pParameter);
typedef void (*ps6000aDataReady)(int16_t handle, PICO_STATUS status, uint64_t noOfSamples, int16_t overflow,
	void *pParameter);
typedef void (*ps6000aProbeInteractions)(int16_t handle, PICO_STATUS status, PICO_USER_PROBE_INTERACTIONS *probes,
	uint32_t nProbes);
typedef void (*ps6000aDigitalPortInteractions)(int16_t handle, PICO_STATUS status, PICO_DIGITAL_PORT_INTERACTIONS *ports,
	uint32_t nPorts);
typedef void (*PicoProbeUserAction)(int16_t handle, PICO_STATUS status, PICO_CHANNEL channel, PICO_CONNECT_PROBE probe,
	PICO_PROBE_USER_ACTION action, void *pActionParameter, void *pParameter);

/* Open, close, information */
PS6000A_API PICO_STATUS ps6000aEnumerateUnits(int16_t *count, int8_t *serials, int16_t *serialLth);
PS6000A_API PICO_STATUS ps6000aOpenUnit(int16_t *handle, int8_t *serial, PICO_DEVICE_RESOLUTION resolution);
PS6000A_API PICO_STATUS ps6000aOpenUnitAsync(int16_t *status, int8_t *serial, PICO_DEVICE_RESOLUTION resolution);
PS6000A_API PICO_STATUS ps6000aOpenUnitProgress(int16_t *handle, int16_t *progressPercent, int16_t *complete);
PS6000A_API PICO_STATUS ps6000aGetUnitInfo(int16_t handle, int8_t *string, int16_t stringLength, int16_t *requiredSize,
	PICO_INFO info);
PS6000A_API PICO_STATUS ps6000aGetAccessoryInfo(int16_t handle, PICO_CHANNEL channel, int8_t *string, int16_t stringLength,
	int16_t *requiredSize, PICO_INFO info);
PS6000A_API PICO_STATUS ps6000aFlashLed(int16_t handle, int16_t start);
PS6000A_API PICO_STATUS ps6000aPingUnit(int16_t handle);
PS6000A_API PICO_STATUS ps6000aCloseUnit(int16_t handle);
PS6000A_API PICO_STATUS ps6000aCheckForUpdate(int16_t handle, PICO_FIRMWARE_INFO *firmwareInfos, int16_t *nFirmwareInfos,
	uint16_t *updatesRequired);
PS6000A_API PICO_STATUS ps6000aStartFirmwareUpdate(int16_t handle, PicoUpdateFirmwareProgress progress);

/* Resolution and ADC limits */
PS6000A_API PICO_STATUS ps6000aSetDeviceResolution(int16_t handle, PICO_DEVICE_RESOLUTION resolution);
PS6000A_API PICO_STATUS ps6000aGetDeviceResolution(int16_t handle, PICO_DEVICE_RESOLUTION *resolution);
PS6000A_API PICO_STATUS ps6000aGetAdcLimits(int16_t handle, PICO_DEVICE_RESOLUTION resolution, int16_t *minValue,
	int16_t *maxValue);
PS6000A_API PICO_STATUS ps6000aGetScalingValues(int16_t handle, PICO_SCALING_FACTORS_VALUES *scalingValues,
	int16_t nChannels);

/* Channels and ports */
PS6000A_API PICO_STATUS ps6000aSetChannelOn(int16_t handle, PICO_CHANNEL channel, PICO_COUPLING coupling,
	PICO_CONNECT_PROBE_RANGE range, double analogueOffset, PICO_BANDWIDTH_LIMITER bandwidth);
PS6000A_API PICO_STATUS ps6000aSetChannelOff(int16_t handle, PICO_CHANNEL channel);
PS6000A_API PICO_STATUS ps6000aSetDigitalPortOn(int16_t handle, PICO_CHANNEL port, int16_t *logicThresholdLevel,
	int16_t logicThresholdLevelLength, PICO_DIGITAL_PORT_HYSTERESIS hysteresis);
PS6000A_API PICO_STATUS ps6000aSetDigitalPortOff(int16_t handle, PICO_CHANNEL port);
PS6000A_API PICO_STATUS ps6000aGetAnalogueOffsetLimits(int16_t handle, PICO_CONNECT_PROBE_RANGE range, PICO_COUPLING coupling,
	double *maximumVoltage, double *minimumVoltage);
PS6000A_API PICO_STATUS ps6000aSetAuxIoMode(int16_t handle, PICO_AUXIO_MODE auxIoMode);
PS6000A_API PICO_STATUS ps6000aResetChannelsAndReportAllChannelsOvervoltageTripStatus(int16_t handle,
	PICO_CHANNEL_OVERVOLTAGE_TRIPPED *allChannelsTrippedStatus, uint8_t nChannelTrippedStatus);
PS6000A_API PICO_STATUS ps6000aReportAllChannelsOvervoltageTripStatus(int16_t handle,
	PICO_CHANNEL_OVERVOLTAGE_TRIPPED *allChannelsTrippedStatus, uint8_t nChannelTrippedStatus);

/* Timebase */
PS6000A_API PICO_STATUS ps6000aGetTimebase(int16_t handle, uint32_t timebase, uint64_t noSamples,
	double *timeIntervalNanoseconds, uint64_t *maxSamples, uint64_t segmentIndex);
PS6000A_API PICO_STATUS ps6000aGetMinimumTimebaseStateless(int16_t handle, PICO_CHANNEL_FLAGS enabledChannelFlags,
	uint32_t *timebase, double *timeInterval, PICO_DEVICE_RESOLUTION resolution);
PS6000A_API PICO_STATUS ps6000aNearestSampleIntervalStateless(int16_t handle, PICO_CHANNEL_FLAGS enabledChannelFlags,
	double timeIntervalRequested, PICO_DEVICE_RESOLUTION resolution, uint32_t *timebase, double *timeIntervalAvailable);
PS6000A_API PICO_STATUS ps6000aChannelCombinationsStateless(int16_t handle, PICO_CHANNEL_FLAGS *channelFlagsCombinations,
	uint32_t *nChannelCombinations, PICO_DEVICE_RESOLUTION resolution, uint32_t timebase);

/* Memory, segments, captures */
PS6000A_API PICO_STATUS ps6000aMemorySegments(int16_t handle, uint64_t nSegments, uint64_t *nMaxSamples);
PS6000A_API PICO_STATUS ps6000aMemorySegmentsBySamples(int16_t handle, uint64_t nSamples, uint64_t *nMaxSegments);
PS6000A_API PICO_STATUS ps6000aGetMaximumAvailableMemory(int16_t handle, uint64_t *nMaxSamples,
	PICO_DEVICE_RESOLUTION resolution);
PS6000A_API PICO_STATUS ps6000aQueryMaxSegmentsBySamples(int16_t handle, uint64_t nSamples, uint32_t nChannelEnabled,
	uint64_t *nMaxSegments, PICO_DEVICE_RESOLUTION resolution);
PS6000A_API PICO_STATUS ps6000aSetNoOfCaptures(int16_t handle, uint64_t nCaptures);
PS6000A_API PICO_STATUS ps6000aGetNoOfCaptures(int16_t handle, uint64_t *nCaptures);
PS6000A_API PICO_STATUS ps6000aGetNoOfProcessedCaptures(int16_t handle, uint64_t *nProcessedCaptures);

/* Triggers */
PS6000A_API PICO_STATUS ps6000aSetSimpleTrigger(int16_t handle, int16_t enable, PICO_CHANNEL source, int16_t threshold,
	PICO_THRESHOLD_DIRECTION direction, uint64_t delay, uint32_t autoTriggerMicroSeconds);
PS6000A_API PICO_STATUS ps6000aSetTriggerChannelProperties(int16_t handle, PICO_TRIGGER_CHANNEL_PROPERTIES *channelProperties,
	int16_t nChannelProperties, int16_t auxOutputEnable, uint32_t autoTriggerMicroSeconds);
PS6000A_API PICO_STATUS ps6000aSetTriggerChannelConditions(int16_t handle, PICO_CONDITION *conditions, int16_t nConditions,
	PICO_ACTION action);
PS6000A_API PICO_STATUS ps6000aSetTriggerChannelDirections(int16_t handle, PICO_DIRECTION *directions, int16_t nDirections);
PS6000A_API PICO_STATUS ps6000aSetTriggerDelay(int16_t handle, uint64_t delay);
PS6000A_API PICO_STATUS ps6000aSetTriggerDigitalPortProperties(int16_t handle, PICO_CHANNEL port,
	PICO_DIGITAL_CHANNEL_DIRECTIONS *directions, int16_t nDirections);
PS6000A_API PICO_STATUS ps6000aSetPulseWidthQualifierProperties(int16_t handle, uint32_t lower, uint32_t upper,
	PICO_PULSE_WIDTH_TYPE type);
PS6000A_API PICO_STATUS ps6000aSetPulseWidthQualifierConditions(int16_t handle, PICO_CONDITION *conditions,
	int16_t nConditions, PICO_ACTION action);
PS6000A_API PICO_STATUS ps6000aSetPulseWidthQualifierDirections(int16_t handle, PICO_DIRECTION *directions,
	int16_t nDirections);
PS6000A_API PICO_STATUS ps6000aSetPulseWidthDigitalPortProperties(int16_t handle, PICO_CHANNEL port,
	PICO_DIGITAL_CHANNEL_DIRECTIONS *directions, int16_t nDirections);
PS6000A_API PICO_STATUS ps6000aTriggerWithinPreTriggerSamples(int16_t handle, PICO_TRIGGER_WITHIN_PRE_TRIGGER state);
PS6000A_API PICO_STATUS ps6000aSetOutputEdgeDetect(int16_t handle, int16_t state);
PS6000A_API PICO_STATUS ps6000aQueryOutputEdgeDetect(int16_t handle, int16_t *state);

/* Trigger timing results */
PS6000A_API PICO_STATUS ps6000aGetTriggerTimeOffset(int16_t handle, int64_t *time, PICO_TIME_UNITS *timeUnits,
	uint64_t segmentIndex);
PS6000A_API PICO_STATUS ps6000aGetValuesTriggerTimeOffsetBulk(int16_t handle, int64_t *times, PICO_TIME_UNITS *timeUnits,
	uint64_t fromSegmentIndex, uint64_t toSegmentIndex);
PS6000A_API PICO_STATUS ps6000aGetTriggerInfo(int16_t handle, PICO_TRIGGER_INFO *triggerInfo, uint64_t firstSegmentIndex,
	uint64_t segmentCount);

/* Data buffers */
PS6000A_API PICO_STATUS ps6000aSetDataBuffer(int16_t handle, PICO_CHANNEL channel, void *buffer, int32_t nSamples,
	PICO_DATA_TYPE dataType, uint64_t waveform, PICO_RATIO_MODE downSampleRatioMode, PICO_ACTION action);
PS6000A_API PICO_STATUS ps6000aSetDataBuffers(int16_t handle, PICO_CHANNEL channel, void *bufferMax, void *bufferMin,
	int32_t nSamples, PICO_DATA_TYPE dataType, uint64_t waveform, PICO_RATIO_MODE downSampleRatioMode, PICO_ACTION action);

/* Block and rapid block */
PS6000A_API PICO_STATUS ps6000aRunBlock(int16_t handle, uint64_t noOfPreTriggerSamples, uint64_t noOfPostTriggerSamples,
	uint32_t timebase, double *timeIndisposedMs, uint64_t segmentIndex, ps6000aBlockReady lpReady, void *pParameter);
PS6000A_API PICO_STATUS ps6000aIsReady(int16_t handle, int16_t *ready);
PS6000A_API PICO_STATUS ps6000aGetValues(int16_t handle, uint64_t startIndex, uint64_t *noOfSamples, uint64_t downSampleRatio,
	PICO_RATIO_MODE downSampleRatioMode, uint64_t segmentIndex, int16_t *overflow);
PS6000A_API PICO_STATUS ps6000aGetValuesBulk(int16_t handle, uint64_t startIndex, uint64_t *noOfSamples,
	uint64_t fromSegmentIndex, uint64_t toSegmentIndex, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode,
	int16_t *overflow);
PS6000A_API PICO_STATUS ps6000aGetValuesAsync(int16_t handle, uint64_t startIndex, uint64_t noOfSamples,
	uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode, uint64_t segmentIndex, void *lpDataReady, void *pParameter);
PS6000A_API PICO_STATUS ps6000aGetValuesBulkAsync(int16_t handle, uint64_t startIndex, uint64_t noOfSamples,
	uint64_t fromSegmentIndex, uint64_t toSegmentIndex, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode,
	void *lpDataReady, void *pParameter);
PS6000A_API PICO_STATUS ps6000aGetValuesOverlapped(int16_t handle, uint64_t startIndex, uint64_t *noOfSamples,
	uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode, uint64_t fromSegmentIndex, uint64_t toSegmentIndex,
	int16_t *overflow);
PS6000A_API PICO_STATUS ps6000aStopUsingGetValuesOverlapped(int16_t handle);

/* Streaming */
PS6000A_API PICO_STATUS ps6000aRunStreaming(int16_t handle, double *sampleInterval, PICO_TIME_UNITS sampleIntervalTimeUnits,
	uint64_t maxPreTriggerSamples, uint64_t maxPostPreTriggerSamples, int16_t autoStop, uint64_t downSampleRatio,
	PICO_RATIO_MODE downSampleRatioMode);
PS6000A_API PICO_STATUS ps6000aGetStreamingLatestValues(int16_t handle, PICO_STREAMING_DATA_INFO *streamingDataInfo,
	uint64_t nStreamingDataInfos, PICO_STREAMING_DATA_TRIGGER_INFO *triggerInfo);
PS6000A_API PICO_STATUS ps6000aNoOfStreamingValues(int16_t handle, uint64_t *noOfValues);

/* Stop */
PS6000A_API PICO_STATUS ps6000aStop(int16_t handle);

/* Signal generator */
PS6000A_API PICO_STATUS ps6000aSigGenWaveform(int16_t handle, PICO_WAVE_TYPE waveType, int16_t *buffer,
	uint64_t bufferLength);
PS6000A_API PICO_STATUS ps6000aSigGenRange(int16_t handle, double peakToPeakVolts, double offsetVolts);
PS6000A_API PICO_STATUS ps6000aSigGenWaveformDutyCycle(int16_t handle, double dutyCyclePercent);
PS6000A_API PICO_STATUS ps6000aSigGenTrigger(int16_t handle, PICO_SIGGEN_TRIG_TYPE triggerType,
	PICO_SIGGEN_TRIG_SOURCE triggerSource, uint64_t cycles, uint64_t autoTriggerPicoSeconds);
PS6000A_API PICO_STATUS ps6000aSigGenFilter(int16_t handle, PICO_SIGGEN_FILTER_STATE filterState);
PS6000A_API PICO_STATUS ps6000aSigGenFrequency(int16_t handle, double frequencyHz);
PS6000A_API PICO_STATUS ps6000aSigGenFrequencySweep(int16_t handle, double stopFrequencyHz, double frequencyIncrement,
	double dwellTimeSeconds, PICO_SWEEP_TYPE sweepType);
PS6000A_API PICO_STATUS ps6000aSigGenPhase(int16_t handle, uint64_t deltaPhase);
PS6000A_API PICO_STATUS ps6000aSigGenPhaseSweep(int16_t handle, uint64_t stopDeltaPhase, uint64_t deltaPhaseIncrement,
	uint64_t dwellCount, PICO_SWEEP_TYPE sweepType);
PS6000A_API PICO_STATUS ps6000aSigGenClockManual(int16_t handle, double dacClockFrequency, uint64_t prescaleRatio);
PS6000A_API PICO_STATUS ps6000aSigGenSoftwareTriggerControl(int16_t handle, PICO_SIGGEN_TRIG_TYPE triggerState);
PS6000A_API PICO_STATUS ps6000aSigGenApply(int16_t handle, int16_t sigGenEnabled, int16_t sweepEnabled,
	int16_t triggerEnabled, int16_t automaticClockOptimisationEnabled, int16_t overrideAutomaticClockAndPrescale,
	double *frequency, double *stopFrequency, double *frequencyIncrement, double *dwellTime);
PS6000A_API PICO_STATUS ps6000aSigGenLimits(int16_t handle, PICO_SIGGEN_PARAMETER parameter, double *minimumPermissibleValue,
	double *maximumPermissibleValue, double *step);
PS6000A_API PICO_STATUS ps6000aSigGenFrequencyLimits(int16_t handle, PICO_WAVE_TYPE waveType, uint64_t *numSamples,
	double *startFrequency, int16_t sweepEnabled, double *manualDacClockFrequency, uint64_t *manualPrescaleRatio,
	double *maxStopFrequencyOut, double *minFrequencyStepOut, double *maxFrequencyStepOut, double *minDwellTimeOut,
	double *maxDwellTimeOut);
PS6000A_API PICO_STATUS ps6000aSigGenPause(int16_t handle);
PS6000A_API PICO_STATUS ps6000aSigGenRestart(int16_t handle);

/* Interaction callbacks */
PS6000A_API PICO_STATUS ps6000aSetProbeInteractionCallback(int16_t handle, PicoProbeInteractions callback);
PS6000A_API PICO_STATUS ps6000aSetDigitalPortInteractionCallback(int16_t handle, ps6000aDigitalPortInteractions callback);
PS6000A_API PICO_STATUS ps6000aSetExternalReferenceInteractionCallback(int16_t handle,
	PicoExternalReferenceInteractions callback);
PS6000A_API PICO_STATUS ps6000aSetAWGOverrangeInteractionCallback(int16_t handle, PicoAWGOverrangeInteractions callback);
PS6000A_API PICO_STATUS ps6000aSetTemperatureSensorInteractionCallback(int16_t handle,
	PicoTemperatureSensorInteractions callback);
PS6000A_API PICO_STATUS ps6000aSetProbeUserActionCallback(int16_t handle, PicoProbeUserAction callback, void *pParameter);

/* Exported by the vendor's library, in none of its headers. */
PS6000A_API void ps6000aApplyFix(uint32_t a, uint16_t b);
/* Ours: tells that this is the emulation, and which version. */
PS6000A_API const char *scopelog_emulator(void);

#endif
