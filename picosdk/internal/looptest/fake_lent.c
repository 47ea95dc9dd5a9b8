//go:build linux && cgo

/*
 * fake_lent.c - the fake that fills lent buffers. It has a queue of buffers per input, never splits a piece over two, moves on when it has
 * something to write, and poisons what it is given: who has not read all of a buffer before giving it back reads rubbish.
 */
#include "fake.h"

#include <stddef.h>
#include <string.h>

#pragma pack(push, 1)
struct info {
    uint32_t channel, mode, type;
    int32_t samples;
    uint64_t buffer;
    int32_t start;
    int16_t overflow;
};
struct trigger {
    uint64_t at;
    int16_t triggered, auto_stop;
};
#pragma pack(pop)

static struct fake_input *find(struct fake *f, uint32_t channel, uint32_t mode)
{
    for (uint32_t i = 0; i < f->inputs; i++)
        if (f->input[i].channel == channel && f->input[i].mode == mode)
            return &f->input[i];
    return NULL;
}

static uint32_t add(struct fake *f, uint32_t channel, uint8_t *max, uint8_t *min, int32_t samples, uint32_t mode, uint32_t action)
{
    struct fake_input *in = find(f, channel, mode);
    if (!in || !max || samples <= 0) {
        fake_complain(f, "a buffer for nobody");
        return 0x0d;
    }
    if (!(action & 2))
        fake_complain(f, "a buffer is not added");
    if (action & 1) {
        if (f->cleared)
            fake_complain(f, "all buffers are cleared in the midst");
        f->cleared = 1;
    } else if (!f->cleared) {
        fake_complain(f, "old buffers are not cleared");
    }
    if (f->refusing)
        return 0x27;
    for (uint32_t k = 0; k < in->queued; k++)
        if (in->queue[k].max == max)
            fake_complain(f, "a buffer is given that is held still");
    if (in->queued == FAKE_QUEUE) {
        fake_complain(f, "too many buffers");
        return 0x0d;
    }
    memset(max, FAKE_POISON, (size_t)samples * in->bytes);
    if (min)
        memset(min, FAKE_POISON, (size_t)samples * in->bytes);
    in->queue[in->queued++] = (struct fake_buffer){max, min, samples};
    in->adds++;
    return 0;
}

uint32_t fake_lent_buffer(int16_t handle, uint32_t channel, void *buffer, int32_t samples, uint32_t type, uint64_t waveform,
                          uint32_t mode, uint32_t action)
{
    struct fake *f = fake_enter(handle);
    (void)type;
    (void)waveform;
    if (!f)
        return 0x0c;
    const uint32_t status = add(f, channel, buffer, NULL, samples, mode, action);
    fake_leave(f);
    return status;
}

uint32_t fake_lent_buffers(int16_t handle, uint32_t channel, void *max, void *min, int32_t samples, uint32_t type,
                           uint64_t waveform, uint32_t mode, uint32_t action)
{
    struct fake *f = fake_enter(handle);
    (void)type;
    (void)waveform;
    if (!f)
        return 0x0c;
    if (!min || min == max)
        fake_complain(f, "an aggregate needs two buffers");
    const uint32_t status = add(f, channel, max, min, samples, mode, action);
    fake_leave(f);
    return status;
}

/* Writes up to n samples of one piece. Returns if the input waits for a buffer. */
static int fill(struct fake_input *in, int32_t n, struct info *info)
{
    if (in->queued && in->at == in->queue[0].length && in->queued > 1) {
        memmove(&in->queue[0], &in->queue[1], (in->queued - 1) * sizeof in->queue[0]);
        in->queued--;
        in->at = 0;
        in->index++;
    }
    const int32_t room = in->queued ? in->queue[0].length - in->at : 0;
    if (n > room)
        n = room;
    if (n > 0) {
        struct fake_buffer *b = &in->queue[0];
        fake_write(b->max + (size_t)in->at * in->bytes, in->bytes, in->signal, in->done, (uint64_t)n);
        if (b->min)
            fake_write(b->min + (size_t)in->at * in->bytes, in->bytes, in->signal + 1, in->done, (uint64_t)n);
        info->samples = n;
        info->buffer = in->index;
        info->start = in->at;
        in->at += n;
        in->done += (uint64_t)n;
    }
    return in->queued == 1 && in->at == in->queue[0].length;
}

static uint32_t play(struct fake *f, const struct fake_lent_step *s, struct info *infos, uint64_t n, struct trigger *trigger)
{
    int waiting = 0;
    const uint64_t before = f->input[0].done;
    fake_sleep(s->sleep_us);
    f->refusing = s->refuse;
    if (s->status)
        return s->status;
    for (uint64_t i = 0; i < n && i < f->inputs; i++) {
        struct fake_input *in = find(f, infos[i].channel, infos[i].mode);
        if (!in) {
            fake_complain(f, "an info for nobody");
            continue;
        }
        waiting |= fill(in, s->samples[i], &infos[i]);
        infos[i].overflow = s->overflow[i];
    }
    if (s->tamper && s->tamper_input < n) {
        infos[s->tamper_input].samples = s->tamper_samples;
        infos[s->tamper_input].buffer = s->tamper_buffer;
        infos[s->tamper_input].start = s->tamper_start;
    }
    trigger->auto_stop = s->auto_stop;
    trigger->triggered = s->triggered;
    if (s->triggered) {
        f->trigger_first = before;
        f->trigger_end = f->input[0].done;
    }
    trigger->at = s->trigger_at;
    if (waiting)
        __atomic_fetch_add(&f->waited, 1, __ATOMIC_RELAXED);
    return waiting ? 0x197 : 0;
}

uint32_t fake_lent_latest(int16_t handle, void *infos, uint64_t n, void *trigger)
{
    struct fake *f = fake_enter(handle);
    if (!f)
        return 0x0c;
    const uint64_t poll = __atomic_fetch_add(&f->polls, 1, __ATOMIC_RELAXED);
    uint32_t status = f->after_status;
    if (n != f->inputs)
        fake_complain(f, "not all inputs are polled in one call");
    for (uint64_t i = 0; i < n; i++) {
        const struct info *x = (const struct info *)infos + i;
        if (x->samples || x->buffer || x->start || x->overflow)
            fake_complain(f, "an info is not zeroed");
    }
    if (poll < f->count * (f->rounds ? f->rounds : 1)) {
        status = play(f, &f->lent_steps[poll % f->count], infos, n, trigger);
    } else {
        f->refusing = 0;
        __atomic_fetch_add(&f->at_end, 1, __ATOMIC_RELAXED);
        ((struct trigger *)trigger)->auto_stop = f->after_auto_stop;
    }
    fake_leave(f);
    return status;
}
