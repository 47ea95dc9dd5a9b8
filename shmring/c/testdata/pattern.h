/* The sample at each epoch index of each lane, so that any reader can tell if a sample is right. */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdint.h>

static inline int16_t pattern(uint32_t lane, uint64_t epoch_index)
{
    uint64_t z = epoch_index * 0x9e3779b97f4a7c15u + (uint64_t)(lane + 1) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 29)) * 0x94d049bb133111ebu;
    return (int16_t)(uint16_t)(z >> 48);
}

static inline void fill_pattern(int16_t *to, uint32_t lane, uint64_t first, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        to[i] = pattern(lane, first + i);
}

/* A small random generator (xorshift): good enough to vary counts. */
static inline uint32_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 32);
}

#endif
