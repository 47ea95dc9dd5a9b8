/*
 * lent.h - the source of samples of libraries that fill lent buffers: what it has to know, for lent.c, buffers.c and the Go code beside them.
 */
#ifndef SCOPELOG_LENT_H
#define SCOPELOG_LENT_H

#include "source.h"

#define LENT_BUFFERS 3 /* of each input */
#define LENT_QUEUED 2  /* given to the library before the run */

/* The vendor's structs. */
#pragma pack(push, 1)
struct lent_info {
    uint32_t channel, mode, type;
    int32_t samples;
    uint64_t buffer;
    int32_t start;
    int16_t overflow;
};
struct lent_trigger {
    uint64_t at;
    int16_t triggered, auto_stop;
};
#pragma pack(pop)
_Static_assert(sizeof(struct lent_info) == 30 && sizeof(struct lent_trigger) == 12, "structs are packed");

typedef uint32_t (*lent_latest_fn)(int16_t handle, struct lent_info *infos, uint64_t n, struct lent_trigger *trigger);
typedef uint32_t (*lent_buffer_fn)(int16_t handle, uint32_t channel, void *buffer, int32_t samples, uint32_t type,
                                   uint64_t waveform, uint32_t mode, uint32_t action);
typedef uint32_t (*lent_buffers_fn)(int16_t handle, uint32_t channel, void *max, void *min, int32_t samples, uint32_t type,
                                    uint64_t waveform, uint32_t mode, uint32_t action);

/* Who may touch a buffer. */
enum lent_owner {
    LENT_FREE,    /* we: nothing in it is needed any more */
    LENT_LIBRARY, /* it: queued or being filled. We read only what it has told of */
    LENT_HELD     /* we: the library has left it, and not all of it is published */
};

/*
 * One input. Buffer k is the k-th that was given to the library for this input, in slot k % LENT_BUFFERS; the library counts like this too.
 * All counts are of the input's own samples.
 */
struct lent_input {
    uint32_t channel, mode, type, bytes, over, ratio;
    uint32_t feed;                   /* number of the loop's input; for a pair of buffers, feed + 1 is the smallest */
    uint8_t *buffer[LENT_BUFFERS];
    uint8_t *min[LENT_BUFFERS];      /* NULL: there is one buffer at a time */

    uint8_t owner[LENT_BUFFERS];
    uint32_t marked[LENT_BUFFERS];   /* over range in the part that is not published */
    int32_t filled[LENT_BUFFERS];    /* samples that the library told of */
    uint64_t given;                  /* buffers given so far */
    uint64_t filling;                /* buffer that the library told of last */
    uint64_t reading;                /* buffer that is published next */
    int32_t read;                    /* samples of it that are published */
    uint64_t published;              /* samples of all buffers */
    uint64_t told;                   /* the same of those that the library told of */
    uint32_t fresh;                  /* of these with the last call */
};

struct lent {
    lent_latest_fn latest;
    lent_buffer_fn set_buffer;
    lent_buffers_fn set_buffers;
    uint32_t add, clear_all;         /* the library's actions */
    int16_t handle;
    int32_t length;                  /* of every buffer, samples */
    uint32_t inputs;
    struct lent_input input[LOOP_MAX_INPUTS];
    struct lent_info info[LOOP_MAX_INPUTS];
    uint64_t chunk, chunk_end;       /* raw samples that came with the last call that brought some: first, and behind the last */
    uint8_t waits;                   /* a trigger was told without samples */
};

/* A loop_source_fn; source is a struct lent. */
void lent_poll(void *source, struct loop_poll *poll);

/* Gives the first buffers of all inputs to the library. Returns the first status that is not OK, and the call in *call (LOOP_CALL_*). */
uint32_t lent_register(struct lent *l, uint32_t *call);

/* buffers.c */

/* Takes down that lent_register was done. */
void lent_registered(struct lent *l);
/* Checks one info of the library and takes it over; 0 after a fault. */
int lent_take(struct lent *l, struct loop_poll *p, uint32_t input, const struct lent_info *info);
/* Whether an input has a full buffer, none queued behind it and none to give: the library, which waits for one, could never go on. */
int lent_starved(const struct lent *l);
/* Samples of the input that lie in one piece and wait to be published. */
int32_t lent_ready(const struct lent_input *in);
/* Those are published, `count` of them. */
void lent_published(struct lent_input *in, int32_t count);
/* Gives all free buffers to the library. Returns how many. */
uint32_t lent_give(struct lent *l, struct loop_poll *p);

static inline uint32_t lent_slot(uint64_t k) { return (uint32_t)(k % LENT_BUFFERS); }

#endif
