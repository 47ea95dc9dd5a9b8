//go:build cgo && linux && race

package dynlib

/*
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// How many bytes the pages of a buffer have, and with those on either side that nobody may touch.
static size_t guarded_body(size_t bytes) {
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	return (bytes + page - 1) / page * page;
}
static size_t guarded_whole(size_t bytes) { return guarded_body(bytes) + 2 * (size_t)sysconf(_SC_PAGESIZE); }

// The buffer ends where its last page does.
static void *guarded_new(size_t bytes) {
	const size_t page = (size_t)sysconf(_SC_PAGESIZE), body = guarded_body(bytes);
	if (body < bytes || body > SIZE_MAX - 2 * page)
		return NULL;
	uint8_t *p = mmap(NULL, guarded_whole(bytes), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (mprotect(p + page, body, PROT_READ | PROT_WRITE) != 0) {
		(void)munmap(p, guarded_whole(bytes));
		return NULL;
	}
	return p + page + (body - bytes);
}

static void guarded_free(void *at, size_t bytes) {
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	(void)munmap((uint8_t *)at - (guarded_body(bytes) - bytes) - page, guarded_whole(bytes));
}
*/
import "C"

import (
	"errors"
	"unsafe"
)

func allocate(bytes uintptr) (unsafe.Pointer, error) {
	if p := C.guarded_new(C.size_t(bytes)); p != nil {
		return p, nil
	}
	return nil, errors.New("out of memory")
}

func release(p unsafe.Pointer, bytes uintptr) { C.guarded_free(p, C.size_t(bytes)) }
