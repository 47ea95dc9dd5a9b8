//go:build linux && cgo

/*
 * fake_overview.c - what both fakes share, and the one that calls back with the new part of its overview buffers.
 */
#include "fake.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static struct fake *fakes[FAKE_HANDLES];

void fake_install(int16_t handle, struct fake *f)
{
    if (handle >= 0 && handle < FAKE_HANDLES)
        __atomic_store_n(&fakes[handle], f, __ATOMIC_RELEASE);
}

uint16_t fake_signal(uint32_t input, uint64_t i)
{
    uint64_t z = (i + 1) * 0x9e3779b97f4a7c15u + input * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 29) * 0x94d049bb133111ebu;
    return (uint16_t)(z >> 48);
}

void fake_write(void *to, uint32_t bytes, uint32_t input, uint64_t first, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        const uint16_t v = fake_signal(input, first + i);
        if (bytes == 2)
            ((uint16_t *)to)[i] = v;
        else
            ((uint8_t *)to)[i] = (uint8_t)(v >> 8);
    }
}

void fake_complain(struct fake *f, const char *text)
{
    if (__atomic_fetch_add(&f->misuse, 1, __ATOMIC_RELAXED) == 0)
        snprintf(f->complaint, sizeof f->complaint, "%s", text);
}

void fake_sleep(uint32_t us)
{
    const struct timespec t = {us / 1000000, (long)(us % 1000000) * 1000};
    if (us)
        nanosleep(&t, NULL);
}

struct fake *fake_enter(int16_t handle)
{
    struct fake *f = handle < 0 || handle >= FAKE_HANDLES ? NULL : __atomic_load_n(&fakes[handle], __ATOMIC_ACQUIRE);
    if (f && __atomic_exchange_n(&f->inside, 1, __ATOMIC_ACQUIRE))
        fake_complain(f, "two calls at once, or a call from within the callback");
    return f;
}

void fake_leave(struct fake *f) { __atomic_store_n(&f->inside, 0, __ATOMIC_RELEASE); }

static void call_back(struct fake *f, const struct fake_step *s, int16_t handle, fake_ready_fn ready, void *parameter)
{
    int32_t n = s->samples;
    uint32_t start = s->start;
    if (start == FAKE_AUTO) {
        start = f->pos = f->pos == f->length ? 0 : f->pos;
        if (n > 0 && (uint32_t)n > f->length - start)
            n = (int32_t)(f->length - start);
    }
    if (n > 0 && !s->lie) {
        for (uint32_t i = 0; i < f->inputs; i++)
            fake_write(f->input[i].buffer + (size_t)start * f->input[i].bytes, f->input[i].bytes, f->input[i].signal, f->done, (uint64_t)n);
        f->done += (uint64_t)n;
        f->pos = start + (uint32_t)n;
    }
    ready(handle, n, start, s->overflow, s->trigger_at, s->triggered, s->auto_stop, parameter);
    /* What was named may be written to as soon as the callback is over. */
    if (n > 0 && !s->lie)
        for (uint32_t i = 0; i < f->inputs; i++)
            memset(f->input[i].buffer + (size_t)start * f->input[i].bytes, FAKE_POISON, (size_t)n * f->input[i].bytes);
}

/* Delivers what is due since the first poll, up to the end of the buffer. */
static void pace(struct fake *f, int16_t handle, fake_ready_fn ready, void *parameter)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    const uint64_t now = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
    if (!f->begun_ns)
        f->begun_ns = now;
    const uint64_t due = (now - f->begun_ns) / f->pace_ns - f->done;
    f->pos = f->pos == f->length ? 0 : f->pos;
    const uint32_t n = due < f->length - f->pos ? (uint32_t)due : f->length - f->pos;
    if (!n)
        return;
    const uint32_t start = f->pos;
    f->pos += n;
    f->done += n;
    ready(handle, (int32_t)n, start, 0, 0, 0, 0, parameter);
}

uint32_t fake_overview_latest(int16_t handle, fake_ready_fn ready, void *parameter)
{
    struct fake *f = fake_enter(handle);
    if (!f)
        return 0x0c;
    const uint64_t poll = __atomic_fetch_add(&f->polls, 1, __ATOMIC_RELAXED);
    uint32_t status = f->after_status;
    if (poll < f->count * (f->rounds ? f->rounds : 1)) {
        const struct fake_step *s = &f->steps[poll % f->count];
        fake_sleep(s->sleep_us);
        for (int i = 0; (s->samples || s->call) && i <= s->twice; i++)
            call_back(f, s, handle, ready, parameter);
        status = s->status;
    } else {
        __atomic_fetch_add(&f->at_end, 1, __ATOMIC_RELAXED);
        if (f->pace_ns)
            pace(f, handle, ready, parameter);
        if (f->after_auto_stop)
            ready(handle, 0, 0, 0, 0, 0, 1, parameter);
    }
    fake_leave(f);
    return status;
}
