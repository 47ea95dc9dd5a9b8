/* The signal generator's output over time. Not here: the calls (generator.c). */
#ifndef SCOPELOG_EMU_GENERATOR_H
#define SCOPELOG_EMU_GENERATOR_H

#include "scope.h"

emu_output *emu_output_new(void);
void emu_output_free(emu_output *o);
/* Volts at a rig time, also a past one: what was set then. ctx: emu_output. Any thread. */
double emu_output_volts(void *ctx, double t);
/* The scope has triggered at this rig time. Any thread. */
void emu_output_triggered(emu_unit *u, double t);

/* Volts of a wave as set, `age` seconds of running since its start (generator_wave.c). */
double emu_wave_volts(const emu_generator *g, double age);

#endif
