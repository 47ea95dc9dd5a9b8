/* Threads of the emulation. */
#ifndef SCOPELOG_EMU_THREAD_H
#define SCOPELOG_EMU_THREAD_H

#include <pthread.h>

/* pthread_create with all signals blocked: those of the program around us belong to its own threads. Returns 0 or an
 * error number. */
int emu_thread_start(pthread_t *thread, void *(*run)(void *), void *arg);

#endif
