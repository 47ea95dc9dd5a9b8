//go:build linux && cgo

/*
 * lent.c - polls a library that fills lent buffers, all inputs in one call, and delivers what all inputs have: what one is ahead waits in its
 * buffer. Buffers are booked in buffers.c; copying is the loop's.
 */
#include "lent.h"

#include <stddef.h>
#include <string.h>

/* Adds the next `count` samples of an input to the pieces. */
static uint32_t add_pieces(const struct lent_input *in, uint64_t count, struct loop_piece *piece, uint32_t n)
{
    const uint32_t slot = lent_slot(in->reading);
    const size_t at = (size_t)in->read * in->bytes;
    const struct loop_piece p = {.data = in->buffer[slot] + at, .count = count, .input = in->feed, .over = in->marked[slot] ? in->over : 0};
    piece[n++] = p;
    if (in->min[slot]) {
        piece[n] = p;
        piece[n].data = in->min[slot] + at;
        piece[n++].input++;
    }
    return n;
}

/*
 * The raw index up to which all inputs can be published in one piece each. An input of groups can be published up to the end of its last
 * whole group, and others may go on within the next.
 */
static uint64_t common_end(const struct lent *l)
{
    uint64_t end = UINT64_MAX;
    for (uint32_t i = 0; i < l->inputs; i++) {
        const struct lent_input *in = &l->input[i];
        const uint64_t reach = (in->published + (uint64_t)lent_ready(in)) * in->ratio + in->ratio - 1;
        if (reach < end)
            end = reach;
    }
    return end;
}

/* Publishes one round of pieces, up to a raw index common to all inputs or (all) what each has. Returns if there was anything. */
static int publish_round(struct lent *l, struct loop_poll *p, uint64_t t, int all)
{
    struct loop_piece piece[LOOP_MAX_INPUTS];
    int32_t count[LOOP_MAX_INPUTS];
    const uint64_t end = common_end(l);
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->inputs; i++) {
        const struct lent_input *in = &l->input[i];
        const uint64_t upto = end / in->ratio;
        count[i] = all ? lent_ready(in) : upto > in->published ? (int32_t)(upto - in->published) : 0;
        if (count[i])
            n = add_pieces(in, (uint64_t)count[i], piece, n);
    }
    if (!n)
        return 0;
    p->deliver(p, t, piece, n);
    for (uint32_t i = 0; i < l->inputs; i++)
        if (count[i])
            lent_published(&l->input[i], count[i]);
    return 1;
}

static void publish(struct lent *l, struct loop_poll *p, uint64_t t)
{
    while (publish_round(l, p, t, 0)) {
    }
}

/* Publishes what is held back for the sake of alignment. */
static void publish_all(struct lent *l, struct loop_poll *p, uint64_t t)
{
    if (publish_round(l, p, t, 1))
        p->uneven++;
    while (publish_round(l, p, t, 1)) {
    }
}

/* The raw samples that came with this call, to any input. */
static void note_chunk(struct lent *l)
{
    l->chunk = UINT64_MAX;
    for (uint32_t i = 0; i < l->inputs; i++) {
        const struct lent_input *in = &l->input[i];
        const uint64_t end = in->told * in->ratio, first = (in->told - in->fresh) * in->ratio;
        if (!in->fresh)
            continue;
        l->chunk = first < l->chunk ? first : l->chunk;
        l->chunk_end = end > l->chunk_end ? end : l->chunk_end;
    }
}

/*
 * Tells of a trigger. Nobody knows what the library counts its place from, so all that is believed is that the trigger lies in the samples that
 * came with it; without samples, between those before and those to come.
 */
static void triggered(struct lent *l, struct loop_poll *p, int told)
{
    const uint64_t before = l->chunk;
    if (p->got)
        note_chunk(l);
    if (l->waits && p->got)
        p->trigger(p, before, l->chunk_end, LOOP_TRIGGER_STRAY);
    else if (told && p->got)
        p->trigger(p, l->chunk, l->chunk_end, LOOP_TRIGGER_WITHIN);
    l->waits = (l->waits || told) && !p->got;
}

static uint32_t ask(struct lent *l, struct lent_trigger *trigger)
{
    memset(l->info, 0, sizeof l->info[0] * l->inputs);
    memset(trigger, 0, sizeof *trigger);
    for (uint32_t i = 0; i < l->inputs; i++) {
        l->info[i].channel = l->input[i].channel;
        l->info[i].mode = l->input[i].mode;
        l->info[i].type = l->input[i].type;
    }
    return l->latest(l->handle, l->info, l->inputs, trigger);
}

void lent_poll(void *source, struct loop_poll *poll)
{
    struct lent *l = source;
    struct lent_trigger trigger;
    if (poll->last) {
        if (l->waits)
            poll->trigger(poll, l->chunk, l->chunk_end, LOOP_TRIGGER_STRAY);
        publish_all(l, poll, loop_now());
        return;
    }
    poll->call = LOOP_CALL_LATEST;
    poll->status = ask(l, &trigger);
    const uint64_t now = loop_now();
    if (poll->status != LOOP_STATUS_OK && poll->status != LOOP_STATUS_WAITING)
        return; /* infos of other answers mean nothing */
    poll->auto_stop = trigger.auto_stop != 0;
    for (uint32_t i = 0; i < l->inputs; i++) {
        const struct lent_info info = l->info[i];
        if (!lent_take(l, poll, i, &info))
            return;
        if (info.samples > 0 && (uint32_t)info.samples > poll->got)
            poll->got = (uint32_t)info.samples;
    }
    poll->deliveries = poll->got != 0;
    triggered(l, poll, trigger.triggered != 0);
    publish(l, poll, now);
    if (poll->status == LOOP_STATUS_WAITING && lent_starved(l))
        publish_all(l, poll, now);
    if (lent_give(l, poll) && poll->status == LOOP_STATUS_WAITING)
        poll->more = 1;
}
