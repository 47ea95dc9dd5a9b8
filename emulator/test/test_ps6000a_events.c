/* Interaction callbacks of the 6000A layer: the state at registration, changes of the state files, one thread for all, no
 * vendor call from inside, none after CloseUnit. */
#include <pthread.h>

#include "rig6000a.h"

/* What the callbacks have told; guarded by lock. */
static struct seen {
	int probes, ports, reference, temperature, overrange, button;
	PICO_USER_PROBE_INTERACTIONS probe[8];
	PICO_DIGITAL_PORT_INTERACTIONS port[2];
	PICO_CLOCK_REFERENCE clock;
	PICO_TEMPERATURE_REFERENCE heat;
	PICO_PROBE_BUTTON_PRESS_TYPE press;
	uint32_t inside; /* what a vendor call answered from inside a callback */
	pthread_t thread;
	int threads;
} seen;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void begin(void)
{
	pthread_mutex_lock(&lock);
	if (!seen.threads || !pthread_equal(seen.thread, pthread_self()))
		seen.threads++;
	seen.thread = pthread_self();
}

static void end(void)
{
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void on_probes(int16_t handle, PICO_STATUS status, PICO_USER_PROBE_INTERACTIONS *probes, uint32_t n)
{
	uint32_t inside = ps6000aPingUnit(handle);

	begin();
	CHECK(status == EMU_OK);
	for (uint32_t i = 0; i < n; i++)
		seen.probe[probes[i].channel_] = probes[i];
	seen.probes += (int)n;
	seen.inside = inside;
	end();
}

static void on_ports(int16_t handle, PICO_STATUS status, PICO_DIGITAL_PORT_INTERACTIONS *ports, uint32_t n)
{
	(void)handle;
	begin();
	CHECK(status == EMU_OK);
	for (uint32_t i = 0; i < n; i++)
		seen.port[ports[i].channel_ - PICO_PORT0] = ports[i];
	seen.ports += (int)n;
	end();
}

static void on_reference(int16_t handle, PICO_STATUS status, PICO_CLOCK_REFERENCE reference)
{
	(void)handle;
	begin();
	CHECK(status == EMU_OK);
	seen.clock = reference;
	seen.reference++;
	end();
}

static void on_temperature(int16_t handle, PICO_TEMPERATURE_REFERENCE temperature)
{
	(void)handle;
	begin();
	seen.heat = temperature;
	seen.temperature++;
	end();
}

static void on_overrange(int16_t handle, PICO_STATUS status)
{
	(void)handle;
	begin();
	CHECK(status == EMU_AWG_OVER_VOLTAGE_RANGE);
	seen.overrange++;
	end();
}

static void on_button(int16_t handle, PICO_STATUS status, PICO_CHANNEL channel, PICO_CONNECT_PROBE probe, PICO_PROBE_USER_ACTION action,
		      void *parameter, void *user)
{
	(void)handle;
	begin();
	CHECK(status == EMU_OK && channel == PICO_CHANNEL_B && probe == PICO_PASSIVE_PROBE_X10 && action == PICO_PROBE_BUTTON_PRESS);
	CHECK(user == &seen);
	seen.press = ((PICO_PROBE_BUTTON_PRESS_PARAMETER *)parameter)->buttonPressType;
	seen.button++;
	end();
}

/* Waits until *count has reached n; a minute is longer than any machine needs. */
static void await(const int *count, int n, const char *what)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	pthread_mutex_lock(&lock);
	while (*count < n)
		if (pthread_cond_timedwait(&changed, &lock, &until) != 0) {
			fprintf(stderr, "%s: told %d times, not %d\n", what, *count, n);
			exit(1);
		}
	pthread_mutex_unlock(&lock);
}

static void test_present(int16_t handle)
{
	WANT(EMU_PROBE_COLLECTION_NOT_STARTED, ps6000aSetProbeUserActionCallback(handle, on_button, &seen));
	WANT(EMU_OK, ps6000aSetProbeInteractionCallback(handle, on_probes));
	await(&seen.probes, 8, "probes");
	CHECK(seen.inside == EMU_USER_CALLBACK);
	CHECK(!seen.probe[1].connected_ && seen.probe[1].rangeLast_ == PICO_X1_PROBE_20V);
	WANT(EMU_OK, ps6000aSetDigitalPortInteractionCallback(handle, on_ports));
	await(&seen.ports, 2, "ports");
	CHECK(seen.port[0].connected_ && seen.port[0].digitalPortName_ == PICO_DIGITAL_PORT_MSO_POD && seen.port[0].serial_[0]);
	CHECK(!seen.port[1].connected_ && seen.port[1].digitalPortName_ == PICO_DIGITAL_PORT_NONE);
	WANT(EMU_OK, ps6000aSetExternalReferenceInteractionCallback(handle, on_reference));
	await(&seen.reference, 1, "reference");
	CHECK(seen.clock == PICO_INTERNAL_REF);
	WANT(EMU_OK, ps6000aSetTemperatureSensorInteractionCallback(handle, on_temperature));
	await(&seen.temperature, 1, "temperature");
	CHECK(seen.heat == PICO_TEMPERATURE_NORMAL);
	WANT(EMU_OK, ps6000aSetAWGOverrangeInteractionCallback(handle, on_overrange));
	WANT(EMU_OK, ps6000aSetProbeUserActionCallback(handle, on_button, &seen));
}

static void test_changes(int16_t handle)
{
	int8_t text[16] = "";
	int16_t levels[8] = {0}, need;

	rig_file("TEST_1/probes", "B=6000\n");
	await(&seen.probes, 9, "probes");
	CHECK(seen.probe[1].connected_ && seen.probe[1].probeName_ == PICO_PASSIVE_PROBE_X10);
	CHECK(seen.probe[1].rangeFirst_ == PICO_X10_PROBE_100MV);
	WANT(EMU_OK, ps6000aSetChannelOn(handle, PICO_CHANNEL_B, PICO_DC, PICO_X10_PROBE_10V, 0, PICO_BW_FULL));
	WANT(EMU_NO_MSO_POD_CONNECTED, ps6000aSetDigitalPortOn(handle, PICO_PORT1, levels, 8, PICO_NORMAL_100MV));
	rig_file("TEST_1/pods", "both\n");
	await(&seen.ports, 3, "ports");
	CHECK(seen.port[1].connected_);
	WANT(EMU_OK, ps6000aSetDigitalPortOn(handle, PICO_PORT1, levels, 8, PICO_NORMAL_100MV));
	WANT(EMU_OK, ps6000aGetAccessoryInfo(handle, PICO_PORT1, text, sizeof text, &need, 3));
	CHECK(!strcmp((char *)text, "TA369") && need == 6);
	rig_file("TEST_1/reference", "external\n");
	await(&seen.reference, 2, "reference");
	CHECK(seen.clock == PICO_EXTERNAL_REF);
	rig_file("TEST_1/temperature", "62\n");
	await(&seen.temperature, 2, "temperature");
	CHECK(seen.heat == PICO_TEMPERATURE_WARNING);
	rig_file("TEST_1/generator", "overload\n");
	await(&seen.overrange, 1, "overrange");
	rig_file("TEST_1/button", "B long\n");
	await(&seen.button, 1, "button");
	CHECK(seen.press == PICO_PROBE_BUTTON_LONG_DURATION_PRESS);
	CHECK(seen.threads == 1);
}

int main(void)
{
	rig("model = 6824E\npods = 1\n");
	int16_t handle = opened(PICO_DR_8BIT);
	test_present(handle);
	test_changes(handle);
	WANT(EMU_OK, ps6000aPingUnit(handle)); /* the thread does not stand in the way of the program's own calls */
	WANT(EMU_OK, ps6000aCloseUnit(handle));
	int told = seen.temperature;
	rig_file("TEST_1/temperature", "20\n");
	wait_ms(200); /* four looks of a thread that should be gone */
	CHECK(seen.temperature == told);
	return finish();
}
