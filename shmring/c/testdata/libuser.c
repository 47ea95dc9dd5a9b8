/*
 * Uses the shared library as another language would: by names only, without the header.
 * Argument: the library. Descriptor 3: a ring of two int16 lanes. It delivers 1000 samples a lane
 * in ten batches and ends.
 */
#include "pattern.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *library;

static void *find(const char *name)
{
    void *p = dlsym(library, name);
    if (!p) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return p;
}

#define GET(variable, name) \
    do { \
        void *p_ = find(name); \
        memcpy(&(variable), &p_, sizeof p_); \
    } while (0)

static const char *const all[] = {
    "shmring_new", "shmring_free", "shmring_attach", "shmring_detach", "shmring_prefault", "shmring_progress",
    "shmring_alive", "shmring_state", "shmring_lanes", "shmring_lane_info", "shmring_next", "shmring_lost",
    "shmring_room", "shmring_wait_room", "shmring_begin", "shmring_restamp", "shmring_time_estimated", "shmring_reserve",
    "shmring_push", "shmring_over_range", "shmring_gap", "shmring_mark", "shmring_trigger", "shmring_trigger_within",
    "shmring_param", "shmring_commit", "shmring_deliver", "shmring_finish", "shmring_strerror",
};

int main(int argc, char **argv)
{
    library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (!library) {
        fprintf(stderr, "%s\n", argc == 2 ? dlerror() : "one argument");
        return 1;
    }
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        (void)find(all[i]);
    void *(*new_ring)(void);
    void (*free_ring)(void *);
    int (*attach)(void *, int), (*begin)(void *, int64_t), (*commit)(void *), (*finish)(void *, uint32_t, uint32_t);
    int (*push)(void *, uint32_t, const void *, uint32_t);
    void *(*reserve)(void *, uint32_t, uint32_t);
    GET(new_ring, "shmring_new");
    GET(free_ring, "shmring_free");
    GET(attach, "shmring_attach");
    GET(begin, "shmring_begin");
    GET(push, "shmring_push");
    GET(reserve, "shmring_reserve");
    GET(commit, "shmring_commit");
    GET(finish, "shmring_finish");
    void *ring = new_ring();
    int failed = !ring || attach(ring, 3) != 0;
    for (uint64_t first = 0; !failed && first < 1000; first += 100) {
        int16_t samples[100];
        failed |= begin(ring, INT64_MIN) != 0;
        fill_pattern(samples, 0, first, 100);
        failed |= push(ring, 0, samples, 100) != 0;
        int16_t *lent = (int16_t *)reserve(ring, 1, 100);
        if (lent)
            fill_pattern(lent, 1, first, 100);
        failed |= !lent || push(ring, 1, lent, 100) != 0;
        failed |= commit(ring) != 0;
    }
    failed |= finish(ring, 0, 0) != 0;
    free_ring(ring);
    free_ring(NULL);
    return failed;
}
