/* The functions of the vendor library ps2000a that are bound, transcribed from the vendor's documentation. One line of
 * FUNCTION or OPTIONAL each: name without the prefix, names of the arguments, arguments. A library that lacks an
 * OPTIONAL one is usable all the same: these are not among the functions that the vendor's own Python package resolves
 * when it is imported, so old libraries may lack them. The file is included several times (see ps2000a.h); it declares
 * nothing by itself. */

/* open, close, information */
FUNCTION(EnumerateUnits, (count, serials, serialLth), int16_t *count, int8_t *serials, int16_t *serialLth)
FUNCTION(OpenUnit, (handle, serial), int16_t *handle, int8_t *serial)
FUNCTION(OpenUnitAsync, (status, serial), int16_t *status, int8_t *serial)
FUNCTION(OpenUnitProgress, (handle, progressPercent, complete), int16_t *handle, int16_t *progressPercent, int16_t *complete)
FUNCTION(GetUnitInfo, (handle, string, stringLength, requiredSize, info), int16_t handle, int8_t *string, int16_t stringLength, int16_t *requiredSize, uint32_t info)
FUNCTION(FlashLed, (handle, start), int16_t handle, int16_t start)
FUNCTION(PingUnit, (handle), int16_t handle)
FUNCTION(CloseUnit, (handle), int16_t handle)

/* limits of the converter */
FUNCTION(MaximumValue, (handle, value), int16_t handle, int16_t *value)
FUNCTION(MinimumValue, (handle, value), int16_t handle, int16_t *value)
OPTIONAL(GetScalingValues, (handle, scalingValues, nChannels), int16_t handle, PS2000A_SCALING_FACTORS_VALUES *scalingValues, int16_t nChannels)

/* channels and ports */
FUNCTION(SetChannel, (handle, channel, enabled, type, range, analogOffset), int16_t handle, PS2000A_CHANNEL channel, int16_t enabled, PS2000A_COUPLING type, PS2000A_RANGE range, float analogOffset)
FUNCTION(SetDigitalPort, (handle, port, enabled, logicLevel), int16_t handle, PS2000A_DIGITAL_PORT port, int16_t enabled, int16_t logicLevel)
FUNCTION(GetChannelInformation, (handle, info, probe, ranges, length, channels), int16_t handle, PS2000A_CHANNEL_INFO info, int32_t probe, int32_t *ranges, int32_t *length, int32_t channels)
FUNCTION(GetAnalogueOffset, (handle, range, coupling, maximumVoltage, minimumVoltage), int16_t handle, PS2000A_RANGE range, PS2000A_COUPLING coupling, float *maximumVoltage, float *minimumVoltage)

/* timebase */
FUNCTION(GetTimebase, (handle, timebase, noSamples, timeIntervalNanoseconds, oversample, maxSamples, segmentIndex), int16_t handle, uint32_t timebase, int32_t noSamples, int32_t *timeIntervalNanoseconds, int16_t oversample, int32_t *maxSamples, uint32_t segmentIndex)
FUNCTION(GetTimebase2, (handle, timebase, noSamples, timeIntervalNanoseconds, oversample, maxSamples, segmentIndex), int16_t handle, uint32_t timebase, int32_t noSamples, float *timeIntervalNanoseconds, int16_t oversample, int32_t *maxSamples, uint32_t segmentIndex)

/* memory, segments, captures */
FUNCTION(MemorySegments, (handle, nSegments, nMaxSamples), int16_t handle, uint32_t nSegments, int32_t *nMaxSamples)
FUNCTION(GetMaxSegments, (handle, maxSegments), int16_t handle, uint32_t *maxSegments)
FUNCTION(SetNoOfCaptures, (handle, nCaptures), int16_t handle, uint32_t nCaptures)
FUNCTION(GetNoOfCaptures, (handle, nCaptures), int16_t handle, uint32_t *nCaptures)
FUNCTION(GetNoOfProcessedCaptures, (handle, nProcessedCaptures), int16_t handle, uint32_t *nProcessedCaptures)

/* triggers */
FUNCTION(SetSimpleTrigger, (handle, enable, source, threshold, direction, delay, autoTrigger_ms), int16_t handle, int16_t enable, PS2000A_CHANNEL source, int16_t threshold, PS2000A_THRESHOLD_DIRECTION direction, uint32_t delay, int16_t autoTrigger_ms)
FUNCTION(SetTriggerChannelProperties, (handle, channelProperties, nChannelProperties, auxOutputEnable, autoTriggerMilliseconds), int16_t handle, PS2000A_TRIGGER_CHANNEL_PROPERTIES *channelProperties, int16_t nChannelProperties, int16_t auxOutputEnable, int32_t autoTriggerMilliseconds)
FUNCTION(SetTriggerChannelConditions, (handle, conditions, nConditions), int16_t handle, PS2000A_TRIGGER_CONDITIONS *conditions, int16_t nConditions)
FUNCTION(SetTriggerChannelDirections, (handle, channelA, channelB, channelC, channelD, ext, aux), int16_t handle, PS2000A_THRESHOLD_DIRECTION channelA, PS2000A_THRESHOLD_DIRECTION channelB, PS2000A_THRESHOLD_DIRECTION channelC, PS2000A_THRESHOLD_DIRECTION channelD, PS2000A_THRESHOLD_DIRECTION ext, PS2000A_THRESHOLD_DIRECTION aux)
FUNCTION(SetTriggerDelay, (handle, delay), int16_t handle, uint32_t delay)
FUNCTION(SetTriggerDigitalPortProperties, (handle, directions, nDirections), int16_t handle, PS2000A_DIGITAL_CHANNEL_DIRECTIONS *directions, int16_t nDirections)
FUNCTION(SetDigitalAnalogTriggerOperand, (handle, operand), int16_t handle, PS2000A_TRIGGER_OPERAND operand)
FUNCTION(SetPulseWidthQualifier, (handle, conditions, nConditions, direction, lower, upper, type), int16_t handle, PS2000A_PWQ_CONDITIONS *conditions, int16_t nConditions, PS2000A_THRESHOLD_DIRECTION direction, uint32_t lower, uint32_t upper, PS2000A_PULSE_WIDTH_TYPE type)
OPTIONAL(SetPulseWidthDigitalPortProperties, (handle, directions, nDirections), int16_t handle, PS2000A_DIGITAL_CHANNEL_DIRECTIONS *directions, int16_t nDirections)
FUNCTION(IsTriggerOrPulseWidthQualifierEnabled, (handle, triggerEnabled, pulseWidthQualifierEnabled), int16_t handle, int16_t *triggerEnabled, int16_t *pulseWidthQualifierEnabled)
OPTIONAL(SetOutputEdgeDetect, (handle, state), int16_t handle, int16_t state)
OPTIONAL(QueryOutputEdgeDetect, (handle, state), int16_t handle, int16_t *state)
FUNCTION(HoldOff, (handle, holdoff, type), int16_t handle, uint64_t holdoff, PS2000A_HOLDOFF_TYPE type)

/* time of the trigger */
OPTIONAL(GetTriggerTimeOffset, (handle, timeUpper, timeLower, timeUnits, segmentIndex), int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, PS2000A_TIME_UNITS *timeUnits, uint32_t segmentIndex)
FUNCTION(GetTriggerTimeOffset64, (handle, time, timeUnits, segmentIndex), int16_t handle, int64_t *time, PS2000A_TIME_UNITS *timeUnits, uint32_t segmentIndex)
OPTIONAL(GetValuesTriggerTimeOffsetBulk, (handle, timesUpper, timesLower, timeUnits, fromSegmentIndex, toSegmentIndex), int16_t handle, uint32_t *timesUpper, uint32_t *timesLower, PS2000A_TIME_UNITS *timeUnits, uint32_t fromSegmentIndex, uint32_t toSegmentIndex)
FUNCTION(GetValuesTriggerTimeOffsetBulk64, (handle, times, timeUnits, fromSegmentIndex, toSegmentIndex), int16_t handle, int64_t *times, PS2000A_TIME_UNITS *timeUnits, uint32_t fromSegmentIndex, uint32_t toSegmentIndex)

/* buffers: the library keeps the pointers */
FUNCTION(SetDataBuffer, (handle, channelOrPort, buffer, bufferLth, segmentIndex, mode), int16_t handle, int32_t channelOrPort, int16_t *buffer, int32_t bufferLth, uint32_t segmentIndex, PS2000A_RATIO_MODE mode)
FUNCTION(SetDataBuffers, (handle, channelOrPort, bufferMax, bufferMin, bufferLth, segmentIndex, mode), int16_t handle, int32_t channelOrPort, int16_t *bufferMax, int16_t *bufferMin, int32_t bufferLth, uint32_t segmentIndex, PS2000A_RATIO_MODE mode)
OPTIONAL(SetUnscaledDataBuffers, (handle, channelOrPort, bufferMax, bufferMin, bufferLth, segmentIndex, mode), int16_t handle, PS2000A_CHANNEL channelOrPort, int8_t *bufferMax, int8_t *bufferMin, int32_t bufferLth, uint32_t segmentIndex, PS2000A_RATIO_MODE mode)

/* block and rapid block */
FUNCTION(RunBlock, (handle, noOfPreTriggerSamples, noOfPostTriggerSamples, timebase, oversample, timeIndisposedMs, segmentIndex, lpReady, pParameter), int16_t handle, int32_t noOfPreTriggerSamples, int32_t noOfPostTriggerSamples, uint32_t timebase, int16_t oversample, int32_t *timeIndisposedMs, uint32_t segmentIndex, ps2000aBlockReady lpReady, void *pParameter)
FUNCTION(IsReady, (handle, ready), int16_t handle, int16_t *ready)
FUNCTION(GetValues, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex, overflow), int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio, PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow)
FUNCTION(GetValuesBulk, (handle, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio, downSampleRatioMode, overflow), int16_t handle, uint32_t *noOfSamples, uint32_t fromSegmentIndex, uint32_t toSegmentIndex, uint32_t downSampleRatio, PS2000A_RATIO_MODE downSampleRatioMode, int16_t *overflow)
FUNCTION(GetValuesAsync, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex, lpDataReady, pParameter), int16_t handle, uint32_t startIndex, uint32_t noOfSamples, uint32_t downSampleRatio, PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, void *lpDataReady, void *pParameter)
FUNCTION(GetValuesOverlapped, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex, overflow), int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio, PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow)
FUNCTION(GetValuesOverlappedBulk, (handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, fromSegmentIndex, toSegmentIndex, overflow), int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio, PS2000A_RATIO_MODE downSampleRatioMode, uint32_t fromSegmentIndex, uint32_t toSegmentIndex, int16_t *overflow)
FUNCTION(GetMaxDownSampleRatio, (handle, noOfUnaggreatedSamples, maxDownSampleRatio, downSampleRatioMode, segmentIndex), int16_t handle, uint32_t noOfUnaggreatedSamples, uint32_t *maxDownSampleRatio, PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex)

/* streaming */
FUNCTION(RunStreaming, (handle, sampleInterval, sampleIntervalTimeUnits, maxPreTriggerSamples, maxPostPreTriggerSamples, autoStop, downSampleRatio, downSampleRatioMode, overviewBufferSize), int16_t handle, uint32_t *sampleInterval, PS2000A_TIME_UNITS sampleIntervalTimeUnits, uint32_t maxPreTriggerSamples, uint32_t maxPostPreTriggerSamples, int16_t autoStop, uint32_t downSampleRatio, PS2000A_RATIO_MODE downSampleRatioMode, uint32_t overviewBufferSize)
FUNCTION(GetStreamingLatestValues, (handle, lpReady, pParameter), int16_t handle, ps2000aStreamingReady lpReady, void *pParameter)
FUNCTION(NoOfStreamingValues, (handle, noOfValues), int16_t handle, uint32_t *noOfValues)
FUNCTION(Stop, (handle), int16_t handle)

/* equivalent-time sampling */
FUNCTION(SetEts, (handle, mode, etsCycles, etsInterleave, sampleTimePicoseconds), int16_t handle, PS2000A_ETS_MODE mode, int16_t etsCycles, int16_t etsInterleave, int32_t *sampleTimePicoseconds)
FUNCTION(SetEtsTimeBuffer, (handle, buffer, bufferLth), int16_t handle, int64_t *buffer, int32_t bufferLth)
OPTIONAL(SetEtsTimeBuffers, (handle, timeUpper, timeLower, bufferLth), int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, int32_t bufferLth)

/* signal generator */
FUNCTION(SetSigGenArbitrary, (handle, offsetVoltage, pkToPk, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount, arbitraryWaveform, arbitraryWaveformSize, sweepType, operation, indexMode, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, uint32_t startDeltaPhase, uint32_t stopDeltaPhase, uint32_t deltaPhaseIncrement, uint32_t dwellCount, int16_t *arbitraryWaveform, int32_t arbitraryWaveformSize, PS2000A_SWEEP_TYPE sweepType, PS2000A_EXTRA_OPERATIONS operation, PS2000A_INDEX_MODE indexMode, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType, PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
FUNCTION(SetSigGenBuiltIn, (handle, offsetVoltage, pkToPk, waveType, startFrequency, stopFrequency, increment, dwellTime, sweepType, operation, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, int16_t waveType, float startFrequency, float stopFrequency, float increment, float dwellTime, PS2000A_SWEEP_TYPE sweepType, PS2000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType, PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
OPTIONAL(SetSigGenBuiltInV2, (handle, offsetVoltage, pkToPk, waveType, startFrequency, stopFrequency, increment, dwellTime, sweepType, operation, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, int16_t waveType, double startFrequency, double stopFrequency, double increment, double dwellTime, PS2000A_SWEEP_TYPE sweepType, PS2000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType, PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
FUNCTION(SetSigGenPropertiesArbitrary, (handle, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount, sweepType, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, uint32_t startDeltaPhase, uint32_t stopDeltaPhase, uint32_t deltaPhaseIncrement, uint32_t dwellCount, PS2000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType, PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
FUNCTION(SetSigGenPropertiesBuiltIn, (handle, startFrequency, stopFrequency, increment, dwellTime, sweepType, shots, sweeps, triggerType, triggerSource, extInThreshold), int16_t handle, double startFrequency, double stopFrequency, double increment, double dwellTime, PS2000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType, PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
FUNCTION(SigGenFrequencyToPhase, (handle, frequency, indexMode, bufferLength, phase), int16_t handle, double frequency, PS2000A_INDEX_MODE indexMode, uint32_t bufferLength, uint32_t *phase)
FUNCTION(SigGenArbitraryMinMaxValues, (handle, minArbitraryWaveformValue, maxArbitraryWaveformValue, minArbitraryWaveformSize, maxArbitraryWaveformSize), int16_t handle, int16_t *minArbitraryWaveformValue, int16_t *maxArbitraryWaveformValue, uint32_t *minArbitraryWaveformSize, uint32_t *maxArbitraryWaveformSize)
FUNCTION(SigGenSoftwareControl, (handle, state), int16_t handle, int16_t state)
