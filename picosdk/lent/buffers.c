//go:build linux && cgo

/*
 * buffers.c - who owns which lent buffer, and what is in it: checks and books what the library says, gives buffers to it. It does not poll
 * and delivers nothing.
 */
#include "lent.h"

#include <stddef.h>

/* On to the next buffer, as often as nothing in the one that is read is needed any more and the library has left it. */
static void read_on(struct lent_input *in)
{
    for (;;) {
        const uint32_t slot = lent_slot(in->reading);
        if (in->owner[slot] != LENT_HELD || in->read != in->filled[slot])
            return;
        in->owner[slot] = LENT_FREE;
        in->filled[slot] = 0;
        in->read = 0;
        in->reading++;
    }
}

static uint32_t give(struct lent *l, struct lent_input *in, uint32_t action, uint32_t *call)
{
    const uint32_t slot = lent_slot(in->given);
    *call = in->min[slot] ? LOOP_CALL_BUFFERS : LOOP_CALL_BUFFER;
    if (in->min[slot])
        return l->set_buffers(l->handle, in->channel, in->buffer[slot], in->min[slot], l->length, in->type, 0, in->mode, action);
    return l->set_buffer(l->handle, in->channel, in->buffer[slot], l->length, in->type, 0, in->mode, action);
}

static void given(struct lent_input *in)
{
    const uint32_t slot = lent_slot(in->given);
    in->owner[slot] = LENT_LIBRARY;
    in->filled[slot] = 0;
    in->marked[slot] = 0;
    in->given++;
}

uint32_t lent_register(struct lent *l, uint32_t *call)
{
    uint32_t action = l->clear_all | l->add;
    for (uint32_t round = 0; round < LENT_QUEUED; round++) {
        for (uint32_t i = 0; i < l->inputs; i++) {
            const uint32_t status = give(l, &l->input[i], action, call);
            if (status != LOOP_STATUS_OK)
                return status;
            given(&l->input[i]);
            action = l->add;
        }
    }
    return LOOP_STATUS_OK;
}

void lent_registered(struct lent *l)
{
    for (uint32_t round = 0; round < LENT_QUEUED; round++)
        for (uint32_t i = 0; i < l->inputs; i++)
            given(&l->input[i]);
}

/*
 * The next buffer that can be given. The one that the library filled last stays with it, also when it is full and nothing is queued behind it:
 * only with the first samples in the next one it has surely let go.
 */
static int can_give(const struct lent_input *in) { return in->owner[lent_slot(in->given)] == LENT_FREE; }

int lent_starved(const struct lent *l)
{
    for (uint32_t i = 0; i < l->inputs; i++) {
        const struct lent_input *in = &l->input[i];
        if (in->given == in->filling + 1 && in->filled[lent_slot(in->filling)] == l->length && !can_give(in))
            return 1;
    }
    return 0;
}

uint32_t lent_give(struct lent *l, struct loop_poll *p)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->inputs; i++) {
        struct lent_input *in = &l->input[i];
        while (can_give(in)) {
            uint32_t call = LOOP_CALL_BUFFER;
            const uint32_t status = give(l, in, l->add, &call);
            if (status == LOOP_STATUS_BUSY)
                return n; /* with the next poll */
            if (status != LOOP_STATUS_OK) {
                p->status = status;
                p->call = call;
                return n;
            }
            given(in);
            n++;
        }
    }
    return n;
}

/* The library has moved on to the next buffer. */
static int move_on(struct loop_poll *p, uint32_t input, struct lent_input *in, uint64_t to)
{
    if (to < in->filling) {
        loop_fault(p, LOOP_FAULT_BACK, input, (int64_t)to, (int64_t)in->filling);
        return 0;
    }
    if (to >= in->given) {
        loop_fault(p, LOOP_FAULT_NOT_GIVEN, input, (int64_t)to, (int64_t)in->given);
        return 0;
    }
    if (to != in->filling + 1) {
        loop_fault(p, LOOP_FAULT_SKIPPED, input, (int64_t)to, (int64_t)in->filling);
        return 0;
    }
    in->owner[lent_slot(in->filling)] = LENT_HELD;
    in->filling = to;
    read_on(in);
    return 1;
}

int lent_take(struct lent *l, struct loop_poll *p, uint32_t input, const struct lent_info *info)
{
    struct lent_input *in = &l->input[input];
    in->fresh = 0;
    if (info->samples == 0) /* the rest of the info is not filled in */
        return 1;
    if (info->samples < 0 || info->samples > l->length) {
        loop_fault(p, LOOP_FAULT_COUNT, input, info->samples, l->length);
        return 0;
    }
    if (info->start < 0 || info->start > l->length - info->samples) {
        loop_fault(p, LOOP_FAULT_RANGE, input, info->start, info->samples);
        return 0;
    }
    if (info->buffer != in->filling && !move_on(p, input, in, info->buffer))
        return 0;
    const uint32_t slot = lent_slot(in->filling);
    if (info->start != in->filled[slot]) {
        loop_fault(p, LOOP_FAULT_START, input, info->start, in->filled[slot]);
        return 0;
    }
    in->filled[slot] += info->samples;
    in->fresh = (uint32_t)info->samples;
    in->told += in->fresh;
    if (info->overflow)
        in->marked[slot] = 1;
    return 1;
}

int32_t lent_ready(const struct lent_input *in)
{
    return in->filled[lent_slot(in->reading)] - in->read;
}

void lent_published(struct lent_input *in, int32_t count)
{
    in->read += count;
    in->published += (uint64_t)count;
    if (in->read == in->filled[lent_slot(in->reading)])
        in->marked[lent_slot(in->reading)] = 0;
    read_on(in);
}
