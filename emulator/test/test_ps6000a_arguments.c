/* What each function of the 6000A layer answers to wrong arguments and to calls that are out of order. */
#include "rig6000a.h"

static void test_open(void)
{
	int16_t handle = 7, percent, complete;

	WANT(EMU_NULL_PARAMETER, ps6000aOpenUnit(NULL, NULL, PICO_DR_8BIT));
	WANT(EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT, ps6000aOpenUnit(&handle, NULL, PICO_DR_14BIT));
	CHECK(handle == 0);
	WANT(EMU_INVALID_DEVICE_RESOLUTION, ps6000aOpenUnit(&handle, NULL, (PICO_DEVICE_RESOLUTION)77));
	WANT(EMU_NULL_PARAMETER, ps6000aOpenUnitProgress(&handle, NULL, &complete));
	WANT(EMU_NULL_PARAMETER, ps6000aOpenUnitProgress(&handle, &percent, NULL));
	WANT(EMU_INVALID_HANDLE, ps6000aStop(321));
	WANT(EMU_INVALID_HANDLE, ps6000aSetChannelOff(0, PICO_CHANNEL_A));
}

static void test_exhausted(int16_t handle)
{
	int16_t second = 5;

	WANT(EMU_NOT_FOUND, ps6000aOpenUnit(&second, NULL, PICO_DR_8BIT));
	CHECK(second == 0 && second != handle);
}

static void test_info(int16_t handle)
{
	int8_t text[32] = "";
	int16_t need = 0;

	WANT(EMU_OK, ps6000aGetUnitInfo(handle, NULL, 0, &need, 3));
	CHECK(need == 6);
	WANT(EMU_OK, ps6000aGetUnitInfo(handle, text, 6, &need, 3));
	CHECK(!strcmp((char *)text, "6824E"));
	WANT(EMU_OK, ps6000aGetUnitInfo(handle, text, sizeof text, &need, 4));
	CHECK(!strcmp((char *)text, "TEST/1"));
	WANT(EMU_OK, ps6000aGetUnitInfo(0, text, sizeof text, &need, 0));
	CHECK(strstr((char *)text, "PS6000A") != NULL);
	WANT(EMU_PROBE_COLLECTION_NOT_STARTED, ps6000aGetAccessoryInfo(handle, PICO_PORT0, text, sizeof text, &need, 3));
	WANT(EMU_INVALID_CHANNEL, ps6000aGetAccessoryInfo(handle, PICO_TRIGGER_AUX, text, sizeof text, &need, 3));
}

static void test_channels(int16_t handle)
{
	PICO_CHANNEL_OVERVOLTAGE_TRIPPED trips[8];
	PICO_SCALING_FACTORS_VALUES scaling = {PICO_CHANNEL_B, PICO_X1_PROBE_1V, 7, 7};
	int16_t levels[8] = {0}, low, high;
	PICO_DEVICE_RESOLUTION resolution;

	WANT(EMU_INVALID_CHANNEL, ps6000aSetChannelOn(handle, PICO_PORT0, PICO_DC, PICO_X1_PROBE_1V, 0, PICO_BW_FULL));
	WANT(EMU_INVALID_CHANNEL, ps6000aSetChannelOff(handle, (PICO_CHANNEL)9));
	WANT(EMU_INVALID_COUPLING, ps6000aSetChannelOn(handle, PICO_CHANNEL_A, (PICO_COUPLING)3, PICO_X1_PROBE_1V, 0, PICO_BW_FULL));
	WANT(EMU_INVALID_VOLTAGE_RANGE, ps6000aSetChannelOn(handle, PICO_CHANNEL_A, PICO_DC, PICO_X1_PROBE_50V, 0, PICO_BW_FULL));
	WANT(EMU_INVALID_VOLTAGE_RANGE, ps6000aSetChannelOn(handle, PICO_CHANNEL_A, PICO_DC_50OHM, PICO_X1_PROBE_10V, 0, PICO_BW_FULL));
	WANT(EMU_INVALID_VOLTAGE_RANGE, ps6000aSetChannelOn(handle, PICO_CHANNEL_A, PICO_DC, PICO_X10_PROBE_1V, 0, PICO_BW_FULL));
	WANT(EMU_OK, ps6000aSetChannelOn(handle, PICO_CHANNEL_A, PICO_DC_50OHM, PICO_X1_PROBE_5V, 0, PICO_BW_FULL));
	WANT(EMU_INVALID_DIGITAL_PORT, ps6000aSetDigitalPortOn(handle, PICO_CHANNEL_A, levels, 8, PICO_NORMAL_100MV));
	WANT(EMU_NULL_PARAMETER, ps6000aSetDigitalPortOn(handle, PICO_PORT0, NULL, 8, PICO_NORMAL_100MV));
	WANT(EMU_INVALID_LENGTH, ps6000aSetDigitalPortOn(handle, PICO_PORT0, levels, 7, PICO_NORMAL_100MV));
	WANT(EMU_DIGITAL_PORT_HYSTERESIS_OUT_OF_RANGE,
	     ps6000aSetDigitalPortOn(handle, PICO_PORT0, levels, 8, (PICO_DIGITAL_PORT_HYSTERESIS)4));
	WANT(EMU_NO_MSO_POD_CONNECTED, ps6000aSetDigitalPortOn(handle, PICO_PORT1, levels, 8, PICO_NORMAL_100MV));
	WANT(EMU_OK, ps6000aSetDigitalPortOn(handle, PICO_PORT0, levels, 8, PICO_NORMAL_100MV));
	WANT(EMU_OK, ps6000aSetDigitalPortOff(handle, PICO_PORT0));
	WANT(EMU_OK, ps6000aSetDigitalPortOff(handle, PICO_PORT1));
	WANT(EMU_INVALID_DIGITAL_PORT, ps6000aSetDigitalPortOff(handle, PICO_PORT2));
	WANT(EMU_INVALID_PARAMETER, ps6000aSetAuxIoMode(handle, (PICO_AUXIO_MODE)4));
	WANT(EMU_NULL_PARAMETER, ps6000aReportAllChannelsOvervoltageTripStatus(handle, NULL, 8));
	WANT(EMU_INVALID_PARAMETER, ps6000aReportAllChannelsOvervoltageTripStatus(handle, trips, 4));
	WANT(EMU_OK, ps6000aGetScalingValues(handle, &scaling, 1));
	CHECK(scaling.offset == 0 && scaling.scalingFactor == 1);
	WANT(EMU_NULL_PARAMETER, ps6000aGetScalingValues(handle, NULL, 1));
	WANT(EMU_OK, ps6000aGetAdcLimits(handle, PICO_DR_12BIT, &low, &high));
	CHECK(low == -32736 && high == 32736);
	WANT(EMU_OK, ps6000aGetAdcLimits(handle, PICO_DR_8BIT, NULL, &high));
	CHECK(high == 32512);
	WANT(EMU_OK, ps6000aGetDeviceResolution(handle, &resolution));
	CHECK(resolution == PICO_DR_8BIT);
	WANT(EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT, ps6000aSetDeviceResolution(handle, PICO_DR_16BIT));
}

static void test_trips(int16_t handle)
{
	PICO_CHANNEL_OVERVOLTAGE_TRIPPED trips[8];
	double ms, interval = 1;

	WANT(EMU_OK, ps6000aSetChannelOn(handle, PICO_CHANNEL_C, PICO_DC_50OHM, PICO_X1_PROBE_1V, 0, PICO_BW_FULL));
	WANT(EMU_DC_50OHM_OVERVOLTAGE_TRIPPED, ps6000aRunBlock(handle, 0, 1000, 10, &ms, 0, NULL, NULL));
	WANT(EMU_DC_50OHM_OVERVOLTAGE_TRIPPED, ps6000aRunStreaming(handle, &interval, PICO_US, 0, 1000, 0, 1, PICO_RATIO_MODE_RAW));
	WANT(EMU_OK, ps6000aReportAllChannelsOvervoltageTripStatus(handle, trips, 8));
	for (int i = 0; i < 8; i++)
		CHECK(trips[i].channel_ == (PICO_CHANNEL)i && trips[i].tripped_ == (i == 2));
	WANT(EMU_OK, ps6000aResetChannelsAndReportAllChannelsOvervoltageTripStatus(handle, trips, 8));
	CHECK(trips[2].tripped_ == 1);
	WANT(EMU_OK, ps6000aReportAllChannelsOvervoltageTripStatus(handle, trips, 8));
	CHECK(trips[2].tripped_ == 0);
	WANT(EMU_OK, ps6000aSetChannelOn(handle, PICO_CHANNEL_C, PICO_DC, PICO_X1_PROBE_1V, 0, PICO_BW_FULL));
}

static void test_stateless(int16_t handle)
{
	uint32_t timebase = 99, n = 0;
	double interval;

	WANT(EMU_NO_CHANNELS_OR_PORTS_ENABLED, ps6000aGetMinimumTimebaseStateless(handle, (PICO_CHANNEL_FLAGS)0, &timebase, &interval, PICO_DR_8BIT));
	WANT(EMU_INVALID_CHANNEL, ps6000aGetMinimumTimebaseStateless(handle, (PICO_CHANNEL_FLAGS)0x100, &timebase, &interval, PICO_DR_8BIT));
	WANT(EMU_OK, ps6000aGetMinimumTimebaseStateless(handle, PICO_CHANNEL_A_FLAGS, &timebase, &interval, PICO_DR_8BIT));
	CHECK(timebase == 0 && interval > 1.999e-10 && interval < 2.001e-10);
	WANT(EMU_OK, ps6000aNearestSampleIntervalStateless(handle, PICO_CHANNEL_A_FLAGS, 20e-9, PICO_DR_8BIT, &timebase, &interval));
	CHECK(timebase == 7 && interval > 19.19e-9 && interval < 19.21e-9);
	WANT(EMU_CHANNEL_COMBINATION_NOT_VALID_IN_THIS_RESOLUTION,
	     ps6000aGetMinimumTimebaseStateless(handle, PICO_CHANNEL_A_FLAGS | PICO_CHANNEL_B_FLAGS | PICO_CHANNEL_C_FLAGS, &timebase,
						&interval, PICO_DR_12BIT));
	WANT(EMU_OK, ps6000aChannelCombinationsStateless(handle, NULL, &n, PICO_DR_8BIT, 0));
	CHECK(n > 8);
	PICO_CHANNEL_FLAGS *sets = calloc(n, sizeof *sets);
	WANT(EMU_OK, ps6000aChannelCombinationsStateless(handle, sets, &n, PICO_DR_8BIT, 0));
	for (uint32_t i = 0; i < n; i++)
		WANT(EMU_OK, ps6000aGetMinimumTimebaseStateless(handle, sets[i], &timebase, &interval, PICO_DR_8BIT));
	free(sets);
	WANT(EMU_ZERO_NUMBER_OF_CAPTURES_INVALID, ps6000aSetNoOfCaptures(handle, 0));
	WANT(EMU_NULL_PARAMETER, ps6000aMemorySegments(handle, 1, NULL));
}

static void test_triggers(int16_t handle)
{
	PICO_CONDITION a = {PICO_CHANNEL_A, PICO_CONDITION_TRUE}, twice[2] = {a, a}, none = {(PICO_CHANNEL)99, PICO_CONDITION_TRUE};
	PICO_CONDITION port = {PICO_PORT1, PICO_CONDITION_TRUE}, aux = {PICO_TRIGGER_AUX, PICO_CONDITION_TRUE};
	PICO_DIRECTION d = {PICO_CHANNEL_A, PICO_RISING, PICO_LEVEL};
	PICO_DIGITAL_CHANNEL_DIRECTIONS pin = {PICO_PORT_DIGITAL_CHANNEL0, PICO_DIGITAL_DIRECTION_RISING};
	int16_t edge = 9;

	WANT(EMU_OK, ps6000aSetSimpleTrigger(handle, 0, (PICO_CHANNEL)99, 0, (PICO_THRESHOLD_DIRECTION)99, 0, 0));
	WANT(EMU_INVALID_TRIGGER_CHANNEL, ps6000aSetSimpleTrigger(handle, 1, PICO_PORT0, 0, PICO_RISING, 0, 0));
	WANT(EMU_INVALID_SIMPLE_TRIGGER_DIRECTION, ps6000aSetSimpleTrigger(handle, 1, PICO_CHANNEL_A, 0, PICO_RISING_LOWER, 0, 0));
	WANT(EMU_NO_TRIGGER_ENABLED_FOR_TRIGGER_IN_PRE_TRIG, ps6000aTriggerWithinPreTriggerSamples(handle, PICO_ARM));
	WANT(EMU_OK, ps6000aSetSimpleTrigger(handle, 1, PICO_CHANNEL_A, 1000, PICO_RISING, 0, 0));
	WANT(EMU_OK, ps6000aTriggerWithinPreTriggerSamples(handle, PICO_ARM));
	WANT(EMU_OK, ps6000aTriggerWithinPreTriggerSamples(handle, PICO_DISABLE));
	WANT(EMU_INVALID_TRIGGER_WITHIN_PRE_TRIGGER_STATE, ps6000aTriggerWithinPreTriggerSamples(handle, (PICO_TRIGGER_WITHIN_PRE_TRIGGER)2));
	WANT(EMU_OK, ps6000aSetSimpleTrigger(handle, 0, PICO_CHANNEL_A, 0, PICO_RISING, 0, 0));
	WANT(EMU_INVALID_CONDITION_INFO, ps6000aSetTriggerChannelConditions(handle, &a, 1, (PICO_ACTION)0));
	WANT(EMU_NULL_CONDITIONS, ps6000aSetTriggerChannelConditions(handle, NULL, 1, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_DUPLICATE_CONDITION_SOURCE, ps6000aSetTriggerChannelConditions(handle, twice, 2, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_INVALID_CONDITION_CHANNEL, ps6000aSetTriggerChannelConditions(handle, &none, 1, PICO_ADD));
	WANT(EMU_NO_MSO_POD_CONNECTED, ps6000aSetTriggerChannelConditions(handle, &port, 1, PICO_ADD));
	WANT(EMU_OK, ps6000aSetAuxIoMode(handle, PICO_AUXIO_TRIGGER_OUT));
	WANT(EMU_AUX_OUTPUT_CONFLICT, ps6000aSetTriggerChannelConditions(handle, &aux, 1, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_AUX_OUTPUT_CONFLICT, ps6000aSetSimpleTrigger(handle, 1, PICO_TRIGGER_AUX, 0, PICO_RISING, 0, 0));
	WANT(EMU_OK, ps6000aSetAuxIoMode(handle, PICO_AUXIO_INPUT));
	WANT(EMU_OK, ps6000aSetTriggerChannelConditions(handle, &aux, 1, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_OK, ps6000aSetTriggerChannelConditions(handle, NULL, 0, PICO_CLEAR_ALL));
	WANT(EMU_OK, ps6000aSetPulseWidthQualifierConditions(handle, NULL, 0, PICO_CLEAR_ALL));
	WANT(EMU_NULL_DIRECTIONS, ps6000aSetTriggerChannelDirections(handle, NULL, 1));
	WANT(EMU_OK, ps6000aSetTriggerChannelDirections(handle, &d, 1));
	d.direction = PICO_RISING_LOWER;
	d.thresholdMode = PICO_WINDOW;
	WANT(EMU_INVALID_THRESHOLD_DIRECTION, ps6000aSetTriggerChannelDirections(handle, &d, 1));
	d.thresholdMode = (PICO_THRESHOLD_MODE)2;
	WANT(EMU_INVALID_THRESHOLD_MODE, ps6000aSetTriggerChannelDirections(handle, &d, 1));
	WANT(EMU_OK, ps6000aSetTriggerChannelDirections(handle, NULL, 0));
	WANT(EMU_NULL_CHANNEL_PROPERTIES, ps6000aSetTriggerChannelProperties(handle, NULL, 1, 0, 0));
	WANT(EMU_NO_OF_CHANNEL_TRIGGER_PROPERTIES_OUT_OF_RANGE, ps6000aSetTriggerChannelProperties(handle, NULL, 100, 0, 0));
	WANT(EMU_OK, ps6000aSetTriggerChannelProperties(handle, NULL, 0, 0, 0));
	WANT(EMU_PULSE_WIDTH_QUALIFIER, ps6000aSetPulseWidthQualifierProperties(handle, 1, 2, (PICO_PULSE_WIDTH_TYPE)5));
	WANT(EMU_OK, ps6000aSetTriggerDigitalPortProperties(handle, PICO_PORT0, &pin, 1));
	WANT(EMU_OK, ps6000aSetTriggerDigitalPortProperties(handle, PICO_PORT0, NULL, 0));
	WANT(EMU_NO_MSO_POD_CONNECTED, ps6000aSetTriggerDigitalPortProperties(handle, PICO_PORT1, &pin, 1));
	pin.direction = PICO_DIGITAL_MAX_DIRECTION;
	WANT(EMU_INVALID_DIGITAL_TRIGGER_DIRECTION, ps6000aSetTriggerDigitalPortProperties(handle, PICO_PORT0, &pin, 1));
	WANT(EMU_OK, ps6000aQueryOutputEdgeDetect(handle, &edge));
	CHECK(edge == 1);
	WANT(EMU_OK, ps6000aSetOutputEdgeDetect(handle, 0));
	WANT(EMU_OK, ps6000aQueryOutputEdgeDetect(handle, &edge));
	CHECK(edge == 0);
	WANT(EMU_NULL_PARAMETER, ps6000aQueryOutputEdgeDetect(handle, NULL));
}

static void test_buffers(int16_t handle)
{
	int16_t max[64], min[64];
	int8_t bytes[64];
	const PICO_ACTION fresh = PICO_CLEAR_ALL | PICO_ADD;

	WANT(EMU_INVALID_ACTION, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, max, 64, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, (PICO_ACTION)0));
	WANT(EMU_INVALID_ACTION, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, max, 64, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, (PICO_ACTION)8));
	WANT(EMU_INVALID_ACTION_FLAGS_COMBINATION, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, max, 64, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW,
									PICO_CLEAR_ALL | PICO_CLEAR_THIS_DATA_BUFFER));
	WANT(EMU_BOTH_MIN_AND_MAX_NULL_BUFFERS_CANNOT_BE_ADDED,
	     ps6000aSetDataBuffers(handle, PICO_CHANNEL_A, NULL, NULL, 64, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_ADD));
	WANT(EMU_OK, ps6000aSetDataBuffers(handle, PICO_CHANNEL_A, NULL, NULL, 0, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL));
	WANT(EMU_INVALID_CHANNEL, ps6000aSetDataBuffer(handle, PICO_TRIGGER_AUX, max, 64, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, fresh));
	WANT(EMU_NO_MSO_POD_CONNECTED, ps6000aSetDataBuffer(handle, PICO_PORT1, max, 64, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, fresh));
	WANT(EMU_DATATYPE_INVALID, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, max, 64, (PICO_DATA_TYPE)5, 0, PICO_RATIO_MODE_RAW, fresh));
	WANT(EMU_INVALID_RATIO_MODE, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, max, 64, PICO_INT16_T, 0, (PICO_RATIO_MODE)0, fresh));
	WANT(EMU_MULTIPLE_RATIO_MODES, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, max, 64, PICO_INT16_T, 0,
							    PICO_RATIO_MODE_AVERAGE | PICO_RATIO_MODE_DECIMATE, fresh));
	WANT(EMU_AGGREGATE_BUFFERS_SAME_POINTER,
	     ps6000aSetDataBuffers(handle, PICO_CHANNEL_A, max, max, 64, PICO_INT16_T, 0, PICO_RATIO_MODE_AGGREGATE, fresh));
	WANT(EMU_OK, ps6000aSetDataBuffers(handle, PICO_CHANNEL_A, max, min, 64, PICO_INT16_T, 0, PICO_RATIO_MODE_AGGREGATE, fresh));
	WANT(EMU_INVALID_NUMBER_OF_SAMPLES, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, max, -1, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, fresh));
	WANT(EMU_TRIGGER_READ_REQUIRES_INT16_T_DATA_TYPE,
	     ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, bytes, 64, PICO_INT8_T, 0, PICO_RATIO_MODE_TRIGGER, fresh));
	WANT(EMU_TRIGGER_DATA_REQUIRES_MIN_BUFFER_SIZE_OF_40_SAMPLES,
	     ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, max, 39, PICO_INT16_T, 0, PICO_RATIO_MODE_TRIGGER, fresh));
	WANT(EMU_RATIO_MODE_SEGMENT_HEADER_DOES_NOT_REQUIRE_BUFFERS,
	     ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, max, 64, PICO_INT16_T, 0, PICO_RATIO_MODE_SEGMENT_HEADER, fresh));
	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, NULL, 0, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL));
}

static void test_streaming(int16_t handle)
{
	static int16_t a[1000], b[1000];
	PICO_STREAMING_DATA_INFO info = {.channel_ = PICO_CHANNEL_A, .mode_ = PICO_RATIO_MODE_RAW, .type_ = PICO_INT16_T};
	PICO_STREAMING_DATA_TRIGGER_INFO trigger;
	double interval = 1, other;
	uint64_t n = 10;
	int16_t overflow;

	channels(handle, 2);
	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, a, 1000, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_B, b, 1000, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_ADD));
	WANT(EMU_NULL_PARAMETER, ps6000aRunStreaming(handle, NULL, PICO_US, 0, 1000, 0, 1, PICO_RATIO_MODE_RAW));
	WANT(EMU_TIME_UNITS_OUT_OF_RANGE, ps6000aRunStreaming(handle, &interval, (PICO_TIME_UNITS)6, 0, 1000, 0, 1, PICO_RATIO_MODE_RAW));
	WANT(EMU_STREAMING_DOES_NOT_SUPPORT_TRIGGER_RATIO_MODES,
	     ps6000aRunStreaming(handle, &interval, PICO_US, 0, 1000, 0, 1, PICO_RATIO_MODE_RAW | PICO_RATIO_MODE_TRIGGER));
	WANT(EMU_STREAMING_COMBINATION_OF_RAW_DATA_AND_ONE_AGGREGATION_DATA_TYPE_ALLOWED,
	     ps6000aRunStreaming(handle, &interval, PICO_US, 0, 1000, 0, 10, PICO_RATIO_MODE_AVERAGE | PICO_RATIO_MODE_DECIMATE));
	WANT(EMU_INVALID_RATIO_MODE, ps6000aRunStreaming(handle, &interval, PICO_US, 0, 1000, 0, 1, (PICO_RATIO_MODE)0));
	WANT(EMU_TOO_FEW_REQUESTED_STREAMING_SAMPLES, ps6000aRunStreaming(handle, &interval, PICO_US, 0, 0, 0, 1, PICO_RATIO_MODE_RAW));
	interval = -1;
	WANT(EMU_INVALID_SAMPLE_INTERVAL, ps6000aRunStreaming(handle, &interval, PICO_US, 0, 1000, 0, 1, PICO_RATIO_MODE_RAW));
	interval = 1;
	WANT(EMU_OK, ps6000aGetValuesOverlapped(handle, 0, &n, 1, PICO_RATIO_MODE_RAW, 0, 0, &overflow));
	WANT(EMU_STREAMING_ONLY_SUPPORTS_ONE_READ, ps6000aRunStreaming(handle, &interval, PICO_US, 0, 1000, 0, 1, PICO_RATIO_MODE_RAW));
	WANT(EMU_OK, ps6000aStopUsingGetValuesOverlapped(handle));
	WANT(EMU_OK, ps6000aRunStreaming(handle, &interval, PICO_US, 0, 1000, 0, 1, PICO_RATIO_MODE_RAW));
	CHECK(interval == 1);
	WANT(EMU_STREAMING_DATA_REQUIRED, ps6000aGetStreamingLatestValues(handle, NULL, 1, &trigger));
	WANT(EMU_STREAMING_DATA_REQUIRED, ps6000aGetStreamingLatestValues(handle, &info, 0, &trigger));
	WANT(EMU_NULL_PARAMETER, ps6000aGetStreamingLatestValues(handle, &info, 1, NULL));
	WANT(EMU_REMOVING_DATA_BUFFER_ENTRIES_NOT_ALLOWED_WHILE_DATA_PROCESSING,
	     ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, NULL, 0, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL));
	WANT(EMU_NO_OF_SAMPLES_NEED_TO_BE_EQUAL_WHEN_ADDING_BUFFERS,
	     ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, b, 500, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_ADD));
	WANT(EMU_BUSY, ps6000aSetChannelOff(handle, PICO_CHANNEL_B));
	WANT(EMU_BUSY, ps6000aRunStreaming(handle, &other, PICO_US, 0, 1000, 0, 1, PICO_RATIO_MODE_RAW));
	WANT(EMU_BUSY, ps6000aPingUnit(handle));
	WANT(EMU_OK, ps6000aStop(handle));
	WANT(EMU_OK, ps6000aStop(handle));
	WANT(EMU_OK, ps6000aPingUnit(handle));
	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, NULL, 0, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL));
}

static void test_firmware(int16_t handle)
{
	PICO_FIRMWARE_INFO infos[4];
	int16_t n = 4;
	uint16_t wanted = 9;
	PICO_VERSION before = {1, 2, 3, 4}, update = {0, 0, 0, 0};

	WANT(EMU_OK, ps6000aCheckForUpdate(handle, infos, &n, &wanted));
	CHECK(n == 2 && wanted == 0 && infos[0].updateRequired == 0 && infos[0].currentVersion.major_ == 1);
	WANT(EMU_UPDATE_REQUIRED_NULL, ps6000aCheckForUpdate(handle, infos, &n, NULL));
	wanted = 9;
	WANT(EMU_OK, ps6000aCheckForUpdate(handle, (PICO_FIRMWARE_INFO *)&before, (int16_t *)&update, &wanted)); /* as in 2021 */
	CHECK(wanted == 0 && before.build_ == 4);
	WANT(EMU_FIRMWARE_UP_TO_DATE, ps6000aStartFirmwareUpdate(handle, NULL));
}

int main(void)
{
	rig("model = 6824E\npods = 1\ntrip = C\nhurry = on\n");
	test_open();
	int16_t handle = opened(PICO_DR_8BIT);
	test_exhausted(handle);
	test_info(handle);
	test_channels(handle);
	test_trips(handle);
	test_stateless(handle);
	test_triggers(handle);
	test_buffers(handle);
	test_streaming(handle);
	test_firmware(handle);
	WANT(EMU_OK, ps6000aCloseUnit(handle));
	WANT(EMU_INVALID_HANDLE, ps6000aCloseUnit(handle));
	return finish();
}
