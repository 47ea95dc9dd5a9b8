/* Losses: drops, the common resume index, GAPs and the last batch. */
#include "testring.h"

static test_ring start(shmring *r, test_reader *reader, const test_spec *spec)
{
    test_ring t = test_make(spec, 1);
    CHECK(shmring_attach(r, t.fd) == SHMRING_OK);
    *reader = test_read(r);
    return t;
}

static void stop(shmring *r, test_ring *t, test_reader *reader)
{
    CHECK(shmring_finish(r, 0, 0) == SHMRING_OK && shmring_finish(r, 0, 0) == SHMRING_OK);
    (void)test_pass(reader);
    CHECK(reader->eos && t->h->producer_state == SHMRING_PROD_FINISHED);
    CHECK(shmring_begin(r, SHMRING_NOW) == SHMRING_EORDER && shmring_gap(r, 0, 1, SHMRING_USB) == SHMRING_EORDER);
    test_balance(reader);
    shmring_detach(r);
    test_close(t);
}

static void test_equal_counts(void)
{
    static shmring r;
    test_reader reader;
    const test_spec spec = {.lanes = 2, .desc_count = 64, .capacity = 65536};
    test_ring t = start(&r, &reader, &spec);
    for (int i = 0; i < 4; i++)
        CHECK(test_batch(&r, QUARTER, QUARTER) == SHMRING_OK);
    CHECK(test_batch(&r, 10, 10) == SHMRING_DROPPED && test_batch(&r, 5, 5) == SHMRING_DROPPED);
    CHECK(t.lane[0].lost == 15 && t.h->lost_batches == 2 && t.h->max_fill == 1000000);
    CHECK(test_pass(&reader) == 8 && reader.gaps[0] == 0);
    CHECK(test_batch(&r, 100, 100) == SHMRING_OK && test_pass(&reader) == 4); /* GAP, DATA, GAP, DATA */
    CHECK(reader.gaps[0] == 15 && reader.gaps[1] == 15 && reader.types[SHMRING_GAP] == 2);
    CHECK(reader.gap_end[0] == 4 * QUARTER + 15 && reader.gap_end[1] == reader.gap_end[0]);
    stop(&r, &t, &reader);
}

/* Only one lane is full: the batch is lost in all. Counts differ: the GAPs end together. */
static void test_unequal_counts(void)
{
    static shmring r;
    test_reader reader;
    const test_spec spec = {.lanes = 2, .desc_count = 64, .capacity = 65536};
    test_ring t = start(&r, &reader, &spec);
    for (int i = 0; i < 4; i++)
        CHECK(test_batch(&r, QUARTER, 1000) == SHMRING_OK);
    CHECK(test_batch(&r, 100, 30) == SHMRING_DROPPED); /* next: 32868 and 4030 */
    CHECK(test_pass(&reader) == 8);
    CHECK(test_batch(&r, 50, 8000) == SHMRING_OK); /* lane 1 offers up to 12030: all of it is cut */
    CHECK(shmring_lost(&r, 1) == 8030 && test_pass(&reader) == 2 && reader.gap_end[0] == 32868);
    for (int i = 0; i < 2; i++)
        CHECK(test_batch(&r, 0, 8000) == SHMRING_DROPPED); /* nothing is left of it: up to 28030 */
    CHECK(t.h->lost_batches == 1);
    CHECK(test_batch(&r, 10, 8000) == SHMRING_OK && test_pass(&reader) == 3); /* 28030 to 36030: cut at 32868 */
    CHECK(reader.gap_end[1] == 32868 && reader.pos[1] == 4000 + 36030 - 32868);
    stop(&r, &t, &reader);
}

/* With ratios the common index counts raw samples, and each lane rounds up. */
static void test_ratios(void)
{
    static shmring r;
    test_reader reader;
    const test_spec spec = {.lanes = 2, .desc_count = 64, .capacity = 65536, .ratio = {1, 10}};
    test_ring t = start(&r, &reader, &spec);
    for (int i = 0; i < 4; i++)
        CHECK(test_batch(&r, QUARTER, QUARTER / 10) == SHMRING_OK); /* 32768 and 3276 */
    CHECK(test_batch(&r, 3, 0) == SHMRING_DROPPED && test_pass(&reader) == 8); /* next: 32771 and 3276 */
    CHECK(test_batch(&r, 20, 4) == SHMRING_OK && test_pass(&reader) == 4);
    CHECK(reader.gap_end[0] == 32771 && reader.gap_end[1] == 3278 && reader.pos[1] == 3276 + 2);
    stop(&r, &t, &reader);
}

static void test_causes(void)
{
    static shmring r;
    test_reader reader;
    const test_spec spec = {.lanes = 2, .desc_count = 64, .capacity = 65536};
    test_ring t = start(&r, &reader, &spec);
    CHECK(shmring_gap(&r, 0, 5, SHMRING_RING_FULL) == SHMRING_EINVAL && shmring_gap(&r, 2, 5, SHMRING_USB) == SHMRING_EINVAL);
    CHECK(shmring_gap(&r, 0, UINT64_MAX - 1, SHMRING_USB) == SHMRING_EINVAL);
    CHECK(shmring_gap(&r, 0, 0, SHMRING_USB) == SHMRING_OK && r.lane[0].gaps == 0);
    /* Two of one cause are one; a second cause is a second GAP; a third joins it as "unknown". */
    CHECK(shmring_gap(&r, 0, 5, SHMRING_USB) == SHMRING_OK && shmring_gap(&r, 0, 6, SHMRING_USB) == SHMRING_OK);
    CHECK(shmring_gap(&r, 0, 1, SHMRING_DRIVER) == SHMRING_OK && t.lane[0].lost == 12);
    CHECK(shmring_gap(&r, 0, 2, SHMRING_POWER) == SHMRING_OK);
    CHECK(test_batch(&r, 1, 1) == SHMRING_OK);
    const shmring_desc *d = r.desc;
    CHECK(d[0].type == SHMRING_GAP && d[0].aux == 11 && d[0].code == SHMRING_USB && d[0].first_sample == 0);
    CHECK(d[1].type == SHMRING_GAP && d[1].aux == 3 && d[1].code == SHMRING_CAUSE_UNKNOWN && d[1].first_sample == 11);
    CHECK(d[2].type == SHMRING_DATA && d[2].first_sample == 14 && (d[0].flags & SHMRING_URGENT));
    CHECK(test_pass(&reader) == 4);
    /* Losses without a number: 0 in the arithmetic, and never one with those that have one. */
    CHECK(shmring_gap(&r, SHMRING_LANE_ALL, SHMRING_UNKNOWN, SHMRING_DRIVER) == SHMRING_OK);
    CHECK(shmring_gap(&r, SHMRING_LANE_ALL, SHMRING_UNKNOWN, SHMRING_DRIVER) == SHMRING_OK);
    CHECK(shmring_gap(&r, 0, 4, SHMRING_DRIVER) == SHMRING_OK && shmring_gap(&r, 0, SHMRING_UNKNOWN, SHMRING_USB) == SHMRING_OK);
    CHECK(shmring_gap(&r, 1, 4, SHMRING_DRIVER) == SHMRING_OK && shmring_gap(&r, 1, 1, SHMRING_USB) == SHMRING_OK);
    CHECK(shmring_begin(&r, 0) == SHMRING_OK && test_push(&r, 0, 1) == SHMRING_OK);
    CHECK(shmring_gap(&r, 0, 1, SHMRING_USB) == SHMRING_EORDER && shmring_gap(&r, 1, 1, SHMRING_USB) == SHMRING_OK);
    CHECK(test_push(&r, 1, 1) == SHMRING_OK && shmring_commit(&r) == SHMRING_OK && test_pass(&reader) == 6);
    CHECK(reader.unknown[0] == 1 && reader.unknown[1] == 1 && reader.gaps[0] == 18 && reader.gaps[1] == 6);
    /* Two counted causes, then one without a number: the two become one. */
    CHECK(shmring_gap(&r, 0, 1, SHMRING_USB) == SHMRING_OK && shmring_gap(&r, 0, 1, SHMRING_POWER) == SHMRING_OK);
    CHECK(shmring_gap(&r, 0, SHMRING_UNKNOWN, SHMRING_POWER) == SHMRING_OK && r.lane[0].gaps == 2);
    CHECK(test_batch(&r, 1, 1) == SHMRING_OK && test_pass(&reader) == 4 && reader.unknown[0] == 2 && reader.gaps[0] == 20);
    stop(&r, &t, &reader);
}

static void test_short_queue(void)
{
    static shmring r;
    test_reader reader;
    const test_spec spec = {.lanes = 2, .desc_count = 32, .capacity = 65536};
    test_ring t = start(&r, &reader, &spec);
    int fit = 0;
    while (test_batch(&r, 1, 1) == SHMRING_OK)
        fit++;
    CHECK(fit == (32 - (2 * 2 + 8)) / 2 && t.h->lost_batches == 1);
    CHECK(test_batch(&r, 0, 0) == SHMRING_OK); /* nothing to lose */
    /* The last batch still has room for everything that may wait: two GAPs a lane, marks, ERROR, EOS. */
    for (uint32_t lane = 0; lane < 2; lane++)
        CHECK(shmring_gap(&r, lane, 3, SHMRING_USB) == SHMRING_OK);
    for (int i = 0; i < 6; i++)
        CHECK(shmring_trigger(&r, 0, 0, i, 0) == SHMRING_OK);
    CHECK(shmring_trigger(&r, 0, 0, 0, 0) == SHMRING_EMANY);
    CHECK(shmring_finish(&r, 9, 77) == SHMRING_OK && t.h->d_write == 32);
    CHECK(t.h->producer_state == SHMRING_PROD_FAILED && t.h->fail_status == 77);
    CHECK(test_pass(&reader) == 32 && reader.eos && reader.types[SHMRING_TRIGGER] == 6);
    CHECK(reader.types[SHMRING_GAP] == 4 && reader.types[SHMRING_ERROR] == 1 && reader.gaps[0] == 4);
    const shmring_desc *e = &r.desc[30];
    CHECK(e->type == SHMRING_ERROR && e->code == 9 && e->status == 77 && e->lane == SHMRING_LANE_ALL);
    test_balance(&reader);
    shmring_detach(&r);
    test_close(&t);
}

/* A batch that is open at the end is committed, or lost and counted. */
static void test_open_at_the_end(void)
{
    for (int full = 0; full < 2; full++) {
        static shmring r;
        test_reader reader;
        const test_spec spec = {.lanes = 2, .desc_count = 64, .capacity = 65536};
        test_ring t = start(&r, &reader, &spec);
        for (int i = 0; full && i < 4; i++)
            CHECK(test_batch(&r, QUARTER, 1) == SHMRING_OK);
        CHECK(shmring_begin(&r, SHMRING_NOW) == SHMRING_OK);
        CHECK(test_push(&r, 0, 5) == (full ? SHMRING_DROPPED : SHMRING_OK));
        CHECK(shmring_push(&r, 1, NULL, 0) == SHMRING_OK);
        stop(&r, &t, &reader);
        CHECK(reader.gaps[0] == (full ? 5u : 0u) && reader.gaps[1] == 0);
    }
}

static void test_losses(void)
{
    test_equal_counts();
    test_unequal_counts();
    test_ratios();
    test_causes();
    test_short_queue();
    test_open_at_the_end();
}
