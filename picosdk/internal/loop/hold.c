//go:build linux && cgo

/*
 * hold.c - keeps the thread from calling the library while somebody else does: vendor libraries take one call at a time. Who holds waits for
 * the call that is under way; the thread waits before its next one. Nobody holds for long: no samples are taken meanwhile.
 */
#include "loop.h"

void hold_init(struct loop *l)
{
    (void)pthread_mutex_init(&l->hold.mutex, NULL);
    (void)pthread_cond_init(&l->hold.changed, NULL);
}

void hold_destroy(struct loop *l)
{
    (void)pthread_cond_destroy(&l->hold.changed);
    (void)pthread_mutex_destroy(&l->hold.mutex);
}

void hold_enter(struct loop *l)
{
    (void)pthread_mutex_lock(&l->hold.mutex);
    while (l->hold.wishes)
        (void)pthread_cond_wait(&l->hold.changed, &l->hold.mutex);
    l->hold.inside = 1;
    (void)pthread_mutex_unlock(&l->hold.mutex);
}

void hold_leave(struct loop *l)
{
    (void)pthread_mutex_lock(&l->hold.mutex);
    l->hold.inside = 0;
    if (l->hold.wishes)
        (void)pthread_cond_broadcast(&l->hold.changed);
    (void)pthread_mutex_unlock(&l->hold.mutex);
}

void hold_end(struct loop *l)
{
    (void)pthread_mutex_lock(&l->hold.mutex);
    l->hold.over = 1;
    (void)pthread_cond_broadcast(&l->hold.changed);
    (void)pthread_mutex_unlock(&l->hold.mutex);
}

int loop_hold(struct loop *l)
{
    (void)pthread_mutex_lock(&l->hold.mutex);
    l->hold.wishes++;
    while (l->hold.inside && !l->hold.over)
        (void)pthread_cond_wait(&l->hold.changed, &l->hold.mutex);
    const int held = !l->hold.over;
    if (!held)
        l->hold.wishes--;
    (void)pthread_mutex_unlock(&l->hold.mutex);
    return held;
}

void loop_release(struct loop *l)
{
    (void)pthread_mutex_lock(&l->hold.mutex);
    l->hold.wishes--;
    (void)pthread_cond_broadcast(&l->hold.changed);
    (void)pthread_mutex_unlock(&l->hold.mutex);
}
