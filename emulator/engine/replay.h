/* Samples of a file as a function of time. Read-only once open. Not here: what the rig calls it. */
#ifndef SCOPELOG_EMU_REPLAY_H
#define SCOPELOG_EMU_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include "text.h"

typedef enum emu_replay_format { EMU_I8_FILE, EMU_U8_FILE, EMU_I16_FILE, EMU_I24_FILE, EMU_I32_FILE, EMU_F32_FILE } emu_replay_format;

typedef struct emu_replay {
	void *map;
	size_t bytes;
	const uint8_t *data;   /* of the first sample */
	uint64_t count;        /* samples (frames) */
	uint32_t stride;       /* bytes from one sample to the next */
	emu_replay_format format;
	double rate;           /* samples a second */
	double scale;          /* volts per count */
	int loop, hold;        /* hold: no interpolation between samples */
	double mean;           /* volts */
} emu_replay;

/* Opens path. format by name ("i8", "u8", "i16", "f32", "wav") or NULL: by the end of the file's name. rate 0: that of
 * the file (WAV). range: volts of full_scale counts; full_scale 0: that of the format. track: of a WAV, from 0. */
int emu_replay_open(emu_replay *r, const char *path, const char *format, double rate, double range, double full_scale, uint64_t track,
		    emu_problem *problem);
void emu_replay_close(emu_replay *r);
/* Volts at a time; before 0 and, without loop, behind the end: the first and the last sample. */
double emu_replay_volts(const emu_replay *r, double t);
/* The byte at a time, of 8-bit files: pins of a port. */
uint8_t emu_replay_byte(const emu_replay *r, double t);

#endif
