/* The proof signal of unit TEST/1 at eight bits, from its definition: any loss, doubling or shift shows. */
#ifndef SCOPELOG_TEST_PROOF6000A_H
#define SCOPELOG_TEST_PROOF6000A_H

#include <stdint.h>

static inline uint64_t mix(uint64_t x)
{
	uint64_t z = x + 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static inline uint32_t crc32c(const char *s)
{
	uint32_t crc = 0xFFFFFFFFu;

	for (; *s; s++) {
		crc ^= (uint8_t)*s;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78u : 0);
	}
	return ~crc;
}

static inline uint64_t proof_seed(int channel)
{
	return mix((uint64_t)crc32c("TEST/1") * 64 + (uint64_t)channel);
}

/* The upper byte, within +-32512. */
static inline int16_t proof(uint64_t seed, uint64_t i)
{
	int v = (int16_t)(mix(seed ^ i) >> 48) & ~0xFF;

	return (int16_t)(v > 32512 ? 32512 : v < -32512 ? -32512 : v);
}

#endif
