//go:build linux && cgo

/*
 * batch.c - from delivered pieces to committed batches: copies or converts samples into their lanes, computes streams, keeps batches within
 * what the ring takes, commits. It does not poll and does not wait.
 */
#include "loop.h"

/* Samples of each input that a batch may hold: a quarter of the smallest of its lanes, less a rounding. */
void batch_prepare(struct loop *l)
{
    for (uint32_t i = 0; i < l->c.inputs; i++)
        l->most[i] = UINT32_MAX / 2;
    for (uint32_t s = 0; s < l->c.streams; s++) {
        const struct loop_stream *st = &l->c.stream[s];
        const shmring_lane_state *lane = &l->ring->lane[st->lane];
        uint64_t most = lane->capacity / 4 / lane->sample_bytes - 2;
        if (st->computed)
            most *= st->reduce.ratio;
        if (most < l->most[st->input])
            l->most[st->input] = most;
    }
}

static void bucket_add(struct loop *l, uint64_t ns)
{
    uint32_t b = (uint32_t)ns;
    if (ns >= 4) {
        const uint32_t octave = 63u - (uint32_t)__builtin_clzll(ns);
        b = (octave - 1) * 4 + (uint32_t)(ns >> (octave - 2) & 3);
    }
    count_add(&l->n.bucket[b < LOOP_BUCKETS ? b : LOOP_BUCKETS - 1], 1);
}

static void note_lost(struct loop *l)
{
    for (uint32_t s = 0; s < l->c.streams; s++)
        count_set(&l->n.lost[s], shmring_lost(l->ring, l->c.stream[s].lane));
}

void batch_commit(struct loop *l)
{
    if (!l->open)
        return;
    const uint64_t lost = l->ring->lost_batches;
    const int rc = shmring_commit(l->ring);
    l->open = 0;
    l->batch_bytes = 0;
    memset(l->batch_samples, 0, sizeof l->batch_samples);
    if (rc == SHMRING_OK)
        count_add(&l->n.batches, 1);
    if (l->ring->lost_batches != lost)
        count_add(&l->n.dropped, 1);
    note_lost(l);
}

/* Writes samples to the lane in its format; no room is counted by the ring. */
static void put_copy(struct loop *l, const struct loop_stream *st, const void *data, uint32_t count)
{
    const uint8_t format = l->c.input[st->input].format;
    if (format == st->format) {
        (void)shmring_push(l->ring, st->lane, data, count);
        return;
    }
    void *to = shmring_reserve(l->ring, st->lane, count);
    if (to)
        reduce_convert(to, st->format, data, format, count);
    (void)shmring_push(l->ring, st->lane, to, count);
}

static void put_computed(struct loop *l, struct loop_stream *st, const void *data, uint64_t count)
{
    const uint8_t format = l->c.input[st->input].format;
    const uint64_t groups = reduce_groups(&st->reduce, count);
    uint8_t *to = groups ? shmring_reserve(l->ring, st->lane, (uint32_t)groups) : NULL;
    void *const room = to;
    if (format == st->format) {
        (void)reduce_take(&st->reduce, to, data, count);
    } else {
        const uint8_t *from = data;
        while (count) {
            const uint64_t n = count < LOOP_SCRATCH ? count : LOOP_SCRATCH;
            reduce_convert(l->scratch, st->format, from, format, n);
            const uint64_t done = reduce_take(&st->reduce, to, l->scratch, n);
            if (to)
                to += done * reduce_bytes(st->format);
            from += n * reduce_bytes(format);
            count -= n;
        }
    }
    if (groups)
        (void)shmring_push(l->ring, st->lane, room, (uint32_t)groups);
}

/* At most LOOP_BLOCK samples of an input into all its lanes. */
static void put_block(struct loop *l, uint32_t input, const void *data, uint64_t count)
{
    const struct loop_input *in = &l->c.input[input];
    for (uint32_t s = 0; s < l->c.streams; s++) {
        struct loop_stream *st = &l->c.stream[s];
        if (st->input != input)
            continue;
        if (st->computed)
            put_computed(l, st, data, count);
        else
            put_copy(l, st, data, (uint32_t)count);
    }
    if (in->inspect) {
        uint64_t clipped = l->n.clipped[input], suspicious = l->n.suspicious[input];
        reduce_inspect(data, in->format, count, in->max_code, &clipped, &suspicious);
        count_set(&l->n.clipped[input], clipped);
        count_set(&l->n.suspicious[input], suspicious);
    }
}

/* One input's samples into all its lanes, block by block: what is looked at again is in the cache still. */
static void put(struct loop *l, uint32_t input, const void *data, uint64_t count, uint32_t over)
{
    const size_t bytes = reduce_bytes(l->c.input[input].format);
    const uint8_t *from = data;
    for (uint32_t s = 0; over && s < l->c.streams; s++)
        if (l->c.stream[s].input == input)
            (void)shmring_over_range(l->ring, l->c.stream[s].lane, over);
    for (uint64_t left = count; left;) {
        const uint64_t n = left < LOOP_BLOCK ? left : LOOP_BLOCK;
        put_block(l, input, from, n);
        from += n * bytes;
        left -= n;
    }
    l->batch_samples[input] += count;
    l->batch_bytes += count * bytes;
}

static int fits(const struct loop *l, const struct loop_piece *p, uint32_t n, uint64_t rounds)
{
    for (uint32_t i = 0; i < n; i++)
        if (l->batch_samples[p[i].input] + p[i].count / rounds + 1 > l->most[p[i].input])
            return 0;
    return 1;
}

/* Share `r` of `rounds` of all pieces. Equal counts are cut equally. mark: the trigger lies in or before the last. */
static void put_round(struct loop *l, uint64_t t, const struct loop_piece *p, uint32_t n, uint64_t r, uint64_t rounds, int mark)
{
    if (!fits(l, p, n, rounds))
        batch_commit(l);
    if (!l->open) {
        if (shmring_begin(l->ring, (int64_t)t) != SHMRING_OK)
            return;
        l->open = 1;
        l->batch_t = t;
    } else {
        shmring_restamp(l->ring, (int64_t)t);
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t a = p[i].count * r / rounds, b = p[i].count * (r + 1) / rounds;
        const uint8_t *data = p[i].data;
        if (b > a)
            put(l, p[i].input, data + a * reduce_bytes(l->c.input[p[i].input].format), b - a, p[i].over);
    }
    if (mark && r + 1 == rounds)
        trigger_mark(l);
    if (l->ring->dropping || l->batch_bytes >= l->c.watermark) /* what cannot be kept must not draw more with it */
        batch_commit(l);
}

static void count_piece(struct loop *l, const struct loop_piece *p)
{
    count_add(&l->n.input[p->input], p->count);
    count_max(&l->n.largest_delivery, p->count);
    count_max(&l->n.samples, l->n.input[p->input] * l->c.input[p->input].ratio);
    if (p->over && p->count)
        count_add(&l->n.over[p->input], 1);
}

/* Pieces that all lie before the end of the stream. */
static void deliver(struct loop *l, uint64_t t_ns, const struct loop_piece *pieces, uint32_t n)
{
    const int mark = trigger_due(l, pieces, n);
    uint64_t rounds = 1;
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t most = l->most[pieces[i].input] - 1, r = (pieces[i].count + most - 1) / most;
        if (r > rounds)
            rounds = r;
    }
    for (uint64_t r = 0; r < rounds; r++)
        put_round(l, t_ns, pieces, n, r, rounds, mark);
    for (uint32_t i = 0; i < n; i++)
        count_piece(l, &pieces[i]);
}

void batch_deliver(struct loop_poll *poll, uint64_t t_ns, const struct loop_piece *pieces, uint32_t n)
{
    struct loop *l = poll->loop;
    trigger_watch(l, pieces, n);
    if (l->trigger.end == UINT64_MAX) {
        deliver(l, t_ns, pieces, n);
    } else {
        struct loop_piece kept[LOOP_MAX_INPUTS];
        const uint32_t left = trigger_cut(l, pieces, n, kept);
        if (left)
            deliver(l, t_ns, kept, left);
    }
    bucket_add(l, loop_now() - t_ns);
}
