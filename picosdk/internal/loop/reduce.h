/*
 * reduce.h - arithmetic on samples: conversion between formats, reduction group by group, looking for suspicious codes. Pure functions of
 * memory; they know nothing of rings and libraries.
 */
#ifndef SCOPELOG_LOOP_REDUCE_H
#define SCOPELOG_LOOP_REDUCE_H

#include <stdint.h>

enum { REDUCE_I16 = 1, REDUCE_I8, REDUCE_U8 };                                        /* formats, as in the ring */
enum { REDUCE_RAW, REDUCE_MIN, REDUCE_MAX, REDUCE_DECIMATE, REDUCE_AVERAGE };         /* kinds, as in the ring */

/* A reduction in progress. Set kind, format, digital and ratio, and zero the rest, before the first sample. */
struct reduce {
    uint8_t kind, format, digital;
    uint8_t spoilt;   /* a loss touched the group in progress: it is not put out */
    uint32_t ratio;
    uint32_t in_group; /* samples of the group in progress so far, below ratio */
    int64_t value;    /* of these: extreme, mask, first or sum */
};

static inline uint32_t reduce_bytes(uint8_t format) { return format == REDUCE_I16 ? 2u : 1u; }

/* Whether samples of one format can be converted to another. */
int reduce_converts(uint8_t from, uint8_t to);

/* Converts count samples; the formats differ and reduce_converts. */
void reduce_convert(void *to, uint8_t to_format, const void *from, uint8_t from_format, uint64_t count);

/* How many groups the next count samples put out. */
uint64_t reduce_groups(const struct reduce *r, uint64_t count);

/*
 * Takes count samples of r->format and writes the groups that they complete to `to`, in the same format; returns how many. to == NULL:
 * the groups are computed and forgotten.
 */
uint64_t reduce_take(struct reduce *r, void *to, const void *from, uint64_t count);

/* Goes on after a loss with the sample number in_group of a group, which is not put out if that is not its first. */
void reduce_enter(struct reduce *r, uint32_t in_group);

/* Counts samples at or beyond +-limit (0: none) and, of int16, those of -32768. */
void reduce_inspect(const void *from, uint8_t format, uint64_t count, int32_t limit, uint64_t *clipped, uint64_t *suspicious);

#endif
