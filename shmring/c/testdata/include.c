/* Uses every public function once; it is compiled only, as C and as C++. */
#include "../../shmring.h"

int use_all(shmring *r, int fd);

int use_all(shmring *r, int fd)
{
    const void *const samples[1] = {NULL};
    const uint32_t counts[1] = {0};
    int rc = shmring_attach(r, fd);
    rc += shmring_prefault(r, 0, 0, 4096);
    shmring_alive(r);
    shmring_progress(r);
    rc += (int)shmring_state(r) + (int)shmring_lanes(r) + (shmring_lane_info(r, 0) != NULL);
    rc += shmring_begin(r, SHMRING_NOW);
    shmring_restamp(r, 1);
    shmring_time_estimated(r);
    rc += shmring_gap(r, 0, SHMRING_UNKNOWN, SHMRING_DRIVER);
    rc += shmring_push(r, 0, shmring_reserve(r, 0, 1), 1);
    rc += shmring_over_range(r, 0, 1) + shmring_param(r, 0, SHMRING_SCALE, 1.0);
    rc += shmring_mark(r, SHMRING_WAVE_BEGIN, 0, 1, 0, 0, 0) + shmring_trigger(r, 0, 0, 0, 0);
    rc += shmring_trigger_within(r, 0, 0, 0, 1, 0);
    rc += shmring_commit(r);
    rc += (int)(shmring_room(r, 0) + shmring_next(r, 0) + shmring_lost(r, 0));
    rc += shmring_wait_room(r, counts, 0) + shmring_deliver(r, 0, samples, counts);
    rc += shmring_finish(r, 0, 0) + (shmring_strerror(rc) != NULL);
    shmring_detach(r);
    return rc;
}
