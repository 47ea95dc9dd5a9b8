/*
 * loop.h - an acquisition loop: a thread that polls a source and writes what comes into a ring. For loop.c, batch.c, trigger.c, hold.c and the Go code
 * beside them.
 */
#ifndef SCOPELOG_LOOP_H
#define SCOPELOG_LOOP_H

#include "shmring.h"

#include <pthread.h>

#include "reduce.h"
#include "source.h"

#define LOOP_MAX_STREAMS 64
#define LOOP_MAX_POWER 32
#define LOOP_SCRATCH 4096    /* samples converted at a time for computed streams */
#define LOOP_BLOCK 8192      /* samples that are copied and then looked at before the next ones */
#define LOOP_BUCKETS 160     /* of the histogram: four an octave */
#define LOOP_STALL_NS 2000000000u

/* Why the loop ended; Reason in result.go. */
enum {
    LOOP_RUNNING,
    LOOP_STOPPED,
    LOOP_AUTO_STOPPED,
    LOOP_HOST_DRAINED,
    LOOP_HOST_CLOSED,
    LOOP_POWER,
    LOOP_FAILED,
    LOOP_PROTOCOL,
    LOOP_TRIGGERED
};

/* What the library fills: one buffer, or several that take turns. */
struct loop_input {
    uint32_t ratio;    /* raw samples per sample */
    int32_t max_code;  /* 0: clipping is not counted */
    uint8_t kind, format;
    uint8_t inspect;   /* samples are looked at */
};

/* A lane and what is written to it. */
struct loop_stream {
    uint32_t lane, input;
    uint8_t format;
    uint8_t computed;  /* reduce is used: the lane holds groups of the input */
    struct reduce reduce;
};

/* What follows from a trigger of which the library tells. */
struct loop_trigger_config {
    uint8_t heed;     /* something */
    uint8_t stop;     /* the loop ends behind it */
    uint64_t after;   /* raw samples from it on that are delivered then, at least one */
    uint64_t auto_at; /* raw index that counts as the trigger when none came before it; 0: none */
};

struct loop_config {
    loop_source_fn poll;
    void *source;
    uint64_t poll_ns, gather_ns, drain_ns;
    uint64_t watermark; /* bytes */
    uint32_t inputs, streams, powers;
    uint32_t power[LOOP_MAX_POWER];
    struct loop_trigger_config trigger;
    struct loop_input input[LOOP_MAX_INPUTS];
    struct loop_stream stream[LOOP_MAX_STREAMS];
};

/* Written by the loop's thread, read by any: 64-bit words, relaxed. Counters in result.go. */
struct loop_counters {
    uint64_t polls, empty, busy, waiting, deliveries, samples, batches, dropped;
    uint64_t jumps, uneven, stalls;
    uint64_t triggered; /* 0: no; 1: yes; 2: without the library. Stored behind the next two, which are raw indices */
    uint64_t trigger_first, trigger_last, strays, cut;
    uint64_t largest_delivery, largest_gap_ns, longest_poll_ns, waiting_since_ns, last_poll_ns;
    uint64_t input[LOOP_MAX_INPUTS], clipped[LOOP_MAX_INPUTS], suspicious[LOOP_MAX_INPUTS], over[LOOP_MAX_INPUTS];
    uint64_t lost[LOOP_MAX_STREAMS];
    uint64_t bucket[LOOP_BUCKETS];
};

/* Final once the thread has ended. */
struct loop_result {
    uint32_t reason, status, call;
    uint32_t fault, fault_input;
    uint32_t drained;
    int64_t fault_a, fault_b;
};

/* Who may call the library: the thread, or those who hold it. */
struct hold {
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    uint32_t wishes;       /* that hold, or wait to */
    uint8_t inside;        /* the thread is in the library */
    uint8_t over;          /* the thread calls no more */
};

/* The trigger that was seen. Raw indices count from the ring's first sample. */
struct loop_trigger {
    uint64_t base;        /* raw index of the loop's first sample */
    uint64_t first, last; /* it lies between these, both included */
    uint64_t end;         /* nothing from here on is delivered; UINT64_MAX: no end */
    uint64_t cut[LOOP_MAX_INPUTS]; /* samples that were not */
    uint8_t seen, by_itself, exact;
    uint8_t pending;      /* it is not in the ring yet */
};

struct loop {
    struct loop_config c;
    shmring *ring;
    uint32_t stop;      /* futex */
    uint32_t started;
    pthread_t thread;
    struct loop_counters n;
    struct loop_result result;
    struct hold hold;

    /* The thread's own. */
    struct loop_trigger trigger;
    uint64_t batch_t;   /* stamp of the open batch */
    uint64_t batch_bytes;
    uint64_t batch_samples[LOOP_MAX_INPUTS];
    uint64_t most[LOOP_MAX_INPUTS]; /* samples that may be in one batch */
    int open;
    int16_t scratch[LOOP_SCRATCH];
};

/* Memory for a loop, all zero, with room for a ring; NULL without memory. The caller fills c. */
struct loop *loop_new(void);
/* Frees a loop whose thread does not run, and its ring if it has one. */
void loop_free(struct loop *l);
/* Maps the ring behind fd, or takes that of another loop; results of shmring.h. */
int loop_attach(struct loop *l, int fd);
void loop_take_ring(struct loop *l, struct loop *from);
/* Notes a loss of unknown length on all streams, behind which all go on at one raw index. Before loop_start. */
int loop_lose(struct loop *l, uint32_t cause);
/* Starts the thread; 0 or an errno. */
int loop_start(struct loop *l);
/* Asks for the end; any thread. */
void loop_stop(struct loop *l);
/* Waits for the thread's end. One thread, once. */
void loop_join(struct loop *l);

/* Waits for the call of the library that is under way and keeps the thread from the next; 0: the thread has ended, and nothing is held. */
int loop_hold(struct loop *l);
/* Lets the thread go on after loop_hold. */
void loop_release(struct loop *l);

/* hold.c, on the thread; the first two when nobody else knows the loop. */
void hold_init(struct loop *l);
void hold_destroy(struct loop *l);
void hold_enter(struct loop *l);
void hold_leave(struct loop *l);
void hold_end(struct loop *l);

/* batch.c, on the thread. */
void batch_prepare(struct loop *l);
void batch_deliver(struct loop_poll *poll, uint64_t t_ns, const struct loop_piece *pieces, uint32_t n);
void batch_commit(struct loop *l);

/* trigger.c, on the thread; the last before it runs. */
/* A loop_trigger_fn. */
void trigger_told(struct loop_poll *poll, uint64_t first, uint64_t end, uint32_t how);
/* Looks whether the trigger comes by itself in pieces that are about to be delivered. */
void trigger_watch(struct loop *l, const struct loop_piece *pieces, uint32_t n);
/* Copies the parts of n pieces that lie before the end; returns how many there are. */
uint32_t trigger_cut(struct loop *l, const struct loop_piece *from, uint32_t n, struct loop_piece *to);
/* Whether all up to the end is delivered. */
int trigger_done(const struct loop *l);
/* Whether all inputs are behind the trigger with these pieces, and it is not marked yet. */
int trigger_due(const struct loop *l, const struct loop_piece *pieces, uint32_t n);
/* Marks it in the open batch, or the next one. */
void trigger_mark(struct loop *l);
/* The same at the end of the loop, if it was not. */
void trigger_finish(struct loop *l);
/* Goes on with the trigger that a loop before has seen. */
void trigger_take_over(struct loop *l, const struct loop *from);

/* Single writer: a plain read is enough. */
static inline void count_set(uint64_t *c, uint64_t v) { __atomic_store_n(c, v, __ATOMIC_RELAXED); }
static inline void count_add(uint64_t *c, uint64_t n) { count_set(c, *c + n); }
static inline void count_max(uint64_t *c, uint64_t v)
{
    if (v > *c)
        count_set(c, v);
}

#endif
