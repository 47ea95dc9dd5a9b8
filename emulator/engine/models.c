/* The rules that go with the tables of models: timebase numbers, which channels can run together and how fast, shares of
 * the memory. Not here: the tables themselves (models_*.c), and anything that depends on an open unit. */
#include <string.h>

#include "scope.h"

const emu_model *emu_model_at(int n)
{
	const emu_model *const table[] = {emu_models_2000a, emu_models_5000a, emu_models_6000a};
	for (int t = 0; t < 3; t++)
		for (const emu_model *m = table[t]; m->driver; m++)
			if (n-- == 0)
				return m;
	return NULL;
}

const emu_model *emu_model_find(const char *driver, const char *variant)
{
	const emu_model *m;
	for (int n = 0; (m = emu_model_at(n)); n++)
		if (!strcmp(m->driver, driver) && !strcmp(m->variant, variant))
			return m;
	return NULL;
}

const emu_rate *emu_model_rate(const emu_model *m, int bits)
{
	for (int i = 0; i < 5 && m->rate[i].bits; i++)
		if (m->rate[i].bits == bits)
			return &m->rate[i];
	return NULL;
}

/* A clock has the intervals first << n for n below doublings, counted from timebase start on, and then multiples of
 * step. */
typedef struct clock_rule {
	uint32_t start, doublings;
	uint64_t first, step; /* femtoseconds */
} clock_rule;

static clock_rule rule_of(const emu_model *m, int bits)
{
	switch (m->clock) {
	case EMU_CLOCK_200M:
		return (clock_rule){0, 1, 5000000, 10000000};
	case EMU_CLOCK_500M:
		return (clock_rule){0, 3, 2000000, 16000000};
	case EMU_CLOCK_1G:
		return (clock_rule){0, 3, 1000000, 8000000};
	case EMU_CLOCK_6000:
		return (clock_rule){0, 5, 200000, 6400000};
	case EMU_CLOCK_6428:
		return (clock_rule){0, 6, 100000, 6400000};
	case EMU_CLOCK_5000:
		switch (bits) {
		case 8:
			return (clock_rule){0, 3, 1000000, 8000000};
		case 12:
			return (clock_rule){1, 3, 2000000, 16000000};
		case 16:
			return (clock_rule){4, 0, 0, 16000000};
		default:
			return (clock_rule){3, 0, 0, 8000000};
		}
	}
	return (clock_rule){0, 0, 0, 8000000};
}

uint32_t emu_model_first_timebase(const emu_model *m, int bits)
{
	return rule_of(m, bits).start;
}

uint64_t emu_model_interval(const emu_model *m, int bits, uint32_t n)
{
	clock_rule r = rule_of(m, bits);
	if (!emu_model_rate(m, bits) || n < r.start)
		return 0;
	if (n - r.start < r.doublings)
		return r.first << (n - r.start);
	return ((uint64_t)(n - r.start - r.doublings) + 1) * r.step;
}

int emu_active_count(uint32_t set)
{
	return __builtin_popcount(set);
}

/* Channels of a set that share a converter: groups of `width` neighbours with more than one member on. */
static int crowded(uint32_t set, int width)
{
	for (int c = 0; c < EMU_CHANNELS; c += width)
		if (emu_active_count(set >> c & ((1u << width) - 1)) > 1)
			return 1;
	return 0;
}

/* Index of emu_rate.sps for so many channels. */
static int rate_index(int count)
{
	return count <= 1 ? 0 : count == 2 ? 1 : count <= 4 ? 2 : 3;
}

/* On 6000E units the fastest rates need channels on different converters. */
static int bank_index(const emu_model *m, int bits, uint32_t analog, int count, int index)
{
	int halves = crowded(analog, m->channels / 2);
	int pairs = crowded(analog, 2);
	if (index == 1 && (bits != 10 || m->channels == 8) && (halves || count > 2))
		index = 2;
	if (index == 2 && bits == 8 && m->channels == 8 && pairs)
		index = 3;
	return index;
}

int emu_model_free_ports(const emu_model *m, int bits)
{
	return m->clock == EMU_CLOCK_6000 || m->clock == EMU_CLOCK_6428 ? bits == 12 : bits >= 15;
}

emu_status emu_model_fastest(const emu_model *m, int bits, uint32_t set, uint64_t *interval_fs)
{
	const emu_rate *rate = emu_model_rate(m, bits);
	uint32_t analog = set & 0xFF, ports = set >> EMU_PORT0 & 3;
	int six = m->clock == EMU_CLOCK_6000 || m->clock == EMU_CLOCK_6428;
	if (!rate)
		return six ? EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT : EMU_INVALID_DEVICE_RESOLUTION;
	if (!set)
		return EMU_INVALID_CHANNEL;
	if (analog >> m->channels || ports >> m->ports)
		return EMU_INVALID_CHANNEL;
	if (!analog && bits != 8)
		return EMU_PORTS_WITHOUT_ANALOGUE_CHANNELS_ONLY_ALLOWED_IN_8BIT_RESOLUTION;
	emu_status too_many = six ? EMU_CHANNEL_COMBINATION_NOT_VALID_IN_THIS_RESOLUTION : EMU_INVALID_NUMBER_CHANNELS_FOR_RESOLUTION;
	if (emu_active_count(analog) > rate->channels)
		return too_many;
	int free_ports = emu_model_free_ports(m, bits);
	int count = emu_active_count(free_ports ? analog : analog | ports << 8);
	int index = rate_index(count);
	if (six && bits == 12) {
		if (crowded(analog, m->channels / 2))
			return too_many;
	} else if (six) {
		index = bank_index(m, bits, analog, count, index);
	}
	uint64_t sps = rate->sps[index];
	if (!sps && index == 3 && m->ports)
		sps = rate->sps[2] / 2; /* a port beside four channels */
	if (!sps)
		return too_many;
	*interval_fs = EMU_SECOND_FS / sps;
	return EMU_OK;
}

uint64_t emu_model_share(uint64_t memory, uint64_t segments, int channels)
{
	uint64_t parts = 1;
	while ((int)parts < channels)
		parts *= 2;
	return memory / segments / parts;
}

uint64_t emu_model_max_segments(const emu_model *m)
{
	uint64_t most = m->clock == EMU_CLOCK_6000 || m->clock == EMU_CLOCK_6428 ? 2000000 : 250000;
	uint64_t fit = m->memory8 / 256;
	return fit < most ? fit : most;
}

double emu_range_volts(int range)
{
	static const double volts[] = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50};
	return range >= 0 && range < 12 ? volts[range] : 0;
}

double emu_model_offset(const emu_model *m, int range)
{
	if (!strcmp(m->variant, "2205MSO"))
		return 0;
	return range <= 4 ? 0.25 : range <= 7 ? 2.5 : 20;
}
