//go:build linux && cgo

/*
 * overview.c - polls a library that calls back with the new part of its overview buffers, checks what it says, delivers. It copies nothing:
 * that is the loop's.
 */
#include "overview.h"

#include <stddef.h>

/* Whether the part lies within the buffers; what the library says is never trusted. */
static int sound(const struct overview *o, struct loop_poll *p, int32_t samples, uint32_t start)
{
    if (samples < 0 || (uint32_t)samples > o->length) {
        loop_fault(p, LOOP_FAULT_COUNT, 0, samples, o->length);
        return 0;
    }
    if (start > o->length || (uint32_t)samples > o->length - start) {
        loop_fault(p, LOOP_FAULT_RANGE, 0, start, samples);
        return 0;
    }
    return 1;
}

/* Tells of a trigger that came with the next samples. What the library says is relative to the first of them, and counts as they do. */
static void triggered(struct overview *o, struct loop_poll *p, uint32_t samples, uint32_t at)
{
    const uint64_t ratio = o->ratio;
    if (at >= samples)
        p->trigger(p, o->done * ratio, (o->done + samples) * ratio, LOOP_TRIGGER_STRAY);
    else
        p->trigger(p, (o->done + at) * ratio, (o->done + at + 1) * ratio, ratio == 1 ? LOOP_TRIGGER_EXACT : LOOP_TRIGGER_WITHIN);
}

/* Tells of one that came without samples, now that the next ones are here or there are none. */
static void tell_waiting(struct overview *o, struct loop_poll *p, uint32_t samples)
{
    if (o->waits)
        p->trigger(p, o->before * o->ratio, (o->done + samples) * o->ratio, LOOP_TRIGGER_STRAY);
    o->waits = 0;
}

static void ready(int16_t handle, int32_t samples, uint32_t start, int16_t overflow, uint32_t trigger_at, int16_t is_triggered,
                  int16_t auto_stop, void *parameter)
{
    const uint64_t now = loop_now();
    struct overview *o = parameter;
    struct loop_poll *p = o->poll;
    struct loop_piece piece[LOOP_MAX_INPUTS];
    (void)handle;
    if (!p || p->fault) /* called outside of a poll: there is nobody to deliver to */
        return;
    if (auto_stop)
        p->auto_stop = 1;
    if (samples == 0) {
        o->waits |= is_triggered != 0;
        return;
    }
    if (!sound(o, p, samples, start))
        return;
    tell_waiting(o, p, (uint32_t)samples);
    if (is_triggered)
        triggered(o, p, (uint32_t)samples, trigger_at);
    for (uint32_t i = 0; i < o->inputs; i++) {
        const struct overview_input *in = &o->input[i];
        piece[i].data = in->buffer + (size_t)start * in->bytes;
        piece[i].count = (uint32_t)samples;
        piece[i].input = i;
        piece[i].over = (uint16_t)overflow & in->overflow;
    }
    p->deliver(p, now, piece, o->inputs);
    o->before = o->done;
    o->done += (uint32_t)samples;
    p->got += (uint32_t)samples;
    p->deliveries++;
    p->jumps += start != (o->next == o->length ? 0 : o->next);
    o->next = start + (uint32_t)samples;
    p->more = o->next == o->length; /* the rest of what is pending begins at the front, with the next call */
}

void overview_poll(void *source, struct loop_poll *poll)
{
    struct overview *o = source;
    if (poll->last) {
        tell_waiting(o, poll, 0);
        return;
    }
    o->poll = poll;
    poll->call = LOOP_CALL_LATEST;
    poll->status = o->latest(o->handle, ready, o);
    o->poll = NULL;
}
