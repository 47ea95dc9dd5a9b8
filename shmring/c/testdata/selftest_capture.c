/* Block captures: marks, waiting for room, and that nothing is dropped. */
#include "testring.h"

static void test_marks(void)
{
    static shmring r;
    const test_spec spec = {.lanes = 2, .desc_count = 64, .capacity = 65536};
    test_ring t = test_make(&spec, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
    test_reader reader = test_read(&r);
    CHECK(shmring_mark(&r, SHMRING_DATA, 0, 0, 0, 0, 0) == SHMRING_EINVAL);
    CHECK(shmring_mark(&r, SHMRING_ERROR, SHMRING_BATCH_END, 0, 0, 0, 0) == SHMRING_EINVAL);
    CHECK(shmring_mark(&r, SHMRING_WAVE_END, 0, 3, 0, 0, 0) == SHMRING_EORDER);
    CHECK(shmring_mark(&r, SHMRING_PARAM, 0, 3, SHMRING_DEAD_TIME, 0, 1234) == SHMRING_OK);
    CHECK(shmring_mark(&r, SHMRING_WAVE_BEGIN, 0, 3, 8, 2, 100) == SHMRING_OK);
    CHECK(shmring_mark(&r, SHMRING_WAVE_BEGIN, 0, 4, 8, 2, 100) == SHMRING_EORDER);
    CHECK(shmring_param(&r, 1, SHMRING_SCALE, 0.5) == SHMRING_OK && shmring_param(&r, 1, SHMRING_OFFSET, 2) == SHMRING_OK);
    CHECK(shmring_param(&r, 1, 3, 1) == SHMRING_EINVAL && shmring_param(&r, 0, 1, 1e308 * 10) == SHMRING_EINVAL);
    CHECK(shmring_gap(&r, 1, 7, SHMRING_DRIVER) == SHMRING_OK);
    /* 10 samples of 1e12 / 3 fs: the trigger is at sample 4, 6 before the next one. */
    CHECK(shmring_trigger(&r, 0, 4, 1, 3) == SHMRING_OK && shmring_trigger(&r, 2, 4, 1, 3) == SHMRING_EINVAL);
    CHECK(shmring_mark(&r, SHMRING_WAVE_END, SHMRING_URGENT, 3, 0, 0, 1) == SHMRING_OK);
    CHECK(shmring_mark(&r, SHMRING_WAVE_BEGIN, 0, 4, 8, 2, 100) == SHMRING_EMANY);
    CHECK(test_batch(&r, 10, 20) == SHMRING_OK && t.h->d_write == 9);
    const uint8_t order[9] = {SHMRING_WAVE_BEGIN, SHMRING_PARAM, SHMRING_DATA, SHMRING_PARAM, SHMRING_PARAM,
                              SHMRING_GAP, SHMRING_DATA, SHMRING_TRIGGER, SHMRING_WAVE_END};
    const shmring_desc *d = r.desc;
    for (int i = 0; i < 9; i++) {
        CHECK(d[i].type == order[i] && d[i].waveform == 3);
        CHECK(((d[i].flags & SHMRING_BATCH_END) != 0) == (i == 8));
    }
    CHECK(d[0].aux == 100 && d[0].code == 8 && d[0].status == 2 && d[1].code == SHMRING_DEAD_TIME && d[1].aux == 1234);
    double scale;
    memcpy(&scale, &d[3].aux, 8);
    CHECK(d[3].code == SHMRING_SCALE && scale == 0.5 && d[3].first_sample == 0 && d[4].code == SHMRING_OFFSET);
    CHECK(d[7].lane == 0 && d[7].pos == 10 && (int64_t)d[7].aux == -2000000000000 + 1 && d[8].aux == 1);
    CHECK((d[8].flags & SHMRING_URGENT) && !(d[7].flags & SHMRING_URGENT));
    CHECK(test_pass(&reader) == 9);
    CHECK(test_batch(&r, 1, 0) == SHMRING_OK && test_pass(&reader) == 1 && reader.last.waveform == 0);
    /* A trigger and a value travel with samples only; far triggers are held within int64. */
    CHECK(shmring_trigger(&r, 0, (uint64_t)1 << 62, 5, 0) == SHMRING_OK && shmring_param(&r, 0, SHMRING_SCALE, 1) == SHMRING_OK);
    CHECK(test_batch(&r, 0, 0) == SHMRING_OK && test_pass(&reader) == 0);
    CHECK(test_batch(&r, 0, 1) == SHMRING_OK && test_pass(&reader) == 2 && r.lane[0].param_set[0]);
    CHECK((int64_t)reader.last.aux == INT64_MAX && (reader.last.flags & SHMRING_URGENT) && reader.last.code == 0);
    CHECK(shmring_trigger_within(&r, 2, 0, 0, 9, 0) == SHMRING_EINVAL && shmring_trigger_within(&r, 0, 0, 0, 9, 0) == SHMRING_OK);
    CHECK(test_batch(&r, 1, 0) == SHMRING_OK && test_pass(&reader) == 3);
    CHECK(reader.last.type == SHMRING_TRIGGER && reader.last.code == 9 && (reader.last.flags & SHMRING_URGENT));
    CHECK(shmring_finish(&r, 0, 0) == SHMRING_OK && test_pass(&reader) == 1 && reader.eos);
    shmring_detach(&r);
    test_close(&t);
}

/* Within a capture a full ring refuses, and takes the same batch later. */
static void test_nothing_is_dropped(void)
{
    static shmring r;
    const test_spec spec = {.lanes = 2, .desc_count = 32, .capacity = 65536};
    test_ring t = test_make(&spec, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
    test_reader reader = test_read(&r);
    CHECK(shmring_mark(&r, SHMRING_WAVE_BEGIN, 0, 1, 0, 0, 0) == SHMRING_OK);
    for (int i = 0; i < 4; i++)
        CHECK(test_batch(&r, QUARTER, QUARTER) == SHMRING_OK);
    CHECK(shmring_begin(&r, SHMRING_NOW) == SHMRING_OK && test_push(&r, 0, 1) == SHMRING_ENOROOM);
    const void *const nothing[2] = {NULL, NULL};
    const uint32_t none[2] = {0, 0};
    CHECK(shmring_deliver(&r, 0, nothing, none) == SHMRING_EORDER);
    CHECK(shmring_push(&r, 0, NULL, 1) == SHMRING_EINVAL && test_push(&r, 0, QUARTER + 1) == SHMRING_ETOOBIG);
    CHECK(shmring_wait_room(&r, NULL, 0) == SHMRING_ETIMEDOUT && test_pass(&reader) == 9);
    CHECK(shmring_wait_room(&r, NULL, 0) == SHMRING_OK && test_push(&r, 0, 1) == SHMRING_OK);
    CHECK(shmring_commit(&r) == SHMRING_OK);
    /* The queue is short: the batch stays open until there is room. */
    while (shmring_begin(&r, SHMRING_NOW) == SHMRING_OK && test_push(&r, 0, 1) == SHMRING_OK && shmring_commit(&r) == SHMRING_OK) {
    }
    CHECK(shmring_commit(&r) == SHMRING_ENOROOM && test_pass(&reader) > 0);
    CHECK(shmring_mark(&r, SHMRING_WAVE_END, SHMRING_URGENT, 1, 0, 0, 0) == SHMRING_OK);
    CHECK(shmring_commit(&r) == SHMRING_OK && test_pass(&reader) == 2 && reader.last.type == SHMRING_WAVE_END);
    CHECK(shmring_lost(&r, 0) == 0 && t.h->lost_batches == 0);
    /* Behind its end the producer streams again. */
    for (int i = 0; i < 4; i++)
        CHECK(test_batch(&r, QUARTER, 0) == SHMRING_OK);
    CHECK(test_batch(&r, 1, 0) == SHMRING_DROPPED);
    /* The end of the stream comes within a capture and without room: what is open is lost, and counted. */
    CHECK(shmring_mark(&r, SHMRING_WAVE_BEGIN, 0, 2, 0, 0, 0) == SHMRING_OK);
    CHECK(shmring_begin(&r, SHMRING_NOW) == SHMRING_OK && test_push(&r, 1, 1) == SHMRING_OK);
    while (shmring_commit(&r) == SHMRING_OK)
        CHECK(shmring_begin(&r, SHMRING_NOW) == SHMRING_OK && test_push(&r, 1, 1) == SHMRING_OK);
    CHECK(shmring_finish(&r, 0, 0) == SHMRING_OK && test_pass(&reader) > 0 && reader.eos && reader.gaps[1] > 0);
    test_balance(&reader);
    shmring_detach(&r);
    test_close(&t);
}

static void test_waiting_ends(void)
{
    static shmring r;
    const test_spec spec = {.lanes = 1, .desc_count = 32, .capacity = 65536};
    test_ring t = test_make(&spec, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
    const uint32_t whole[1] = {4 * QUARTER}, quarter[1] = {QUARTER}, one[1] = {1};
    CHECK(shmring_wait_room(&r, whole, 0) == SHMRING_ETOOBIG && shmring_wait_room(&r, quarter, 0) == SHMRING_OK);
    for (int i = 0; i < 4; i++)
        CHECK(test_batch(&r, QUARTER, 0) == SHMRING_OK);
    SHMRING_STORE(&t.h->waiting, 1u);
    SHMRING_STORE(&t.h->wake_at, UINT64_MAX);
    const uint64_t before = shmring_now();
    CHECK(shmring_wait_room(&r, one, 5) == SHMRING_ETIMEDOUT && shmring_now() - before >= 5000000u);
    CHECK(t.h->waiting == 0 && t.h->doorbell == 1); /* it rang the recorder although its watermark is far */
    CHECK(SHMRING_LOAD(&t.h->progress_ns) > before); /* waiting is no hanging */
    SHMRING_STORE(&t.h->core_state, (uint32_t)SHMRING_CORE_DRAINING);
    CHECK(shmring_wait_room(&r, one, 60000) == SHMRING_ESTOPPED && shmring_state(&r) == SHMRING_CORE_DRAINING);
    shmring_detach(&r);
    test_close(&t);
}

static void test_captures(void)
{
    test_marks();
    test_nothing_is_dropped();
    test_waiting_ends();
}
