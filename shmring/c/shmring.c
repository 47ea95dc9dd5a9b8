//go:build ignore
// (The line above keeps the go command from taking this for a part of a Go package.)

/*
 * The functions of shmring.h as a shared library, for languages without inline C:
 *
 *     cc -std=c11 -O2 -shared -fPIC -fvisibility=hidden -o libshmring.so shmring.c
 *
 * All functions of the header are exported under their own names. The caller need not know the
 * size of a `shmring`: shmring_new makes one. Samples may be written straight into the memory that
 * shmring_reserve returns; they are committed by the library, whose stores have the right order.
 */
#define SHMRING_API extern __attribute__((visibility("default")))
#include "../shmring.h"

#include <stdlib.h>

/* Memory for one producer, not attached; NULL if there is none. Give it back with shmring_free. */
SHMRING_API shmring *shmring_new(void)
{
    return (shmring *)calloc(1, sizeof(shmring));
}

/* Detaches, if attached, and frees. NULL is fine. */
SHMRING_API void shmring_free(shmring *r)
{
    if (r) {
        shmring_detach(r);
        free(r);
    }
}
