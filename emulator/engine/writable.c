/* Whether the memory of a caller's buffer is still there, asked without touching it. */
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

#include "unit.h"

/* There only in programs built with AddressSanitizer. */
extern void *__asan_region_is_poisoned(void *begin, size_t size) __attribute__((weak));

/* A byte of each page is read by the kernel, which answers EFAULT where a load would crash. Memory that is mapped but
 * read-only passes. Where the kernel refuses to look, nothing is known and nothing is claimed. */
int emu_writable(const void *p, size_t n)
{
	enum { BATCH = 16 };
	if (n == 0)
		return 1;
	if (!p)
		return 0;
	if (__asan_region_is_poisoned && __asan_region_is_poisoned((void *)(uintptr_t)p, n))
		return 0;
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), last = (uintptr_t)p + n - 1;
	if (last < (uintptr_t)p)
		return 0;
	for (uintptr_t at = (uintptr_t)p; at <= last;) {
		struct iovec there[BATCH];
		char here[BATCH];
		int k = 0;
		for (; k < BATCH && at <= last; k++) {
			there[k] = (struct iovec){(void *)at, 1};
			at = (at / page + 1) * page;
			if (at == 0)
				break;
		}
		struct iovec into = {here, (size_t)k};
		ssize_t got = process_vm_readv(getpid(), &into, 1, there, (unsigned long)k, 0);
		if (got < 0 && errno != EFAULT)
			return 1;
		if (got != k)
			return 0;
	}
	return 1;
}
