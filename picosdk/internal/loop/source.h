/*
 * source.h - what a source of samples and the loop that polls it say to each other. A source knows one way in which vendor libraries hand over
 * samples; it calls the library and delivers what came. It knows nothing of rings, and includes nothing of the loop but this.
 */
#ifndef SCOPELOG_LOOP_SOURCE_H
#define SCOPELOG_LOOP_SOURCE_H

#include <stdint.h>
#include <time.h>

#define LOOP_MAX_INPUTS 64

/* Status codes that all families of the vendor share. */
#define LOOP_STATUS_OK 0u
#define LOOP_STATUS_BUSY 0x27u
#define LOOP_STATUS_WAITING 0x197u /* the library waits for data buffers */

/* What the library said that cannot be; the words are in fault.go. */
enum {
    LOOP_FAULT_NONE,
    LOOP_FAULT_COUNT,     /* a = number of samples, b = length of the buffer */
    LOOP_FAULT_RANGE,     /* a = start, b = number of samples */
    LOOP_FAULT_START,     /* a = start, b = where the data before it ended */
    LOOP_FAULT_NOT_GIVEN, /* a = buffer index, b = number of buffers given */
    LOOP_FAULT_BACK,      /* a = buffer index, b = the one before */
    LOOP_FAULT_SKIPPED    /* likewise */
};

/* The functions that a status can come from; the names are in fault.go. */
enum { LOOP_CALL_LATEST, LOOP_CALL_BUFFER, LOOP_CALL_BUFFERS };

struct loop;
struct loop_poll;

/* A contiguous run of samples of one input. over: the mask to mark them with, 0 = in range. */
struct loop_piece {
    const void *data;
    uint64_t count;
    uint32_t input;
    uint32_t over;
};

/* How well a library tells where a trigger is. */
enum {
    LOOP_TRIGGER_EXACT,  /* at that sample */
    LOOP_TRIGGER_WITHIN, /* somewhere there */
    LOOP_TRIGGER_STRAY   /* likewise, since what it told cannot be */
};

/*
 * Takes a trigger between two raw samples, the second not included, which count from the source's first: before the pieces that hold it are
 * delivered. Only the first trigger counts.
 */
typedef void (*loop_trigger_fn)(struct loop_poll *poll, uint64_t first, uint64_t end, uint32_t how);

/* Takes pieces that came together, at most one per input. t_ns is CLOCK_MONOTONIC at the entry of the delivery. */
typedef void (*loop_deliver_fn)(struct loop_poll *poll, uint64_t t_ns, const struct loop_piece *pieces, uint32_t n);

/* One poll: the loop fills in the first part, the source the second, which begins as zeros. */
struct loop_poll {
    struct loop *loop;
    loop_deliver_fn deliver;
    loop_trigger_fn trigger;
    uint32_t last;      /* the library is not to be polled: hand over what is held back, nothing follows */

    uint32_t status;    /* the vendor's */
    uint32_t call;      /* who answered it, LOOP_CALL_* */
    uint32_t got;       /* most samples that came to one input */
    uint32_t deliveries;
    uint32_t jumps, uneven;
    uint32_t fault, fault_input;
    int64_t fault_a, fault_b;
    uint8_t more;       /* there may be more right now: poll again without a rest */
    uint8_t auto_stop;  /* the library has reached the end that was set */
};

/* Polls the library once. source is what the loop was configured with. Runs on the loop's thread only. */
typedef void (*loop_source_fn)(void *source, struct loop_poll *poll);

static inline uint64_t loop_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline void loop_fault(struct loop_poll *p, uint32_t fault, uint32_t input, int64_t a, int64_t b)
{
    if (p->fault)
        return;
    p->fault = fault;
    p->fault_input = input;
    p->fault_a = a;
    p->fault_b = b;
}

#endif
