/*
 * wake COUNT
 *
 * What a futex needs: one process sleeps on a word in shared memory, another one stamps the time and wakes it, about a
 * millisecond apart. They run on cores of their own where there are two. Prints quantiles of the time from the stamp to the sleeper, in nanoseconds.
 */
#include "yardstick.h"
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

struct control {
    _Atomic uint32_t bell;
    _Alignas(128) _Atomic int64_t stamp;
    _Alignas(128) int64_t p50, p99;
};

/* Keeps the calling process on one of the cores that it may use, by number, if there are as many. */
static void pin(int number)
{
    cpu_set_t may, one;
    if (sched_getaffinity(0, sizeof may, &may))
        die("affinity");
    if (CPU_COUNT(&may) < 2)
        return;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &may) && number-- == 0) {
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            if (sched_setaffinity(0, sizeof one, &one))
                die("affinity");
            return;
        }
}

static void sleeper(struct control *c, uint32_t count)
{
    int64_t *times = malloc(count * sizeof *times);
    if (!times)
        die("memory");
    for (uint32_t i = 0; i < count; i++) {
        while (atomic_load(&c->bell) == i)
            syscall(SYS_futex, &c->bell, FUTEX_WAIT, i, NULL, NULL, 0);
        times[i] = clock_ns(CLOCK_MONOTONIC) - atomic_load(&c->stamp);
    }
    sort_times(times, count);
    c->p50 = quantile(times, count, 0.5);
    c->p99 = quantile(times, count, 0.99);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    const uint32_t count = (uint32_t)strtoul(argv[1], 0, 0);
    struct control *c = mmap(0, sizeof *c, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!count || c == MAP_FAILED)
        die("start");
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        pin(1);
        sleeper(c, count);
        _exit(0);
    }
    pin(0);
    for (uint32_t i = 0; i < count; i++) {
        sleep_ns(1000000); /* the pace, and time for the other side to fall asleep */
        atomic_store(&c->stamp, clock_ns(CLOCK_MONOTONIC));
        atomic_store(&c->bell, i + 1);
        syscall(SYS_futex, &c->bell, FUTEX_WAKE, 1, NULL, NULL, 0);
    }
    int status;
    if (waitpid(child, &status, 0) != child || status)
        die("sleeper");
    printf("{\"p50_ns\": %lld, \"p99_ns\": %lld}\n", (long long)c->p50, (long long)c->p99);
    return 0;
}
