/* Raw and WAV files as signals: maps the file, finds the samples, reads them by time. */
#include "replay.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct { const char *name; emu_replay_format format; uint32_t bytes; double full_scale; } formats[] = {
	{"i8", EMU_I8_FILE, 1, 128}, {"u8", EMU_U8_FILE, 1, 128}, {"i16", EMU_I16_FILE, 2, 32768},
	{"f32", EMU_F32_FILE, 4, 1}, {"i24", EMU_I24_FILE, 3, 8388608}, {"i32", EMU_I32_FILE, 4, 2147483648.0},
};
enum { FORMATS = sizeof formats / sizeof *formats };

static uint32_t u32(const uint8_t *b) { return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24; }
static uint32_t u16(const uint8_t *b) { return (uint32_t)b[0] | (uint32_t)b[1] << 8; }

static double count_at(const emu_replay *r, uint64_t i)
{
	const uint8_t *b = r->data + i * r->stride;
	switch (r->format) {
	case EMU_I8_FILE: return (int8_t)b[0];
	case EMU_U8_FILE: return (int)b[0] - 128;
	case EMU_I16_FILE: return (int16_t)u16(b);
	case EMU_I24_FILE: return (int32_t)((uint32_t)b[0] << 8 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 24) / 256;
	case EMU_I32_FILE: return (int32_t)u32(b);
	case EMU_F32_FILE: break;
	}
	float f;
	uint32_t bits = u32(b);
	memcpy(&f, &bits, sizeof f);
	return isfinite(f) ? (double)f : 0;
}

/* Finds fmt and data; every length found is bound by the file's. */
static int parse_wav(emu_replay *r, uint64_t track, double *rate, emu_problem *problem)
{
	const uint8_t *b = r->map;
	if (r->bytes < 12 || memcmp(b, "RIFF", 4) != 0 || memcmp(b + 8, "WAVE", 4) != 0) {
		emu_wrong(problem, "not a WAV file");
		return -1;
	}
	uint32_t kind = 0, channels = 0, bits = 0;
	for (size_t at = 12; at + 8 <= r->bytes;) {
		size_t n = u32(b + at + 4), body = at + 8;
		size_t have = n < r->bytes - body ? n : r->bytes - body;
		if (memcmp(b + at, "fmt ", 4) == 0 && have >= 16) {
			kind = u16(b + body);
			channels = u16(b + body + 2);
			bits = u16(b + body + 14);
			if (*rate == 0)
				*rate = u32(b + body + 4);
			if (kind == 0xFFFE && have >= 26)
				kind = u16(b + body + 24);
		} else if (memcmp(b + at, "data", 4) == 0) {
			if (channels == 0 || (kind != 1 && kind != 3) || (kind == 3 && bits != 32) || (bits != 8 && bits != 16 && bits != 24 && bits != 32)) {
				emu_wrong(problem, "WAV files of 8, 16, 24 and 32 bit and of 32-bit floats are understood, not kind %u with %u bits", kind, bits);
				return -1;
			}
			if (track >= channels) {
				emu_wrong(problem, "the WAV file has %u tracks: track=0 to track=%u", channels, channels - 1);
				return -1;
			}
			r->stride = channels * bits / 8;
			r->data = b + body + track * (bits / 8);
			r->count = have / r->stride;
			return kind == 3 ? 3 : bits == 8 ? 1 : bits == 16 ? 2 : bits == 24 ? 4 : 5;
		}
		at = body + have + (n & 1);
	}
	emu_wrong(problem, "the WAV file has no samples");
	return -1;
}

static int find_format(const char *name, emu_problem *problem)
{
	for (int i = 0; i < FORMATS; i++)
		if (strcasecmp(name, formats[i].name) == 0)
			return i;
	emu_wrong(problem, "format %s: one of i8, u8, i16, i24, i32, f32, wav is wanted (format=... where the file's name does not end so)", name);
	return -1;
}

/* Of at most a million samples, evenly chosen. */
static double mean_of(const emu_replay *r)
{
	uint64_t step = r->count / 1000000 + 1, n = 0;
	double sum = 0;
	for (uint64_t i = 0; i < r->count; i += step, n++)
		sum += count_at(r, i);
	return n ? sum / (double)n * r->scale : 0;
}

static int map_file(emu_replay *r, const char *path, emu_problem *problem)
{
	struct stat s;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode) || s.st_size == 0) {
		emu_wrong(problem, "%s: %s", path, fd < 0 ? strerror(errno) : "not a file with samples");
	} else {
		r->bytes = (size_t)s.st_size;
		r->map = mmap(NULL, r->bytes, PROT_READ, MAP_SHARED, fd, 0);
		if (r->map == MAP_FAILED) {
			emu_wrong(problem, "%s: %s", path, strerror(errno));
			r->map = NULL;
		}
	}
	if (fd >= 0)
		close(fd);
	return r->map != NULL;
}

int emu_replay_open(emu_replay *r, const char *path, const char *format, double rate, double range, double full_scale, uint64_t track,
		    emu_problem *problem)
{
	memset(r, 0, sizeof *r);
	r->loop = 1;
	if (!format) {
		const char *dot = strrchr(path, '.');
		format = dot ? dot + 1 : "";
	}
	int wav = strcasecmp(format, "wav") == 0, which = wav ? 0 : find_format(format, problem);
	if (which < 0 || !map_file(r, path, problem))
		return 0;
	if (wav) {
		which = parse_wav(r, track, &rate, problem);
	} else {
		r->data = r->map;
		r->stride = formats[which].bytes;
		r->count = r->bytes / r->stride;
	}
	if (which >= 0 && (r->count == 0 || rate <= 0))
		emu_wrong(problem, rate <= 0 ? "replay of a raw file needs rate=..., such as rate=1MS/s" : "%s has no samples", path);
	if (problem->text[0]) {
		emu_replay_close(r);
		return 0;
	}
	r->format = formats[which].format;
	r->rate = rate;
	r->scale = range / (full_scale > 0 ? full_scale : formats[which].full_scale);
	r->mean = mean_of(r);
	return 1;
}

void emu_replay_close(emu_replay *r)
{
	if (r->map)
		munmap(r->map, r->bytes);
	memset(r, 0, sizeof *r);
}

/* Position in samples, within the file. */
static double position(const emu_replay *r, double t)
{
	double x = t * r->rate, n = (double)r->count;
	if (r->loop) {
		x = fmod(x, n);
		if (x < 0)
			x += n;
		return x < n ? x : 0;
	}
	return x < 0 ? 0 : x > n - 1 ? n - 1 : x;
}

/* The sample that lasts at a time. A unit that samples at the file's rate often asks exactly where one begins, and a double's
 * rounding must not choose between it and the one before. */
static uint64_t lasting(const emu_replay *r, double t)
{
	uint64_t i = (uint64_t)(position(r, t) + 1e-4);
	return i < r->count ? i : r->loop ? 0 : r->count - 1;
}

double emu_replay_volts(const emu_replay *r, double t)
{
	if (r->hold)
		return count_at(r, lasting(r, t)) * r->scale;
	double x = position(r, t);
	uint64_t i = (uint64_t)x;
	double a = count_at(r, i);
	if (x > (double)i) {
		uint64_t next = i + 1 < r->count ? i + 1 : r->loop ? 0 : i;
		a += (count_at(r, next) - a) * (x - (double)i);
	}
	return a * r->scale;
}

uint8_t emu_replay_byte(const emu_replay *r, double t)
{
	return r->data[lasting(r, t) * r->stride];
}
