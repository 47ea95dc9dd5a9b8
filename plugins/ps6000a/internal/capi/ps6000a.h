/* Types of the vendor library ps6000a, a table of pointers to its functions, and one inline trampoline per pointer,
 * since Go cannot call through a C function pointer. Transcribed from the vendor's documentation and compared with
 * emulator/abi.json by a test. Ranges and probes are plain numbers here, and constants that nothing passes through are
 * not repeated. */
#ifndef SCOPELOG_PS6000A_CAPI_H
#define SCOPELOG_PS6000A_CAPI_H

#include <stdint.h>
#include <string.h>

typedef uint32_t PICO_CONNECT_PROBE_RANGE; /* PICO_X1_PROBE_10MV is 0, 20 V is 10 */
typedef int32_t PICO_CONNECT_PROBE;
typedef int32_t PICO_DIGITAL_PORT;

typedef enum {
	PICO_RATIO_MODE_AGGREGATE = 1 << 0, PICO_RATIO_MODE_DECIMATE = 1 << 1, PICO_RATIO_MODE_AVERAGE = 1 << 2,
	PICO_RATIO_MODE_DISTRIBUTION = 1 << 3, PICO_RATIO_MODE_SUM = 1 << 4,
	PICO_RATIO_MODE_TRIGGER_DATA_FOR_TIME_CALCULATION = 0x10000000, PICO_RATIO_MODE_SEGMENT_HEADER = 0x20000000,
	PICO_RATIO_MODE_TRIGGER = 0x40000000, PICO_RATIO_MODE_RAW = 0x80000000
} PICO_RATIO_MODE;

typedef enum {
	PICO_CHANNEL_A, PICO_CHANNEL_B, PICO_CHANNEL_C, PICO_CHANNEL_D, PICO_CHANNEL_E, PICO_CHANNEL_F, PICO_CHANNEL_G, PICO_CHANNEL_H,
	PICO_PORT0 = 128, PICO_PORT1, PICO_PORT2, PICO_PORT3, PICO_EXTERNAL = 1000, PICO_TRIGGER_AUX,
	PICO_PULSE_WIDTH_SOURCE = 0x10000000, PICO_DIGITAL_SOURCE
} PICO_CHANNEL;

typedef enum {
	PICO_CHANNEL_A_FLAGS = 1 << 0, PICO_CHANNEL_B_FLAGS = 1 << 1, PICO_CHANNEL_C_FLAGS = 1 << 2, PICO_CHANNEL_D_FLAGS = 1 << 3,
	PICO_CHANNEL_E_FLAGS = 1 << 4, PICO_CHANNEL_F_FLAGS = 1 << 5, PICO_CHANNEL_G_FLAGS = 1 << 6, PICO_CHANNEL_H_FLAGS = 1 << 7,
	PICO_PORT0_FLAGS = 1 << 16, PICO_PORT1_FLAGS = 1 << 17, PICO_PORT2_FLAGS = 1 << 18, PICO_PORT3_FLAGS = 1 << 19
} PICO_CHANNEL_FLAGS;

typedef enum {
	PICO_PORT_DIGITAL_CHANNEL0, PICO_PORT_DIGITAL_CHANNEL1, PICO_PORT_DIGITAL_CHANNEL2, PICO_PORT_DIGITAL_CHANNEL3,
	PICO_PORT_DIGITAL_CHANNEL4, PICO_PORT_DIGITAL_CHANNEL5, PICO_PORT_DIGITAL_CHANNEL6, PICO_PORT_DIGITAL_CHANNEL7
} PICO_PORT_DIGITAL_CHANNEL;

typedef enum { PICO_INT8_T, PICO_INT16_T, PICO_INT32_T, PICO_UINT32_T, PICO_INT64_T } PICO_DATA_TYPE;
typedef enum { PICO_AC, PICO_DC, PICO_DC_50OHM = 50 } PICO_COUPLING;

typedef enum {
	PICO_BW_FULL_FLAG = 1, PICO_BW_20KHZ_FLAG = 2, PICO_BW_100KHZ_FLAG = 4, PICO_BW_1MHZ_FLAG = 8, PICO_BW_20MHZ_FLAG = 16,
	PICO_BW_200MHZ_FLAG = 32
} PICO_BANDWIDTH_LIMITER_FLAGS;

typedef enum {
	PICO_BW_FULL = 0, PICO_BW_20KHZ = 20000, PICO_BW_100KHZ = 100000, PICO_BW_1MHZ = 1000000, PICO_BW_20MHZ = 20000000,
	PICO_BW_25MHZ = 25000000, PICO_BW_50MHZ = 50000000, PICO_BW_200MHZ = 200000000, PICO_BW_250MHZ = 250000000,
	PICO_BW_500MHZ = 500000000
} PICO_BANDWIDTH_LIMITER;

typedef enum {
	PICO_PW_TYPE_NONE, PICO_PW_TYPE_LESS_THAN, PICO_PW_TYPE_GREATER_THAN, PICO_PW_TYPE_IN_RANGE, PICO_PW_TYPE_OUT_OF_RANGE
} PICO_PULSE_WIDTH_TYPE;

typedef enum { PICO_UP, PICO_DOWN, PICO_UPDOWN, PICO_DOWNUP } PICO_SWEEP_TYPE;

typedef enum {
	PICO_SINE = 0x11, PICO_SQUARE, PICO_TRIANGLE, PICO_RAMP_UP, PICO_RAMP_DOWN, PICO_SINC, PICO_GAUSSIAN, PICO_HALF_SINE,
	PICO_DC_VOLTAGE = 0x400, PICO_PWM = 0x1000, PICO_WHITENOISE = 0x2001, PICO_PRBS = 0x2002, PICO_ARBITRARY = 0x10000000
} PICO_WAVE_TYPE;

typedef enum { PICO_SIGGEN_RISING, PICO_SIGGEN_FALLING, PICO_SIGGEN_GATE_HIGH, PICO_SIGGEN_GATE_LOW } PICO_SIGGEN_TRIG_TYPE;

typedef enum {
	PICO_SIGGEN_NONE, PICO_SIGGEN_SCOPE_TRIG, PICO_SIGGEN_AUX_IN, PICO_SIGGEN_EXT_IN, PICO_SIGGEN_SOFT_TRIG, PICO_SIGGEN_TRIGGER_RAW
} PICO_SIGGEN_TRIG_SOURCE;

typedef enum { PICO_SIGGEN_FILTER_AUTO, PICO_SIGGEN_FILTER_OFF, PICO_SIGGEN_FILTER_ON } PICO_SIGGEN_FILTER_STATE;
typedef enum { PICO_SIGGEN_PARAM_OUTPUT_VOLTS, PICO_SIGGEN_PARAM_SAMPLE, PICO_SIGGEN_PARAM_BUFFER_LENGTH } PICO_SIGGEN_PARAMETER;
typedef enum { PICO_FS, PICO_PS, PICO_NS, PICO_US, PICO_MS, PICO_S } PICO_TIME_UNITS;

typedef enum {
	PICO_ABOVE, PICO_BELOW, PICO_RISING, PICO_FALLING, PICO_RISING_OR_FALLING,
	PICO_ABOVE_LOWER, PICO_BELOW_LOWER, PICO_RISING_LOWER, PICO_FALLING_LOWER, PICO_POSITIVE_RUNT, PICO_NEGATIVE_RUNT,
	PICO_INSIDE = PICO_ABOVE, PICO_OUTSIDE = PICO_BELOW, PICO_ENTER = PICO_RISING, PICO_EXIT = PICO_FALLING,
	PICO_ENTER_OR_EXIT = PICO_RISING_OR_FALLING, PICO_NONE = PICO_RISING
} PICO_THRESHOLD_DIRECTION;

typedef enum { PICO_LEVEL, PICO_WINDOW } PICO_THRESHOLD_MODE;

typedef enum {
	PICO_CLEAR_ALL = 0x1, PICO_ADD = 0x2, PICO_CLEAR_THIS_DATA_BUFFER = 0x1000, PICO_CLEAR_WAVEFORM_DATA_BUFFERS = 0x2000,
	PICO_CLEAR_WAVEFORM_READ_DATA_BUFFERS = 0x4000
} PICO_ACTION;

typedef enum { PICO_CONDITION_DONT_CARE, PICO_CONDITION_TRUE, PICO_CONDITION_FALSE } PICO_TRIGGER_STATE;

typedef enum {
	PICO_DR_8BIT = 0, PICO_DR_12BIT = 1, PICO_DR_14BIT = 2, PICO_DR_15BIT = 3, PICO_DR_16BIT = 4, PICO_DR_10BIT = 10
} PICO_DEVICE_RESOLUTION;

typedef enum { PICO_VERY_HIGH_400MV, PICO_HIGH_200MV, PICO_NORMAL_100MV, PICO_LOW_50MV } PICO_DIGITAL_PORT_HYSTERESIS;

typedef enum {
	PICO_DIGITAL_DONT_CARE, PICO_DIGITAL_DIRECTION_LOW, PICO_DIGITAL_DIRECTION_HIGH, PICO_DIGITAL_DIRECTION_RISING,
	PICO_DIGITAL_DIRECTION_FALLING, PICO_DIGITAL_DIRECTION_RISING_OR_FALLING, PICO_DIGITAL_MAX_DIRECTION
} PICO_DIGITAL_DIRECTION;

typedef enum { PICO_INTERNAL_REF, PICO_EXTERNAL_REF } PICO_CLOCK_REFERENCE;
typedef enum { PICO_DISABLE, PICO_ARM } PICO_TRIGGER_WITHIN_PRE_TRIGGER;

typedef enum {
	PICO_TEMPERATURE_UNINITIALISED, PICO_TEMPERATURE_NORMAL, PICO_TEMPERATURE_WARNING, PICO_TEMPERATURE_CRITICAL
} PICO_TEMPERATURE_REFERENCE;

typedef enum { PICO_PROBE_BUTTON_PRESS } PICO_PROBE_USER_ACTION;
typedef enum { PICO_AUXIO_INPUT, PICO_AUXIO_HIGH_OUT, PICO_AUXIO_LOW_OUT, PICO_AUXIO_TRIGGER_OUT } PICO_AUXIO_MODE;

#pragma pack(push, 1)

typedef struct {
	uint32_t status;
	uint64_t segmentIndex;
	uint64_t triggerIndex;
	double triggerTime;
	PICO_TIME_UNITS timeUnits;
	uint64_t missedTriggers;
	uint64_t timeStampCounter;
} PICO_TRIGGER_INFO;

typedef struct {
	int16_t thresholdUpper;
	uint16_t thresholdUpperHysteresis;
	int16_t thresholdLower;
	uint16_t thresholdLowerHysteresis;
	PICO_CHANNEL channel;
} PICO_TRIGGER_CHANNEL_PROPERTIES;

typedef struct {
	PICO_CHANNEL source;
	PICO_TRIGGER_STATE condition;
} PICO_CONDITION;

typedef struct {
	PICO_CHANNEL channel;
	PICO_THRESHOLD_DIRECTION direction;
	PICO_THRESHOLD_MODE thresholdMode;
} PICO_DIRECTION;

typedef struct {
	uint16_t connected_;
	PICO_CHANNEL channel_;
	uint16_t enabled_;
	PICO_CONNECT_PROBE probeName_;
	uint8_t requiresPower_;
	uint8_t isPowered_;
	uint32_t status_;
	PICO_CONNECT_PROBE_RANGE probeOff_;
	PICO_CONNECT_PROBE_RANGE rangeFirst_;
	PICO_CONNECT_PROBE_RANGE rangeLast_;
	PICO_CONNECT_PROBE_RANGE rangeCurrent_;
	PICO_COUPLING couplingFirst_;
	PICO_COUPLING couplingLast_;
	PICO_COUPLING couplingCurrent_;
	PICO_BANDWIDTH_LIMITER_FLAGS filterFlags_;
	PICO_BANDWIDTH_LIMITER_FLAGS filterCurrent_;
	PICO_BANDWIDTH_LIMITER defaultFilter_;
} PICO_USER_PROBE_INTERACTIONS;

typedef struct {
	PICO_CHANNEL channel_;
	PICO_RATIO_MODE mode_;
	PICO_DATA_TYPE type_;
	int32_t noOfSamples_;
	uint64_t bufferIndex_;
	int32_t startIndex_;
	int16_t overflow_;
} PICO_STREAMING_DATA_INFO;

typedef struct {
	uint64_t triggerAt_;
	int16_t triggered_;
	int16_t autoStop_;
} PICO_STREAMING_DATA_TRIGGER_INFO;

typedef struct {
	PICO_CHANNEL channel;
	PICO_CONNECT_PROBE_RANGE range;
	int16_t offset;
	double scalingFactor;
} PICO_SCALING_FACTORS_VALUES;

typedef struct {
	PICO_PORT_DIGITAL_CHANNEL channel;
	PICO_DIGITAL_DIRECTION direction;
} PICO_DIGITAL_CHANNEL_DIRECTIONS;

typedef struct {
	uint16_t connected_;
	PICO_CHANNEL channel_;
	PICO_DIGITAL_PORT digitalPortName_;
	uint32_t status_;
	int8_t serial_[10];
	int8_t calibrationDate_[8];
} PICO_DIGITAL_PORT_INTERACTIONS;

typedef struct {
	PICO_CHANNEL channel_;
	uint8_t tripped_;
} PICO_CHANNEL_OVERVOLTAGE_TRIPPED;

#pragma pack(pop)

typedef void (*PicoProbeInteractions)(int16_t handle, uint32_t status, PICO_USER_PROBE_INTERACTIONS *probes, uint32_t nProbes);
typedef void (*PicoExternalReferenceInteractions)(int16_t handle, uint32_t status, PICO_CLOCK_REFERENCE reference);
typedef void (*PicoAWGOverrangeInteractions)(int16_t handle, uint32_t status);
typedef void (*PicoTemperatureSensorInteractions)(int16_t handle, PICO_TEMPERATURE_REFERENCE temperatureStatus);
typedef void (*PicoProbeUserAction)(int16_t handle, uint32_t status, PICO_CHANNEL channel, PICO_CONNECT_PROBE probe,
                                    PICO_PROBE_USER_ACTION action, void *pActionParameter, void *pParameter);
typedef void (*ps6000aBlockReady)(int16_t handle, uint32_t status, void *pParameter);
typedef void (*ps6000aDataReady)(int16_t handle, uint32_t status, uint64_t noOfSamples, int16_t overflow, void *pParameter);
typedef void (*ps6000aProbeInteractions)(int16_t handle, uint32_t status, PICO_USER_PROBE_INTERACTIONS *probes, uint32_t nProbes);
typedef void (*ps6000aDigitalPortInteractions)(int16_t handle, uint32_t status, PICO_DIGITAL_PORT_INTERACTIONS *ports, uint32_t nPorts);

struct ps6000a_api {
#define FUNCTION(name, names, ...) uint32_t (*name)(__VA_ARGS__);
#define OPTIONAL(name, names, ...) uint32_t (*name)(__VA_ARGS__);
#include "ps6000a_functions.h"
#undef FUNCTION
#undef OPTIONAL
};

/* What the library answers for a function that it does not have: PICO_NOT_SUPPORTED_BY_THIS_DEVICE. */
#define PS6000A_ABSENT 0x11Fu

#define FUNCTION(name, names, ...) \
	static inline uint32_t ps6000a_##name(const struct ps6000a_api *api, __VA_ARGS__) { return api->name ? api->name names : PS6000A_ABSENT; }
#define OPTIONAL FUNCTION
#include "ps6000a_functions.h"
#undef FUNCTION
#undef OPTIONAL

/* The functions in the order of the members of struct ps6000a_api: the name that the library exports, and whether it may
 * lack it. */
static inline const char *ps6000a_name(int i)
{
	static const char *const names[] = {
#define FUNCTION(name, names, ...) "ps6000a" #name,
#define OPTIONAL FUNCTION
#include "ps6000a_functions.h"
#undef FUNCTION
#undef OPTIONAL
	};
	return names[i];
}

static inline int ps6000a_optional(int i)
{
	static const char optional[] = {
#define FUNCTION(name, names, ...) 0,
#define OPTIONAL(name, names, ...) 1,
#include "ps6000a_functions.h"
#undef FUNCTION
#undef OPTIONAL
	};
	return optional[i];
}

enum { PS6000A_SYMBOLS = sizeof(struct ps6000a_api) / sizeof(void *) };

/* The members of the table by index. */
static inline void ps6000a_set(struct ps6000a_api *api, int i, void *p) { memcpy((char *)api + (size_t)i * sizeof p, &p, sizeof p); }
static inline void *ps6000a_get(const struct ps6000a_api *api, int i)
{
	void *p;
	memcpy(&p, (const char *)api + (size_t)i * sizeof p, sizeof p);
	return p;
}

#endif
