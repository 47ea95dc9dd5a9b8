/* What is plugged into a unit besides signals, and what its sensors say, as state files in the unit's folder tell it:
 * pods, probes, temperature, reference clock, overload of the generator, buttons. Not here: who is told of it (the layer of the
 * family), and whether the unit itself is plugged or powered (unit.h). */
#ifndef SCOPELOG_EMU_PROBE_H
#define SCOPELOG_EMU_PROBE_H

#include "unit.h"

typedef struct emu_accessories {
	unsigned pods;              /* bit set of the digital ports with a pod */
	int32_t probe[EMU_CHANNELS]; /* the vendor's number of the probe (PICO_CONNECT_PROBE); 0: none */
	double temperature;         /* degrees Celsius */
	int external_reference;     /* 1: the clock follows an external 10 MHz */
	int generator_overload;     /* 1: the generator's output is driven over its range from outside */
} emu_accessories;

/* Reads the files (any thread). A file that is not there, or says nothing that is known, leaves the value of rig.conf. */
void emu_accessories_read(const emu_unit *u, emu_accessories *a);
/* Takes what was plugged or unplugged since the open over into u->rig.pods, by which ports exist. Inside the bracket only. */
void emu_pods_refresh(emu_unit *u);
/* A button of a probe that was pressed since the last call: 1 with its channel and whether it was held. Any thread. */
int emu_button_pressed(const emu_unit *u, int *channel, int *held);

#endif
