/* The proof signal: a code that is a hash of the sample's index since this Start, so that any loss, doubling, shift or
 * swap shows. v(i) = splitmix64(seed XOR i) >> 48, seed = splitmix64(CRC-32C of the serial * 64 + channel). */
#include "signals.h"

#include <string.h>

uint64_t emu_splitmix64(uint64_t x)
{
	uint64_t z = x + 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

uint32_t emu_crc32c(const void *p, size_t n)
{
	uint32_t crc = 0xFFFFFFFF;
	for (const uint8_t *b = p; n > 0; n--, b++) {
		crc ^= *b;
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (0x82F63B78u & -(crc & 1));
	}
	return ~crc;
}

uint64_t emu_proof_seed(const char *serial, int channel)
{
	return emu_splitmix64((uint64_t)emu_crc32c(serial, strlen(serial)) * 64 + (uint64_t)channel);
}

/* The top bits of the code, and what does not fit between the family's limits is put onto them. */
void emu_proof_codes(const emu_signal *s, const emu_frontend *f, uint64_t first, size_t count, int16_t *codes)
{
	const uint64_t seed = s->proof_seed;
	const int mask = -(1 << (16 - f->bits)), low = f->min_code, high = f->max_code;
	for (size_t i = 0; i < count; i++) {
		int v = (int16_t)(emu_splitmix64(seed ^ (first + i)) >> 48) & mask;
		v = v > high ? high : v;
		codes[i] = (int16_t)(v < low ? low : v);
	}
}

void emu_proof_pins(const emu_signal *s, uint64_t first, size_t count, uint8_t *pins)
{
	const uint64_t seed = s->proof_seed;
	for (size_t i = 0; i < count; i++)
		pins[i] = (uint8_t)(emu_splitmix64(seed ^ (first + i)) >> 56);
}
