/* Batches that find room: what is in memory after a commit. */
#include "testring.h"

static const shmring_desc *desc_at(const shmring *r, uint64_t index)
{
    return &r->desc[index & (r->desc_count - 1)];
}

static void test_descriptors(void)
{
    static shmring r;
    const test_spec spec = {.lanes = 2, .desc_count = 64, .capacity = 196608, .start_pos = 600};
    test_ring t = test_make(&spec, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
    CHECK(shmring_push(&r, 0, "", 1) == SHMRING_EORDER && shmring_commit(&r) == SHMRING_EORDER);
    shmring_restamp(&r, 99999); /* no batch is open */
    CHECK(shmring_begin(&r, 12300) == SHMRING_OK && t.h->producer_state == SHMRING_PROD_RUNNING);
    CHECK(shmring_begin(&r, 99) == SHMRING_OK); /* joins, the first stamp stays */
    shmring_restamp(&r, 12345); /* but it can be moved on, and not back */
    shmring_restamp(&r, 12301);
    CHECK(test_push(&r, 0, 10) == SHMRING_OK && test_push(&r, 0, 5) == SHMRING_OK && test_push(&r, 1, 7) == SHMRING_OK);
    CHECK(test_push(&r, 2, 1) == SHMRING_EINVAL && shmring_over_range(&r, 2, 1) == SHMRING_EINVAL);
    CHECK(shmring_over_range(&r, 1, 4) == SHMRING_OK && shmring_over_range(&r, 1, 1) == SHMRING_OK);
    shmring_time_estimated(&r);
    CHECK(t.h->d_write == 0 && t.lane[0].w_pos == 600 && t.lane[0].w_intent == 630);
    CHECK(shmring_commit(&r) == SHMRING_OK && t.h->d_write == 2 && t.h->d_intent == 2);
    CHECK(t.lane[0].w_pos == 630 && t.lane[1].w_pos == 614 && t.h->progress_ns != 0);
    const shmring_desc *a = desc_at(&r, 0), *b = desc_at(&r, 1);
    CHECK(a->type == SHMRING_DATA && a->lane == 0 && a->count == 15 && a->pos == 300 && a->first_sample == 0);
    CHECK(a->t_mono_ns == 12345 && a->flags == SHMRING_TIME_ESTIMATED && a->code == 0);
    CHECK(b->lane == 1 && b->count == 7 && b->code == 5 && b->t_mono_ns == 12345);
    CHECK(b->flags == (SHMRING_TIME_ESTIMATED | SHMRING_CLIPPED | SHMRING_BATCH_END));
    test_reader reader = test_read(&r);
    CHECK(test_pass(&reader) == 2);
    /* An empty batch writes nothing and says that the thread lives. */
    SHMRING_STORE(&t.h->progress_ns, 0u);
    CHECK(test_batch(&r, 0, 0) == SHMRING_OK && t.h->d_write == 2 && t.h->progress_ns != 0);
    CHECK(test_batch(&r, 0, 3) == SHMRING_OK && test_pass(&reader) == 1);
    CHECK(reader.last.flags == SHMRING_BATCH_END && reader.last.code == 0);
    test_balance(&reader);
    shmring_detach(&r);
    test_close(&t);
}

/* Laps over capacities that are no power of two, from cursors just below 2^32 and 2^63. */
static void test_laps(void)
{
    const uint64_t starts[] = {0, ((uint64_t)1 << 32) - 1000, ((uint64_t)1 << 63) - 1000};
    for (uint32_t i = 0; i < 6; i++) {
        static shmring r;
        const test_spec spec = {.lanes = 2, .desc_count = 64, .capacity = i % 2 ? 65536 : 196608,
                                .start_pos = starts[i / 2], .start_desc = starts[i / 2] + 3};
        test_ring t = test_make(&spec, 1);
        CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
        test_reader reader = test_read(&r);
        uint64_t seed = 7 + i;
        for (int k = 0; k < 200; k++) {
            const uint32_t n0 = next_random(&seed) % (uint32_t)(spec.capacity / 8 + 1);
            CHECK(test_batch(&r, n0, next_random(&seed) % 100) == SHMRING_OK);
            (void)test_pass(&reader);
        }
        CHECK(shmring_finish(&r, 0, 0) == SHMRING_OK && test_pass(&reader) == 1 && reader.eos);
        CHECK(reader.gaps[0] == 0 && reader.gaps[1] == 0 && reader.total == r.total);
        test_balance(&reader);
        shmring_detach(&r);
        test_close(&t);
    }
}

static void test_reserving(void)
{
    static shmring r;
    const test_spec spec = {.lanes = 1, .desc_count = 64, .capacity = 65536};
    test_ring t = test_make(&spec, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
    test_reader reader = test_read(&r);
    CHECK(shmring_reserve(&r, 1, 1) == NULL && shmring_reserve(&r, 0, 32769) == NULL);
    int16_t *p = (int16_t *)shmring_reserve(&r, 0, 5000);
    CHECK(p != NULL && t.lane[0].w_intent == 10000 && t.lane[0].w_pos == 0);
    fill_pattern(p, 0, 0, 5000);
    CHECK(shmring_begin(&r, SHMRING_NOW) == SHMRING_OK && shmring_push(&r, 0, p, 2000) == SHMRING_OK);
    CHECK(shmring_commit(&r) == SHMRING_OK && t.lane[0].w_pos == 4000);
    CHECK(test_batch(&r, 1000, 0) == SHMRING_OK && t.lane[0].w_intent == 10000); /* never lower */
    CHECK(test_pass(&reader) == 2);
    /* Reserved behind samples of the same batch, and filled completely. */
    CHECK(shmring_begin(&r, SHMRING_NOW) == SHMRING_OK && test_push(&r, 0, 100) == SHMRING_OK);
    p = (int16_t *)shmring_reserve(&r, 0, 50);
    CHECK(p != NULL);
    fill_pattern(p, 0, shmring_next(&r, 0), 50);
    CHECK(shmring_push(&r, 0, p, 50) == SHMRING_OK && shmring_commit(&r) == SHMRING_OK);
    CHECK(test_pass(&reader) == 1 && reader.last.count == 150);
    CHECK(shmring_room(&r, 0) == 32768);
    test_balance(&reader);
    shmring_detach(&r);
    test_close(&t);
}

static void test_delivering(void)
{
    static shmring r;
    static int16_t buf[2][30000];
    const test_spec spec = {.lanes = 2, .desc_count = 128, .capacity = 65536};
    test_ring t = test_make(&spec, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
    test_reader reader = test_read(&r);
    const void *const samples[2] = {buf[0], buf[1]};
    const uint32_t counts[2] = {30000, 11}; /* a quarter is 8192 */
    fill_pattern(buf[0], 0, 0, 30000);
    fill_pattern(buf[1], 1, 0, 11);
    CHECK(shmring_begin(&r, 5) == SHMRING_OK && shmring_deliver(&r, 5, samples, counts) == SHMRING_EORDER);
    CHECK(shmring_commit(&r) == SHMRING_OK && shmring_deliver(&r, 5, samples, counts) == SHMRING_OK);
    CHECK(test_pass(&reader) == 8 && reader.batches == 4 && reader.last.t_mono_ns == 5);
    CHECK(reader.pos[0] == 30000 && reader.pos[1] == 11);
    test_balance(&reader);
    /* A push of that size is refused as a whole batch, and counted. */
    CHECK(shmring_begin(&r, 6) == SHMRING_OK && test_push(&r, 0, 8193) == SHMRING_ETOOBIG);
    CHECK(test_push(&r, 1, 2) == SHMRING_DROPPED && shmring_commit(&r) == SHMRING_DROPPED);
    CHECK(shmring_lost(&r, 0) == 8193 && shmring_lost(&r, 1) == 2 && t.h->lost_batches == 1);
    CHECK(test_batch(&r, 8192, 10) == SHMRING_OK && shmring_lost(&r, 1) == 12); /* cut to the common index */
    CHECK(shmring_finish(&r, 0, 0) == SHMRING_OK && test_pass(&reader) > 0);
    test_balance(&reader);
    shmring_detach(&r);
    test_close(&t);
}

static void test_wake_ups(void)
{
    static shmring r;
    const test_spec spec = {.lanes = 1, .desc_count = 64, .capacity = 65536};
    test_ring t = test_make(&spec, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
    SHMRING_STORE(&t.h->wake_at, 1000u);
    CHECK(test_batch(&r, 100, 0) == SHMRING_OK && t.h->doorbell == 0); /* nobody waits */
    SHMRING_STORE(&t.h->waiting, 1u);
    CHECK(test_batch(&r, 399, 0) == SHMRING_OK && t.h->doorbell == 0 && t.h->waiting == 1); /* 998 bytes */
    CHECK(test_batch(&r, 1, 0) == SHMRING_OK && t.h->doorbell == 1 && t.h->waiting == 0);
    SHMRING_STORE(&t.h->wake_at, UINT64_MAX);
    SHMRING_STORE(&t.h->waiting, 1u);
    CHECK(shmring_gap(&r, 0, 5, SHMRING_DRIVER) == SHMRING_OK && t.h->doorbell == 1);
    CHECK(test_batch(&r, 1, 0) == SHMRING_OK && t.h->doorbell == 2 && t.h->waiting == 0); /* a GAP is urgent */
    SHMRING_STORE(&t.h->waiting, 1u);
    const uint64_t first = r.urgent_ns;
    int held = 0;
    for (uint32_t bell = t.h->doorbell; t.h->doorbell == bell; held++) { /* at most 100 times a second */
        CHECK(shmring_gap(&r, 0, 5, SHMRING_DRIVER) == SHMRING_OK && test_batch(&r, 1, 0) == SHMRING_OK);
        SHMRING_STORE(&t.h->d_read, t.h->d_write);
        SHMRING_STORE(&t.lane[0].r_pos, t.lane[0].w_pos);
    }
    CHECK(held == 0 || r.urgent_ns - first >= 10000000u);
    /* What is put off comes with a later call, at the latest a poll that brought nothing. */
    SHMRING_STORE(&t.h->waiting, 1u);
    r.urgent_ns = shmring_now();
    CHECK(shmring_gap(&r, 0, 5, SHMRING_DRIVER) == SHMRING_OK && test_batch(&r, 1, 0) == SHMRING_OK);
    if (t.h->waiting) { /* else 10 ms passed meanwhile */
        CHECK(r.urgent_due);
        while (t.h->waiting)
            shmring_progress(&r);
        CHECK(!r.urgent_due && shmring_now() - r.urgent_ns < 1000000000u);
    }
    SHMRING_STORE(&t.h->waiting, 1u);
    const uint32_t bell = t.h->doorbell;
    CHECK(shmring_finish(&r, 0, 0) == SHMRING_OK && t.h->doorbell == bell + 1); /* the end is not held back */
    shmring_detach(&r);
    test_close(&t);
}

static void test_batches(void)
{
    test_descriptors();
    test_laps();
    test_reserving();
    test_delivering();
    test_wake_ups();
}
