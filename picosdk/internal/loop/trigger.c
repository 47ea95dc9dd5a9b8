//go:build linux && cgo

/*
 * trigger.c - the trigger of a stream: takes down where it is, marks it in the ring, says where the stream ends behind it. It looks at no
 * samples: only the library knows what a trigger is.
 *
 * Raw indices here count from the ring's first sample, like those of its lanes: samples that found no room and those of loops before this one
 * are included.
 */
#include "loop.h"

/* Where a whole stream of groups ends: a raw one can be cut anywhere. */
static uint64_t rounded(const struct loop *l, uint64_t end)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t s = 0; s < l->c.streams; s++) {
        const uint64_t ratio = l->ring->lane[l->c.stream[s].lane].ratio;
        least = ratio < least ? ratio : least;
    }
    return (end + least - 1) / least * least;
}

static void take_down(struct loop *l, uint64_t first, uint64_t last)
{
    struct loop_trigger *t = &l->trigger;
    t->seen = 1;
    t->first = first;
    t->last = last;
    if (l->c.trigger.stop)
        t->end = rounded(l, last + l->c.trigger.after);
    count_set(&l->n.trigger_first, first);
    count_set(&l->n.trigger_last, last);
    __atomic_store_n(&l->n.triggered, t->by_itself ? 2u : 1u, __ATOMIC_RELEASE);
}

static void take_down_auto(struct loop *l)
{
    l->trigger.by_itself = 1;
    take_down(l, l->c.trigger.auto_at, l->c.trigger.auto_at);
}

void trigger_told(struct loop_poll *poll, uint64_t first, uint64_t end, uint32_t how)
{
    struct loop *l = poll->loop;
    struct loop_trigger *t = &l->trigger;
    if (!l->c.trigger.heed || t->seen || end <= first)
        return;
    if (how == LOOP_TRIGGER_STRAY)
        count_add(&l->n.strays, 1);
    first += t->base;
    if (l->c.trigger.auto_at && first >= l->c.trigger.auto_at) {
        take_down_auto(l);
        return;
    }
    t->exact = how == LOOP_TRIGGER_EXACT;
    t->pending = 1;
    take_down(l, first, t->base + end - 1);
}

/* Raw index behind the samples of an input. */
static uint64_t reach(const struct loop *l, uint32_t input, uint64_t more)
{
    return l->trigger.base + (l->n.input[input] + more) * l->c.input[input].ratio;
}

/* How many samples of an input lie before the end of the stream. */
static uint64_t wanted(const struct loop *l, uint32_t input)
{
    const struct loop_trigger *t = &l->trigger;
    return t->end > t->base ? (t->end - t->base) / l->c.input[input].ratio : 0;
}

void trigger_watch(struct loop *l, const struct loop_piece *pieces, uint32_t n)
{
    if (l->trigger.seen || !l->c.trigger.auto_at)
        return;
    for (uint32_t i = 0; i < n; i++)
        if (reach(l, pieces[i].input, pieces[i].count) > l->c.trigger.auto_at) {
            take_down_auto(l);
            return;
        }
}

uint32_t trigger_cut(struct loop *l, const struct loop_piece *from, uint32_t n, struct loop_piece *to)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t input = from[i].input;
        const uint64_t most = wanted(l, input), have = l->n.input[input], room = most > have ? most - have : 0;
        struct loop_piece p = from[i];
        if (p.count > room) {
            l->trigger.cut[input] += p.count - room;
            count_max(&l->n.cut, l->trigger.cut[input] * l->c.input[input].ratio);
            p.count = room;
        }
        if (p.count)
            to[kept++] = p;
    }
    return kept;
}

int trigger_done(const struct loop *l)
{
    if (l->trigger.end == UINT64_MAX)
        return 0;
    for (uint32_t i = 0; i < l->c.inputs; i++)
        if (l->n.input[i] < wanted(l, i))
            return 0;
    return 1;
}

int trigger_due(const struct loop *l, const struct loop_piece *pieces, uint32_t n)
{
    uint32_t behind = 0;
    if (!l->trigger.pending)
        return 0;
    for (uint32_t i = 0; i < l->c.inputs; i++)
        behind += reach(l, i, 0) <= l->trigger.last;
    for (uint32_t i = 0; i < n; i++)
        behind -= reach(l, pieces[i].input, 0) <= l->trigger.last && reach(l, pieces[i].input, pieces[i].count) > l->trigger.last;
    return behind == 0;
}

/* The lane to mark the trigger in: the finest. */
static uint32_t finest(const struct loop *l)
{
    uint32_t lane = l->c.stream[0].lane;
    for (uint32_t s = 1; s < l->c.streams; s++)
        if (l->ring->lane[l->c.stream[s].lane].ratio < l->ring->lane[lane].ratio)
            lane = l->c.stream[s].lane;
    return lane;
}

void trigger_mark(struct loop *l)
{
    struct loop_trigger *t = &l->trigger;
    const uint32_t lane = finest(l);
    const shmring_lane_state *s = &l->ring->lane[lane];
    const uint64_t lo = t->first / s->ratio, hi = t->last / s->ratio, within = hi - lo + 1;
    if (t->exact) {
        __extension__ typedef unsigned __int128 wide;
        const int64_t into = (int64_t)((wide)(t->first - lo * s->ratio) * s->interval_num_fs / s->interval_den);
        (void)shmring_trigger_within(l->ring, lane, lo, into, 0, 0);
    } else {
        (void)shmring_trigger_within(l->ring, lane, lo, 0, within < UINT32_MAX ? (uint32_t)within : UINT32_MAX, 0);
    }
    t->pending = 0;
}

void trigger_finish(struct loop *l)
{
    struct loop_trigger *t = &l->trigger;
    uint64_t end = 0;
    for (uint32_t i = 0; i < l->c.inputs; i++)
        end = reach(l, i, 0) > end ? reach(l, i, 0) : end;
    if (!t->pending || t->first >= end)
        return;
    t->last = t->last < end ? t->last : end - 1;
    trigger_mark(l);
}

void trigger_take_over(struct loop *l, const struct loop *from)
{
    const struct loop_trigger *old = &from->trigger;
    if (!old->seen)
        return;
    l->trigger.seen = 1;
    l->trigger.by_itself = old->by_itself;
    l->trigger.first = old->first;
    l->trigger.last = old->last;
    l->trigger.end = old->end;
    l->n.trigger_first = old->first;
    l->n.trigger_last = old->last;
    l->n.triggered = from->n.triggered;
}
