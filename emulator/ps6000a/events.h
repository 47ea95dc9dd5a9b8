/* The event thread of a unit: what it calls, and how a callback is registered with it. */
#ifndef SCOPELOG_PS6000A_EVENTS_H
#define SCOPELOG_PS6000A_EVENTS_H

#include <pthread.h>

#include "../engine/probe.h"
#include "layer.h"

enum { P6_PROBES = 1, P6_PORTS = 2, P6_REFERENCE = 4, P6_OVERRANGE = 8, P6_TEMPERATURE = 16, P6_BUTTON = 32 };

/* NULL: not wanted. */
typedef struct p6_callbacks {
	PicoProbeInteractions probes;
	ps6000aDigitalPortInteractions ports;
	PicoExternalReferenceInteractions reference;
	PicoAWGOverrangeInteractions overrange;
	PicoTemperatureSensorInteractions temperature;
	PicoProbeUserAction button;
	void *button_user;
} p6_callbacks;

/* Puts a callback in place with set, under the lock; the first one of a unit starts its thread. kind is told soon, whatever
 * the state is. */
emu_status p6_events_register(emu_unit *u, p6_state *state, unsigned kind, void (*set)(p6_callbacks *c, const void *arg),
			      const void *arg);
/* Serial and date of calibration of the pod at a port. */
void p6_pod_texts(int port, int8_t serial[10], int8_t date[8]);

#endif
