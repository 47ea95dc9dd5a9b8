/* Interaction callbacks: one thread per unit looks at what is plugged and measured and tells the program about changes, and
 * about the present state right after a registration. All callbacks come from this thread, one after another. The
 * functions that register them are in interaction.c. */
#include "events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "thread.h"

enum { LOOK_MS = 50, WARM = 60, HOT = 75 /* degrees Celsius */ };

struct p6_events {
	emu_unit *unit;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* guarded by lock */
	int stop;
	p6_callbacks callbacks;
	unsigned fresh; /* kinds registered anew: told whether they changed or not */
	/* the thread's own */
	emu_accessories told;
};

static PICO_USER_PROBE_INTERACTIONS probe_of(int channel, int32_t name)
{
	PICO_USER_PROBE_INTERACTIONS p = {
		.connected_ = name != PICO_CONNECT_PROBE_NONE, .channel_ = (PICO_CHANNEL)channel, .enabled_ = 1,
		.probeName_ = (PicoConnectProbe)name, .status_ = EMU_OK, .probeOff_ = PICO_CONNECT_PROBE_OFF,
		.rangeFirst_ = PICO_X1_PROBE_10MV, .rangeLast_ = PICO_X1_PROBE_20V, .rangeCurrent_ = PICO_X1_PROBE_20V,
		.couplingFirst_ = PICO_AC, .couplingLast_ = PICO_DC_50OHM, .couplingCurrent_ = PICO_DC,
		.filterFlags_ = PICO_BW_FULL_FLAG | PICO_BW_20MHZ_FLAG, .filterCurrent_ = PICO_BW_FULL_FLAG,
		.defaultFilter_ = PICO_BW_FULL,
	};

	if (name == PICO_PASSIVE_PROBE_X10) {
		p.rangeFirst_ = PICO_X10_PROBE_100MV;
		p.rangeLast_ = p.rangeCurrent_ = PICO_X10_PROBE_200V;
		p.couplingLast_ = PICO_DC;
	}
	if (name == PICO_CONNECT_PROBE_FAULT_PROBE)
		p.status_ = EMU_PROBE_FAULT;
	if (name == PICO_CONNECT_PROBE_UNKNOWN_PROBE)
		p.status_ = EMU_PROBE_IDENTITY_UNKNOWN;
	return p;
}

static void tell_probes(struct p6_events *e, const p6_callbacks *c, const emu_accessories *now, int all)
{
	PICO_USER_PROBE_INTERACTIONS list[EMU_CHANNELS];
	uint32_t n = 0;

	for (int i = 0; i < emu_unit_channels(e->unit); i++)
		if (all || now->probe[i] != e->told.probe[i])
			list[n++] = probe_of(i, now->probe[i]);
	if (n) {
		emu_callback_begin(e->unit);
		c->probes(emu_handle(e->unit), EMU_OK, list, n);
		emu_callback_end(e->unit);
	}
}

static void tell_ports(struct p6_events *e, const p6_callbacks *c, const emu_accessories *now, int all)
{
	PICO_DIGITAL_PORT_INTERACTIONS list[EMU_PORTS];
	uint32_t n = 0;

	memset(list, 0, sizeof list);
	for (int i = 0; i < EMU_PORTS; i++) {
		if (!all && !((now->pods ^ e->told.pods) >> i & 1))
			continue;
		list[n].connected_ = now->pods >> i & 1;
		list[n].channel_ = (PICO_CHANNEL)(PICO_PORT0 + i);
		list[n].digitalPortName_ = list[n].connected_ ? PICO_DIGITAL_PORT_MSO_POD : PICO_DIGITAL_PORT_NONE;
		if (list[n].connected_)
			p6_pod_texts(i, list[n].serial_, list[n].calibrationDate_);
		n++;
	}
	if (n) {
		emu_callback_begin(e->unit);
		c->ports(emu_handle(e->unit), EMU_OK, list, n);
		emu_callback_end(e->unit);
	}
}

static PICO_TEMPERATURE_REFERENCE temperature_of(double degrees)
{
	return degrees >= HOT ? PICO_TEMPERATURE_CRITICAL : degrees >= WARM ? PICO_TEMPERATURE_WARNING : PICO_TEMPERATURE_NORMAL;
}

static void tell_sensors(struct p6_events *e, const p6_callbacks *c, const emu_accessories *now, unsigned fresh)
{
	int16_t handle = emu_handle(e->unit);

	if (c->reference && (fresh & P6_REFERENCE || now->external_reference != e->told.external_reference)) {
		emu_callback_begin(e->unit);
		c->reference(handle, EMU_OK, now->external_reference ? PICO_EXTERNAL_REF : PICO_INTERNAL_REF);
		emu_callback_end(e->unit);
	}
	if (c->temperature && (fresh & P6_TEMPERATURE || temperature_of(now->temperature) != temperature_of(e->told.temperature))) {
		emu_callback_begin(e->unit);
		c->temperature(handle, temperature_of(now->temperature));
		emu_callback_end(e->unit);
	}
	if (c->overrange && now->generator_overload && (fresh & P6_OVERRANGE || !e->told.generator_overload)) {
		emu_callback_begin(e->unit);
		c->overrange(handle, EMU_AWG_OVER_VOLTAGE_RANGE);
		emu_callback_end(e->unit);
	}
}

static void tell_button(struct p6_events *e, const p6_callbacks *c, const emu_accessories *now)
{
	PICO_PROBE_BUTTON_PRESS_PARAMETER press = {0, PICO_PROBE_BUTTON_SHORT_DURATION_PRESS};
	int channel, held;

	if (!emu_button_pressed(e->unit, &channel, &held) || channel >= emu_unit_channels(e->unit))
		return;
	if (held)
		press.buttonPressType = PICO_PROBE_BUTTON_LONG_DURATION_PRESS;
	emu_callback_begin(e->unit);
	c->button(emu_handle(e->unit), EMU_OK, (PICO_CHANNEL)channel, (PICO_CONNECT_PROBE)now->probe[channel],
		  PICO_PROBE_BUTTON_PRESS, &press, c->button_user);
	emu_callback_end(e->unit);
}

static void tell(struct p6_events *e, const p6_callbacks *c, unsigned fresh)
{
	emu_accessories now;

	emu_accessories_read(e->unit, &now);
	if (c->probes)
		tell_probes(e, c, &now, fresh & P6_PROBES);
	if (c->ports)
		tell_ports(e, c, &now, fresh & P6_PORTS);
	tell_sensors(e, c, &now, fresh);
	if (c->button)
		tell_button(e, c, &now);
	e->told = now;
}

static void *watch(void *arg)
{
	struct p6_events *e = arg;

	pthread_mutex_lock(&e->lock);
	while (!e->stop) {
		p6_callbacks c = e->callbacks;
		unsigned fresh = e->fresh;
		struct timespec until;

		e->fresh = 0;
		pthread_mutex_unlock(&e->lock);
		tell(e, &c, fresh);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += LOOK_MS * 1000000L;
		if (until.tv_nsec >= 1000000000L) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000L;
		}
		pthread_mutex_lock(&e->lock);
		while (!e->stop && !e->fresh)
			if (pthread_cond_timedwait(&e->wake, &e->lock, &until) == ETIMEDOUT)
				break;
	}
	pthread_mutex_unlock(&e->lock);
	return NULL;
}

static struct p6_events *events_new(emu_unit *u)
{
	struct p6_events *e = calloc(1, sizeof *e);
	pthread_condattr_t monotonic;

	if (!e)
		return NULL;
	e->unit = u;
	emu_accessories_read(u, &e->told);
	pthread_mutex_init(&e->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&e->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (emu_thread_start(&e->thread, watch, e) == 0)
		return e;
	pthread_cond_destroy(&e->wake);
	pthread_mutex_destroy(&e->lock);
	free(e);
	return NULL;
}

emu_status p6_events_register(emu_unit *u, p6_state *state, unsigned kind, void (*set)(p6_callbacks *c, const void *arg), const void *arg)
{
	if (!state->events && !(state->events = events_new(u)))
		return EMU_RESOURCE_ERROR;
	struct p6_events *e = state->events;
	pthread_mutex_lock(&e->lock);
	set(&e->callbacks, arg);
	e->fresh |= kind;
	pthread_cond_signal(&e->wake);
	pthread_mutex_unlock(&e->lock);
	return EMU_OK;
}

int p6_events_probes_wanted(struct p6_events *e)
{
	int wanted = 0;

	if (e) {
		pthread_mutex_lock(&e->lock);
		wanted = e->callbacks.probes != NULL;
		pthread_mutex_unlock(&e->lock);
	}
	return wanted;
}

void p6_events_free(struct p6_events *e)
{
	if (!e)
		return;
	pthread_mutex_lock(&e->lock);
	e->stop = 1;
	pthread_cond_signal(&e->wake);
	pthread_mutex_unlock(&e->lock);
	pthread_join(e->thread, NULL);
	pthread_cond_destroy(&e->wake);
	pthread_mutex_destroy(&e->lock);
	free(e);
}
