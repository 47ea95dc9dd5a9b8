/* yardstick.h - what the yardsticks share: clocks, processor time, the samples that are copied. */
#ifndef YARDSTICK_H
#define YARDSTICK_H

#define _GNU_SOURCE 1
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SOURCE_BYTES = 256 * 1024 }; /* samples to copy; they stay in the writer's cache */

static inline void die(const char *what)
{
    perror(what);
    exit(1);
}

static inline int64_t clock_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline double seconds(void) { return (double)clock_ns(CLOCK_MONOTONIC) * 1e-9; }
static inline double cpu_seconds(void) { return (double)clock_ns(CLOCK_PROCESS_CPUTIME_ID) * 1e-9; }

static inline void sleep_ns(long ns)
{
    struct timespec t = {0, ns};
    nanosleep(&t, 0);
}

static inline char *make_source(void)
{
    char *p = aligned_alloc(4096, SOURCE_BYTES);
    if (!p)
        die("memory");
    for (int i = 0; i < SOURCE_BYTES; i++)
        p[i] = (char)i;
    return p;
}

static int compare_times(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The time below or at which a share of n sorted times lies. */
static inline int64_t quantile(const int64_t *sorted, size_t n, double share)
{
    size_t i = (size_t)(share * (double)n);
    return sorted[i < n ? i : n - 1];
}

static inline void sort_times(int64_t *t, size_t n) { qsort(t, n, sizeof *t, compare_times); }

#endif
