/*
 * shmring.h - producer side of the shared-memory sample ring, in one header.
 *
 * C11 or C++17, GCC or Clang, Linux (64-bit, little endian). It contains no allocation, no lock
 * and no variable of its own: all state is in a `shmring` that the caller provides. The layout and
 * the protocol are specified in docs/format/ring.md; this file is one implementation of its
 * producer half. It is not a consumer and not an observer.
 *
 * Use, streaming (never blocks; a batch without room is dropped, counted and reported as a gap):
 *
 *     static shmring ring;
 *     if (shmring_attach(&ring, fd) != SHMRING_OK) ...
 *     in the vendor's callback:
 *         shmring_begin(&ring, SHMRING_NOW);
 *         shmring_push(&ring, 0, channel_a, n);
 *         shmring_push(&ring, 1, channel_b, n);
 *         shmring_commit(&ring);
 *     on a poll that brought nothing:   shmring_progress(&ring);
 *     on a timer, from any thread:      shmring_alive(&ring);
 *     at the end:                       shmring_finish(&ring, 0, 0); shmring_detach(&ring);
 *
 * Use, block capture (waits for room, never drops; the data are still in the instrument):
 *
 *     while ((rc = shmring_wait_room(&ring, samples, 1000)) == SHMRING_ETIMEDOUT) ...;
 *     void *p = shmring_reserve(&ring, 0, n);        the vendor library writes to p
 *     shmring_begin(&ring, SHMRING_NOW);
 *     shmring_push(&ring, 0, p, n_valid);            p as reserved: nothing is copied
 *     shmring_commit(&ring);
 *
 * Threads: one thread produces. shmring_alive and shmring_state may be called from any thread, all
 * else from that one only; without NDEBUG a second caller gets SHMRING_EBUSY.
 * Include this file before any system header, or compile with -D_GNU_SOURCE.
 *
 * Deliveries that come closer together than 1 ms are better joined: leave the batch open, push
 * appends to it, and commit with a later one. Each batch takes a descriptor a lane.
 */
#ifndef SHMRING_H
#define SHMRING_H

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1
#endif
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__linux__)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#endif

#if !defined(__GNUC__)
#error "shmring.h needs the __atomic builtins of GCC or Clang"
#endif
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "shmring.h needs a little-endian machine"
#endif
#if defined(__linux__) && defined(__GLIBC__) && !defined(__USE_MISC)
#error "include shmring.h before system headers, or compile with -D_GNU_SOURCE"
#endif

/* SHMRING_API marks the public functions; a shared library redefines it before including this. */
#ifndef SHMRING_API
#define SHMRING_API static inline
#endif
#define SHMRING_FN static inline
#ifdef __cplusplus
#define SHMRING_STATIC_ASSERT(cond, text) static_assert(cond, text)
#else
#define SHMRING_STATIC_ASSERT(cond, text) _Static_assert(cond, text)
#endif

/* ---- Constants of the format -------------------------------------------------------------- */

#define SHMRING_MAGIC "SHMRING1"
#define SHMRING_ABI_MAJOR 1
#define SHMRING_BYTE_ORDER 0x01020304u
#define SHMRING_HEADER_BYTES 4096u
#define SHMRING_GRANULE 65536u       /* unit of lane offsets and capacities; header + lane table */
#define SHMRING_LANE_TABLE 0x1000u
#define SHMRING_MAX_LANES 64u
#define SHMRING_MAX_DESCS 262144u
#define SHMRING_LANE_ALL 0xffffu     /* lane of a descriptor that concerns all lanes */
#define SHMRING_UNKNOWN UINT64_MAX   /* gap length that the library does not tell */
#define SHMRING_NOW INT64_MIN        /* begin: take the time stamp here */
#define SHMRING_COPY_PIECE 262144u   /* larger copies bypass the cache */

enum { SHMRING_CORE_INIT, SHMRING_CORE_READY, SHMRING_CORE_DRAINING, SHMRING_CORE_CLOSED,
       SHMRING_CORE_FAULT };
enum { SHMRING_PROD_NONE, SHMRING_PROD_ATTACHED, SHMRING_PROD_RUNNING, SHMRING_PROD_FINISHED,
       SHMRING_PROD_FAILED };
enum { SHMRING_DATA = 1, SHMRING_GAP, SHMRING_TRIGGER, SHMRING_PARAM, SHMRING_WAVE_BEGIN,
       SHMRING_WAVE_END, SHMRING_ERROR, SHMRING_EOS };
enum { SHMRING_BATCH_END = 1, SHMRING_URGENT = 2, SHMRING_CLIPPED = 4, SHMRING_TIME_ESTIMATED = 8 };
enum { SHMRING_RING_FULL = 1, SHMRING_DISK, SHMRING_CORE, SHMRING_DRIVER, SHMRING_INFERRED,
       SHMRING_USB, SHMRING_POWER, SHMRING_RESTART, SHMRING_REBOOT, SHMRING_CAUSE_UNKNOWN };
enum { SHMRING_SCALE = 1, SHMRING_OFFSET = 2, SHMRING_DEAD_TIME = 3 };

/* Results. Zero and above: the call did its work. Below zero: it did not. */
enum {
    SHMRING_OK = 0,
    SHMRING_DROPPED = 1,    /* no room: the batch is lost, counted, and a gap will say so */
    SHMRING_EINVAL = -1,    /* an argument out of its range */
    SHMRING_ESYS = -2,      /* a system call failed: see errno */
    SHMRING_EFORMAT = -3,   /* not a ring, or not one of this version */
    SHMRING_ESEALS = -4,    /* the memory could be truncated under us: seals are missing */
    SHMRING_ENOTREADY = -5, /* the core has not released the ring, or has closed it */
    SHMRING_ETAKEN = -6,    /* another producer has or had this ring */
    SHMRING_ETOOBIG = -7,   /* more than a quarter of the lane: split it (shmring_deliver does) */
    SHMRING_EORDER = -8,    /* call out of order: see the function */
    SHMRING_EMANY = -9,     /* too many marks wait for room */
    SHMRING_ETIMEDOUT = -10,
    SHMRING_ESTOPPED = -11, /* the core drains, closed or failed the ring: finish */
    SHMRING_EBUSY = -12,    /* a second thread is inside (builds without NDEBUG) */
    SHMRING_ENOROOM = -13,  /* no room within a capture: nothing was taken, wait for room */
    SHMRING_ENOTSUP = -14   /* shared-memory rings are not supported on this system yet */
};

/* ---- Layout ------------------------------------------------------------------------------- */
/* "a" in a comment: accessed with atomics of its size only. Reserved bytes are zero. */

typedef struct shmring_header {
    /* written by the core before READY */
    char magic[8];
    uint16_t abi_major, abi_minor;
    uint32_t byte_order;
    uint32_t header_bytes, granule;
    uint64_t ring_bytes;
    uint64_t generation;
    uint8_t run_id[16];
    uint64_t created_mono_ns, created_real_ns;
    uint32_t clock_id, creator_pid;
    uint64_t creator_start;
    uint32_t lane_count, lane_table_off, lane_stride, desc_stride;
    uint64_t desc_off;
    uint32_t desc_count, features;
    uint32_t crc32c; /* of 0..0x77 */
    uint8_t reserved_07c[4];
    /* core */
    uint32_t core_state; /* a */
    uint32_t close_reason; /* a */
    uint64_t core_state_ns; /* a */
    uint8_t reserved_090[0x70];
    /* producer */
    uint64_t d_write; /* a: the commit cursor */
    uint64_t d_intent; /* a */
    uint32_t doorbell; /* a: futex */
    uint32_t prod_flags; /* a */
    uint64_t progress_ns; /* a */
    uint64_t prod_alive_ns; /* a */
    uint64_t lost_batches; /* a */
    uint64_t zero_130;
    uint32_t prod_pid; /* a */
    uint8_t reserved_13c[4];
    uint64_t prod_start; /* a */
    uint64_t max_fill; /* a: highest fill of any lane, millionths of its capacity */
    uint32_t producer_state; /* a */
    uint32_t fail_status; /* a */
    uint8_t reserved_158[0x28];
    /* recorder */
    uint64_t d_read; /* a */
    uint64_t core_alive_ns; /* a */
    uint32_t core_pid;
    uint32_t attach_epoch; /* a */
    uint64_t core_start;
    uint64_t d_durable; /* a */
    uint8_t reserved_1a8[0x58];
    uint32_t waiting; /* a: recorder; the producer clears it */
    uint32_t zero_204;
    uint64_t wake_at; /* a: bytes of all lanes since Start */
    uint8_t reserved_210[0x70];
    uint32_t room_bell; /* a: futex, recorder */
    uint32_t producer_waiting; /* a: the producer sets it */
    uint8_t reserved_288[0xd78];
} shmring_header;

typedef struct shmring_lane {
    /* written by the core before READY */
    uint32_t lane_id;
    uint16_t channel;
    uint8_t kind;        /* 0 raw, 1 min, 2 max, 3 decimate, 4 average, 5 sum */
    uint8_t sample_type; /* 1 i16, 2 i8, 3 u8, 4 i32, 5 f32 */
    uint64_t data_off, capacity;
    uint32_t sample_bytes, flags;
    uint64_t interval_num_fs;
    uint32_t interval_den, ratio;
    double scale, offset;
    uint64_t start_pos; /* bytes */
    char name[32];
    uint32_t crc32c; /* of 0..0x67 */
    uint8_t reserved_06c[0x14];
    /* producer */
    uint64_t w_intent; /* a: bytes */
    uint64_t w_pos; /* a: bytes */
    uint64_t lost; /* a: samples */
    uint8_t reserved_098[0x68];
    /* recorder */
    uint64_t r_pos; /* a: bytes */
    uint8_t reserved_108[0xf8];
} shmring_lane;

typedef struct shmring_desc {
    uint64_t seq;
    uint8_t type, flags;
    uint16_t lane;
    uint32_t count;
    uint64_t pos;          /* lane index */
    uint64_t first_sample; /* epoch index */
    int64_t t_mono_ns;
    uint64_t aux;
    uint32_t waveform, code, status;
    uint32_t crc32c; /* of 0..0x3b */
} shmring_desc;

/* SHMRING_FIELDS(X) calls X(struct, field, offset, size) for each field of the specification. */
#define SHMRING_FIELDS(X) \
    X(header, magic, 0x000, 8) X(header, abi_major, 0x008, 2) X(header, abi_minor, 0x00a, 2) \
    X(header, byte_order, 0x00c, 4) X(header, header_bytes, 0x010, 4) X(header, granule, 0x014, 4) \
    X(header, ring_bytes, 0x018, 8) X(header, generation, 0x020, 8) X(header, run_id, 0x028, 16) \
    X(header, created_mono_ns, 0x038, 8) X(header, created_real_ns, 0x040, 8) \
    X(header, clock_id, 0x048, 4) X(header, creator_pid, 0x04c, 4) X(header, creator_start, 0x050, 8) \
    X(header, lane_count, 0x058, 4) X(header, lane_table_off, 0x05c, 4) \
    X(header, lane_stride, 0x060, 4) X(header, desc_stride, 0x064, 4) X(header, desc_off, 0x068, 8) \
    X(header, desc_count, 0x070, 4) X(header, features, 0x074, 4) X(header, crc32c, 0x078, 4) \
    X(header, core_state, 0x080, 4) X(header, close_reason, 0x084, 4) \
    X(header, core_state_ns, 0x088, 8) X(header, d_write, 0x100, 8) X(header, d_intent, 0x108, 8) \
    X(header, doorbell, 0x110, 4) X(header, prod_flags, 0x114, 4) X(header, progress_ns, 0x118, 8) \
    X(header, prod_alive_ns, 0x120, 8) X(header, lost_batches, 0x128, 8) \
    X(header, zero_130, 0x130, 8) X(header, prod_pid, 0x138, 4) X(header, prod_start, 0x140, 8) \
    X(header, max_fill, 0x148, 8) X(header, producer_state, 0x150, 4) \
    X(header, fail_status, 0x154, 4) X(header, d_read, 0x180, 8) X(header, core_alive_ns, 0x188, 8) \
    X(header, core_pid, 0x190, 4) X(header, attach_epoch, 0x194, 4) X(header, core_start, 0x198, 8) \
    X(header, d_durable, 0x1a0, 8) X(header, waiting, 0x200, 4) X(header, zero_204, 0x204, 4) \
    X(header, wake_at, 0x208, 8) X(header, room_bell, 0x280, 4) X(header, producer_waiting, 0x284, 4) \
    X(lane, lane_id, 0x000, 4) X(lane, channel, 0x004, 2) X(lane, kind, 0x006, 1) \
    X(lane, sample_type, 0x007, 1) X(lane, data_off, 0x008, 8) X(lane, capacity, 0x010, 8) \
    X(lane, sample_bytes, 0x018, 4) X(lane, flags, 0x01c, 4) X(lane, interval_num_fs, 0x020, 8) \
    X(lane, interval_den, 0x028, 4) X(lane, ratio, 0x02c, 4) X(lane, scale, 0x030, 8) \
    X(lane, offset, 0x038, 8) X(lane, start_pos, 0x040, 8) X(lane, name, 0x048, 32) \
    X(lane, crc32c, 0x068, 4) X(lane, w_intent, 0x080, 8) X(lane, w_pos, 0x088, 8) \
    X(lane, lost, 0x090, 8) X(lane, r_pos, 0x100, 8) \
    X(desc, seq, 0x00, 8) X(desc, type, 0x08, 1) X(desc, flags, 0x09, 1) X(desc, lane, 0x0a, 2) \
    X(desc, count, 0x0c, 4) X(desc, pos, 0x10, 8) X(desc, first_sample, 0x18, 8) \
    X(desc, t_mono_ns, 0x20, 8) X(desc, aux, 0x28, 8) X(desc, waveform, 0x30, 4) \
    X(desc, code, 0x34, 4) X(desc, status, 0x38, 4) X(desc, crc32c, 0x3c, 4)

#define SHMRING_ASSERT_FIELD(s, f, off, size) \
    SHMRING_STATIC_ASSERT(offsetof(shmring_##s, f) == (off) && sizeof(((shmring_##s *)0)->f) == (size), \
                          "shmring_" #s "." #f " is not where the format has it");
SHMRING_FIELDS(SHMRING_ASSERT_FIELD)
SHMRING_STATIC_ASSERT(sizeof(shmring_header) == 4096, "size of the header");
SHMRING_STATIC_ASSERT(sizeof(shmring_lane) == 512, "size of a lane entry");
SHMRING_STATIC_ASSERT(sizeof(shmring_desc) == 64, "size of a descriptor");

/* ---- The producer's own state ------------------------------------------------------------- */

#define SHMRING_MAX_MARKS 6u /* waiting for room, beside PARAMs of lanes, ERROR at the end and EOS */

typedef struct shmring_gap_note {
    uint64_t count; /* SHMRING_UNKNOWN: not told, 0 in the arithmetic */
    uint32_t cause;
} shmring_gap_note;

typedef struct shmring_mark_note {
    uint64_t aux;
    uint64_t epoch_index; /* TRIGGER: the sample that aux counts from */
    uint32_t waveform, code, status;
    uint16_t lane;
    uint8_t type, flags;
} shmring_mark_note;

typedef struct shmring_lane_state {
    shmring_lane *shared;
    uint8_t *data; /* mapped twice back to back */
    uint64_t data_off, capacity;
    uint64_t interval_num_fs;
    uint32_t interval_den, ratio, sample_bytes;
    uint32_t batch;      /* samples of the open batch */
    uint32_t over_range; /* of the open batch */
    uint32_t gaps;       /* notes in gap[] */
    uint64_t w_pos, w_off, w_intent; /* bytes; w_off = w_pos mod capacity */
    uint64_t r_pos;      /* private copy, reloaded when it says "short" */
    uint64_t start_pos;
    uint64_t w_sample;   /* lane index of the next sample: w_pos without a division */
    uint64_t max_bytes;  /* highest fill so far */
    uint64_t expected;   /* epoch index after the last committed DATA and GAP */
    uint64_t next;       /* epoch index of the open batch's first sample */
    uint64_t resume;     /* samples below this epoch index are lost */
    uint64_t lost;
    shmring_gap_note gap[2];
    double param[2];     /* scale, offset waiting for the lane's next DATA */
    uint8_t param_set[2];
} shmring_lane_state;

/*
 * shmring is one producer. The caller provides the memory (about 15 KiB, any kind, zero or not)
 * and leaves its fields alone.
 */
typedef struct shmring {
    shmring_header *h; /* NULL when not attached */
    shmring_desc *desc;
    uint64_t desc_map_bytes;
    uint64_t desc_count, desc_off;
    uint64_t d_write, d_intent, d_read;
    uint64_t total;      /* bytes of all lanes committed since Start */
    uint64_t max_fill;
    uint64_t lost_batches;
    uint64_t urgent_ns;  /* when the recorder was last woken for an urgent batch */
    int64_t t_mono_ns;   /* of the open batch */
    uint32_t lanes;
    uint32_t marks;
    uint32_t busy;
    uint32_t waveform;   /* of the capture that DATA belongs to, see in_wave */
    uint8_t open, dropping, resuming, time_estimated, finished, crc_hw;
    uint8_t urgent_due;  /* a wake-up was put off by the limit of 100 a second */
    uint8_t lossless;    /* from the call for WAVE_BEGIN to the commit of WAVE_END: nothing is dropped */
    uint8_t in_wave;     /* between these two descriptors */
    shmring_mark_note mark[SHMRING_MAX_MARKS];
    shmring_lane_state lane[SHMRING_MAX_LANES];
    uint32_t crc_table[256];
} shmring;

/* ---- Atomics ------------------------------------------------------------------------------ */

#define SHMRING_LOAD(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define SHMRING_LOAD_ACQUIRE(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define SHMRING_STORE(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define SHMRING_STORE_RELEASE(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define SHMRING_STORE_SEQ_CST(p, v) __atomic_store_n((p), (v), __ATOMIC_SEQ_CST)
#define SHMRING_ADD_SEQ_CST(p, v) ((void)__atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST))

#ifdef SHMRING_TSAN
/* ThreadSanitizer does not model fences: there they become read-modify-writes of one word. */
static uint32_t shmring_tsan_word;
#define SHMRING_FENCE_STORES() ((void)__atomic_fetch_add(&shmring_tsan_word, 1u, __ATOMIC_ACQ_REL))
#define SHMRING_FENCE_FULL() ((void)__atomic_fetch_add(&shmring_tsan_word, 1u, __ATOMIC_ACQ_REL))
#else
#define SHMRING_FENCE_STORES() __atomic_thread_fence(__ATOMIC_RELEASE)
#define SHMRING_FENCE_FULL() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif

#ifndef NDEBUG
#define SHMRING_ENTER(r, result) \
    do { \
        if (__atomic_exchange_n(&(r)->busy, 1u, __ATOMIC_ACQUIRE) != 0) \
            return result; \
    } while (0)
#define SHMRING_LEAVE(r) __atomic_store_n(&(r)->busy, 0u, __ATOMIC_RELEASE)
#else
#define SHMRING_ENTER(r, result) ((void)0)
#define SHMRING_LEAVE(r) ((void)0)
#endif

/* ---- CRC-32C ------------------------------------------------------------------------------ */

SHMRING_FN void shmring_crc_init(uint32_t table[256])
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++)
            c = (c >> 1) ^ (0x82f63b78u & (0u - (c & 1u)));
        table[i] = c;
    }
}

SHMRING_FN uint32_t shmring_crc_soft(const uint32_t table[256], const void *data, size_t n)
{
    const uint8_t *p = (const uint8_t *)data;
    uint32_t c = 0xffffffffu;
    while (n--)
        c = (c >> 8) ^ table[(c ^ *p++) & 0xffu];
    return ~c;
}

#if defined(__x86_64__)
#define SHMRING_CRC_HW 1
#define SHMRING_CRC_U64(c, v) ((uint32_t)__builtin_ia32_crc32di((c), (v)))
#define SHMRING_CRC_U8(c, v) __builtin_ia32_crc32qi((c), (v))
__attribute__((target("sse4.2")))
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#define SHMRING_CRC_HW 1
#if defined(__clang__)
#define SHMRING_CRC_U64(c, v) __builtin_arm_crc32cd((c), (v))
#define SHMRING_CRC_U8(c, v) __builtin_arm_crc32cb((c), (v))
#else
#define SHMRING_CRC_U64(c, v) __builtin_aarch64_crc32cx((c), (v))
#define SHMRING_CRC_U8(c, v) __builtin_aarch64_crc32cb((c), (v))
#endif
#endif
#ifdef SHMRING_CRC_HW
SHMRING_FN uint32_t shmring_crc_hard(const void *data, size_t n)
{
    const uint8_t *p = (const uint8_t *)data;
    uint32_t c = 0xffffffffu;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t v;
        memcpy(&v, p, 8);
        c = SHMRING_CRC_U64(c, v);
    }
    while (n--)
        c = SHMRING_CRC_U8(c, *p++);
    return ~c;
}
#endif

SHMRING_FN uint8_t shmring_crc_has_hw(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("sse4.2") != 0;
#elif defined(SHMRING_CRC_HW)
    return 1;
#else
    return 0;
#endif
}

SHMRING_FN uint32_t shmring_crc(const shmring *r, const void *data, size_t n)
{
#ifdef SHMRING_CRC_HW
    if (r->crc_hw)
        return shmring_crc_hard(data, n);
#endif
    return shmring_crc_soft(r->crc_table, data, n);
}

/* By its bits, since compilers may be told that all numbers are finite. */
SHMRING_FN int shmring_finite(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, 8);
    return (bits >> 52 & 0x7ff) != 0x7ff;
}

/* ---- System: clock, futex, mappings, identity --------------------------------------------- */

#if defined(__linux__)

SHMRING_FN uint64_t shmring_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Shared futexes: no PRIVATE flag, the waiter is another process. 0 = FUTEX_WAIT, 1 = FUTEX_WAKE. */
SHMRING_FN void shmring_futex_wait(uint32_t *word, uint32_t value, uint64_t timeout_ns)
{
    struct timespec t;
    t.tv_sec = (time_t)(timeout_ns / 1000000000u);
    t.tv_nsec = (long)(timeout_ns % 1000000000u);
    (void)syscall(SYS_futex, word, 0, value, &t, (void *)0, 0);
}

SHMRING_FN void shmring_futex_wake(uint32_t *word)
{
    (void)syscall(SYS_futex, word, 1, INT32_MAX, (void *)0, (void *)0, 0);
}

SHMRING_FN int shmring_has_seals(int fd)
{
    const int want = 0x0001 | 0x0002 | 0x0004; /* F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW */
    int seals = fcntl(fd, 1034 /* F_GET_SEALS */);
    return seals >= 0 && (seals & want) == want;
}

SHMRING_FN void *shmring_map(int fd, uint64_t off, uint64_t bytes)
{
    void *p = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)off);
    return p == MAP_FAILED ? NULL : p;
}

SHMRING_FN uint8_t *shmring_map_twice(int fd, uint64_t off, uint64_t bytes)
{
    void *at = mmap(NULL, (size_t)(2 * bytes), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return NULL;
    for (int half = 0; half < 2; half++) {
        void *p = mmap((uint8_t *)at + (size_t)half * bytes, (size_t)bytes, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_FIXED, fd, (off_t)off);
        if (p == MAP_FAILED) {
            munmap(at, (size_t)(2 * bytes));
            return NULL;
        }
    }
    return (uint8_t *)at;
}

/* Start time of this process in clock ticks since boot: field 22 of /proc/self/stat, 0 if unknown. */
SHMRING_FN uint64_t shmring_process_start(void)
{
    char text[1024];
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0)
        return 0;
    text[n] = 0;
    const char *p = strrchr(text, ')'); /* field 2 may contain anything */
    for (int field = 2; p && field < 22; field++) {
        p = strchr(p, ' ');
        if (p)
            p++;
    }
    uint64_t v = 0;
    for (; p && *p >= '0' && *p <= '9'; p++)
        v = v * 10u + (uint64_t)(*p - '0');
    return v;
}

/* ---- Attach and detach -------------------------------------------------------------------- */

SHMRING_FN int shmring_inside(uint64_t off, uint64_t bytes, uint64_t ring_bytes)
{
    return off >= SHMRING_GRANULE && off % SHMRING_GRANULE == 0 && off < ring_bytes &&
           bytes > 0 && bytes <= ring_bytes - off;
}

SHMRING_FN int shmring_overlap(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
    return a < b + b_bytes && b < a + a_bytes;
}

/* The queue's bytes, rounded up to whole granules. */
SHMRING_FN uint64_t shmring_queue_bytes(uint64_t desc_count)
{
    return (desc_count * sizeof(shmring_desc) + SHMRING_GRANULE - 1) / SHMRING_GRANULE * SHMRING_GRANULE;
}

SHMRING_FN int shmring_check_header(const shmring *r, const shmring_header *h, uint64_t size)
{
    if (memcmp(h->magic, SHMRING_MAGIC, 8) != 0 || h->abi_major != SHMRING_ABI_MAJOR ||
        h->byte_order != SHMRING_BYTE_ORDER || h->header_bytes != SHMRING_HEADER_BYTES ||
        h->granule != SHMRING_GRANULE || h->crc32c != shmring_crc(r, h, 0x78))
        return SHMRING_EFORMAT;
    if (h->ring_bytes != size || h->clock_id != 1 || (h->features >> 16) != 0)
        return SHMRING_EFORMAT;
    if (h->lane_count < 1 || h->lane_count > SHMRING_MAX_LANES ||
        h->lane_table_off != SHMRING_LANE_TABLE || h->lane_stride != sizeof(shmring_lane) ||
        h->desc_stride != sizeof(shmring_desc))
        return SHMRING_EFORMAT;
    /* At least the largest batch (5 a lane + 8) beside the reserve of the last one (2 a lane + 8). */
    if ((h->desc_count & (h->desc_count - 1)) != 0 || h->desc_count < 7 * h->lane_count + 16 ||
        h->desc_count > SHMRING_MAX_DESCS ||
        !shmring_inside(h->desc_off, shmring_queue_bytes(h->desc_count), size))
        return SHMRING_EFORMAT;
    return SHMRING_OK;
}

/* Checks a private copy of lane i against the header's and the lanes before it. */
SHMRING_FN int shmring_check_lane(const shmring *r, const shmring_header *h, const shmring_lane *l, uint32_t i)
{
    static const uint8_t bytes[6] = {0, 2, 1, 1, 4, 4};
    if (l->crc32c != shmring_crc(r, l, 0x68) || l->lane_id != i || l->kind > 5 ||
        l->sample_type < 1 || l->sample_type > 5 || l->sample_bytes != bytes[l->sample_type] ||
        l->interval_num_fs == 0 || l->interval_den == 0 || l->ratio == 0 ||
        !shmring_finite(l->scale) || !shmring_finite(l->offset))
        return SHMRING_EFORMAT;
    for (size_t k = 1; k < sizeof l->name; k++) /* zeroes behind the name */
        if (l->name[k] && !l->name[k - 1])
            return SHMRING_EFORMAT;
    if (l->capacity % SHMRING_GRANULE != 0 || !shmring_inside(l->data_off, l->capacity, h->ring_bytes) ||
        shmring_overlap(l->data_off, l->capacity, h->desc_off, shmring_queue_bytes(h->desc_count)))
        return SHMRING_EFORMAT;
    for (uint32_t k = 0; k < i; k++)
        if (shmring_overlap(l->data_off, l->capacity, r->lane[k].data_off, r->lane[k].capacity))
            return SHMRING_EFORMAT;
    if (l->start_pos % l->sample_bytes != 0 || l->w_pos != l->start_pos || l->w_intent != l->start_pos ||
        l->r_pos != l->start_pos)
        return SHMRING_EFORMAT;
    return SHMRING_OK;
}

/* Unmaps all. The descriptor stays open, it is the caller's. Safe to call twice. */
SHMRING_API void shmring_detach(shmring *r)
{
    for (uint32_t i = 0; i < r->lanes; i++)
        if (r->lane[i].data)
            munmap(r->lane[i].data, (size_t)(2 * r->lane[i].capacity));
    if (r->desc)
        munmap(r->desc, (size_t)r->desc_map_bytes);
    if (r->h)
        munmap(r->h, SHMRING_GRANULE);
    r->lanes = 0;
    r->desc = NULL;
    r->h = NULL;
}

SHMRING_FN void shmring_take_lane(shmring_lane_state *s, const shmring_lane *l, shmring_lane *shared)
{
    s->shared = shared;
    s->data_off = l->data_off;
    s->capacity = l->capacity;
    s->sample_bytes = l->sample_bytes;
    s->ratio = l->ratio;
    s->interval_num_fs = l->interval_num_fs;
    s->interval_den = l->interval_den;
    s->start_pos = s->w_pos = s->w_intent = s->r_pos = l->start_pos;
    s->w_off = l->start_pos % l->capacity;
    s->w_sample = l->start_pos / l->sample_bytes;
}

/* Checks and takes over the tables, from one private copy of each. */
SHMRING_FN int shmring_read_tables(shmring *r, uint64_t size, uint32_t *lanes)
{
    shmring_header h;
    shmring_lane l;
    memcpy(&h, r->h, sizeof h);
    int rc = shmring_check_header(r, &h, size);
    if (rc == SHMRING_OK && (h.d_read != h.d_write || h.d_intent != h.d_write))
        rc = SHMRING_EFORMAT;
    shmring_lane *all = (shmring_lane *)(void *)((uint8_t *)r->h + SHMRING_LANE_TABLE);
    for (uint32_t i = 0; rc == SHMRING_OK && i < h.lane_count; i++) {
        memcpy(&l, &all[i], sizeof l);
        if ((rc = shmring_check_lane(r, &h, &l, i)) == SHMRING_OK)
            shmring_take_lane(&r->lane[i], &l, &all[i]);
    }
    r->desc_off = h.desc_off;
    r->desc_count = h.desc_count;
    r->d_write = r->d_intent = r->d_read = h.d_write;
    *lanes = h.lane_count;
    return rc;
}

SHMRING_FN int shmring_map_ring(shmring *r, int fd, uint64_t size)
{
    uint32_t lanes = 0;
    r->h = (shmring_header *)shmring_map(fd, 0, SHMRING_GRANULE);
    if (!r->h)
        return SHMRING_ESYS;
    int rc = shmring_read_tables(r, size, &lanes);
    if (rc != SHMRING_OK)
        return rc;
    r->desc_map_bytes = shmring_queue_bytes(r->desc_count);
    r->desc = (shmring_desc *)shmring_map(fd, r->desc_off, r->desc_map_bytes);
    if (!r->desc)
        return SHMRING_ESYS;
    for (; r->lanes < lanes; r->lanes++) {
        shmring_lane_state *s = &r->lane[r->lanes];
        s->data = shmring_map_twice(fd, s->data_off, s->capacity);
        if (!s->data)
            return SHMRING_ESYS;
    }
    return SHMRING_OK;
}

/*
 * Makes `bytes` bytes of the lane from byte `from` of its memory resident, so that the first lap
 * does not pay for page faults. May be called from another thread while the ring is attached; go
 * in pieces of some MiB, ahead of the writer. A kernel that cannot do it (before 5.14) is no error.
 */
SHMRING_API int shmring_prefault(const shmring *r, uint32_t lane, uint64_t from, uint64_t bytes)
{
    if (lane >= r->lanes || from > r->lane[lane].capacity || bytes > r->lane[lane].capacity - from)
        return SHMRING_EINVAL;
    if (from % 4096 != 0 || bytes == 0)
        return SHMRING_EINVAL;
    for (int half = 0; half < 2; half++) {
        uint8_t *p = r->lane[lane].data + (size_t)half * r->lane[lane].capacity + from;
        if (madvise(p, (size_t)bytes, 23 /* MADV_POPULATE_WRITE */) != 0 && errno != EINVAL)
            return SHMRING_ESYS;
    }
    return SHMRING_OK;
}

/*
 * Maps and checks the ring behind fd and takes it as its only producer. On any result but
 * SHMRING_OK nothing stays mapped. fd may be closed afterwards, but a plugin keeps it open, so
 * that a new core can find the ring. The first 64 MiB of the lanes are made resident: some 10 ms.
 */
SHMRING_API int shmring_attach(shmring *r, int fd)
{
    struct stat st;
    memset(r, 0, sizeof *r);
    shmring_crc_init(r->crc_table);
    r->crc_hw = shmring_crc_has_hw();
    if (fstat(fd, &st) != 0)
        return SHMRING_ESYS;
    if (st.st_size < (off_t)(2 * SHMRING_GRANULE))
        return SHMRING_EFORMAT;
    if (!shmring_has_seals(fd))
        return SHMRING_ESEALS;
    int rc = shmring_map_ring(r, fd, (uint64_t)st.st_size);
    if (rc == SHMRING_OK && SHMRING_LOAD_ACQUIRE(&r->h->core_state) != SHMRING_CORE_READY)
        rc = SHMRING_ENOTREADY;
    if (rc == SHMRING_OK) {
        uint32_t none = SHMRING_PROD_NONE;
        if (!__atomic_compare_exchange_n(&r->h->producer_state, &none, SHMRING_PROD_ATTACHED, 0,
                                         __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            rc = SHMRING_ETAKEN;
    }
    if (rc != SHMRING_OK) {
        shmring_detach(r);
        return rc;
    }
    for (uint32_t i = 0; i < r->lanes; i++) {
        const uint64_t part = (67108864u / r->lanes) & ~(uint64_t)4095;
        const uint64_t all = r->lane[i].capacity;
        (void)shmring_prefault(r, i, 0, part < all ? part : all); /* only speed depends on it */
    }
    SHMRING_STORE_RELEASE(&r->h->prod_pid, (uint32_t)getpid());
    SHMRING_STORE_RELEASE(&r->h->prod_start, shmring_process_start());
    SHMRING_STORE_RELEASE(&r->h->prod_alive_ns, shmring_now());
    SHMRING_STORE_RELEASE(&r->h->progress_ns, shmring_now());
    return SHMRING_OK;
}

#else /* not Linux */

SHMRING_FN uint64_t shmring_now(void) { return 0; }
SHMRING_FN void shmring_futex_wait(uint32_t *word, uint32_t value, uint64_t ns)
{ (void)word; (void)value; (void)ns; }
SHMRING_FN void shmring_futex_wake(uint32_t *word) { (void)word; }
SHMRING_API int shmring_attach(shmring *r, int fd)
{ (void)fd; memset(r, 0, sizeof *r); return SHMRING_ENOTSUP; }
SHMRING_API void shmring_detach(shmring *r) { (void)r; }
SHMRING_API int shmring_prefault(const shmring *r, uint32_t lane, uint64_t from, uint64_t bytes)
{ (void)r; (void)lane; (void)from; (void)bytes; return SHMRING_ENOTSUP; }

#endif

/* ---- Liveness and state ------------------------------------------------------------------- */

SHMRING_FN void shmring_ring_recorder(shmring *r)
{
    /* First the flag, then the bell: a late flag would wipe out the recorder's next waiting = 1. */
    SHMRING_STORE_SEQ_CST(&r->h->waiting, 0u);
    SHMRING_ADD_SEQ_CST(&r->h->doorbell, 1u);
    shmring_futex_wake(&r->h->doorbell);
}

/*
 * Wakes the recorder if it sleeps and enough waits for it. Urgent batches wake it as well, at most
 * 100 times a second; what is put off comes with a later call.
 */
SHMRING_FN void shmring_wake(shmring *r, int urgent, uint64_t now)
{
    SHMRING_FENCE_FULL();
    urgent |= r->urgent_due;
    r->urgent_due = 0;
    if (!SHMRING_LOAD(&r->h->waiting))
        return;
    if (r->total < SHMRING_LOAD(&r->h->wake_at)) {
        if (!urgent)
            return;
        if (now - r->urgent_ns < 10000000u) {
            r->urgent_due = 1;
            return;
        }
        r->urgent_ns = now;
    }
    shmring_ring_recorder(r);
}

/*
 * Says that the acquisition thread still runs. commit and wait_room do it by themselves; call it
 * on polls that brought nothing. Acquisition thread only.
 */
SHMRING_API void shmring_progress(shmring *r)
{
    if (!r->h)
        return;
    const uint64_t now = shmring_now();
    SHMRING_STORE_RELEASE(&r->h->progress_ns, now);
    if (r->urgent_due)
        shmring_wake(r, 0, now);
}

/* Says that the process still lives. Call it on a timer, about once a second, until detach; any thread. */
SHMRING_API void shmring_alive(shmring *r)
{
    if (r->h)
        SHMRING_STORE_RELEASE(&r->h->prod_alive_ns, shmring_now());
}

/*
 * The core's state, SHMRING_CORE_*; INIT when not attached. Once it is no longer READY: commit what
 * there is and finish. Any thread.
 */
SHMRING_API uint32_t shmring_state(const shmring *r)
{
    return r->h ? SHMRING_LOAD_ACQUIRE(&r->h->core_state) : (uint32_t)SHMRING_CORE_INIT;
}

/* Number of lanes, 0 when not attached. */
SHMRING_API uint32_t shmring_lanes(const shmring *r) { return r->lanes; }

/* The lane's entry in the ring (sample type, scale, name...), NULL if there is no such lane. */
SHMRING_API const shmring_lane *shmring_lane_info(const shmring *r, uint32_t lane)
{
    return lane < r->lanes ? r->lane[lane].shared : NULL;
}

/* Epoch index of the sample that the next push to this lane brings. */
SHMRING_API uint64_t shmring_next(const shmring *r, uint32_t lane)
{
    return lane < r->lanes ? r->lane[lane].next + r->lane[lane].batch : 0;
}

/* Samples of the lane lost so far, for whatever cause, as far as counted. */
SHMRING_API uint64_t shmring_lost(const shmring *r, uint32_t lane)
{
    return lane < r->lanes ? r->lane[lane].lost : 0;
}

/* ---- Room --------------------------------------------------------------------------------- */

SHMRING_FN uint64_t shmring_free_bytes(const shmring_lane_state *s)
{
    return s->capacity - (s->w_pos - s->r_pos);
}

SHMRING_FN uint64_t shmring_free_descs(const shmring *r)
{
    return r->desc_count - (r->d_write - r->d_read);
}

SHMRING_FN int shmring_lane_has(shmring_lane_state *s, uint64_t bytes)
{
    if (shmring_free_bytes(s) >= bytes)
        return 1;
    s->r_pos = SHMRING_LOAD_ACQUIRE(&s->shared->r_pos);
    return shmring_free_bytes(s) >= bytes;
}

SHMRING_FN int shmring_queue_has(shmring *r, uint64_t descs)
{
    if (shmring_free_descs(r) >= descs)
        return 1;
    r->d_read = SHMRING_LOAD_ACQUIRE(&r->h->d_read);
    return shmring_free_descs(r) >= descs;
}

/* What any batch but the last leaves free: two GAPs a lane, marks, ERROR and EOS. */
SHMRING_FN uint64_t shmring_reserved_descs(const shmring *r) { return 2 * (uint64_t)r->lanes + 8; }

/* Samples that the lane has room for now, those of the open batch not counted twice. */
SHMRING_API uint64_t shmring_room(shmring *r, uint32_t lane)
{
    if (lane >= r->lanes)
        return 0;
    shmring_lane_state *s = &r->lane[lane];
    s->r_pos = SHMRING_LOAD_ACQUIRE(&s->shared->r_pos);
    return shmring_free_bytes(s) / s->sample_bytes - s->batch;
}

SHMRING_FN int shmring_room_for(shmring *r, const uint32_t *samples)
{
    int enough = 1;
    for (uint32_t i = 0; i < r->lanes; i++) {
        shmring_lane_state *s = &r->lane[i];
        if (!shmring_lane_has(s, samples ? (uint64_t)samples[i] * s->sample_bytes : s->capacity / 4))
            enough = 0;
    }
    /* The largest batch that there is: marks may still come. */
    return shmring_queue_has(r, 5 * (uint64_t)r->lanes + 8 + shmring_reserved_descs(r)) && enough;
}

/*
 * Waits until there is room for a batch of samples[i] samples in each lane i (NULL: a quarter of
 * each lane) with all descriptors that it can have. For producers that may wait: block captures,
 * replays.
 * timeout_ms: at most so long, 0 = only look. Result SHMRING_OK, SHMRING_ETIMEDOUT,
 * SHMRING_ESTOPPED when the core no longer wants samples, SHMRING_ETOOBIG when that much never
 * fits. To be called before begin, and again until the orphan time of the caller's choice is over.
 */
SHMRING_API int shmring_wait_room(shmring *r, const uint32_t *samples, uint32_t timeout_ms)
{
    SHMRING_ENTER(r, SHMRING_EBUSY);
    const uint64_t end = shmring_now() + (uint64_t)timeout_ms * 1000000u;
    int rc = r->h ? SHMRING_OK : SHMRING_EORDER;
    for (uint32_t i = 0; samples && i < r->lanes; i++)
        if ((uint64_t)samples[i] * r->lane[i].sample_bytes > r->lane[i].capacity / 4)
            rc = SHMRING_ETOOBIG;
    while (rc == SHMRING_OK) {
        const uint32_t bell = __atomic_load_n(&r->h->room_bell, __ATOMIC_SEQ_CST);
        if (shmring_room_for(r, samples))
            break;
        const uint64_t now = shmring_now();
        if (shmring_state(r) != SHMRING_CORE_READY) {
            rc = SHMRING_ESTOPPED;
        } else if (now >= end) {
            rc = SHMRING_ETIMEDOUT;
        } else {
            SHMRING_STORE_SEQ_CST(&r->h->producer_waiting, 1u);
            SHMRING_FENCE_FULL();
            if (shmring_room_for(r, samples)) {
                SHMRING_STORE_SEQ_CST(&r->h->producer_waiting, 0u);
                break;
            }
            /* The recorder may sleep below its watermark with all that we wait for. */
            if (SHMRING_LOAD(&r->h->waiting))
                shmring_ring_recorder(r);
            shmring_futex_wait(&r->h->room_bell, bell, end - now < 100000000u ? end - now : 100000000u);
        }
        SHMRING_STORE_RELEASE(&r->h->progress_ns, shmring_now());
    }
    SHMRING_LEAVE(r);
    return rc;
}

/* ---- A batch: begin, reserve, push, gap, mark --------------------------------------------- */

/*
 * Opens a batch: what one callback of the vendor library delivers. t_mono_ns is CLOCK_MONOTONIC
 * at callback entry, SHMRING_NOW takes it here. A batch that is open already stays, with its
 * first stamp. SHMRING_EORDER after finish or without attach.
 */
SHMRING_API int shmring_begin(shmring *r, int64_t t_mono_ns)
{
    SHMRING_ENTER(r, SHMRING_EBUSY);
    int rc = SHMRING_EORDER;
    if (r->h && !r->finished) {
        if (SHMRING_LOAD(&r->h->producer_state) == SHMRING_PROD_ATTACHED)
            SHMRING_STORE_RELEASE(&r->h->producer_state, (uint32_t)SHMRING_PROD_RUNNING);
        if (!r->open)
            r->t_mono_ns = t_mono_ns == SHMRING_NOW ? (int64_t)shmring_now() : t_mono_ns;
        r->open = 1;
        rc = SHMRING_OK;
    }
    SHMRING_LEAVE(r);
    return rc;
}

/*
 * Moves the stamp of the open batch on, to when more samples for it came: a stamp is never from before
 * the last sample of its batch. Without an open batch, or to an earlier time, nothing happens.
 */
SHMRING_API void shmring_restamp(shmring *r, int64_t t_mono_ns)
{
    if (r->open && t_mono_ns > r->t_mono_ns)
        r->t_mono_ns = t_mono_ns;
}

/* Marks the open batch's time stamp as an estimate. */
SHMRING_API void shmring_time_estimated(shmring *r) { r->time_estimated = 1; }

SHMRING_FN uint8_t *shmring_write_ptr(const shmring_lane_state *s)
{
    uint64_t at = s->w_off + (uint64_t)s->batch * s->sample_bytes;
    return s->data + (at >= s->capacity ? at - s->capacity : at);
}

SHMRING_FN uint8_t *shmring_take_room(shmring_lane_state *s, uint64_t samples)
{
    const uint64_t end = (s->batch + samples) * s->sample_bytes;
    if (!shmring_lane_has(s, end))
        return NULL;
    if (s->w_pos + end > s->w_intent) { /* never lowered: observers rely on it */
        s->w_intent = s->w_pos + end;
        SHMRING_STORE(&s->shared->w_intent, s->w_intent);
    }
    SHMRING_FENCE_STORES();
    return shmring_write_ptr(s);
}

/*
 * Room for `samples` further samples in the lane, contiguous, for the vendor library to write to;
 * NULL if there is none. Nothing is delivered until push with this very pointer says how many are
 * valid; fewer is fine, and what lies behind them is never read. Valid until the next commit.
 * May be called before begin. Only for libraries that do not write once their call has returned.
 */
SHMRING_API void *shmring_reserve(shmring *r, uint32_t lane, uint32_t samples)
{
    SHMRING_ENTER(r, NULL);
    void *p = NULL;
    if (r->h && lane < r->lanes && !r->finished && !r->dropping)
        p = shmring_take_room(&r->lane[lane], samples);
    SHMRING_LEAVE(r);
    return p;
}

SHMRING_FN void shmring_copy(uint8_t *to, const uint8_t *from, uint64_t bytes)
{
    while (bytes > SHMRING_COPY_PIECE) {
        memmove(to, from, SHMRING_COPY_PIECE);
        to += SHMRING_COPY_PIECE;
        from += SHMRING_COPY_PIECE;
        bytes -= SHMRING_COPY_PIECE;
    }
    memmove(to, from, (size_t)bytes);
}

SHMRING_FN int shmring_push_(shmring *r, uint32_t lane, const void *samples, uint32_t count)
{
    if (!r->open)
        return SHMRING_EORDER;
    if (lane >= r->lanes || count > UINT32_MAX - r->lane[lane].batch)
        return SHMRING_EINVAL;
    if (!count)
        return SHMRING_OK;
    shmring_lane_state *s = &r->lane[lane];
    const uint64_t bytes = (uint64_t)count * s->sample_bytes;
    int rc = SHMRING_OK;
    if ((uint64_t)s->batch * s->sample_bytes + bytes > s->capacity / 4)
        rc = SHMRING_ETOOBIG;
    else if (!samples)
        rc = SHMRING_DROPPED;
    else if (!r->dropping) {
        uint8_t *to = shmring_take_room(s, count);
        if (!to)
            rc = SHMRING_DROPPED;
        else if (to != samples)
            shmring_copy(to, (const uint8_t *)samples, bytes);
    }
    if (rc != SHMRING_OK && r->lossless && !r->dropping)
        return rc == SHMRING_DROPPED ? samples ? SHMRING_ENOROOM : SHMRING_EINVAL : rc;
    if (rc != SHMRING_OK)
        r->dropping = 1;
    s->batch += count;
    return r->dropping && rc == SHMRING_OK ? SHMRING_DROPPED : rc;
}

/*
 * Adds `count` samples to the lane's part of the open batch: copied from `samples`, or left where
 * they are if `samples` is what reserve returned. Several pushes to one lane append.
 * SHMRING_DROPPED: no room; the whole batch will be dropped at commit and counted as lost.
 * SHMRING_ETOOBIG: the lane's part is more than a quarter of the lane; the batch will be dropped
 * and counted too. samples == NULL: so many samples came, but there is no place for them: the
 * same drop. In each of these cases go on pushing, so that all lanes are counted.
 * Within a capture (from WAVE_BEGIN to the commit of WAVE_END) nothing is dropped: then these are
 * SHMRING_ENOROOM, SHMRING_ETOOBIG and SHMRING_EINVAL, and the samples were not taken.
 */
SHMRING_API int shmring_push(shmring *r, uint32_t lane, const void *samples, uint32_t count)
{
    SHMRING_ENTER(r, SHMRING_EBUSY);
    int rc = shmring_push_(r, lane, samples, count);
    SHMRING_LEAVE(r);
    return rc;
}

/* Sets the vendor's over-range mask for the lane in the open batch; masks of several calls add up. */
SHMRING_API int shmring_over_range(shmring *r, uint32_t lane, uint32_t mask)
{
    if (!r->open)
        return SHMRING_EORDER;
    if (lane >= r->lanes)
        return SHMRING_EINVAL;
    r->lane[lane].over_range |= mask;
    return SHMRING_OK;
}

SHMRING_FN void shmring_gap_merge(shmring_gap_note *g, uint64_t count, uint32_t cause)
{
    if (g->count != SHMRING_UNKNOWN)
        g->count += count;
    if (g->cause != cause)
        g->cause = SHMRING_CAUSE_UNKNOWN;
}

/* Counts a loss at once and notes the GAP that will tell of it. */
SHMRING_FN void shmring_lose(shmring_lane_state *s, uint64_t count, uint32_t cause)
{
    const int told = count != SHMRING_UNKNOWN;
    if (told) {
        s->next += count;
        s->lost += count;
        SHMRING_STORE_RELEASE(&s->shared->lost, s->lost);
    }
    shmring_gap_note *last = s->gaps ? &s->gap[s->gaps - 1] : NULL;
    if (last && last->cause == cause && (last->count != SHMRING_UNKNOWN) == told) {
        shmring_gap_merge(last, count, cause);
    } else if (s->gaps < 2) {
        s->gap[s->gaps].count = count;
        s->gap[s->gaps].cause = cause;
        s->gaps++;
    } else { /* a third joins one of its sort: counted and uncounted losses never become one */
        shmring_gap_note *into = NULL;
        for (int i = 0; i < 2; i++)
            if ((s->gap[i].count != SHMRING_UNKNOWN) == told)
                into = &s->gap[i];
        if (!into) { /* two of the other sort: they become one */
            shmring_gap_merge(&s->gap[0], s->gap[1].count, s->gap[1].cause);
            s->gap[1].count = count;
            s->gap[1].cause = cause;
        } else {
            shmring_gap_merge(into, count, cause);
        }
    }
}

/*
 * Notes a loss that the vendor library reports: `count` samples of the lane (or of each lane, for
 * SHMRING_LANE_ALL) are missing before the next push, SHMRING_UNKNOWN if it does not tell how
 * many. cause: SHMRING_DRIVER, _USB, _POWER or _CAUSE_UNKNOWN; drops for want of room need no
 * call. SHMRING_EORDER when the lane has samples in the open batch already: commit first.
 */
SHMRING_API int shmring_gap(shmring *r, uint32_t lane, uint64_t count, uint32_t cause)
{
    const uint32_t from = lane == SHMRING_LANE_ALL ? 0 : lane;
    const uint32_t to = lane == SHMRING_LANE_ALL ? r->lanes : lane + 1;
    if (to > r->lanes || (cause != SHMRING_DRIVER && cause != SHMRING_USB && cause != SHMRING_POWER &&
                          cause != SHMRING_CAUSE_UNKNOWN))
        return SHMRING_EINVAL;
    for (uint32_t i = from; i < to; i++) { /* raw indexes stay below 2^63 */
        const uint64_t most = (uint64_t)INT64_MAX / r->lane[i].ratio;
        if (count != SHMRING_UNKNOWN && (count > most || r->lane[i].next > most - count))
            return SHMRING_EINVAL;
    }
    SHMRING_ENTER(r, SHMRING_EBUSY);
    int rc = r->finished ? SHMRING_EORDER : SHMRING_OK;
    for (uint32_t i = from; i < to; i++)
        if (r->lane[i].batch)
            rc = SHMRING_EORDER;
    for (uint32_t i = from; i < to && rc == SHMRING_OK && count > 0; i++)
        shmring_lose(&r->lane[i], count, cause);
    SHMRING_LEAVE(r);
    return rc;
}

SHMRING_FN int shmring_has_mark(const shmring *r, uint32_t type)
{
    for (uint32_t i = 0; i < r->marks; i++)
        if (r->mark[i].type == type)
            return 1;
    return 0;
}

SHMRING_FN int shmring_note_mark(shmring *r, const shmring_mark_note *m)
{
    const int ending = shmring_has_mark(r, SHMRING_WAVE_END);
    if (!r->h || r->finished || (m->type == SHMRING_WAVE_END && (!r->lossless || ending)))
        return SHMRING_EORDER;
    if (m->type == SHMRING_WAVE_BEGIN && r->lossless)
        return ending ? SHMRING_EMANY : SHMRING_EORDER;
    if (r->marks == SHMRING_MAX_MARKS)
        return SHMRING_EMANY;
    r->mark[r->marks++] = *m;
    return SHMRING_OK;
}

/*
 * Adds a WAVE_BEGIN, WAVE_END, ERROR or dead-time PARAM for all lanes to the open or next batch.
 * It waits there for room, it is not dropped; SHMRING_EMANY when too much waits already or the
 * capture before is not committed to its end: commit first. SHMRING_EORDER: WAVE_BEGIN within a
 * capture, WAVE_END without one.
 * WAVE_BEGIN: waveform = number of the capture, code = number of the arming, status = the
 * device's memory segment, aux = samples per raw lane. WAVE_END: aux 0 = complete; flags =
 * SHMRING_URGENT on the last of a fetch. ERROR: code = class, status = the vendor's.
 * PARAM: code = SHMRING_DEAD_TIME, aux = ns of dead time before this waveform.
 */
SHMRING_API int shmring_mark(shmring *r, uint32_t type, uint32_t flags, uint32_t waveform, uint32_t code,
                             uint32_t status, uint64_t aux)
{
    if (type != SHMRING_WAVE_BEGIN && type != SHMRING_WAVE_END && type != SHMRING_ERROR &&
        !(type == SHMRING_PARAM && code == SHMRING_DEAD_TIME))
        return SHMRING_EINVAL;
    if (flags & ~(uint32_t)SHMRING_URGENT)
        return SHMRING_EINVAL;
    shmring_mark_note m;
    memset(&m, 0, sizeof m);
    m.type = (uint8_t)type;
    m.flags = type == SHMRING_ERROR ? (uint8_t)SHMRING_URGENT : (uint8_t)flags;
    m.lane = SHMRING_LANE_ALL;
    m.waveform = waveform;
    m.code = code;
    m.status = status;
    m.aux = aux;
    SHMRING_ENTER(r, SHMRING_EBUSY);
    int rc = shmring_note_mark(r, &m);
    if (rc == SHMRING_OK && type == SHMRING_WAVE_BEGIN)
        r->lossless = 1;
    SHMRING_LEAVE(r);
    return rc;
}

/*
 * Adds a TRIGGER: it happened `after_fs` femtoseconds (negative: before) from the sample of `lane`
 * that has the epoch index `epoch_index` (see shmring_next). within: it lies somewhere in so many
 * samples of the lane from there on, 0: the place is exact. Outside a capture it is urgent.
 */
SHMRING_API int shmring_trigger_within(shmring *r, uint32_t lane, uint64_t epoch_index, int64_t after_fs,
                                       uint32_t within, uint32_t waveform)
{
    if (lane >= r->lanes)
        return SHMRING_EINVAL;
    shmring_mark_note m;
    memset(&m, 0, sizeof m);
    m.type = SHMRING_TRIGGER;
    m.lane = (uint16_t)lane;
    m.waveform = waveform;
    m.epoch_index = epoch_index;
    m.code = within;
    memcpy(&m.aux, &after_fs, 8);
    SHMRING_ENTER(r, SHMRING_EBUSY);
    m.flags = r->lossless ? 0 : SHMRING_URGENT;
    int rc = shmring_note_mark(r, &m);
    SHMRING_LEAVE(r);
    return rc;
}

/* shmring_trigger_within for a trigger whose place is exact. */
SHMRING_API int shmring_trigger(shmring *r, uint32_t lane, uint64_t epoch_index, int64_t after_fs,
                                uint32_t waveform)
{
    return shmring_trigger_within(r, lane, epoch_index, after_fs, 0, waveform);
}

/* Announces a new scale (SHMRING_SCALE) or offset (SHMRING_OFFSET) from the lane's next batch on. */
SHMRING_API int shmring_param(shmring *r, uint32_t lane, uint32_t code, double value)
{
    if (lane >= r->lanes || (code != SHMRING_SCALE && code != SHMRING_OFFSET) || !shmring_finite(value))
        return SHMRING_EINVAL;
    r->lane[lane].param[code - 1] = value;
    r->lane[lane].param_set[code - 1] = 1;
    return SHMRING_OK;
}

/* ---- Commit ------------------------------------------------------------------------------- */

/* A commit in the making: descriptors are written from r->d_write on, `at` is the next index. */
typedef struct shmring_batch {
    uint64_t at;
    shmring_desc *last; /* not sealed yet: it may be the one that gets BATCH_END */
    int64_t t_mono_ns;
    int urgent;
} shmring_batch;

SHMRING_FN void shmring_seal(const shmring *r, const shmring_batch *b)
{
    if (b->last)
        b->last->crc32c = shmring_crc(r, b->last, offsetof(shmring_desc, crc32c));
}

/* Puts one descriptor for all lanes, and seals the one before. */
SHMRING_FN shmring_desc *shmring_put(const shmring *r, shmring_batch *b, uint32_t type)
{
    shmring_seal(r, b);
    shmring_desc *d = b->last = &r->desc[b->at & (r->desc_count - 1)];
    memset(d, 0, sizeof *d);
    d->seq = b->at++;
    d->type = (uint8_t)type;
    d->lane = SHMRING_LANE_ALL;
    d->t_mono_ns = b->t_mono_ns;
    d->waveform = r->in_wave ? r->waveform : 0;
    if (r->time_estimated)
        d->flags = SHMRING_TIME_ESTIMATED;
    return d;
}

/* Puts one for a lane: it gets the lane's next position and expected epoch index. */
SHMRING_FN shmring_desc *shmring_put_on(const shmring *r, shmring_batch *b, uint32_t type, uint32_t lane)
{
    shmring_desc *d = shmring_put(r, b, type);
    d->lane = (uint16_t)lane;
    d->pos = r->lane[lane].w_sample;
    d->first_sample = r->lane[lane].expected;
    return d;
}

SHMRING_FN void shmring_flag(shmring_batch *b, shmring_desc *d, uint32_t flags)
{
    d->flags = (uint8_t)(d->flags | flags);
    if (flags & SHMRING_URGENT)
        b->urgent = 1;
}

SHMRING_FN void shmring_put_gaps(shmring *r, shmring_batch *b, uint32_t lane)
{
    shmring_lane_state *s = &r->lane[lane];
    for (uint32_t g = 0; g < s->gaps; g++) {
        shmring_desc *d = shmring_put_on(r, b, SHMRING_GAP, lane);
        d->aux = s->gap[g].count;
        d->code = s->gap[g].cause;
        shmring_flag(b, d, SHMRING_URGENT);
        if (s->gap[g].count != SHMRING_UNKNOWN)
            s->expected += s->gap[g].count;
    }
    s->gaps = 0;
}

SHMRING_FN void shmring_put_params(shmring *r, shmring_batch *b, uint32_t lane)
{
    shmring_lane_state *s = &r->lane[lane];
    for (uint32_t i = 0; i < 2; i++) {
        if (!s->param_set[i])
            continue;
        shmring_desc *d = shmring_put_on(r, b, SHMRING_PARAM, lane);
        d->code = i + 1;
        memcpy(&d->aux, &s->param[i], 8);
        s->param_set[i] = 0;
    }
}

/* Femtoseconds from sample `from` to (sample `to` + after), within the range of int64. */
SHMRING_FN int64_t shmring_fs_between(const shmring_lane_state *s, uint64_t from, uint64_t to, int64_t after)
{
    __extension__ typedef __int128 wide;
    const wide big = (wide)1 << 94;
    wide d = (wide)(int64_t)(to - from) * (wide)s->interval_num_fs;
    if (d < big && d > -big)
        d = d * s->ratio / s->interval_den;
    d += after;
    return d > INT64_MAX ? INT64_MAX : d < INT64_MIN ? INT64_MIN : (int64_t)d;
}

SHMRING_FN void shmring_put_mark(shmring *r, shmring_batch *b, const shmring_mark_note *m)
{
    if (m->type == SHMRING_WAVE_BEGIN) {
        r->in_wave = 1;
        r->waveform = m->waveform;
    } else if (m->type == SHMRING_WAVE_END) {
        r->in_wave = r->lossless = 0;
    }
    shmring_desc *d = m->type == SHMRING_TRIGGER ? shmring_put_on(r, b, m->type, m->lane)
                                                 : shmring_put(r, b, m->type);
    d->aux = m->aux;
    d->waveform = m->waveform;
    d->code = m->code;
    d->status = m->status;
    if (m->type == SHMRING_TRIGGER) {
        const shmring_lane_state *s = &r->lane[m->lane];
        int64_t after;
        memcpy(&after, &m->aux, 8);
        after = shmring_fs_between(s, s->expected, m->epoch_index, after);
        memcpy(&d->aux, &after, 8);
    }
    shmring_flag(b, d, m->flags);
}

/* WAVE_BEGIN goes first, WAVE_END last. */
SHMRING_FN int shmring_mark_stage(const shmring_mark_note *m)
{
    switch (m->type) {
    case SHMRING_WAVE_BEGIN: return 0;
    case SHMRING_PARAM: return 1;
    case SHMRING_WAVE_END: return 3;
    default: return 2;
    }
}

/* TRIGGER and PARAM travel only with DATA or at the end. */
SHMRING_FN int shmring_mark_travels(const shmring_mark_note *m, int with_data)
{
    return with_data || (m->type != SHMRING_TRIGGER && m->type != SHMRING_PARAM);
}

SHMRING_FN void shmring_put_marks(shmring *r, shmring_batch *b, int from_stage, int to_stage, int with_data)
{
    for (int stage = from_stage; stage <= to_stage; stage++)
        for (uint32_t i = 0; i < r->marks; i++)
            if (shmring_mark_stage(&r->mark[i]) == stage && shmring_mark_travels(&r->mark[i], with_data))
                shmring_put_mark(r, b, &r->mark[i]);
}

SHMRING_FN void shmring_forget_marks(shmring *r, int with_data)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->marks; i++)
        if (!shmring_mark_travels(&r->mark[i], with_data))
            r->mark[kept++] = r->mark[i];
    r->marks = kept;
}

/* Where a lane goes on: the common resume index of all lanes, if a drop is still open. */
SHMRING_FN uint64_t shmring_resume_index(const shmring *r)
{
    uint64_t raw = 0;
    for (uint32_t i = 0; r->resuming && i < r->lanes; i++)
        if (r->lane[i].next * r->lane[i].ratio > raw)
            raw = r->lane[i].next * r->lane[i].ratio;
    return raw;
}

/* Samples at the front of the lane's batch that the resume index cuts off. */
SHMRING_FN uint32_t shmring_cut(const shmring_lane_state *s, uint64_t raw)
{
    uint64_t resume = raw / s->ratio + (raw % s->ratio != 0);
    if (resume < s->resume)
        resume = s->resume;
    if (resume <= s->next)
        return 0;
    return resume - s->next < s->batch ? (uint32_t)(resume - s->next) : s->batch;
}

/* The whole batch of all lanes is lost. Its marks go on waiting. */
SHMRING_FN void shmring_drop(shmring *r)
{
    for (uint32_t i = 0; i < r->lanes; i++) {
        if (r->lane[i].batch)
            shmring_lose(&r->lane[i], r->lane[i].batch, SHMRING_RING_FULL);
        r->lane[i].batch = 0;
        r->lane[i].over_range = 0;
    }
    r->resuming = 1;
    SHMRING_STORE_RELEASE(&r->h->lost_batches, ++r->lost_batches);
}

SHMRING_FN void shmring_trim(shmring *r, uint64_t raw)
{
    for (uint32_t i = 0; i < r->lanes; i++) {
        shmring_lane_state *s = &r->lane[i];
        const uint32_t cut = shmring_cut(s, raw);
        const uint64_t resume = raw / s->ratio + (raw % s->ratio != 0);
        if (resume > s->resume)
            s->resume = resume;
        if (!cut)
            continue;
        s->batch -= cut;
        memmove(s->data + s->w_off, s->data + s->w_off + (uint64_t)cut * s->sample_bytes,
                (size_t)((uint64_t)s->batch * s->sample_bytes));
        shmring_lose(s, cut, SHMRING_RING_FULL);
    }
    r->resuming = 0;
}

SHMRING_FN void shmring_note_fill(shmring *r, shmring_lane_state *s)
{
    if (s->w_pos - s->r_pos <= s->max_bytes)
        return;
    s->r_pos = SHMRING_LOAD_ACQUIRE(&s->shared->r_pos); /* the private copy may be old */
    if (s->w_pos - s->r_pos <= s->max_bytes)
        return;
    s->max_bytes = s->w_pos - s->r_pos;
    const uint64_t fill = s->max_bytes * 1000000u / s->capacity;
    if (fill > r->max_fill) {
        r->max_fill = fill;
        SHMRING_STORE_RELEASE(&r->h->max_fill, fill);
    }
}

/* The commit proper: flags the last descriptor, one store makes all visible, then the wake-up. */
SHMRING_FN void shmring_publish(shmring *r, const shmring_batch *b)
{
    b->last->flags = (uint8_t)(b->last->flags | SHMRING_BATCH_END);
    shmring_seal(r, b);
    r->d_write = b->at;
    SHMRING_STORE_RELEASE(&r->h->d_write, r->d_write);
    for (uint32_t i = 0; i < r->lanes; i++) {
        shmring_lane_state *s = &r->lane[i];
        if (!s->batch)
            continue;
        SHMRING_STORE_RELEASE(&s->shared->w_pos, s->w_pos);
        shmring_note_fill(r, s);
        s->batch = 0;
        s->over_range = 0;
    }
    const uint64_t now = shmring_now();
    SHMRING_STORE_RELEASE(&r->h->progress_ns, now);
    shmring_wake(r, b->urgent, now);
}

SHMRING_FN void shmring_intend(shmring *r, uint64_t descs)
{
    if (r->d_write + descs > r->d_intent) {
        r->d_intent = r->d_write + descs;
        SHMRING_STORE(&r->h->d_intent, r->d_intent);
    }
    SHMRING_FENCE_STORES();
}

SHMRING_FN void shmring_put_lane(shmring *r, shmring_batch *b, uint32_t lane)
{
    shmring_lane_state *s = &r->lane[lane];
    shmring_put_params(r, b, lane);
    shmring_put_gaps(r, b, lane);
    shmring_desc *d = shmring_put_on(r, b, SHMRING_DATA, lane);
    d->count = s->batch;
    d->code = s->over_range;
    if (s->over_range)
        shmring_flag(b, d, SHMRING_CLIPPED);
    const uint64_t bytes = (uint64_t)s->batch * s->sample_bytes;
    s->expected += s->batch;
    s->next += s->batch;
    s->w_sample += s->batch;
    s->w_pos += bytes;
    s->w_off += bytes;
    if (s->w_off >= s->capacity)
        s->w_off -= s->capacity;
    r->total += bytes;
}

/* Descriptors that the open batch needs after trimming; *data says if it has any DATA. */
SHMRING_FN uint64_t shmring_descs_needed(const shmring *r, uint64_t raw, int *data)
{
    uint64_t n = 0;
    *data = 0;
    for (uint32_t i = 0; i < r->lanes; i++) {
        const shmring_lane_state *s = &r->lane[i];
        const uint32_t cut = shmring_cut(s, raw);
        if (s->batch == cut)
            continue;
        *data = 1;
        n += 1u + s->param_set[0] + s->param_set[1] + (cut && s->gaps < 2 ? s->gaps + 1 : s->gaps);
    }
    for (uint32_t i = 0; i < r->marks; i++)
        n += shmring_mark_travels(&r->mark[i], *data) ? 1u : 0u;
    return n;
}

SHMRING_FN int shmring_commit_(shmring *r)
{
    if (!r->open)
        return SHMRING_EORDER;
    uint32_t offered = 0;
    for (uint32_t i = 0; i < r->lanes; i++)
        offered |= r->lane[i].batch;
    const uint64_t raw = offered ? shmring_resume_index(r) : 0;
    int data = 0;
    const uint64_t descs = shmring_descs_needed(r, raw, &data);
    const int room = !r->dropping && shmring_queue_has(r, descs + shmring_reserved_descs(r));
    int rc = SHMRING_OK;
    if (!room && r->lossless && !r->dropping)
        return SHMRING_ENOROOM;
    r->open = r->dropping = 0;
    if (!room && offered) {
        shmring_drop(r);
        shmring_wake(r, 1, shmring_now());
        rc = SHMRING_DROPPED;
    } else if (offered) {
        shmring_trim(r, raw);
    }
    if (!room || !descs) {
        if (room && offered && !data)
            rc = SHMRING_DROPPED;
        SHMRING_STORE_RELEASE(&r->h->progress_ns, shmring_now());
    } else {
        shmring_batch b;
        memset(&b, 0, sizeof b);
        b.at = r->d_write;
        b.t_mono_ns = r->t_mono_ns;
        shmring_intend(r, descs);
        shmring_put_marks(r, &b, 0, 1, data);
        for (uint32_t i = 0; i < r->lanes; i++)
            if (r->lane[i].batch)
                shmring_put_lane(r, &b, i);
        shmring_put_marks(r, &b, 2, 3, data);
        shmring_forget_marks(r, data);
        shmring_publish(r, &b);
    }
    r->time_estimated = 0;
    return rc;
}

/*
 * Ends the open batch. All of it becomes visible to the recorder at once, with the GAPs and marks
 * that belong before it, or, without room in every lane and in the queue, nothing of it does: then
 * the batch counts as lost in all its lanes and the result is SHMRING_DROPPED. After a drop the
 * lanes go on at one common instant, so leading samples of some may be cut off and counted.
 * Wakes the recorder when enough waits. Never blocks. SHMRING_EORDER without begin.
 * SHMRING_ENOROOM: within a capture nothing is dropped; the batch stays open, wait for room and
 * commit again.
 */
SHMRING_API int shmring_commit(shmring *r)
{
    SHMRING_ENTER(r, SHMRING_EBUSY);
    int rc = shmring_commit_(r);
    SHMRING_LEAVE(r);
    return rc;
}

/* A delivery in `pieces` batches; equal counts are cut equally, so lanes of one rate stay level. */
SHMRING_FN int shmring_deliver_(shmring *r, int64_t t_mono_ns, const void *const *samples,
                                const uint32_t *counts, uint32_t pieces)
{
    int rc = SHMRING_OK;
    for (uint64_t p = 0; p < pieces; p++) {
        int got = shmring_begin(r, t_mono_ns);
        for (uint32_t i = 0; got == SHMRING_OK && i < r->lanes; i++) {
            const uint64_t a = counts[i] * p / pieces, b = counts[i] * (p + 1) / pieces;
            const uint8_t *from = (const uint8_t *)samples[i];
            (void)shmring_push(r, i, from ? from + a * r->lane[i].sample_bytes : NULL, (uint32_t)(b - a));
        }
        if (got == SHMRING_OK)
            got = shmring_commit(r);
        if (got < 0)
            return got;
        if (got != SHMRING_OK)
            rc = got;
    }
    return rc;
}

/*
 * begin, push to every lane and commit in one: counts[i] samples from samples[i] for each lane i
 * (count 0 or NULL as for push). What is larger than a quarter of its lane goes as several
 * batches. Results as commit; SHMRING_DROPPED if any batch was. SHMRING_EORDER while a batch is
 * open and within a capture.
 */
SHMRING_API int shmring_deliver(shmring *r, int64_t t_mono_ns, const void *const *samples,
                                const uint32_t *counts)
{
    uint32_t pieces = 1;
    if (r->open || r->lossless || !r->h)
        return SHMRING_EORDER;
    for (uint32_t i = 0; i < r->lanes; i++) {
        /* A piece may have one sample more than counts / pieces. */
        const uint64_t quarter = r->lane[i].capacity / 4 / r->lane[i].sample_bytes - 1;
        const uint64_t n = counts[i] / quarter + (counts[i] % quarter != 0);
        if (n > pieces)
            pieces = (uint32_t)n;
    }
    if (t_mono_ns == SHMRING_NOW)
        t_mono_ns = (int64_t)shmring_now();
    return shmring_deliver_(r, t_mono_ns, samples, counts, pieces);
}

SHMRING_FN void shmring_last_batch(shmring *r, uint32_t error_class, uint32_t status)
{
    shmring_batch b;
    memset(&b, 0, sizeof b);
    b.at = r->d_write;
    b.t_mono_ns = (int64_t)shmring_now();
    uint64_t descs = (error_class ? 2u : 1u) + r->marks;
    for (uint32_t i = 0; i < r->lanes; i++)
        descs += r->lane[i].gaps;
    r->d_read = SHMRING_LOAD_ACQUIRE(&r->h->d_read);
    shmring_intend(r, descs);
    shmring_put_marks(r, &b, 0, 1, 1);
    for (uint32_t i = 0; i < r->lanes; i++)
        shmring_put_gaps(r, &b, i);
    shmring_put_marks(r, &b, 2, 3, 1);
    r->marks = 0;
    if (error_class) {
        shmring_desc *d = shmring_put(r, &b, SHMRING_ERROR);
        d->code = error_class;
        d->status = status;
        shmring_flag(&b, d, SHMRING_URGENT);
    }
    shmring_flag(&b, shmring_put(r, &b, SHMRING_EOS), SHMRING_URGENT);
    r->urgent_ns = 0; /* the last wake-up is never held back */
    shmring_publish(r, &b);
}

/*
 * Ends the stream: commits an open batch, then the last batch with pending GAPs and marks, an
 * ERROR if error_class is not 0 (status: the vendor's), and EOS. It always finds room. Values
 * announced by shmring_param that no sample follows are dropped. Afterwards only shmring_alive,
 * shmring_state and shmring_detach make sense; a second call does nothing.
 */
SHMRING_API int shmring_finish(shmring *r, uint32_t error_class, uint32_t status)
{
    SHMRING_ENTER(r, SHMRING_EBUSY);
    int rc = r->h ? SHMRING_OK : SHMRING_EORDER;
    if (r->h && !r->finished) {
        if (r->open && shmring_commit_(r) == SHMRING_ENOROOM) {
            r->open = 0;
            shmring_drop(r);
        }
        shmring_last_batch(r, error_class, status);
        r->finished = 1;
        SHMRING_STORE_RELEASE(&r->h->fail_status, status);
        SHMRING_STORE_RELEASE(&r->h->producer_state,
                              (uint32_t)(error_class ? SHMRING_PROD_FAILED : SHMRING_PROD_FINISHED));
    }
    SHMRING_LEAVE(r);
    return rc;
}

/* What a result means, in English, for a log. */
SHMRING_API const char *shmring_strerror(int result)
{
    switch (result) {
    case SHMRING_OK: return "ok";
    case SHMRING_DROPPED: return "no room, batch dropped and counted";
    case SHMRING_EINVAL: return "argument out of range";
    case SHMRING_ESYS: return "system call failed";
    case SHMRING_EFORMAT: return "not a ring, or not one of this version";
    case SHMRING_ESEALS: return "size of the ring is not sealed";
    case SHMRING_ENOTREADY: return "ring is not ready";
    case SHMRING_ETAKEN: return "ring has or had another producer";
    case SHMRING_ETOOBIG: return "more than a quarter of the lane";
    case SHMRING_EORDER: return "call out of order";
    case SHMRING_EMANY: return "too many marks wait for room";
    case SHMRING_ETIMEDOUT: return "timed out";
    case SHMRING_ESTOPPED: return "core wants no more samples";
    case SHMRING_ENOROOM: return "no room within a capture";
    case SHMRING_EBUSY: return "called from two threads";
    case SHMRING_ENOTSUP: return "shared-memory rings are not supported on this system yet";
    default: return "unknown result";
    }
}

#endif /* SHMRING_H */
