/* How much room an array of the caller really has, where that can be known: in the small blocks of CPython's allocator,
 * which ctypes takes its arrays from. A program that gives ten 16-bit numbers where the library writes ten 64-bit ones
 * would have its interpreter's objects overwritten, and die somewhere else or not at all. Here it gets what fits, and the
 * misuse is counted. Not here: buffers of samples (buffer.c). */
#include <sys/uio.h>
#include <unistd.h>

#include "room.h"

/* The head of a pool of equal blocks, Objects/obmalloc.c of CPython 3.8 and later on 64-bit systems. */
struct pool {
	uint64_t used;
	uint64_t free_block, next, previous;
	uint32_t arena, size_class, next_offset, last_offset;
};

enum { HEAD = sizeof(struct pool), CLASS = 16, CLASSES = 32 };

static int read_safely(uint64_t at, void *into, size_t n)
{
	struct iovec here = {into, n}, there = {(void *)(uintptr_t)at, n};

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)n;
}

/* Whether the head describes itself without contradiction: five equations that other memory does not fulfil by chance. */
static int is_pool(const struct pool *p, uint64_t base, uint32_t pool_size)
{
	const uint32_t size = (p->size_class + 1) * CLASS;

	return p->size_class < CLASSES && p->last_offset == pool_size - size && p->next_offset >= HEAD + size &&
	       p->next_offset <= pool_size && (p->next_offset - HEAD) % size == 0 && p->used >= 1 &&
	       p->used <= (pool_size - HEAD) / size && (p->free_block == 0 || (p->free_block > base && p->free_block < base + pool_size)) &&
	       p->next && p->previous;
}

static size_t known_room(const void *p, size_t want)
{
	static const uint32_t pool_sizes[] = {16384, 4096};

	for (size_t i = 0; i < sizeof pool_sizes / sizeof *pool_sizes; i++) {
		struct pool head;
		const uint64_t base = (uint64_t)(uintptr_t)p & ~(uint64_t)(pool_sizes[i] - 1), offset = (uint64_t)(uintptr_t)p - base;

		if (offset < HEAD || !read_safely(base, &head, sizeof head) || !is_pool(&head, base, pool_sizes[i]))
			continue;
		const uint64_t size = ((uint64_t)head.size_class + 1) * CLASS, end = HEAD + ((offset - HEAD) / size + 1) * size;
		return end - offset < want ? (size_t)(end - offset) : want;
	}
	return want;
}

size_t emu_room(emu_unit *u, const char *what, const void *array, size_t count, size_t size)
{
	const size_t fits = known_room(array, count * size) / size;

	if (fits < count)
		emu_misuse(u, EMU_MISUSE_SMALL, "%s: room for %zu of %zu", what, fits, count);
	return fits;
}
