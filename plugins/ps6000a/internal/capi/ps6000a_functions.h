/* The functions of the vendor library ps6000a that are bound, transcribed from the vendor's documentation. One line of
 * FUNCTION or OPTIONAL each: name without the prefix, names of the arguments, arguments. A library that lacks an
 * OPTIONAL one is usable all the same: these are newer (stateless helpers, mode of the auxiliary connector), belong to
 * the vendor's experimental header, or are not among the functions that the vendor's own Python package resolves when it
 * is imported, so old libraries may lack them. The file is included several times (see ps6000a.h); it declares nothing
 * by itself. */

/* open, close, information */
FUNCTION(EnumerateUnits, (count, serials, serialLth), int16_t *count, int8_t *serials, int16_t *serialLth)
FUNCTION(OpenUnit, (handle, serial, resolution), int16_t *handle, int8_t *serial, PICO_DEVICE_RESOLUTION resolution)
FUNCTION(OpenUnitAsync, (status, serial, resolution), int16_t *status, int8_t *serial, PICO_DEVICE_RESOLUTION resolution)
FUNCTION(OpenUnitProgress, (handle, progressPercent, complete), int16_t *handle, int16_t *progressPercent, int16_t *complete)
FUNCTION(GetUnitInfo, (handle, string, stringLength, requiredSize, info), int16_t handle, int8_t *string, int16_t stringLength, int16_t *requiredSize, uint32_t info)
OPTIONAL(GetAccessoryInfo, (handle, channel, string, stringLength, requiredSize, info), int16_t handle, PICO_CHANNEL channel, int8_t *string, int16_t stringLength, int16_t *requiredSize, uint32_t info)
FUNCTION(FlashLed, (handle, start), int16_t handle, int16_t start)
FUNCTION(PingUnit, (handle), int16_t handle)
FUNCTION(CloseUnit, (handle), int16_t handle)

/* resolution and limits of the converter */
FUNCTION(SetDeviceResolution, (handle, resolution), int16_t handle, PICO_DEVICE_RESOLUTION resolution)
FUNCTION(GetDeviceResolution, (handle, resolution), int16_t handle, PICO_DEVICE_RESOLUTION *resolution)
FUNCTION(GetAdcLimits, (handle, resolution, minValue, maxValue), int16_t handle, PICO_DEVICE_RESOLUTION resolution, int16_t *minValue, int16_t *maxValue)
FUNCTION(GetScalingValues, (handle, scalingValues, nChannels), int16_t handle, PICO_SCALING_FACTORS_VALUES *scalingValues, int16_t nChannels)

/* channels and ports */
FUNCTION(SetChannelOn, (handle, channel, coupling, range, analogueOffset, bandwidth), int16_t handle, PICO_CHANNEL channel, PICO_COUPLING coupling, PICO_CONNECT_PROBE_RANGE range, double analogueOffset, PICO_BANDWIDTH_LIMITER bandwidth)
FUNCTION(SetChannelOff, (handle, channel), int16_t handle, PICO_CHANNEL channel)
FUNCTION(SetDigitalPortOn, (handle, port, logicThresholdLevel, logicThresholdLevelLength, hysteresis), int16_t handle, PICO_CHANNEL port, int16_t *logicThresholdLevel, int16_t logicThresholdLevelLength, PICO_DIGITAL_PORT_HYSTERESIS hysteresis)
FUNCTION(SetDigitalPortOff, (handle, port), int16_t handle, PICO_CHANNEL port)
FUNCTION(GetAnalogueOffsetLimits, (handle, range, coupling, maximumVoltage, minimumVoltage), int16_t handle, PICO_CONNECT_PROBE_RANGE range, PICO_COUPLING coupling, double *maximumVoltage, double *minimumVoltage)
OPTIONAL(SetAuxIoMode, (handle, auxIoMode), int16_t handle, PICO_AUXIO_MODE auxIoMode)
OPTIONAL(ResetChannelsAndReportAllChannelsOvervoltageTripStatus, (handle, allChannelsTrippedStatus, nChannelTrippedStatus), int16_t handle, PICO_CHANNEL_OVERVOLTAGE_TRIPPED *allChannelsTrippedStatus, uint8_t nChannelTrippedStatus)
OPTIONAL(ReportAllChannelsOvervoltageTripStatus, (handle, allChannelsTrippedStatus, nChannelTrippedStatus), int16_t handle, PICO_CHANNEL_OVERVOLTAGE_TRIPPED *allChannelsTrippedStatus, uint8_t nChannelTrippedStatus)

/* timebase */
FUNCTION(GetTimebase, (handle, timebase, noSamples, timeIntervalNanoseconds, maxSamples, segmentIndex), int16_t handle, uint32_t timebase, uint64_t noSamples, double *timeIntervalNanoseconds, uint64_t *maxSamples, uint64_t segmentIndex)
OPTIONAL(GetMinimumTimebaseStateless, (handle, enabledChannelFlags, timebase, timeInterval, resolution), int16_t handle, PICO_CHANNEL_FLAGS enabledChannelFlags, uint32_t *timebase, double *timeInterval, PICO_DEVICE_RESOLUTION resolution)
OPTIONAL(NearestSampleIntervalStateless, (handle, enabledChannelFlags, timeIntervalRequested, resolution, timebase, timeIntervalAvailable), int16_t handle, PICO_CHANNEL_FLAGS enabledChannelFlags, double timeIntervalRequested, PICO_DEVICE_RESOLUTION resolution, uint32_t *timebase, double *timeIntervalAvailable)
OPTIONAL(ChannelCombinationsStateless, (handle, channelFlagsCombinations, nChannelCombinations, resolution, timebase), int16_t handle, PICO_CHANNEL_FLAGS *channelFlagsCombinations, uint32_t *nChannelCombinations, PICO_DEVICE_RESOLUTION resolution, uint32_t timebase)

/* memory, segments, captures */
FUNCTION(MemorySegments, (handle, nSegments, nMaxSamples), int16_t handle, uint64_t nSegments, uint64_t *nMaxSamples)
FUNCTION(MemorySegmentsBySamples, (handle, nSamples, nMaxSegments), int16_t handle, uint64_t nSamples, uint64_t *nMaxSegments)
FUNCTION(GetMaximumAvailableMemory, (handle, nMaxSamples, resolution), int16_t handle, uint64_t *nMaxSamples, PICO_DEVICE_RESOLUTION resolution)
FUNCTION(QueryMaxSegmentsBySamples, (handle, nSamples, nChannelEnabled, nMaxSegments, resolution), int16_t handle, uint64_t nSamples, uint32_t nChannelEnabled, uint64_t *nMaxSegments, PICO_DEVICE_RESOLUTION resolution)
FUNCTION(SetNoOfCaptures, (handle, nCaptures), int16_t handle, uint64_t nCaptures)
FUNCTION(GetNoOfCaptures, (handle, nCaptures), int16_t handle, uint64_t *nCaptures)
FUNCTION(GetNoOfProcessedCaptures, (handle, nProcessedCaptures), int16_t handle, uint64_t *nProcessedCaptures)

/* triggers */
FUNCTION(SetSimpleTrigger, (handle, enable, source, threshold, direction, delay, autoTriggerMicroSeconds), int16_t handle, int16_t enable, PICO_CHANNEL source, int16_t threshold, PICO_THRESHOLD_DIRECTION direction, uint64_t delay, uint32_t autoTriggerMicroSeconds)
FUNCTION(SetTriggerChannelProperties, (handle, channelProperties, nChannelProperties, auxOutputEnable, autoTriggerMicroSeconds), int16_t handle, PICO_TRIGGER_CHANNEL_PROPERTIES *channelProperties, int16_t nChannelProperties, int16_t auxOutputEnable, uint32_t autoTriggerMicroSeconds)
FUNCTION(SetTriggerChannelConditions, (handle, conditions, nConditions, action), int16_t handle, PICO_CONDITION *conditions, int16_t nConditions, PICO_ACTION action)
FUNCTION(SetTriggerChannelDirections, (handle, directions, nDirections), int16_t handle, PICO_DIRECTION *directions, int16_t nDirections)
FUNCTION(SetTriggerDelay, (handle, delay), int16_t handle, uint64_t delay)
FUNCTION(SetTriggerDigitalPortProperties, (handle, port, directions, nDirections), int16_t handle, PICO_CHANNEL port, PICO_DIGITAL_CHANNEL_DIRECTIONS *directions, int16_t nDirections)
FUNCTION(SetPulseWidthQualifierProperties, (handle, lower, upper, type), int16_t handle, uint32_t lower, uint32_t upper, PICO_PULSE_WIDTH_TYPE type)
FUNCTION(SetPulseWidthQualifierConditions, (handle, conditions, nConditions, action), int16_t handle, PICO_CONDITION *conditions, int16_t nConditions, PICO_ACTION action)
FUNCTION(SetPulseWidthQualifierDirections, (handle, directions, nDirections), int16_t handle, PICO_DIRECTION *directions, int16_t nDirections)
FUNCTION(SetPulseWidthDigitalPortProperties, (handle, port, directions, nDirections), int16_t handle, PICO_CHANNEL port, PICO_DIGITAL_CHANNEL_DIRECTIONS *directions, int16_t nDirections)
FUNCTION(TriggerWithinPreTriggerSamples, (handle, state), int16_t handle, PICO_TRIGGER_WITHIN_PRE_TRIGGER state)
FUNCTION(SetOutputEdgeDetect, (handle, state), int16_t handle, int16_t state)
FUNCTION(QueryOutputEdgeDetect, (handle, state), int16_t handle, int16_t *state)

/* time of the trigger */
FUNCTION(GetTriggerTimeOffset, (handle, time, timeUnits, segmentIndex), int16_t handle, int64_t *time, PICO_TIME_UNITS *timeUnits, uint64_t segmentIndex)
FUNCTION(GetValuesTriggerTimeOffsetBulk, (handle, times, timeUnits, fromSegmentIndex, toSegmentIndex), int16_t handle, int64_t *times, PICO_TIME_UNITS *timeUnits, uint64_t fromSegmentIndex, uint64_t toSegmentIndex)
FUNCTION(GetTriggerInfo, (handle, triggerInfo, firstSegmentIndex, segmentCount), int16_t handle, PICO_TRIGGER_INFO *triggerInfo, uint64_t firstSegmentIndex, uint64_t segmentCount)

/* buffers: the library keeps the pointers */
FUNCTION(SetDataBuffer, (handle, channel, buffer, nSamples, dataType, waveform, downSampleRatioMode, action), int16_t handle, PICO_CHANNEL channel, void *buffer, int32_t nSamples, PICO_DATA_TYPE dataType, uint64_t waveform, PICO_RATIO_MODE downSampleRatioMode, PICO_ACTION action)
FUNCTION(SetDataBuffers, (handle, channel, bufferMax, bufferMin, nSamples, dataType, waveform, downSampleRatioMode, action), int16_t handle, PICO_CHANNEL channel, void *bufferMax, void *bufferMin, int32_t nSamples, PICO_DATA_TYPE dataType, uint64_t waveform, PICO_RATIO_MODE downSampleRatioMode, PICO_ACTION action)

/* block and rapid block */
FUNCTION(RunBlock, (handle, noOfPreTriggerSamples, noOfPostTriggerSamples, timebase, timeIndisposedMs, segmentIndex, lpReady, pParameter), int16_t handle, uint64_t noOfPreTriggerSamples, uint64_t noOfPostTriggerSamples, uint32_t timebase, double *timeIndisposedMs, uint64_t segmentIndex, ps6000aBlockReady lpReady, void *pParameter)
FUNCTION(IsReady, (handle, ready), int16_t handle, int16_t *ready)
FUNCTION(GetValues, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex, overflow), int16_t handle, uint64_t startIndex, uint64_t *noOfSamples, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode, uint64_t segmentIndex, int16_t *overflow)
FUNCTION(GetValuesBulk, (handle, startIndex, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio, downSampleRatioMode, overflow), int16_t handle, uint64_t startIndex, uint64_t *noOfSamples, uint64_t fromSegmentIndex, uint64_t toSegmentIndex, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode, int16_t *overflow)
FUNCTION(GetValuesAsync, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex, lpDataReady, pParameter), int16_t handle, uint64_t startIndex, uint64_t noOfSamples, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode, uint64_t segmentIndex, void *lpDataReady, void *pParameter)
FUNCTION(GetValuesBulkAsync, (handle, startIndex, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio, downSampleRatioMode, lpDataReady, pParameter), int16_t handle, uint64_t startIndex, uint64_t noOfSamples, uint64_t fromSegmentIndex, uint64_t toSegmentIndex, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode, void *lpDataReady, void *pParameter)
FUNCTION(GetValuesOverlapped, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, fromSegmentIndex, toSegmentIndex, overflow), int16_t handle, uint64_t startIndex, uint64_t *noOfSamples, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode, uint64_t fromSegmentIndex, uint64_t toSegmentIndex, int16_t *overflow)
FUNCTION(StopUsingGetValuesOverlapped, (handle), int16_t handle)

/* streaming */
FUNCTION(RunStreaming, (handle, sampleInterval, sampleIntervalTimeUnits, maxPreTriggerSamples, maxPostPreTriggerSamples, autoStop, downSampleRatio, downSampleRatioMode), int16_t handle, double *sampleInterval, PICO_TIME_UNITS sampleIntervalTimeUnits, uint64_t maxPreTriggerSamples, uint64_t maxPostPreTriggerSamples, int16_t autoStop, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode)
FUNCTION(GetStreamingLatestValues, (handle, streamingDataInfo, nStreamingDataInfos, triggerInfo), int16_t handle, PICO_STREAMING_DATA_INFO *streamingDataInfo, uint64_t nStreamingDataInfos, PICO_STREAMING_DATA_TRIGGER_INFO *triggerInfo)
FUNCTION(NoOfStreamingValues, (handle, noOfValues), int16_t handle, uint64_t *noOfValues)
FUNCTION(Stop, (handle), int16_t handle)

/* signal generator */
FUNCTION(SigGenWaveform, (handle, waveType, buffer, bufferLength), int16_t handle, PICO_WAVE_TYPE waveType, int16_t *buffer, uint64_t bufferLength)
FUNCTION(SigGenRange, (handle, peakToPeakVolts, offsetVolts), int16_t handle, double peakToPeakVolts, double offsetVolts)
FUNCTION(SigGenWaveformDutyCycle, (handle, dutyCyclePercent), int16_t handle, double dutyCyclePercent)
FUNCTION(SigGenTrigger, (handle, triggerType, triggerSource, cycles, autoTriggerPicoSeconds), int16_t handle, PICO_SIGGEN_TRIG_TYPE triggerType, PICO_SIGGEN_TRIG_SOURCE triggerSource, uint64_t cycles, uint64_t autoTriggerPicoSeconds)
FUNCTION(SigGenFilter, (handle, filterState), int16_t handle, PICO_SIGGEN_FILTER_STATE filterState)
FUNCTION(SigGenFrequency, (handle, frequencyHz), int16_t handle, double frequencyHz)
FUNCTION(SigGenFrequencySweep, (handle, stopFrequencyHz, frequencyIncrement, dwellTimeSeconds, sweepType), int16_t handle, double stopFrequencyHz, double frequencyIncrement, double dwellTimeSeconds, PICO_SWEEP_TYPE sweepType)
FUNCTION(SigGenPhase, (handle, deltaPhase), int16_t handle, uint64_t deltaPhase)
FUNCTION(SigGenPhaseSweep, (handle, stopDeltaPhase, deltaPhaseIncrement, dwellCount, sweepType), int16_t handle, uint64_t stopDeltaPhase, uint64_t deltaPhaseIncrement, uint64_t dwellCount, PICO_SWEEP_TYPE sweepType)
FUNCTION(SigGenClockManual, (handle, dacClockFrequency, prescaleRatio), int16_t handle, double dacClockFrequency, uint64_t prescaleRatio)
FUNCTION(SigGenSoftwareTriggerControl, (handle, triggerState), int16_t handle, PICO_SIGGEN_TRIG_TYPE triggerState)
FUNCTION(SigGenApply, (handle, sigGenEnabled, sweepEnabled, triggerEnabled, automaticClockOptimisationEnabled, overrideAutomaticClockAndPrescale, frequency, stopFrequency, frequencyIncrement, dwellTime), int16_t handle, int16_t sigGenEnabled, int16_t sweepEnabled, int16_t triggerEnabled, int16_t automaticClockOptimisationEnabled, int16_t overrideAutomaticClockAndPrescale, double *frequency, double *stopFrequency, double *frequencyIncrement, double *dwellTime)
FUNCTION(SigGenLimits, (handle, parameter, minimumPermissibleValue, maximumPermissibleValue, step), int16_t handle, PICO_SIGGEN_PARAMETER parameter, double *minimumPermissibleValue, double *maximumPermissibleValue, double *step)
FUNCTION(SigGenFrequencyLimits, (handle, waveType, numSamples, startFrequency, sweepEnabled, manualDacClockFrequency, manualPrescaleRatio, maxStopFrequencyOut, minFrequencyStepOut, maxFrequencyStepOut, minDwellTimeOut, maxDwellTimeOut), int16_t handle, PICO_WAVE_TYPE waveType, uint64_t *numSamples, double *startFrequency, int16_t sweepEnabled, double *manualDacClockFrequency, uint64_t *manualPrescaleRatio, double *maxStopFrequencyOut, double *minFrequencyStepOut, double *maxFrequencyStepOut, double *minDwellTimeOut, double *maxDwellTimeOut)
FUNCTION(SigGenPause, (handle), int16_t handle)
FUNCTION(SigGenRestart, (handle), int16_t handle)

/* callbacks for what people do to the unit; all come from one thread of the library */
OPTIONAL(SetProbeInteractionCallback, (handle, callback), int16_t handle, PicoProbeInteractions callback)
OPTIONAL(SetDigitalPortInteractionCallback, (handle, callback), int16_t handle, ps6000aDigitalPortInteractions callback)
OPTIONAL(SetExternalReferenceInteractionCallback, (handle, callback), int16_t handle, PicoExternalReferenceInteractions callback)
OPTIONAL(SetAWGOverrangeInteractionCallback, (handle, callback), int16_t handle, PicoAWGOverrangeInteractions callback)
OPTIONAL(SetTemperatureSensorInteractionCallback, (handle, callback), int16_t handle, PicoTemperatureSensorInteractions callback)
OPTIONAL(SetProbeUserActionCallback, (handle, callback, pParameter), int16_t handle, PicoProbeUserAction callback, void *pParameter)
