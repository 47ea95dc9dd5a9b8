/*
 * emulation.c - what an emulated 5000A library costs by itself: streams for a time, throws all samples away and prints a JSON line. It records
 * nothing, and checks no more than that the library does what it is asked for.
 *
 *     emulation LIBRARY CHANNELS INTERVAL_PS SECONDS BUFFER_SAMPLES REST_US AGAIN
 *
 * It rests for REST_US between polls, but not after one that reached the end of the buffer; with AGAIN = 1 not after any that brought
 * something with the rest before it.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BITS_14 = 2, DC = 1, RANGE_5V = 8, PICOSECONDS = 1, RAW = 0 };

typedef void (*ready_fn)(int16_t, int32_t, uint32_t, int16_t, uint32_t, int16_t, int16_t, void *);

static struct {
    uint32_t (*open)(int16_t *, int8_t *, uint32_t);
    uint32_t (*channel)(int16_t, uint32_t, int16_t, uint32_t, uint32_t, float);
    uint32_t (*buffer)(int16_t, uint32_t, int16_t *, int32_t, uint32_t, uint32_t);
    uint32_t (*run)(int16_t, uint32_t *, uint32_t, uint32_t, uint32_t, int16_t, uint32_t, uint32_t, uint32_t);
    uint32_t (*latest)(int16_t, ready_fn, void *);
    uint32_t (*stop)(int16_t);
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
    void *library = dlopen(path, RTLD_NOW);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    *(void **)&ps.open = symbol(library, "ps5000aOpenUnit");
    *(void **)&ps.channel = symbol(library, "ps5000aSetChannel");
    *(void **)&ps.buffer = symbol(library, "ps5000aSetDataBuffer");
    *(void **)&ps.run = symbol(library, "ps5000aRunStreaming");
    *(void **)&ps.latest = symbol(library, "ps5000aGetStreamingLatestValues");
    *(void **)&ps.stop = symbol(library, "ps5000aStop");
    *(void **)&ps.close = symbol(library, "ps5000aCloseUnit");
}

static void check(const char *what, uint32_t status)
{
    if (status) {
        fprintf(stderr, "%s: status 0x%x\n", what, status);
        exit(1);
    }
}

struct got {
    uint64_t samples;
    uint32_t end; /* of the last piece */
    int now;      /* in this poll */
};

static void ready(int16_t handle, int32_t n, uint32_t start, int16_t over, uint32_t at, int16_t triggered, int16_t stop, void *context)
{
    struct got *g = context;
    (void)handle, (void)over, (void)at, (void)triggered, (void)stop;
    g->samples += (uint64_t)n;
    g->end = start + (uint32_t)n;
    g->now = n > 0;
}

static double seconds(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t poll_for(int16_t handle, double length, uint32_t buffer, long rest_us, int again)
{
    const struct timespec rest = {rest_us / 1000000, rest_us % 1000000 * 1000};
    struct got g = {0, 0, 0};
    int repeated = 0;
    for (const double end = seconds(CLOCK_MONOTONIC) + length; seconds(CLOCK_MONOTONIC) < end;) {
        g.now = 0;
        check("GetStreamingLatestValues", ps.latest(handle, ready, &g));
        if (g.now && g.end == buffer)
            continue;
        if (g.now && again && !repeated) {
            repeated = 1;
            continue;
        }
        repeated = 0;
        nanosleep(&rest, NULL);
    }
    return g.samples;
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fprintf(stderr, "usage: emulation LIBRARY CHANNELS INTERVAL_PS SECONDS BUFFER_SAMPLES REST_US AGAIN\n");
        return 2;
    }
    const uint32_t channels = (uint32_t)atoi(argv[2]), buffer = (uint32_t)atol(argv[5]);
    uint32_t interval = (uint32_t)atol(argv[3]);
    int16_t handle = 0;
    load(argv[1]);
    check("OpenUnit", ps.open(&handle, NULL, BITS_14));
    for (uint32_t c = 0; c < 4; c++)
        check("SetChannel", ps.channel(handle, c, c < channels, DC, RANGE_5V, 0));
    for (uint32_t c = 0; c < channels; c++) {
        int16_t *samples = calloc(buffer, sizeof *samples);
        if (!samples)
            return 1;
        check("SetDataBuffer", ps.buffer(handle, c, samples, (int32_t)buffer, 0, RAW));
    }
    check("RunStreaming", ps.run(handle, &interval, PICOSECONDS, 0, 1000000, 0, 1, RAW, buffer));
    const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    const uint64_t samples = poll_for(handle, atof(argv[4]), buffer, atol(argv[6]), atoi(argv[7]));
    printf("{\"samples\": %llu, \"cpu_s\": %.6f, \"wall_s\": %.6f, \"interval_ps\": %u}\n", (unsigned long long)samples,
           seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, seconds(CLOCK_MONOTONIC) - wall, interval);
    check("Stop", ps.stop(handle));
    check("CloseUnit", ps.close(handle));
    return 0;
}
