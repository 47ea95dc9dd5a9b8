/* Attaching: what is refused, what is left behind, and the checksum that it depends on. */
#include "testring.h"

static const test_spec two_lanes = {.lanes = 2, .desc_count = 64, .capacity = 65536};

static void test_crc(void)
{
    shmring r;
    memset(&r, 0, sizeof r);
    shmring_crc_init(r.crc_table);
    CHECK(shmring_crc_soft(r.crc_table, "123456789", 9) == 0xe3069283u);
    CHECK(shmring_crc_soft(r.crc_table, "", 0) == 0);
    uint8_t data[100];
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)next_random(&seed);
    r.crc_hw = shmring_crc_has_hw();
    for (size_t n = 0; n <= sizeof data; n++)
        CHECK(shmring_crc(&r, data, n) == shmring_crc_soft(r.crc_table, data, n));
}

/* What a damage does to an otherwise good ring. */
typedef struct damage {
    const char *name;
    size_t off;     /* in the header, or in lane 1 if lane is set */
    uint32_t value; /* xored */
    int lane, reseal, want;
} damage;

#define H(field) offsetof(shmring_header, field)
#define L(field) offsetof(shmring_lane, field)

static const damage damages[] = {
    {"magic", H(magic), 1, 0, 1, SHMRING_EFORMAT},
    {"major version", H(abi_major), 2, 0, 1, SHMRING_EFORMAT},
    {"byte order", H(byte_order), 1, 0, 1, SHMRING_EFORMAT},
    {"header size", H(header_bytes), 1, 0, 1, SHMRING_EFORMAT},
    {"granule", H(granule), 1, 0, 1, SHMRING_EFORMAT},
    {"ring size", H(ring_bytes), 65536, 0, 1, SHMRING_EFORMAT},
    {"clock", H(clock_id), 1, 0, 1, SHMRING_EFORMAT},
    {"no lanes", H(lane_count), 2, 0, 1, SHMRING_EFORMAT},
    {"too many lanes", H(lane_count), 64, 0, 1, SHMRING_EFORMAT},
    {"place of the lane table", H(lane_table_off), 512, 0, 1, SHMRING_EFORMAT},
    {"lane stride", H(lane_stride), 1, 0, 1, SHMRING_EFORMAT},
    {"descriptor stride", H(desc_stride), 1, 0, 1, SHMRING_EFORMAT},
    {"queue in the header", H(desc_off), 65536, 0, 1, SHMRING_EFORMAT},
    {"queue not aligned", H(desc_off), 64, 0, 1, SHMRING_EFORMAT},
    {"queue outside", H(desc_off), 1u << 30, 0, 1, SHMRING_EFORMAT},
    {"queue not 2^n", H(desc_count), 1, 0, 1, SHMRING_EFORMAT},
    {"queue too short", H(desc_count), 64 ^ 16, 0, 1, SHMRING_EFORMAT},
    {"queue over the lanes", H(desc_count), 64 ^ 2048, 0, 1, SHMRING_EFORMAT},
    {"unknown mandatory feature", H(features), 1u << 16, 0, 1, SHMRING_EFORMAT},
    {"unknown optional feature", H(features), 1, 0, 1, SHMRING_OK},
    {"minor version", H(abi_minor), 3, 0, 1, SHMRING_OK},
    {"header checksum", H(generation), 1, 0, 0, SHMRING_EFORMAT},
    {"queue already used", H(d_write), 1, 0, 1, SHMRING_EFORMAT},
    {"queue already intended", H(d_intent), 1, 0, 1, SHMRING_EFORMAT},
    {"not ready", H(core_state), SHMRING_CORE_READY ^ SHMRING_CORE_DRAINING, 0, 1, SHMRING_ENOTREADY},
    {"another producer", H(producer_state), SHMRING_PROD_FINISHED, 0, 1, SHMRING_ETAKEN},
    {"lane number", L(lane_id), 1, 1, 1, SHMRING_EFORMAT},
    {"lane kind", L(kind), 6, 1, 1, SHMRING_EFORMAT},
    {"no sample type", L(sample_type), 1, 1, 1, SHMRING_EFORMAT},
    {"unknown sample type", L(sample_type), 7, 1, 1, SHMRING_EFORMAT},
    {"bytes of the sample type", L(sample_bytes), 3, 1, 1, SHMRING_EFORMAT},
    {"lane over another", L(data_off), 0x30000 ^ 0x20000, 1, 1, SHMRING_EFORMAT},
    {"lane over the queue", L(data_off), 0x30000 ^ 0x10000, 1, 1, SHMRING_EFORMAT},
    {"lane over the header", L(data_off), 0x30000, 1, 1, SHMRING_EFORMAT},
    {"lane outside", L(data_off), 0x30000 ^ 0x40000, 1, 1, SHMRING_EFORMAT},
    {"lane not aligned", L(data_off), 4096, 1, 1, SHMRING_EFORMAT},
    {"no capacity", L(capacity), 65536, 1, 1, SHMRING_EFORMAT},
    {"capacity not aligned", L(capacity), 4096, 1, 1, SHMRING_EFORMAT},
    {"capacity beyond the end", L(capacity), 65536 ^ 131072, 1, 1, SHMRING_EFORMAT},
    {"capacity wraps around", L(capacity) + 4, 0xffffffffu, 1, 1, SHMRING_EFORMAT},
    {"no interval", L(interval_den), 3, 1, 1, SHMRING_EFORMAT},
    {"no ratio", L(ratio), 1, 1, 1, SHMRING_EFORMAT},
    {"start within a sample", L(start_pos), 1, 1, 1, SHMRING_EFORMAT},
    {"lane already written", L(w_pos), 2, 1, 1, SHMRING_EFORMAT},
    {"lane already intended", L(w_intent), 2, 1, 1, SHMRING_EFORMAT},
    {"lane already read", L(r_pos), 2, 1, 1, SHMRING_EFORMAT},
    {"scale not finite", L(scale) + 4, 0x3ff00000u ^ 0x7ff00000u, 1, 1, SHMRING_EFORMAT},
    {"offset not finite", L(offset) + 4, 0x7ff00000u, 1, 1, SHMRING_EFORMAT},
    {"something behind the name", L(name) + 28, 1, 1, 1, SHMRING_EFORMAT},
    {"lane checksum", L(scale), 1, 1, 0, SHMRING_EFORMAT},
};

static void test_damages(void)
{
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        const damage *d = &damages[i];
        test_ring t = test_make(&two_lanes, 1);
        uint8_t *at = (d->lane ? (uint8_t *)&t.lane[1] : (uint8_t *)t.h) + d->off;
        uint32_t word;
        memcpy(&word, at, 4);
        word ^= d->value;
        memcpy(at, &word, 4);
        if (d->reseal)
            test_seal_tables(&t);
        static shmring r;
        const int got = shmring_attach(&r, t.fd);
        if (got != d->want)
            fprintf(stderr, "%s: %s\n", d->name, shmring_strerror(got));
        CHECK(got == d->want && (r.h != NULL) == (got == SHMRING_OK));
        shmring_detach(&r);
        test_close(&t);
    }
}

static void test_files(void)
{
    static shmring r;
    test_ring open_ring = test_make(&two_lanes, 0);
    CHECK(shmring_attach(&r, open_ring.fd) == SHMRING_ESEALS);
    CHECK(ftruncate(open_ring.fd, 65536) == 0 && shmring_attach(&r, open_ring.fd) == SHMRING_EFORMAT);
    close(open_ring.fd);
    CHECK(shmring_attach(&r, open_ring.fd) == SHMRING_ESYS && errno == EBADF);
    CHECK(shmring_begin(&r, SHMRING_NOW) == SHMRING_EORDER && shmring_commit(&r) == SHMRING_EORDER);
    CHECK(shmring_finish(&r, 0, 0) == SHMRING_EORDER && shmring_reserve(&r, 0, 1) == NULL);
    CHECK(shmring_wait_room(&r, NULL, 0) == SHMRING_EORDER && shmring_state(&r) == SHMRING_CORE_INIT);
    CHECK(shmring_mark(&r, SHMRING_ERROR, 0, 0, 0, 0, 0) == SHMRING_EORDER);
    shmring_alive(&r);
    shmring_progress(&r);
    munmap(open_ring.core, (size_t)open_ring.bytes);
}

static void test_identity(void)
{
    static shmring r, second;
    test_ring t = test_make(&two_lanes, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK && shmring_lanes(&r) == 2);
    CHECK(t.h->producer_state == SHMRING_PROD_ATTACHED && t.h->prod_pid == (uint32_t)getpid());
    CHECK(t.h->prod_start != 0 && t.h->prod_alive_ns != 0 && shmring_state(&r) == SHMRING_CORE_READY);
    CHECK(shmring_attach(&second, t.fd) == SHMRING_ETAKEN);
    const uint64_t before = t.h->progress_ns;
    do
        shmring_progress(&r);
    while (SHMRING_LOAD(&t.h->progress_ns) == before);
    shmring_alive(&r);
    CHECK(SHMRING_LOAD(&t.h->prod_alive_ns) >= SHMRING_LOAD(&t.h->progress_ns));
    CHECK(shmring_lane_info(&r, 1)->channel == 1 && shmring_lane_info(&r, 2) == NULL);
    /* Both halves of a lane are the same memory. */
    r.lane[1].data[5] = 77;
    CHECK(r.lane[1].data[65536 + 5] == 77 && t.core[t.lane[1].data_off + 5] == 77);
    shmring_detach(&r);
    shmring_detach(&r);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_ETAKEN); /* a ring has one producer, ever */
    test_close(&t);
}

static void test_two_callers(void)
{
#ifndef NDEBUG
    static shmring r;
    test_ring t = test_make(&two_lanes, 1);
    CHECK(shmring_attach(&r, t.fd) == SHMRING_OK);
    r.busy = 1; /* as if another thread were inside */
    CHECK(shmring_begin(&r, 0) == SHMRING_EBUSY && shmring_push(&r, 0, NULL, 1) == SHMRING_EBUSY);
    CHECK(shmring_commit(&r) == SHMRING_EBUSY && shmring_reserve(&r, 0, 1) == NULL);
    CHECK(shmring_gap(&r, 0, 1, SHMRING_USB) == SHMRING_EBUSY && shmring_finish(&r, 0, 0) == SHMRING_EBUSY);
    CHECK(shmring_wait_room(&r, NULL, 0) == SHMRING_EBUSY);
    shmring_detach(&r);
    test_close(&t);
#endif
}

static void test_attaching(void)
{
    test_crc();
    test_damages();
    test_files();
    test_identity();
    test_two_callers();
}
