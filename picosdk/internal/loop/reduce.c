//go:build linux && cgo

/*
 * reduce.c - conversion, reduction and inspection of samples, see reduce.h. The loops over samples are plain, for the compiler to
 * vectorise; the decisions are outside of them.
 */
#include "reduce.h"

#include <stddef.h>

int reduce_converts(uint8_t from, uint8_t to)
{
    return from == to || (from == REDUCE_I16 && (to == REDUCE_U8 || to == REDUCE_I8)) ||
           (from == REDUCE_I8 && (to == REDUCE_U8 || to == REDUCE_I16));
}

void reduce_convert(void *to, uint8_t to_format, const void *from, uint8_t from_format, uint64_t count)
{
    if (from_format == REDUCE_I16 && to_format == REDUCE_U8) {
        const uint16_t *f = from;
        uint8_t *t = to;
        for (uint64_t i = 0; i < count; i++)
            t[i] = (uint8_t)f[i];
    } else if (from_format == REDUCE_I16 && to_format == REDUCE_I8) {
        const uint16_t *f = from;
        uint8_t *t = to;
        for (uint64_t i = 0; i < count; i++)
            t[i] = (uint8_t)(f[i] >> 8);
    } else if (from_format == REDUCE_I8 && to_format == REDUCE_I16) {
        const uint8_t *f = from;
        uint16_t *t = to;
        for (uint64_t i = 0; i < count; i++)
            t[i] = (uint16_t)(f[i] << 8);
    } else {
        const uint8_t *f = from;
        uint8_t *t = to;
        for (uint64_t i = 0; i < count; i++)
            t[i] = f[i];
    }
}

/* name(v, p, n): the reduction of v and n samples of a type. */
#define FOLD(name, type, wide, step) \
    static int64_t name(int64_t start, const type *p, uint64_t n) \
    { \
        wide v = (wide)start; \
        for (uint64_t i = 0; i < n; i++) \
            step; \
        return (int64_t)v; \
    }
FOLD(low_i16, int16_t, int16_t, v = p[i] < v ? p[i] : v)
FOLD(high_i16, int16_t, int16_t, v = p[i] > v ? p[i] : v)
FOLD(sum_i16, int16_t, int64_t, v += p[i])
FOLD(low_i8, int8_t, int8_t, v = p[i] < v ? p[i] : v)
FOLD(high_i8, int8_t, int8_t, v = p[i] > v ? p[i] : v)
FOLD(sum_i8, int8_t, int64_t, v += p[i])
FOLD(low_u8, uint8_t, uint8_t, v = p[i] < v ? p[i] : v)
FOLD(high_u8, uint8_t, uint8_t, v = p[i] > v ? p[i] : v)
FOLD(sum_u8, uint8_t, int64_t, v += p[i])
FOLD(and_u8, uint8_t, uint8_t, v = (uint8_t)(v & p[i]))
FOLD(or_u8, uint8_t, uint8_t, v = (uint8_t)(v | p[i]))
FOLD(and_i16, uint16_t, uint16_t, v = (uint16_t)(v & p[i]))
FOLD(or_i16, uint16_t, uint16_t, v = (uint16_t)(v | p[i]))

static int64_t sample(uint8_t format, const void *from, uint64_t i)
{
    switch (format) {
    case REDUCE_I16: return ((const int16_t *)from)[i];
    case REDUCE_I8: return ((const int8_t *)from)[i];
    default: return ((const uint8_t *)from)[i];
    }
}

static void put(uint8_t format, void *to, uint64_t i, int64_t v)
{
    if (format == REDUCE_I16)
        ((uint16_t *)to)[i] = (uint16_t)v;
    else
        ((uint8_t *)to)[i] = (uint8_t)v;
}

static int64_t fold_bits(const struct reduce *r, int64_t v, const void *p, uint64_t n)
{
    if (r->format == REDUCE_I16)
        return r->kind == REDUCE_MIN ? and_i16(v, p, n) : or_i16(v, p, n);
    return r->kind == REDUCE_MIN ? and_u8(v, p, n) : or_u8(v, p, n);
}

/* v reduced with n further samples. */
static int64_t fold(const struct reduce *r, int64_t v, const void *p, uint64_t n)
{
    if (r->digital && r->kind != REDUCE_AVERAGE)
        return fold_bits(r, v, p, n);
    switch (r->format) {
    case REDUCE_I16:
        return r->kind == REDUCE_MIN ? low_i16(v, p, n) : r->kind == REDUCE_MAX ? high_i16(v, p, n) : sum_i16(v, p, n);
    case REDUCE_I8:
        return r->kind == REDUCE_MIN ? low_i8(v, p, n) : r->kind == REDUCE_MAX ? high_i8(v, p, n) : sum_i8(v, p, n);
    default:
        return r->kind == REDUCE_MIN ? low_u8(v, p, n) : r->kind == REDUCE_MAX ? high_u8(v, p, n) : sum_u8(v, p, n);
    }
}

static int64_t mean(int64_t sum, int64_t ratio)
{
    const int64_t half = sum < 0 ? -(ratio / 2) : ratio / 2;
    return (sum + half) / ratio;
}

uint64_t reduce_groups(const struct reduce *r, uint64_t count)
{
    const uint64_t n = (r->in_group + count) / r->ratio;
    return n && r->spoilt ? n - 1 : n;
}

/* Takes samples of one group, count of them at most up to its end. */
static void take_part(struct reduce *r, const void *from, uint64_t count)
{
    if (r->in_group == 0)
        r->value = r->kind == REDUCE_AVERAGE ? 0 : sample(r->format, from, 0);
    if (r->kind != REDUCE_DECIMATE)
        r->value = fold(r, r->value, from, count);
    r->in_group += (uint32_t)count;
}

uint64_t reduce_take(struct reduce *r, void *to, const void *from, uint64_t count)
{
    const uint32_t bytes = reduce_bytes(r->format);
    const uint8_t *p = from;
    uint64_t done = 0;
    while (count) {
        const uint64_t left = r->ratio - r->in_group, n = count < left ? count : left;
        take_part(r, p, n);
        p += n * bytes;
        count -= n;
        if (r->in_group < r->ratio)
            break;
        r->in_group = 0;
        if (!r->spoilt) {
            if (to)
                put(r->format, to, done, r->kind == REDUCE_AVERAGE ? mean(r->value, r->ratio) : r->value);
            done++;
        }
        r->spoilt = 0;
    }
    return done;
}

void reduce_enter(struct reduce *r, uint32_t in_group)
{
    r->in_group = in_group;
    r->spoilt = in_group != 0;
}

#define COUNT_BEYOND(type, from, count, limit, out) \
    do { \
        const type *p_ = (const type *)(from); \
        for (uint64_t i_ = 0; i_ < (count); i_++) \
            (out) += p_[i_] >= (limit) || p_[i_] <= -(limit); \
    } while (0)

/* Smallest and largest in one pass: clean data cost no more than this. */
#define EXTREMES(name, type) \
    static void name(const type *p, uint64_t count, type *low, type *high) \
    { \
        type l = 0, h = 0; \
        for (uint64_t i = 0; i < count; i++) { \
            l = p[i] < l ? p[i] : l; \
            h = p[i] > h ? p[i] : h; \
        } \
        *low = l; \
        *high = h; \
    }
EXTREMES(extremes_i16, int16_t)
EXTREMES(extremes_i8, int8_t)

static void inspect_i16(const int16_t *p, uint64_t count, int32_t limit, uint64_t *clipped, uint64_t *suspicious)
{
    int16_t low, high;
    extremes_i16(p, count, &low, &high);
    if (low == INT16_MIN)
        for (uint64_t i = 0; i < count; i++)
            *suspicious += p[i] == INT16_MIN;
    if (limit > 0 && (high >= limit || low <= -limit))
        COUNT_BEYOND(int16_t, p, count, limit, *clipped);
}

static void inspect_i8(const int8_t *p, uint64_t count, int32_t limit, uint64_t *clipped)
{
    int8_t low, high;
    extremes_i8(p, count, &low, &high);
    if (limit > 0 && (high >= limit || low <= -limit))
        COUNT_BEYOND(int8_t, p, count, limit, *clipped);
}

void reduce_inspect(const void *from, uint8_t format, uint64_t count, int32_t limit, uint64_t *clipped, uint64_t *suspicious)
{
    if (format == REDUCE_I16)
        inspect_i16(from, count, limit, clipped, suspicious);
    else
        inspect_i8(from, count, limit, clipped);
}
