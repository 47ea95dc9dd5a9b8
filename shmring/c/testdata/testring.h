/* What the C tests need of a core: it makes rings, and reads them by the protocol. */
#ifndef TESTRING_H
#define TESTRING_H

#include "../../shmring.h"
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>

#define QUARTER 8192u /* samples: a quarter of an int16 lane of 64 KiB */

#define CHECK(cond) \
    do { \
        if (!(cond)) { \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #cond); \
            exit(1); \
        } \
    } while (0)

typedef struct test_spec {
    uint32_t lanes, desc_count;
    uint64_t capacity;
    uint64_t start_pos, start_desc; /* of every lane; of the queue */
    uint32_t ratio[4];              /* 0 means 1 */
} test_spec;

typedef struct test_ring {
    int fd;
    uint64_t bytes;
    uint8_t *core; /* the whole file, mapped by the core */
    shmring_header *h;
    shmring_lane *lane;
} test_ring;

static inline void test_seal_tables(test_ring *t)
{
    uint32_t table[256];
    shmring_crc_init(table);
    t->h->crc32c = shmring_crc_soft(table, t->h, 0x78);
    for (uint32_t i = 0; i < t->h->lane_count && i < SHMRING_MAX_LANES; i++)
        t->lane[i].crc32c = shmring_crc_soft(table, &t->lane[i], 0x68);
}

static inline void test_fill_lane(test_ring *t, const test_spec *s, uint32_t i, uint64_t data_off)
{
    shmring_lane *l = &t->lane[i];
    l->lane_id = i;
    l->channel = (uint16_t)i;
    l->sample_type = 1;
    l->sample_bytes = 2;
    l->data_off = data_off;
    l->capacity = s->capacity;
    l->interval_num_fs = 1000000000000u;
    l->interval_den = 3;
    l->ratio = i < 4 && s->ratio[i] ? s->ratio[i] : 1;
    l->scale = 1;
    l->start_pos = l->w_intent = l->w_pos = l->r_pos = s->start_pos;
}

/* Makes a ring of int16 lanes, ready to be attached; seals != 0 also seals it. */
static inline test_ring test_make(const test_spec *s, int seals)
{
    test_ring t;
    const uint64_t queue = (s->desc_count * 64u + 65535u) / 65536u * 65536u;
    t.bytes = 65536 + queue + s->lanes * s->capacity;
    t.fd = (int)syscall(SYS_memfd_create, "ring", 3u /* MFD_CLOEXEC | MFD_ALLOW_SEALING */);
    CHECK(t.fd >= 0 && ftruncate(t.fd, (off_t)t.bytes) == 0);
    t.core = (uint8_t *)shmring_map(t.fd, 0, t.bytes);
    CHECK(t.core != NULL);
    t.h = (shmring_header *)(void *)t.core;
    t.lane = (shmring_lane *)(void *)(t.core + SHMRING_LANE_TABLE);
    memcpy(t.h->magic, SHMRING_MAGIC, 8);
    t.h->abi_major = SHMRING_ABI_MAJOR;
    t.h->byte_order = SHMRING_BYTE_ORDER;
    t.h->header_bytes = SHMRING_HEADER_BYTES;
    t.h->granule = SHMRING_GRANULE;
    t.h->ring_bytes = t.bytes;
    t.h->clock_id = 1;
    t.h->lane_count = s->lanes;
    t.h->lane_table_off = SHMRING_LANE_TABLE;
    t.h->lane_stride = sizeof(shmring_lane);
    t.h->desc_stride = sizeof(shmring_desc);
    t.h->desc_off = 65536;
    t.h->desc_count = s->desc_count;
    t.h->d_write = t.h->d_intent = t.h->d_read = t.h->d_durable = s->start_desc;
    t.h->core_state = SHMRING_CORE_READY;
    for (uint32_t i = 0; i < s->lanes; i++)
        test_fill_lane(&t, s, i, 65536 + queue + i * s->capacity);
    test_seal_tables(&t);
    if (seals)
        CHECK(fcntl(t.fd, 1033 /* F_ADD_SEALS */, 7) == 0);
    return t;
}

static inline void test_close(test_ring *t)
{
    munmap(t->core, (size_t)t->bytes);
    close(t->fd);
}

/*
 * A reader by the protocol. It uses the producer's mapping, since ThreadSanitizer goes by virtual
 * addresses, and shared words only by atomics.
 */
typedef struct test_reader {
    shmring *r;
    shmring_header *h;
    uint64_t next;
    uint64_t pos[4], first[4], gaps[4], unknown[4]; /* per lane: samples; UNKNOWN gaps */
    uint64_t gap_end[4];                            /* epoch index behind the newest GAP */
    uint64_t total, types[9], batches;
    shmring_desc last;
    int check; /* compare samples with the pattern */
    int eos;
} test_reader;

static inline test_reader test_read(shmring *r)
{
    test_reader t;
    memset(&t, 0, sizeof t);
    t.r = r;
    t.h = r->h;
    t.next = SHMRING_LOAD(&r->h->d_read);
    t.check = 1;
    for (uint32_t i = 0; i < r->lanes && i < 4; i++)
        t.pos[i] = r->lane[i].start_pos / r->lane[i].sample_bytes;
    return t;
}

static inline void test_wake_producer(test_reader *t)
{
    SHMRING_FENCE_FULL();
    if (!SHMRING_LOAD(&t->h->producer_waiting))
        return;
    SHMRING_STORE_SEQ_CST(&t->h->producer_waiting, 0u);
    SHMRING_ADD_SEQ_CST(&t->h->room_bell, 1u);
    shmring_futex_wake(&t->h->room_bell);
}

static inline void test_take_data(test_reader *t, const shmring_desc *d)
{
    const uint32_t i = d->lane;
    shmring_lane_state *s = &t->r->lane[i];
    const uint64_t bytes = (uint64_t)d->count * s->sample_bytes;
    const int16_t *at = (const int16_t *)(const void *)(s->data + d->pos * s->sample_bytes % s->capacity);
    CHECK(d->count >= 1 && bytes <= s->capacity);
    for (uint32_t k = 0; t->check && k < d->count; k++)
        CHECK(at[k] == pattern(i, d->first_sample + k));
    t->pos[i] += d->count;
    t->first[i] += d->count;
    t->total += bytes;
    SHMRING_STORE_RELEASE(&s->shared->r_pos, t->pos[i] * s->sample_bytes);
    test_wake_producer(t);
}

static inline void test_take(test_reader *t, const shmring_desc *d)
{
    CHECK(d->crc32c == shmring_crc_soft(t->r->crc_table, d, 0x3c));
    CHECK(d->seq == t->next && d->type >= 1 && d->type <= 8 && !t->eos);
    t->types[d->type]++;
    t->batches += d->flags & SHMRING_BATCH_END ? 1 : 0;
    if (d->lane == SHMRING_LANE_ALL) {
        CHECK(d->type != SHMRING_DATA && d->type != SHMRING_GAP && d->pos == 0 && d->first_sample == 0);
        t->eos = d->type == SHMRING_EOS;
        return;
    }
    CHECK(d->lane < t->r->lanes && d->pos == t->pos[d->lane] && d->first_sample == t->first[d->lane]);
    if (d->type == SHMRING_DATA) {
        test_take_data(t, d);
        return;
    }
    CHECK(d->count == 0);
    if (d->type == SHMRING_GAP && d->aux == SHMRING_UNKNOWN) {
        t->unknown[d->lane]++;
    } else if (d->type == SHMRING_GAP) {
        t->gaps[d->lane] += d->aux;
        t->first[d->lane] += d->aux;
        t->gap_end[d->lane] = t->first[d->lane];
    }
}

/* Takes all that is committed; returns the number of descriptors. */
static inline uint64_t test_pass(test_reader *t)
{
    const uint64_t d_write = SHMRING_LOAD_ACQUIRE(&t->h->d_write);
    const uint64_t n = d_write - t->next;
    CHECK(n <= t->r->desc_count);
    while (t->next != d_write) {
        t->last = t->r->desc[t->next & (t->r->desc_count - 1)];
        test_take(t, &t->last);
        t->next++;
    }
    CHECK(n == 0 || (t->last.flags & SHMRING_BATCH_END));
    if (n) {
        SHMRING_STORE_RELEASE(&t->h->d_read, t->next);
        test_wake_producer(t);
    }
    return n;
}

/* Passes until the end of the stream, sleeping in between below a watermark in bytes. */
static inline void test_drain(test_reader *t, uint64_t watermark)
{
    while (!t->eos) {
        const uint32_t seq = __atomic_load_n(&t->h->doorbell, __ATOMIC_SEQ_CST);
        if (test_pass(t))
            continue;
        SHMRING_STORE(&t->h->wake_at, t->total + watermark);
        SHMRING_STORE_SEQ_CST(&t->h->waiting, 1u);
        SHMRING_FENCE_FULL();
        if (SHMRING_LOAD(&t->h->d_write) != t->next)
            SHMRING_STORE_SEQ_CST(&t->h->waiting, 0u);
        else
            shmring_futex_wait(&t->h->doorbell, seq, 100000000u);
    }
}

/* Everything offered so far is recorded or lost, and the three counts of what was lost agree. */
static inline void test_balance(test_reader *t)
{
    for (uint32_t i = 0; i < t->r->lanes; i++) {
        const uint64_t start = t->r->lane[i].start_pos / t->r->lane[i].sample_bytes;
        CHECK(t->pos[i] - start + t->gaps[i] == shmring_next(t->r, i));
        CHECK(t->gaps[i] == shmring_lost(t->r, i));
        CHECK(t->gaps[i] == SHMRING_LOAD(&t->r->lane[i].shared->lost));
    }
}

/* Pushes the next n samples of the lane. */
static inline int test_push(shmring *r, uint32_t lane, uint32_t n)
{
    static int16_t buf[70000];
    CHECK(n <= sizeof buf / sizeof buf[0]);
    fill_pattern(buf, lane, shmring_next(r, lane), n);
    return shmring_push(r, lane, buf, n);
}

static inline int test_batch(shmring *r, uint32_t n0, uint32_t n1)
{
    CHECK(shmring_begin(r, SHMRING_NOW) == SHMRING_OK);
    (void)test_push(r, 0, n0);
    if (r->lanes > 1)
        (void)test_push(r, 1, n1);
    return shmring_commit(r);
}

#endif
