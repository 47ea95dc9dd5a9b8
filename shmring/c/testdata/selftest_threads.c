/* Producer and reader in two threads: what sanitizers are to look at. */
#include "testring.h"

#include <pthread.h>

#define BATCHES 1000

typedef struct job {
    test_reader reader;
    uint64_t watermark;
} job;

static void *reading(void *arg)
{
    job *j = (job *)arg;
    test_drain(&j->reader, j->watermark);
    return NULL;
}

typedef struct load {
    uint32_t lanes, desc_count;
    uint64_t capacity, watermark;
    uint32_t most; /* samples of a batch */
    int waits, unequal;
} load;

static void run(const load *l)
{
    static shmring r;
    const test_spec spec = {.lanes = l->lanes, .desc_count = l->desc_count, .capacity = l->capacity};
    test_ring t = test_make(&spec, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
    job j = {test_read(&r), l->watermark};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, reading, &j) == 0);
    uint64_t seed = 99;
    for (int i = 0; i < BATCHES; i++) {
        const uint32_t n = 1 + next_random(&seed) % l->most;
        const uint32_t counts[2] = {n, l->unequal ? next_random(&seed) % l->most : n};
        if (l->waits)
            CHECK(shmring_wait_room(&r, counts, 60000) == SHMRING_OK);
        const int rc = test_batch(&r, counts[0], counts[1]);
        CHECK(rc == SHMRING_OK || (rc == SHMRING_DROPPED && !l->waits));
    }
    CHECK(shmring_finish(&r, 0, 0) == SHMRING_OK);
    CHECK(pthread_join(thread, NULL) == 0);
    test_balance(&j.reader);
    CHECK(!l->waits || r.lost_batches == 0);
    shmring_detach(&r);
    test_close(&t);
}

static void test_threads(void)
{
    static const load loads[] = {
        {.lanes = 2, .desc_count = 64, .capacity = 65536, .watermark = 20000, .most = 700},
        {.lanes = 2, .desc_count = 32, .capacity = 65536, .watermark = 1, .most = 3000, .unequal = 1},
        {.lanes = 1, .desc_count = 32, .capacity = 65536, .watermark = 100000000, .most = 8000, .waits = 1},
        {.lanes = 2, .desc_count = 64, .capacity = 196608, .watermark = 60000, .most = 2000, .waits = 1},
    };
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++)
        run(&loads[i]);
}
