//go:build linux && cgo

/*
 * loop.c - the thread: polls the source, rests, judges statuses, drains, ends. What is delivered goes through batch.c. The ring is left open at
 * the end; finishing it is for Go, which knows what the end means.
 */
#include "loop.h"

#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>

struct loop *loop_new(void)
{
    struct loop *l = calloc(1, sizeof *l);
    if (l && !(l->ring = calloc(1, sizeof *l->ring))) {
        free(l);
        return NULL;
    }
    if (l) {
        l->trigger.end = UINT64_MAX;
        hold_init(l);
    }
    return l;
}

void loop_free(struct loop *l)
{
    if (!l)
        return;
    if (l->ring) {
        shmring_detach(l->ring);
        free(l->ring);
    }
    hold_destroy(l);
    free(l);
}

int loop_attach(struct loop *l, int fd) { return shmring_attach(l->ring, fd); }

void loop_take_ring(struct loop *l, struct loop *from)
{
    free(l->ring);
    l->ring = from->ring;
    from->ring = NULL;
    trigger_take_over(l, from);
}

int loop_lose(struct loop *l, uint32_t cause)
{
    uint64_t raw = 0, group = 1;
    int rc = SHMRING_OK;
    for (uint32_t i = 0; i < l->ring->lanes; i++)
        if (shmring_next(l->ring, i) * l->ring->lane[i].ratio > raw)
            raw = shmring_next(l->ring, i) * l->ring->lane[i].ratio;
    for (uint32_t i = 0; i < l->c.inputs; i++)
        if (l->c.input[i].ratio > group)
            group = l->c.input[i].ratio;
    raw = (raw + group - 1) / group * group; /* groups that the library makes begin with its run */
    l->trigger.base = raw;
    for (uint32_t s = 0; rc == SHMRING_OK && s < l->c.streams; s++) {
        struct loop_stream *st = &l->c.stream[s];
        const uint64_t ratio = l->ring->lane[st->lane].ratio;
        const uint64_t behind = raw / ratio + (raw % ratio != 0) - shmring_next(l->ring, st->lane);
        rc = shmring_gap(l->ring, st->lane, behind, cause);
        if (rc == SHMRING_OK)
            rc = shmring_gap(l->ring, st->lane, SHMRING_UNKNOWN, cause);
        if (st->computed)
            reduce_enter(&st->reduce, (uint32_t)(raw % ratio));
    }
    return rc;
}

void loop_stop(struct loop *l)
{
    __atomic_store_n(&l->stop, 1u, __ATOMIC_RELEASE);
    (void)syscall(SYS_futex, &l->stop, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

static int stopping(struct loop *l) { return __atomic_load_n(&l->stop, __ATOMIC_ACQUIRE) != 0; }

/* Sleeps; a stop ends it. */
static void rest(struct loop *l, uint64_t ns)
{
    struct timespec t;
    t.tv_sec = (time_t)(ns / 1000000000u);
    t.tv_nsec = (long)(ns % 1000000000u);
    (void)syscall(SYS_futex, &l->stop, FUTEX_WAIT_PRIVATE, 0, &t, NULL, 0);
}

/* What the thread remembers from poll to poll. */
struct course {
    uint64_t begun;      /* when the last poll began */
    uint32_t first;      /* samples of the first poll since the last rest */
    uint32_t ending;     /* why the loop drains, LOOP_RUNNING: it does not */
    uint64_t ending_ns;  /* since when */
    uint64_t waiting_ns; /* since when the library waits for buffers, 0: it does not */
    int stalled;
    int flagged;         /* the last poll was the first to tell of an auto-stop */
};

static void end(struct loop *l, const struct loop_poll *p, uint32_t reason)
{
    l->result.reason = reason;
    if (reason == LOOP_POWER || reason == LOOP_FAILED) {
        l->result.status = p->status;
        l->result.call = p->call;
    }
    l->result.fault = p->fault;
    l->result.fault_input = p->fault_input;
    l->result.fault_a = p->fault_a;
    l->result.fault_b = p->fault_b;
}

/* Why the answer of a poll ends the loop at once; LOOP_RUNNING: it does not. */
static uint32_t judge(const struct loop *l, const struct loop_poll *p)
{
    if (p->fault)
        return LOOP_PROTOCOL;
    if (trigger_done(l))
        return LOOP_TRIGGERED;
    if (p->status == LOOP_STATUS_OK || p->status == LOOP_STATUS_BUSY || p->status == LOOP_STATUS_WAITING)
        return LOOP_RUNNING;
    for (uint32_t i = 0; i < l->c.powers; i++)
        if (l->c.power[i] == p->status)
            return LOOP_POWER;
    return LOOP_FAILED;
}

static void count_poll(struct loop *l, struct course *c, const struct loop_poll *p, uint64_t now)
{
    struct loop_counters *n = &l->n;
    count_add(&n->polls, 1);
    count_add(&n->deliveries, p->deliveries);
    count_add(&n->jumps, p->jumps);
    count_add(&n->uneven, p->uneven);
    if (!p->got)
        count_add(&n->empty, 1);
    if (p->status == LOOP_STATUS_BUSY)
        count_add(&n->busy, 1);
    count_max(&n->longest_poll_ns, now - c->begun);
    if (p->status != LOOP_STATUS_WAITING) {
        c->waiting_ns = 0;
        c->stalled = 0;
    } else {
        count_add(&n->waiting, 1);
        if (!c->waiting_ns)
            c->waiting_ns = now;
        if (now - c->waiting_ns > LOOP_STALL_NS && !c->stalled) {
            c->stalled = 1;
            count_add(&n->stalls, 1);
        }
    }
    count_set(&n->waiting_since_ns, c->waiting_ns);
}

/*
 * Whether to poll again without a rest. The first poll that brings something is always followed by another: what is pending may come in
 * several pieces. After that only a piece of some size goes on with it, or a library that makes a small one of every sample
 * would keep the thread busy for ever.
 */
static int again(struct course *c, const struct loop_poll *p)
{
    if (!p->got) {
        c->first = 0;
        return p->more;
    }
    if (!c->first) {
        c->first = p->got;
        return 1;
    }
    if (p->more || p->got >= c->first / 4 + 1)
        return 1;
    c->first = 0;
    return 0;
}

static void poll_once(struct loop *l, struct course *c, struct loop_poll *p, uint32_t last)
{
    memset(p, 0, sizeof *p);
    p->loop = l;
    p->deliver = batch_deliver;
    p->trigger = trigger_told;
    p->last = last;
    if (last) { /* makes no call of the library */
        l->c.poll(l->c.source, p);
        return;
    }
    hold_enter(l);
    const uint64_t now = loop_now();
    if (c->begun)
        count_max(&l->n.largest_gap_ns, now - c->begun);
    c->begun = now;
    count_set(&l->n.last_poll_ns, now);
    l->c.poll(l->c.source, p);
    hold_leave(l);
    count_poll(l, c, p, loop_now());
}

/* Looks for a wish to end. Returns LOOP_HOST_CLOSED if nothing more is to be done. */
static uint32_t wishes(struct loop *l, struct course *c)
{
    const uint32_t state = shmring_state(l->ring);
    if (state == SHMRING_CORE_CLOSED || state == SHMRING_CORE_FAULT)
        return LOOP_HOST_CLOSED;
    if (c->ending)
        return LOOP_RUNNING;
    if (stopping(l))
        c->ending = LOOP_STOPPED;
    else if (state == SHMRING_CORE_DRAINING)
        c->ending = LOOP_HOST_DRAINED;
    if (c->ending) {
        c->ending_ns = loop_now();
        c->first = 0;
    }
    return LOOP_RUNNING;
}

/* Commits when the batch would otherwise wait for longer than it may, then rests. */
static void settle(struct loop *l, int at_once)
{
    const uint64_t now = loop_now();
    if (l->open && now + (at_once ? 0 : l->c.poll_ns) - l->batch_t >= l->c.gather_ns)
        batch_commit(l);
    else
        shmring_progress(l->ring);
    if (!at_once)
        rest(l, l->c.poll_ns);
}

/* Whether draining is over: the library has no more, or takes too long to say so. */
static int drained(struct loop *l, const struct course *c, const struct loop_poll *p, int more)
{
    if (p->got ? !more && c->ending != LOOP_AUTO_STOPPED : !c->flagged && !p->more) {
        l->result.drained = 1;
        return 1;
    }
    return loop_now() - c->ending_ns > l->c.drain_ns;
}

static void work(struct loop *l)
{
    struct course c;
    struct loop_poll p;
    memset(&c, 0, sizeof c);
    for (;;) {
        uint32_t reason = wishes(l, &c);
        if (reason == LOOP_RUNNING && trigger_done(l))
            reason = LOOP_TRIGGERED; /* in the loop before */
        if (reason == LOOP_RUNNING) {
            poll_once(l, &c, &p, 0);
            reason = judge(l, &p);
        } else {
            memset(&p, 0, sizeof p);
        }
        if (reason != LOOP_RUNNING) {
            end(l, &p, reason);
            return;
        }
        c.flagged = p.auto_stop && !c.ending;
        if (c.flagged) {
            c.ending = LOOP_AUTO_STOPPED;
            c.ending_ns = loop_now();
        }
        const int more = again(&c, &p);
        if (c.ending && drained(l, &c, &p, more)) {
            end(l, &p, c.ending);
            return;
        }
        settle(l, more || c.ending);
    }
}

static void *run(void *arg)
{
    struct loop *l = arg;
    struct course c;
    struct loop_poll p;
    (void)pthread_setname_np(pthread_self(), "acquisition");
    work(l);
    hold_end(l);
    memset(&c, 0, sizeof c);
    if (l->result.reason != LOOP_TRIGGERED) {
        poll_once(l, &c, &p, 1);
        count_add(&l->n.uneven, p.uneven);
    }
    trigger_finish(l);
    batch_commit(l);
    return NULL;
}

int loop_start(struct loop *l)
{
    /* Signals are for Go's threads: one that interrupts a system call of the vendor library could look like a failure of the device. Those of
       a crash stay, for the report that Go makes of them. */
    sigset_t all, before;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGABRT);
    sigdelset(&all, SIGTRAP);
    sigdelset(&all, SIGSYS);
    batch_prepare(l);
    int rc = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (rc)
        return rc;
    rc = pthread_create(&l->thread, NULL, run, l);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    l->started = rc == 0;
    return rc;
}

void loop_join(struct loop *l)
{
    if (l->started)
        (void)pthread_join(l->thread, NULL);
    l->started = 0;
}
