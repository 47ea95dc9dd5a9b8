/*
 * delivery.c - how long an emulated 6000A library takes to hand captured blocks over: captures, fetches all samples and throws them away,
 * prints a JSON line. It records nothing, and checks no more than that the library does what it is asked for.
 *
 *     delivery LIBRARY CHANNELS TIMEBASE SAMPLES CAPTURES CHUNK
 *
 * CHUNK is the most samples of a channel in one call. With more than one capture all segments that fit into a chunk are fetched by one
 * bulk call.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BITS_8 = 0, DC = 1, RANGE_5V = 8, INT16 = 1, CLEAR_ALL = 1, ADD = 2, MOST_CHANNELS = 8 };
static const uint32_t RAW = 0x80000000u;

static struct {
    uint32_t (*open)(int16_t *, int8_t *, uint32_t);
    uint32_t (*channel)(int16_t, uint32_t, uint32_t, uint32_t, double, uint32_t);
    uint32_t (*off)(int16_t, uint32_t);
    uint32_t (*segments)(int16_t, uint64_t, uint64_t *);
    uint32_t (*captures)(int16_t, uint64_t);
    uint32_t (*run)(int16_t, uint64_t, uint64_t, uint32_t, double *, uint64_t, void *, void *);
    uint32_t (*ready)(int16_t, int16_t *);
    uint32_t (*buffer)(int16_t, uint32_t, void *, int32_t, uint32_t, uint64_t, uint32_t, uint32_t);
    uint32_t (*values)(int16_t, uint64_t, uint64_t *, uint64_t, uint32_t, uint64_t, int16_t *);
    uint32_t (*bulk)(int16_t, uint64_t, uint64_t *, uint64_t, uint64_t, uint64_t, uint32_t, int16_t *);
    uint32_t (*close)(int16_t);
} ps;

static void *symbol(void *library, const char *name)
{
    void *p = dlsym(library, name);
    if (!p) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return p;
}

static void load(const char *path)
{
    void *l = dlopen(path, RTLD_NOW);
    if (!l) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    *(void **)&ps.open = symbol(l, "ps6000aOpenUnit");
    *(void **)&ps.channel = symbol(l, "ps6000aSetChannelOn");
    *(void **)&ps.off = symbol(l, "ps6000aSetChannelOff");
    *(void **)&ps.segments = symbol(l, "ps6000aMemorySegments");
    *(void **)&ps.captures = symbol(l, "ps6000aSetNoOfCaptures");
    *(void **)&ps.run = symbol(l, "ps6000aRunBlock");
    *(void **)&ps.ready = symbol(l, "ps6000aIsReady");
    *(void **)&ps.buffer = symbol(l, "ps6000aSetDataBuffer");
    *(void **)&ps.values = symbol(l, "ps6000aGetValues");
    *(void **)&ps.bulk = symbol(l, "ps6000aGetValuesBulk");
    *(void **)&ps.close = symbol(l, "ps6000aCloseUnit");
}

static void check(uint32_t status, const char *what)
{
    if (status) {
        fprintf(stderr, "%s: status 0x%x\n", what, status);
        exit(1);
    }
}

static double clock_of(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Memory of a channel for a segment: the same for all, as nobody reads it. */
static void give(int16_t unit, const uint32_t *channels, uint32_t n, int16_t *memory, uint64_t samples, uint64_t from, uint64_t to)
{
    check(ps.buffer(unit, channels[0], NULL, 0, INT16, 0, RAW, CLEAR_ALL), "clear");
    for (uint64_t s = from; s <= to; s++)
        for (uint32_t c = 0; c < n; c++)
            check(ps.buffer(unit, channels[c], memory + c * samples, (int32_t)samples, INT16, s, RAW, ADD), "buffer");
}

int main(int argc, char **argv)
{
    static const uint32_t order[MOST_CHANNELS] = {0, 4, 2, 6, 1, 5, 3, 7}; /* of different banks first */
    if (argc != 7) {
        fprintf(stderr, "usage: delivery LIBRARY CHANNELS TIMEBASE SAMPLES CAPTURES CHUNK\n");
        return 2;
    }
    uint32_t channels = (uint32_t)atoi(argv[2]), timebase = (uint32_t)atoi(argv[3]);
    uint64_t samples = strtoull(argv[4], NULL, 10), captures = strtoull(argv[5], NULL, 10), chunk = strtoull(argv[6], NULL, 10), room;
    int16_t unit, is = 0;
    double ms, cpu, began;
    load(argv[1]);
    check(ps.open(&unit, NULL, BITS_8), "open");
    for (uint32_t c = 0; c < MOST_CHANNELS; c++)
        check(c < channels ? ps.channel(unit, order[c], DC, RANGE_5V, 0, 0) : ps.off(unit, order[c]), "channel");
    check(ps.segments(unit, captures, &room), "segments");
    check(ps.captures(unit, captures), "captures");
    check(ps.run(unit, 0, samples, timebase, &ms, 0, NULL, NULL), "run");
    while (!is)
        check(ps.ready(unit, &is), "ready");
    int16_t *memory = malloc(channels * chunk * sizeof *memory), *over = calloc(captures, sizeof *over);
    if (!memory || !over)
        return 1;
    for (uint64_t i = 0; i < channels * chunk; i += 2048)
        memory[i] = 1; /* in place */
    cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    began = clock_of(CLOCK_MONOTONIC);
    if (captures == 1) {
        for (uint64_t at = 0; at < samples; at += chunk) {
            uint64_t n = samples - at < chunk ? samples - at : chunk;
            give(unit, order, channels, memory, n, 0, 0);
            check(ps.values(unit, at, &n, 1, RAW, 0, over), "values");
        }
    } else {
        uint64_t each = chunk / samples ? chunk / samples : 1;
        for (uint64_t s = 0; s < captures; s += each) {
            uint64_t to = s + each < captures ? s + each - 1 : captures - 1, n = samples;
            give(unit, order, channels, memory, samples, s, to);
            check(ps.bulk(unit, 0, &n, s, to, 1, RAW, over), "bulk");
        }
    }
    printf("{\"wall_s\": %.6f, \"cpu_s\": %.6f}\n", clock_of(CLOCK_MONOTONIC) - began, clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    check(ps.close(unit), "close");
    free(memory);
    free(over);
    return 0;
}
