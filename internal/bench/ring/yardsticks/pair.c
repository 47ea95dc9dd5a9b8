/*
 * pair RING_BYTES BATCH_BYTES TOTAL_BYTES
 *
 * What the memory can do: one process copies batches into shared memory, another one reads every byte behind it.
 * Nothing but a cursor passes between them: the writer never waits for the reader, so this is no ring. Prints seconds
 * until both are through, and the processor time of both.
 */
#include "yardstick.h"
#include <sys/mman.h>
#include <sys/wait.h>

typedef uint64_t words __attribute__((vector_size(32)));

#if defined(__x86_64__) && defined(__GLIBC__)
__attribute__((target_clones("avx2", "default")))
#endif
static uint64_t sum(const char *p, size_t n)
{
    const words *q = (const words *)p;
    words a = {0}, b = {0}, c = {0}, d = {0};
    for (size_t i = 0; i < n / 128; i++, q += 4) {
        a += q[0];
        b += q[1];
        c += q[2];
        d += q[3];
    }
    a += b + c + d;
    return a[0] + a[1] + a[2] + a[3];
}

static void pause_briefly(unsigned *spins)
{
    if (++*spins % 4096 == 0)
        sched_yield(); /* another process may have our core */
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

struct control {
    _Alignas(128) _Atomic uint64_t written;
    _Alignas(128) _Atomic int ready, go;
    _Alignas(128) double reader_cpu;
    uint64_t sum;
};

static void reader(const char *ring, struct control *c, size_t size, size_t batch, uint64_t total)
{
    uint64_t s = 0, seen = 0;
    unsigned spins = 0;
    s += sum(ring, size); /* its page tables are filled from here on */
    s = 0;
    atomic_store(&c->ready, 1);
    while (!atomic_load(&c->go))
        pause_briefly(&spins);
    double before = cpu_seconds();
    for (uint64_t at = 0; at < total; at += batch) {
        while (seen < at + batch) {
            seen = atomic_load_explicit(&c->written, memory_order_acquire);
            if (seen < at + batch)
                pause_briefly(&spins);
        }
        s += sum(ring + at % size, batch);
    }
    c->reader_cpu = cpu_seconds() - before;
    c->sum = s;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const size_t size = strtoull(argv[1], 0, 0), batch = strtoull(argv[2], 0, 0);
    const uint64_t total = strtoull(argv[3], 0, 0) / batch * batch;
    if (!size || !batch || size % batch || batch % 128 || batch > SOURCE_BYTES || SOURCE_BYTES % batch)
        return 2;
    int fd = memfd_create("pair", 0);
    if (fd < 0 || ftruncate(fd, (off_t)size))
        die("memfd");
    char *ring = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    struct control *c = mmap(0, sizeof *c, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (ring == MAP_FAILED || c == MAP_FAILED)
        die("mmap");
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        reader(ring, c, size, batch, total);
        _exit(0);
    }
    const char *source = make_source();
    unsigned spins = 0;
    while (!atomic_load(&c->ready))
        pause_briefly(&spins);
    double cpu = cpu_seconds(), begin = seconds();
    atomic_store(&c->go, 1);
    for (uint64_t at = 0; at < total; at += batch) {
        memcpy(ring + at % size, source + at % SOURCE_BYTES, batch);
        atomic_store_explicit(&c->written, at + batch, memory_order_release);
    }
    cpu = cpu_seconds() - cpu;
    int status;
    if (waitpid(child, &status, 0) != child || status)
        die("reader");
    double wall = seconds() - begin;
    printf("{\"seconds\": %.9f, \"cpu_s\": %.9f, \"sum\": %llu}\n", wall, cpu + c->reader_cpu, (unsigned long long)c->sum);
    return 0;
}
