/*
 * standalone.c - a whole acquisition in one program, for the sanitizers: a fake library with a random script, its source, the loop, a ring from
 * descriptor 3. Usage: standalone overview|lent truthful|hostile SEED; with an odd seed the trigger ends it. Prints how the loop ended, what was
 * delivered to the first input, the fake's complaints, and between which samples the trigger was.
 */
#include "loop.h"

#include <stdio.h>
#include <stdlib.h>

#include "fake.h"
#include "lent.h"
#include "overview.h"

#define INPUTS 2
#define LENGTH 3000
#define STEPS 600
#define RATIO 7
#define HANDLE 1

static uint64_t state;

static uint64_t next(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint32_t below(uint32_t n) { return (uint32_t)(next() % n); }

static void *memory(size_t bytes)
{
    void *p = calloc(1, bytes);
    if (!p)
        exit(3);
    return p;
}

/* Values at the edges of what is allowed, and far beyond. */
static int64_t edge(void)
{
    static const int64_t edges[] = {0, 1, LENGTH - 1, LENGTH, LENGTH + 1, -1, INT32_MAX, INT32_MIN, UINT32_MAX, INT64_MAX, 2, 3, 4};
    return edges[below(sizeof edges / sizeof edges[0])];
}

static struct fake_step overview_step(int hostile)
{
    struct fake_step s = {.samples = (int32_t)below(LENGTH), .start = FAKE_AUTO, .overflow = (int16_t)next()};
    s.triggered = below(50) == 0;
    s.trigger_at = s.samples ? below((uint32_t)s.samples) : 0;
    if (hostile && below(20) == 0) {
        s.triggered = 1;
        s.trigger_at = (uint32_t)edge();
    }
    if (hostile && below(20) == 0) {
        s.lie = 1;
        s.samples = (int32_t)edge();
        s.start = (uint32_t)edge();
    }
    return s;
}

static struct fake_lent_step lent_step(int hostile)
{
    struct fake_lent_step s = {.refuse = below(5) == 0};
    const int32_t n = (int32_t)below(LENGTH);
    for (int i = 0; i < INPUTS; i++)
        s.samples[i] = n - (n ? (int32_t)below((uint32_t)n) / 4 : 0);
    s.triggered = below(50) == 0;
    s.trigger_at = (uint64_t)edge();
    if (hostile && below(20) == 0) {
        s.tamper = 1;
        s.tamper_input = below(INPUTS);
        s.tamper_samples = (int32_t)edge();
        s.tamper_buffer = (uint64_t)edge();
        s.tamper_start = (int32_t)edge();
    }
    return s;
}

static void *make_overview(struct fake *f, int hostile)
{
    struct fake_step *steps = memory(STEPS * sizeof *steps);
    struct overview *o = memory(sizeof *o);
    for (int i = 0; i < STEPS; i++)
        steps[i] = overview_step(hostile);
    f->steps = steps;
    f->length = o->length = LENGTH;
    o->ratio = 1;
    o->latest = (overview_latest_fn)fake_overview_latest;
    o->handle = HANDLE;
    o->inputs = INPUTS;
    for (int i = 0; i < INPUTS; i++) {
        f->input[i].buffer = memory(LENGTH * 2);
        o->input[i] = (struct overview_input){f->input[i].buffer, 2, 1u << i};
    }
    return o;
}

static void *make_lent(struct fake *f, int hostile)
{
    struct fake_lent_step *steps = memory(STEPS * sizeof *steps);
    struct lent *l = memory(sizeof *l);
    uint32_t call = 0;
    for (int i = 0; i < STEPS; i++)
        steps[i] = lent_step(hostile);
    f->lent_steps = steps;
    l->latest = (lent_latest_fn)fake_lent_latest;
    l->set_buffer = fake_lent_buffer;
    l->set_buffers = fake_lent_buffers;
    l->add = 2;
    l->clear_all = 1;
    l->handle = HANDLE;
    l->length = LENGTH;
    l->inputs = INPUTS;
    for (uint32_t i = 0; i < INPUTS; i++) {
        l->input[i] = (struct lent_input){.channel = i, .bytes = 2, .ratio = 1, .over = 1, .feed = i};
        for (int k = 0; k < LENT_BUFFERS; k++)
            l->input[i].buffer[k] = memory(LENGTH * 2);
    }
    if (lent_register(l, &call) != LOOP_STATUS_OK)
        exit(4);
    return l;
}

static void free_all(struct fake *f, void *source, int lent)
{
    for (int i = 0; i < INPUTS; i++) {
        free(f->input[i].buffer);
        for (int k = 0; lent && k < LENT_BUFFERS; k++)
            free(((struct lent *)source)->input[i].buffer[k]);
    }
    free(lent ? (void *)(uintptr_t)f->lent_steps : (void *)(uintptr_t)f->steps);
    free(source);
    free(f);
}

static void set_stream(struct loop *l, uint32_t input, uint8_t kind, uint8_t format)
{
    struct loop_stream *s = &l->c.stream[l->c.streams];
    *s = (struct loop_stream){.lane = l->c.streams++, .input = input, .format = format, .computed = kind != REDUCE_RAW};
    s->reduce = (struct reduce){.kind = kind, .format = format, .ratio = RATIO};
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const int lent = strcmp(argv[1], "lent") == 0, hostile = strcmp(argv[2], "hostile") == 0;
    state = strtoull(argv[3], NULL, 10);
    const int odd = state % 2 != 0;
    struct fake *f = memory(sizeof *f);
    struct loop *l = loop_new();
    f->inputs = l->c.inputs = INPUTS;
    f->count = STEPS;
    f->after_auto_stop = 1;
    for (uint32_t i = 0; i < INPUTS; i++) {
        f->input[i] = (struct fake_input){.bytes = 2, .signal = i, .channel = i};
        l->c.input[i] = (struct loop_input){.ratio = 1, .max_code = 30000, .format = REDUCE_I16, .inspect = 1};
    }
    fake_install(HANDLE, f);
    void *source = lent ? make_lent(f, hostile) : make_overview(f, hostile);
    l->c.poll = lent ? lent_poll : overview_poll;
    l->c.source = source;
    l->c.poll_ns = 20000;
    l->c.gather_ns = 1000000;
    l->c.drain_ns = 1000000000;
    l->c.watermark = 1 << 15;
    l->c.trigger = (struct loop_trigger_config){.heed = 1};
    if (odd)
        l->c.trigger = (struct loop_trigger_config){.heed = 1, .stop = 1, .after = 100000, .auto_at = 700000};
    set_stream(l, 0, REDUCE_RAW, REDUCE_I16);
    set_stream(l, 1, REDUCE_RAW, REDUCE_I16);
    set_stream(l, 0, REDUCE_MIN, REDUCE_I16);
    set_stream(l, 1, REDUCE_AVERAGE, REDUCE_I8);
    const int rc = loop_attach(l, 3);
    if (rc != SHMRING_OK || loop_start(l) != 0) {
        fprintf(stderr, "%s\n", shmring_strerror(rc));
        return 5;
    }
    loop_join(l);
    (void)shmring_finish(l->ring, 0, 0);
    printf("%u %llu %llu %llu %llu %llu %s\n", l->result.reason, (unsigned long long)l->n.input[0], (unsigned long long)f->misuse,
           (unsigned long long)l->n.triggered, (unsigned long long)l->n.trigger_first, (unsigned long long)l->n.trigger_last, f->complaint);
    loop_free(l);
    free_all(f, source, lent);
    return 0;
}
