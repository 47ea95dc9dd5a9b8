/*
 * callback BATCH_BYTES COUNT
 *
 * What a vendor's callback costs that hands samples over with shmring.h: begin, push and commit of one batch, one lane
 * of int16, timed one by one, with a plain memcpy of as many bytes and a fence in between. The ring is descriptor 3. Prints
 * quantiles in nanoseconds, the cost of reading the clock taken off.
 */
#include "shmring.h"

#include "yardstick.h"

static shmring ring;

static int64_t clock_cost(void)
{
    int64_t best = INT64_MAX;
    for (int i = 0; i < 10000; i++) {
        const int64_t t = clock_ns(CLOCK_MONOTONIC), d = clock_ns(CLOCK_MONOTONIC) - t;
        best = d < best ? d : best;
    }
    return best;
}

static void print(const char *name, int64_t *times, size_t n, const char *end)
{
    sort_times(times, n);
    printf("\"%s\": {\"p50_ns\": %lld, \"p99_ns\": %lld, \"p999_ns\": %lld}%s", name, (long long)quantile(times, n, 0.5),
           (long long)quantile(times, n, 0.99), (long long)quantile(times, n, 0.999), end);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const size_t batch = strtoull(argv[1], 0, 0), count = strtoull(argv[2], 0, 0);
    int rc = shmring_attach(&ring, 3);
    if (rc != SHMRING_OK) {
        fprintf(stderr, "attach: %s\n", shmring_strerror(rc));
        return 1;
    }
    const size_t lane = shmring_lane_info(&ring, 0)->capacity;
    if (!count || !batch || batch % 2 || batch > SOURCE_BYTES || batch > lane / 4)
        return 2;
    /* The plain copies go to shared memory of the lane's size, to the same places in it. */
    int fd = memfd_create("plain", 0);
    if (fd < 0 || ftruncate(fd, (off_t)(lane + SOURCE_BYTES)))
        die("memfd");
    char *plain = mmap(0, lane + SOURCE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    int64_t *ours = malloc(count * sizeof *ours), *copies = malloc(count * sizeof *copies);
    if (plain == MAP_FAILED || !ours || !copies)
        die("memory");
    const char *source = make_source(), *other = make_source(); /* neither copy finds its source warmed by the other */
    const int64_t cost = clock_cost();
    size_t at = 0, from = 0;
    for (size_t i = 0; i < count; i++) {
        while (shmring_room(&ring, 0) < batch / 2)
            sleep_ns(50000); /* the consumer is to be ahead: a dropped batch is no measure */
        if (from + batch > SOURCE_BYTES)
            from = 0;
        int64_t t = clock_ns(CLOCK_MONOTONIC);
        shmring_begin(&ring, t);
        shmring_push(&ring, 0, source + from, (uint32_t)(batch / 2));
        rc = shmring_commit(&ring);
        ours[i] = clock_ns(CLOCK_MONOTONIC) - t - cost;
        if (rc != SHMRING_OK) {
            fprintf(stderr, "commit: %s\n", shmring_strerror(rc));
            return 1;
        }
        t = clock_ns(CLOCK_MONOTONIC);
        memcpy(plain + at, other + from, batch);
        atomic_thread_fence(memory_order_seq_cst); /* until the copy is there for others, as after a commit */
        copies[i] = clock_ns(CLOCK_MONOTONIC) - t - cost;
        at = (at + batch) % lane;
        from += batch;
    }
    shmring_finish(&ring, 0, 0);
    shmring_detach(&ring);
    printf("{");
    print("ring", ours, count, ", ");
    print("memcpy", copies, count, "}\n");
    return 0;
}
