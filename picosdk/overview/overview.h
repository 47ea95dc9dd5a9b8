/*
 * overview.h - the source of samples of libraries that call back: what it has to know, for overview.c and the Go code beside it.
 */
#ifndef SCOPELOG_OVERVIEW_H
#define SCOPELOG_OVERVIEW_H

#include "source.h"

/* The vendor's callback and the function that calls it. */
typedef void (*overview_ready_fn)(int16_t handle, int32_t samples, uint32_t start, int16_t overflow, uint32_t trigger_at,
                                  int16_t triggered, int16_t auto_stop, void *parameter);
typedef uint32_t (*overview_latest_fn)(int16_t handle, overview_ready_fn ready, void *parameter);

/* One buffer. */
struct overview_input {
    const uint8_t *buffer;
    uint32_t bytes;    /* of a sample */
    uint32_t overflow; /* bits of the callback's overflow, 0: none */
};

struct overview {
    overview_latest_fn latest;
    int16_t handle;
    uint32_t length; /* of every buffer, samples */
    uint32_t ratio;  /* raw samples behind each sample */
    uint32_t inputs;
    struct overview_input input[LOOP_MAX_INPUTS];

    struct loop_poll *poll; /* NULL outside of a poll */
    uint32_t next;          /* where the next delivery ought to begin */
    uint64_t done;          /* samples delivered of each buffer */
    uint64_t before;        /* the same before the last delivery */
    uint8_t waits;          /* a trigger was told without samples: it lies between the last delivery's first one and the end of the next */
};

/* A loop_source_fn; source is a struct overview. */
void overview_poll(void *source, struct loop_poll *poll);

#endif
