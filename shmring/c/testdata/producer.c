/*
 * A producer as a plugin has one: it takes a ring as descriptor 3, works it as hard as it can, and
 * ends when the core drains. Descriptor 4 is a page in which it writes down what it does.
 * Arguments: what to do, a random seed, most samples of a batch.
 */
#include "../../shmring.h"
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_LANES 8
#define MAX_SAMPLES 200000

/* All counts are epoch indexes; the page outlives SIGKILL. */
typedef struct truth {
    uint64_t offered[MAX_LANES]; /* stored before a batch: its end */
    uint64_t done[MAX_LANES];    /* stored after it */
    uint64_t unknown[MAX_LANES]; /* losses told without a number */
    uint64_t finished;
} truth;

typedef struct work {
    shmring ring;
    truth *page;
    uint64_t seed, raw; /* raw samples that came so far */
    uint32_t most, counts[MAX_LANES];
    int16_t *buf[MAX_LANES];
} work;

static void require(int ok, const char *what, int result)
{
    if (!ok) {
        fprintf(stderr, "%s: %s\n", what, shmring_strerror(result));
        exit(1);
    }
}

static void offer(work *w)
{
    for (uint32_t i = 0; i < shmring_lanes(&w->ring); i++)
        SHMRING_STORE_RELEASE(&w->page->offered[i], shmring_next(&w->ring, i) + w->counts[i]);
}

static void note(work *w)
{
    for (uint32_t i = 0; i < shmring_lanes(&w->ring); i++)
        SHMRING_STORE_RELEASE(&w->page->done[i], shmring_next(&w->ring, i));
}

static void choose_counts(work *w, int unequal)
{
    const uint32_t n = 1 + next_random(&w->seed) % w->most;
    for (uint32_t i = 0; i < shmring_lanes(&w->ring); i++)
        w->counts[i] = unequal ? next_random(&w->seed) % (w->most + 1) : n;
}

/* What a device with lanes of several rates brings. */
static void choose_by_ratio(work *w)
{
    w->raw += 1 + next_random(&w->seed) % w->most;
    for (uint32_t i = 0; i < shmring_lanes(&w->ring); i++)
        w->counts[i] = (uint32_t)(w->raw / shmring_lane_info(&w->ring, i)->ratio - shmring_next(&w->ring, i));
}

static void push_all(work *w)
{
    for (uint32_t i = 0; i < shmring_lanes(&w->ring); i++) {
        fill_pattern(w->buf[i], i, shmring_next(&w->ring, i), w->counts[i]);
        const int rc = shmring_push(&w->ring, i, w->buf[i], w->counts[i]);
        require(rc >= 0, "push", rc);
    }
}

static void stream(work *w)
{
    offer(w);
    shmring_begin(&w->ring, SHMRING_NOW);
    push_all(w);
    const int rc = shmring_commit(&w->ring);
    require(rc >= 0, "commit", rc);
    note(w);
}

/* The library loses samples now and then, and does not always say how many. */
static void stream_with_gaps(work *w)
{
    choose_counts(w, 0);
    shmring_begin(&w->ring, SHMRING_NOW);
    const uint32_t lane = next_random(&w->seed) % shmring_lanes(&w->ring);
    const uint32_t lost = next_random(&w->seed) % 5;
    w->counts[lane] += lost;
    offer(w);
    w->counts[lane] -= lost;
    if (lost) {
        const int rc = shmring_gap(&w->ring, lane, lost, lost == 1 ? SHMRING_USB : SHMRING_DRIVER);
        require(rc == SHMRING_OK, "gap", rc);
    } else {
        require(shmring_gap(&w->ring, lane, SHMRING_UNKNOWN, SHMRING_DRIVER) == SHMRING_OK, "gap", 0);
        w->page->unknown[lane]++;
    }
    push_all(w);
    require(shmring_commit(&w->ring) >= 0, "commit", 0);
    note(w);
}

/* One call brings more than a quarter of a lane. */
static void deliver(work *w)
{
    const void *samples[MAX_LANES] = {NULL};
    choose_counts(w, 0);
    offer(w);
    for (uint32_t i = 0; i < shmring_lanes(&w->ring); i++) {
        fill_pattern(w->buf[i], i, shmring_next(&w->ring, i), w->counts[i]);
        samples[i] = w->buf[i];
    }
    const int rc = shmring_deliver(&w->ring, SHMRING_NOW, samples, w->counts);
    require(rc >= 0, "deliver", rc);
    note(w);
}

static int wait_for_room(work *w)
{
    int rc;
    do
        rc = shmring_wait_room(&w->ring, w->counts, 1000);
    while (rc == SHMRING_ETIMEDOUT);
    require(rc == SHMRING_OK || rc == SHMRING_ESTOPPED, "wait_room", rc);
    return rc == SHMRING_OK;
}

static void wait_and_push(work *w)
{
    choose_counts(w, 1);
    if (!wait_for_room(w))
        return;
    offer(w);
    shmring_begin(&w->ring, SHMRING_NOW);
    push_all(w);
    const int rc = shmring_commit(&w->ring);
    require(rc == SHMRING_OK, "commit after wait_room", rc);
    note(w);
}

/* A vendor library writes into the ring, and leaves junk behind what is valid. */
static void fetch(work *w, int16_t *lent[MAX_LANES])
{
    for (uint32_t i = 0; i < shmring_lanes(&w->ring); i++) {
        const uint32_t reserved = w->counts[i];
        lent[i] = (int16_t *)shmring_reserve(&w->ring, i, reserved);
        require(lent[i] != NULL, "reserve after wait_room", SHMRING_OK);
        memset(lent[i], 0xee, reserved * sizeof *lent[i]);
        w->counts[i] = reserved - reserved / 3;
        fill_pattern(lent[i], i, shmring_next(&w->ring, i), w->counts[i]);
    }
}

/* A capture of four chunks. */
static void capture(work *w, uint32_t number)
{
    int16_t *lent[MAX_LANES];
    int rc = shmring_mark(&w->ring, SHMRING_WAVE_BEGIN, 0, number, 1, 0, 0);
    require(rc == SHMRING_OK, "WAVE_BEGIN", rc);
    for (int chunk = 0; chunk < 4; chunk++) {
        choose_counts(w, 0);
        if (!wait_for_room(w))
            return;
        fetch(w, lent);
        offer(w);
        shmring_begin(&w->ring, SHMRING_NOW);
        for (uint32_t i = 0; i < shmring_lanes(&w->ring); i++)
            require(shmring_push(&w->ring, i, lent[i], w->counts[i]) == SHMRING_OK, "push", 0);
        if (chunk == 3)
            rc = shmring_mark(&w->ring, SHMRING_WAVE_END, SHMRING_URGENT, number, 0, 0, 0);
        require(rc == SHMRING_OK, "WAVE_END", rc);
        rc = shmring_commit(&w->ring);
        require(rc == SHMRING_OK, "commit in a capture", rc);
        note(w);
    }
}

int main(int argc, char **argv)
{
    static work w;
    require(argc == 4, "three arguments", SHMRING_EINVAL);
    const char *what = argv[1];
    w.seed = strtoull(argv[2], NULL, 10) * 2654435761u + 1;
    w.most = (uint32_t)strtoul(argv[3], NULL, 10);
    w.page = (truth *)shmring_map(4, 0, 4096);
    require(w.page != NULL && w.most < MAX_SAMPLES, "truth", SHMRING_ESYS);
    int rc = shmring_attach(&w.ring, 3);
    require(rc == SHMRING_OK, "attach", rc);
    for (uint32_t i = 0; i < MAX_LANES; i++)
        w.buf[i] = (int16_t *)malloc((MAX_SAMPLES + 8) * sizeof(int16_t));
    require(shmring_lanes(&w.ring) <= MAX_LANES && w.buf[MAX_LANES - 1] != NULL, "lanes", SHMRING_EINVAL);
    for (uint32_t number = 0; shmring_state(&w.ring) == SHMRING_CORE_READY; number++) {
        if (strcmp(what, "stream") == 0) {
            choose_counts(&w, 0);
            stream(&w);
        } else if (strcmp(what, "unequal") == 0) {
            choose_counts(&w, 1);
            stream(&w);
        } else if (strcmp(what, "rates") == 0) {
            choose_by_ratio(&w);
            stream(&w);
        } else if (strcmp(what, "gaps") == 0) {
            stream_with_gaps(&w);
        } else if (strcmp(what, "deliver") == 0) {
            deliver(&w);
        } else if (strcmp(what, "wait") == 0) {
            wait_and_push(&w);
        } else if (strcmp(what, "capture") == 0) {
            capture(&w, number);
        } else {
            require(0, what, SHMRING_EINVAL);
        }
        shmring_alive(&w.ring);
    }
    rc = shmring_finish(&w.ring, 0, 0);
    require(rc == SHMRING_OK, "finish", rc);
    note(&w);
    w.page->finished = 1;
    shmring_detach(&w.ring);
    return 0;
}
