/* The functions of the vendor library ps5000a that are bound, transcribed from the vendor's documentation. One line of
 * FUNCTION or OPTIONAL each: name without the prefix, names of the arguments, arguments. A library that lacks an
 * OPTIONAL one is usable all the same: these came with later units (ports, second form of the triggers, stateless
 * helpers), or are not among the functions that the vendor's own Python package resolves when it is imported, so old
 * libraries may lack them. The file is included several times (see ps5000a.h); it declares nothing by itself. */

/* open, close, information */
FUNCTION(EnumerateUnits, (count, serials, serialLth), int16_t *count, int8_t *serials, int16_t *serialLth)
FUNCTION(OpenUnit, (handle, serial, resolution), int16_t *handle, int8_t *serial, PS5000A_DEVICE_RESOLUTION resolution)
FUNCTION(OpenUnitAsync, (status, serial, resolution), int16_t *status, int8_t *serial, PS5000A_DEVICE_RESOLUTION resolution)
FUNCTION(OpenUnitProgress, (handle, progressPercent, complete), int16_t *handle, int16_t *progressPercent, int16_t *complete)
FUNCTION(GetUnitInfo, (handle, string, stringLength, requiredSize, info), int16_t handle, int8_t *string, int16_t stringLength, int16_t *requiredSize, uint32_t info)
FUNCTION(FlashLed, (handle, start), int16_t handle, int16_t start)
OPTIONAL(IsLedFlashing, (handle, status), int16_t handle, int16_t *status)
FUNCTION(PingUnit, (handle), int16_t handle)
FUNCTION(CloseUnit, (handle), int16_t handle)

/* power */
FUNCTION(CurrentPowerSource, (handle), int16_t handle)
FUNCTION(ChangePowerSource, (handle, powerState), int16_t handle, uint32_t powerState)

/* resolution and limits of the converter */
FUNCTION(SetDeviceResolution, (handle, resolution), int16_t handle, PS5000A_DEVICE_RESOLUTION resolution)
FUNCTION(GetDeviceResolution, (handle, resolution), int16_t handle, PS5000A_DEVICE_RESOLUTION *resolution)
FUNCTION(MaximumValue, (handle, value), int16_t handle, int16_t *value)
FUNCTION(MinimumValue, (handle, value), int16_t handle, int16_t *value)
OPTIONAL(GetScalingValues, (handle, scalingValues, nChannels), int16_t handle, PS5000A_SCALING_FACTORS_VALUES *scalingValues, int16_t nChannels)

/* channels and ports */
FUNCTION(SetChannel, (handle, channel, enabled, type, range, analogOffset), int16_t handle, PS5000A_CHANNEL channel, int16_t enabled, PS5000A_COUPLING type, PS5000A_RANGE range, float analogOffset)
FUNCTION(SetBandwidthFilter, (handle, channel, bandwidth), int16_t handle, PS5000A_CHANNEL channel, PS5000A_BANDWIDTH_LIMITER bandwidth)
OPTIONAL(SetDigitalPort, (handle, port, enabled, logicLevel), int16_t handle, PS5000A_CHANNEL port, int16_t enabled, int16_t logicLevel)
FUNCTION(GetChannelInformation, (handle, info, probe, ranges, length, channels), int16_t handle, PS5000A_CHANNEL_INFO info, int32_t probe, int32_t *ranges, int32_t *length, int32_t channels)
FUNCTION(GetAnalogueOffset, (handle, range, coupling, maximumVoltage, minimumVoltage), int16_t handle, PS5000A_RANGE range, PS5000A_COUPLING coupling, float *maximumVoltage, float *minimumVoltage)

/* timebase */
FUNCTION(GetTimebase, (handle, timebase, noSamples, timeIntervalNanoseconds, maxSamples, segmentIndex), int16_t handle, uint32_t timebase, int32_t noSamples, int32_t *timeIntervalNanoseconds, int32_t *maxSamples, uint32_t segmentIndex)
FUNCTION(GetTimebase2, (handle, timebase, noSamples, timeIntervalNanoseconds, maxSamples, segmentIndex), int16_t handle, uint32_t timebase, int32_t noSamples, float *timeIntervalNanoseconds, int32_t *maxSamples, uint32_t segmentIndex)
OPTIONAL(GetMinimumTimebaseStateless, (handle, enabledChannelOrPortFlags, timebase, timeInterval, resolution), int16_t handle, PS5000A_CHANNEL_FLAGS enabledChannelOrPortFlags, uint32_t *timebase, double *timeInterval, PS5000A_DEVICE_RESOLUTION resolution)
OPTIONAL(NearestSampleIntervalStateless, (handle, enabledChannelOrPortFlags, timeIntervalRequested, resolution, useEts, timebase, timeIntervalAvailable), int16_t handle, PS5000A_CHANNEL_FLAGS enabledChannelOrPortFlags, double timeIntervalRequested, PS5000A_DEVICE_RESOLUTION resolution, uint16_t useEts, uint32_t *timebase, double *timeIntervalAvailable)
OPTIONAL(ChannelCombinationsStateless, (handle, channelOrPortFlagsCombinations, nChannelCombinations, resolution, timebase, hasDcPowerSupplyConnected), int16_t handle, PS5000A_CHANNEL_FLAGS *channelOrPortFlagsCombinations, uint32_t *nChannelCombinations, PS5000A_DEVICE_RESOLUTION resolution, uint32_t timebase, int16_t hasDcPowerSupplyConnected)

/* memory, segments, captures */
FUNCTION(MemorySegments, (handle, nSegments, nMaxSamples), int16_t handle, uint32_t nSegments, int32_t *nMaxSamples)
FUNCTION(GetMaxSegments, (handle, maxSegments), int16_t handle, uint32_t *maxSegments)
FUNCTION(SetNoOfCaptures, (handle, nCaptures), int16_t handle, uint32_t nCaptures)
FUNCTION(GetNoOfCaptures, (handle, nCaptures), int16_t handle, uint32_t *nCaptures)
FUNCTION(GetNoOfProcessedCaptures, (handle, nProcessedCaptures), int16_t handle, uint32_t *nProcessedCaptures)

/* triggers, first form: structs with a member per source */
FUNCTION(SetSimpleTrigger, (handle, enable, channel, threshold, direction, delay, autoTrigger_ms), int16_t handle, int16_t enable, PS5000A_CHANNEL channel, int16_t threshold, PS5000A_THRESHOLD_DIRECTION direction, uint32_t delay, int16_t autoTrigger_ms)
FUNCTION(SetTriggerChannelProperties, (handle, channelProperties, nChannelProperties, auxOutputEnable, autoTriggerMilliseconds), int16_t handle, PS5000A_TRIGGER_CHANNEL_PROPERTIES *channelProperties, int16_t nChannelProperties, int16_t auxOutputEnable, int32_t autoTriggerMilliseconds)
FUNCTION(SetTriggerChannelConditions, (handle, conditions, nConditions), int16_t handle, PS5000A_TRIGGER_CONDITIONS *conditions, int16_t nConditions)
FUNCTION(SetTriggerChannelDirections, (handle, channelA, channelB, channelC, channelD, ext, aux), int16_t handle, PS5000A_THRESHOLD_DIRECTION channelA, PS5000A_THRESHOLD_DIRECTION channelB, PS5000A_THRESHOLD_DIRECTION channelC, PS5000A_THRESHOLD_DIRECTION channelD, PS5000A_THRESHOLD_DIRECTION ext, PS5000A_THRESHOLD_DIRECTION aux)
FUNCTION(SetPulseWidthQualifier, (handle, conditions, nConditions, direction, lower, upper, type), int16_t handle, PS5000A_PWQ_CONDITIONS *conditions, int16_t nConditions, PS5000A_THRESHOLD_DIRECTION direction, uint32_t lower, uint32_t upper, PS5000A_PULSE_WIDTH_TYPE type)

/* triggers, second form: lists of sources */
OPTIONAL(SetTriggerChannelPropertiesV2, (handle, channelProperties, nChannelProperties, auxOutputEnable), int16_t handle, PS5000A_TRIGGER_CHANNEL_PROPERTIES_V2 *channelProperties, int16_t nChannelProperties, int16_t auxOutputEnable)
OPTIONAL(SetTriggerChannelConditionsV2, (handle, conditions, nConditions, info), int16_t handle, PS5000A_CONDITION *conditions, int16_t nConditions, PS5000A_CONDITIONS_INFO info)
OPTIONAL(SetTriggerChannelDirectionsV2, (handle, directions, nDirections), int16_t handle, PS5000A_DIRECTION *directions, uint16_t nDirections)
OPTIONAL(SetAutoTriggerMicroSeconds, (handle, autoTriggerMicroseconds), int16_t handle, uint64_t autoTriggerMicroseconds)
OPTIONAL(SetPulseWidthQualifierProperties, (handle, lower, upper, type), int16_t handle, uint32_t lower, uint32_t upper, PS5000A_PULSE_WIDTH_TYPE type)
OPTIONAL(SetPulseWidthQualifierConditions, (handle, conditions, nConditions, info), int16_t handle, PS5000A_CONDITION *conditions, int16_t nConditions, PS5000A_CONDITIONS_INFO info)
OPTIONAL(SetPulseWidthQualifierDirections, (handle, directions, nDirections), int16_t handle, PS5000A_DIRECTION *directions, int16_t nDirections)
OPTIONAL(SetTriggerDigitalPortProperties, (handle, directions, nDirections), int16_t handle, PS5000A_DIGITAL_CHANNEL_DIRECTIONS *directions, int16_t nDirections)
OPTIONAL(SetPulseWidthDigitalPortProperties, (handle, directions, nDirections), int16_t handle, PS5000A_DIGITAL_CHANNEL_DIRECTIONS *directions, int16_t nDirections)

/* triggers, both forms */
FUNCTION(SetTriggerDelay, (handle, delay), int16_t handle, uint32_t delay)
OPTIONAL(TriggerWithinPreTriggerSamples, (handle, state), int16_t handle, PS5000A_TRIGGER_WITHIN_PRE_TRIGGER state)
FUNCTION(IsTriggerOrPulseWidthQualifierEnabled, (handle, triggerEnabled, pulseWidthQualifierEnabled), int16_t handle, int16_t *triggerEnabled, int16_t *pulseWidthQualifierEnabled)
OPTIONAL(SetOutputEdgeDetect, (handle, state), int16_t handle, int16_t state)
OPTIONAL(QueryOutputEdgeDetect, (handle, state), int16_t handle, int16_t *state)

/* time of the trigger */
OPTIONAL(GetTriggerTimeOffset, (handle, timeUpper, timeLower, timeUnits, segmentIndex), int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, PS5000A_TIME_UNITS *timeUnits, uint32_t segmentIndex)
FUNCTION(GetTriggerTimeOffset64, (handle, time, timeUnits, segmentIndex), int16_t handle, int64_t *time, PS5000A_TIME_UNITS *timeUnits, uint32_t segmentIndex)
OPTIONAL(GetValuesTriggerTimeOffsetBulk, (handle, timesUpper, timesLower, timeUnits, fromSegmentIndex, toSegmentIndex), int16_t handle, uint32_t *timesUpper, uint32_t *timesLower, PS5000A_TIME_UNITS *timeUnits, uint32_t fromSegmentIndex, uint32_t toSegmentIndex)
FUNCTION(GetValuesTriggerTimeOffsetBulk64, (handle, times, timeUnits, fromSegmentIndex, toSegmentIndex), int16_t handle, int64_t *times, PS5000A_TIME_UNITS *timeUnits, uint32_t fromSegmentIndex, uint32_t toSegmentIndex)
OPTIONAL(GetTriggerInfoBulk, (handle, triggerInfo, fromSegmentIndex, toSegmentIndex), int16_t handle, PS5000A_TRIGGER_INFO *triggerInfo, uint32_t fromSegmentIndex, uint32_t toSegmentIndex)

/* buffers: the library keeps the pointers */
FUNCTION(SetDataBuffer, (handle, source, buffer, bufferLth, segmentIndex, mode), int16_t handle, PS5000A_CHANNEL source, int16_t *buffer, int32_t bufferLth, uint32_t segmentIndex, PS5000A_RATIO_MODE mode)
FUNCTION(SetDataBuffers, (handle, source, bufferMax, bufferMin, bufferLth, segmentIndex, mode), int16_t handle, PS5000A_CHANNEL source, int16_t *bufferMax, int16_t *bufferMin, int32_t bufferLth, uint32_t segmentIndex, PS5000A_RATIO_MODE mode)
OPTIONAL(SetUnscaledDataBuffers, (handle, source, bufferMax, bufferMin, bufferLth, segmentIndex, mode), int16_t handle, PS5000A_CHANNEL source, int8_t *bufferMax, int8_t *bufferMin, int32_t bufferLth, uint32_t segmentIndex, PS5000A_RATIO_MODE mode)

/* block and rapid block */
FUNCTION(RunBlock, (handle, noOfPreTriggerSamples, noOfPostTriggerSamples, timebase, timeIndisposedMs, segmentIndex, lpReady, pParameter), int16_t handle, int32_t noOfPreTriggerSamples, int32_t noOfPostTriggerSamples, uint32_t timebase, int32_t *timeIndisposedMs, uint32_t segmentIndex, ps5000aBlockReady lpReady, void *pParameter)
FUNCTION(IsReady, (handle, ready), int16_t handle, int16_t *ready)
FUNCTION(GetValues, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex, overflow), int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio, PS5000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow)
FUNCTION(GetValuesBulk, (handle, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio, downSampleRatioMode, overflow), int16_t handle, uint32_t *noOfSamples, uint32_t fromSegmentIndex, uint32_t toSegmentIndex, uint32_t downSampleRatio, PS5000A_RATIO_MODE downSampleRatioMode, int16_t *overflow)
FUNCTION(GetValuesAsync, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex, lpDataReady, pParameter), int16_t handle, uint32_t startIndex, uint32_t noOfSamples, uint32_t downSampleRatio, PS5000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, void *lpDataReady, void *pParameter)
FUNCTION(GetValuesOverlapped, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex, overflow), int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio, PS5000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow)
FUNCTION(GetValuesOverlappedBulk, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, fromSegmentIndex, toSegmentIndex, overflow), int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio, PS5000A_RATIO_MODE downSampleRatioMode, uint32_t fromSegmentIndex, uint32_t toSegmentIndex, int16_t *overflow)
FUNCTION(GetMaxDownSampleRatio, (handle, noOfUnaggreatedSamples, maxDownSampleRatio, downSampleRatioMode, segmentIndex), int16_t handle, uint32_t noOfUnaggreatedSamples, uint32_t *maxDownSampleRatio, PS5000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex)

/* streaming */
FUNCTION(RunStreaming, (handle, sampleInterval, sampleIntervalTimeUnits, maxPreTriggerSamples, maxPostTriggerSamples, autoStop, downSampleRatio, downSampleRatioMode, overviewBufferSize), int16_t handle, uint32_t *sampleInterval, PS5000A_TIME_UNITS sampleIntervalTimeUnits, uint32_t maxPreTriggerSamples, uint32_t maxPostTriggerSamples, int16_t autoStop, uint32_t downSampleRatio, PS5000A_RATIO_MODE downSampleRatioMode, uint32_t overviewBufferSize)
FUNCTION(GetStreamingLatestValues, (handle, lpReady, pParameter), int16_t handle, ps5000aStreamingReady lpReady, void *pParameter)
FUNCTION(NoOfStreamingValues, (handle, noOfValues), int16_t handle, uint32_t *noOfValues)
FUNCTION(Stop, (handle), int16_t handle)

/* equivalent-time sampling */
FUNCTION(SetEts, (handle, mode, etsCycles, etsInterleave, sampleTimePicoseconds), int16_t handle, PS5000A_ETS_MODE mode, int16_t etsCycles, int16_t etsInterleave, int32_t *sampleTimePicoseconds)
FUNCTION(SetEtsTimeBuffer, (handle, buffer, bufferLth), int16_t handle, int64_t *buffer, int32_t bufferLth)
OPTIONAL(SetEtsTimeBuffers, (handle, timeUpper, timeLower, bufferLth), int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, int32_t bufferLth)

/* signal generator */
FUNCTION(SetSigGenArbitrary, (handle, offsetVoltage, pkToPk, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount, arbitraryWaveform, arbitraryWaveformSize, sweepType, operation, indexMode, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, uint32_t startDeltaPhase, uint32_t stopDeltaPhase, uint32_t deltaPhaseIncrement, uint32_t dwellCount, int16_t *arbitraryWaveform, int32_t arbitraryWaveformSize, PS5000A_SWEEP_TYPE sweepType, PS5000A_EXTRA_OPERATIONS operation, PS5000A_INDEX_MODE indexMode, uint32_t shots, uint32_t sweeps, PS5000A_SIGGEN_TRIG_TYPE triggerType, PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
OPTIONAL(SetSigGenBuiltIn, (handle, offsetVoltage, pkToPk, waveType, startFrequency, stopFrequency, increment, dwellTime, sweepType, operation, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, PS5000A_WAVE_TYPE waveType, float startFrequency, float stopFrequency, float increment, float dwellTime, PS5000A_SWEEP_TYPE sweepType, PS5000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS5000A_SIGGEN_TRIG_TYPE triggerType, PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
FUNCTION(SetSigGenBuiltInV2, (handle, offsetVoltage, pkToPk, waveType, startFrequency, stopFrequency, increment, dwellTime, sweepType, operation, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, PS5000A_WAVE_TYPE waveType, double startFrequency, double stopFrequency, double increment, double dwellTime, PS5000A_SWEEP_TYPE sweepType, PS5000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS5000A_SIGGEN_TRIG_TYPE triggerType, PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
FUNCTION(SetSigGenPropertiesArbitrary, (handle, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount, sweepType, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, uint32_t startDeltaPhase, uint32_t stopDeltaPhase, uint32_t deltaPhaseIncrement, uint32_t dwellCount, PS5000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps, PS5000A_SIGGEN_TRIG_TYPE triggerType, PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
FUNCTION(SetSigGenPropertiesBuiltIn, (handle, startFrequency, stopFrequency, increment, dwellTime, sweepType, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, double startFrequency, double stopFrequency, double increment, double dwellTime, PS5000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps, PS5000A_SIGGEN_TRIG_TYPE triggerType, PS5000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
FUNCTION(SigGenFrequencyToPhase, (handle, frequency, indexMode, bufferLength, phase), int16_t handle, double frequency, PS5000A_INDEX_MODE indexMode, uint32_t bufferLength, uint32_t *phase)
FUNCTION(SigGenArbitraryMinMaxValues, (handle, minArbitraryWaveformValue, maxArbitraryWaveformValue, minArbitraryWaveformSize, maxArbitraryWaveformSize), int16_t handle, int16_t *minArbitraryWaveformValue, int16_t *maxArbitraryWaveformValue, uint32_t *minArbitraryWaveformSize, uint32_t *maxArbitraryWaveformSize)
FUNCTION(SigGenSoftwareControl, (handle, state), int16_t handle, int16_t state)
