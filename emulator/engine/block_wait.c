/* How a capture's thread waits for rig time: on a condition with the monotonic clock, so that a Stop wakes it; looks at
 * the plug meanwhile. Not here: what is waited for. */
#include <time.h>

#include "block_wait.h"

#define LOOK_S 0.02 /* an unplugged unit is noticed within this */

void emu_wait_init(emu_capture *c)
{
	pthread_condattr_t a;
	pthread_condattr_init(&a);
	pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
	pthread_cond_init(&c->wake, &a);
	pthread_condattr_destroy(&a);
	pthread_mutex_init(&c->mutex, NULL);
}

void emu_wait_destroy(emu_capture *c)
{
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->mutex);
}

bool emu_wait(emu_capture *c, double rig_time)
{
	for (;;) {
		bool gone = emu_unplugged(c->unit);
		pthread_mutex_lock(&c->mutex);
		if (gone && !c->cancel) {
			c->cancel = true;
			c->cancel_status = EMU_NOT_RESPONDING;
		}
		double left = rig_time - emu_now(c->unit);
		if (c->cancel || left <= 0) {
			bool go_on = !c->cancel;
			pthread_mutex_unlock(&c->mutex);
			return go_on;
		}
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		long long ns = until.tv_nsec + (long long)((left < LOOK_S ? left : LOOK_S) * 1e9) + 1;
		until.tv_sec += ns / 1000000000;
		until.tv_nsec = ns % 1000000000;
		pthread_cond_timedwait(&c->wake, &c->mutex, &until);
		pthread_mutex_unlock(&c->mutex);
	}
}

void emu_wait_cancel(emu_capture *c, emu_status status)
{
	pthread_mutex_lock(&c->mutex);
	if (!c->cancel && c->state == EMU_ARMED) {
		c->cancel = true;
		c->cancel_status = status;
	}
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->mutex);
}
