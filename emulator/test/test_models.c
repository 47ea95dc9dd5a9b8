/* The table of models against the reference figures in emulator/models.json, and the rules for timebases. */
#include <ctype.h>

#include "harness.h"
#include "scope.h"

/* ---- As much JSON as the file needs ---- */

static const char *blank(const char *p)
{
	while (isspace((unsigned char)*p) || *p == ',' || *p == ':')
		p++;
	return p;
}

static const char *behind(const char *p)
{
	int depth = 0;
	p = blank(p);
	do {
		if (*p == '"') {
			for (p++; *p != '"'; p++)
				;
			p++;
		} else if (*p == '{' || *p == '[') {
			depth++, p++;
		} else if (*p == '}' || *p == ']') {
			depth--, p++;
		} else if (depth) {
			p++;
		} else {
			while (*p && !strchr(",]} \n", *p))
				p++;
		}
	} while (depth > 0);
	return blank(p);
}

/* The value of a key of an object, NULL when it has none. */
static const char *get(const char *object, const char *key)
{
	size_t n = strlen(key);
	const char *p = object ? blank(object) : "";
	if (*p++ != '{')
		return NULL;
	for (p = blank(p); *p == '"';) {
		const char *name = p + 1;
		const char *value = behind(p);
		if (!strncmp(name, key, n) && name[n] == '"')
			return value;
		p = behind(value);
	}
	return NULL;
}

static long long number(const char *object, const char *key)
{
	const char *v = get(object, key);
	return v ? strtoll(v, NULL, 10) : -1;
}

static int listed(const char *list, const char *text)
{
	const char *end = behind(list), *at = strstr(list, text);
	return at && at < end;
}

static int length(const char *list)
{
	int n = 0;
	for (const char *p = blank(blank(list) + 1); *p != ']'; p = behind(p))
		n++;
	return n;
}

static char *reference(void)
{
	char path[512];
	snprintf(path, sizeof path, "%s", __FILE__);
	char *slash = strrchr(path, '/');
	snprintf(slash, sizeof path - (size_t)(slash - path), "/../models.json");
	FILE *f = fopen(path, "re");
	char *text = calloc(1, 1 << 20);
	if (!f || !text || fread(text, 1, (1 << 20) - 1, f) == 0) {
		test_fail(__FILE__, __LINE__, "%s cannot be read", path);
		exit(1);
	}
	fclose(f);
	return text;
}

static void rates(const emu_model *m, const char *model)
{
	const char *all = get(model, "max_sample_rate_sps");
	CHECK_EQ(length(get(model, "resolutions_bits")), (m->rate[1].bits != 0) + (m->rate[2].bits != 0) + (m->rate[3].bits != 0) + (m->rate[4].bits != 0) + 1);
	for (int i = 0; i < 5 && m->rate[i].bits; i++) {
		char bits[8];
		snprintf(bits, sizeof bits, "%d", m->rate[i].bits);
		const char *of = get(all, bits);
		CHECK(of != NULL);
		CHECK_EQ(m->rate[i].max_code, number(get(model, "adc_max"), bits));
		CHECK_EQ(m->rate[i].channels, number(get(model, "max_channels_by_resolution"), bits));
		static const struct { const char *key; int first, last; } groups[] = {
			{"1", 0, 0}, {"2", 1, 1}, {"1-2", 0, 1}, {"3-4", 2, 2}, {"5-6", 3, 3}, {"5-8", 3, 3},
		};
		for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
			for (int k = groups[g].first; k <= groups[g].last && get(of, groups[g].key); k++)
				CHECK_EQ(m->rate[i].sps[k], number(of, groups[g].key));
		const char *first = get(get(model, "timebase_first_ps"), bits);
		CHECK(first != NULL);
		for (const char *p = blank(blank(first) + 1); *p == '"'; p = behind(behind(p))) {
			uint32_t n = (uint32_t)strtoul(p + 1, NULL, 10);
			CHECK_EQ(emu_model_interval(m, m->rate[i].bits, n), strtoll(behind(p), NULL, 10) * 1000);
		}
	}
}

static void table(void)
{
	char *text = reference();
	const char *p = blank(blank(get(text, "models")) + 1);
	int n = 0;
	for (; *p == '{'; p = behind(p), n++) {
		const emu_model *m = emu_model_at(n);
		char name[64], quoted[64];
		if (!m)
			break;
		snprintf(name, sizeof name, "%s %s", m->driver, m->variant);
		test_case(name);
		snprintf(quoted, sizeof quoted, "\"%s\"", m->variant);
		CHECK(!strncmp(get(p, "variant"), quoted, strlen(quoted)));
		CHECK(emu_model_find(m->driver, m->variant) == m);
		CHECK_EQ(m->channels, number(p, "analogue_channels"));
		CHECK_EQ(m->ports, number(p, "digital_ports"));
		CHECK_EQ(m->bandwidth_mhz, number(p, "bandwidth_mhz"));
		rates(m, p);
		const char *memory = get(p, "memory_samples");
		CHECK_EQ(m->memory8, number(memory, "8"));
		if (get(memory, "12-16") || get(memory, "12"))
			CHECK_EQ(m->memory, number(memory, get(memory, "12") ? "12" : "12-16"));
		CHECK_EQ(m->range_last - m->range_first + 1, length(get(p, "ranges_mv")));
		CHECK_NEAR(emu_range_volts(m->range_first) * 1000, strtod(blank(get(p, "ranges_mv")) + 1, NULL), 1e-9);
		CHECK_EQ(m->couplings >> EMU_AC & 1, listed(get(p, "coupling"), "\"AC\""));
		CHECK_EQ(m->couplings >> EMU_DC & 1, listed(get(p, "coupling"), "\"DC\""));
		CHECK_EQ(m->couplings >> EMU_DC50 & 1, listed(get(p, "coupling"), "\"DC_50OHM\""));
		const char *generator = get(p, "siggen"), *stream = get(p, "streaming_max_sps_total");
		CHECK_EQ(m->awg, number(generator, "awg_buffer"));
		CHECK_EQ(m->generator_hz, number(generator, "max_hz"));
		CHECK_EQ(m->dds_hz, number(generator, "dds_hz"));
		CHECK_EQ(m->generator_uv, number(generator, "pkpk_uv_max"));
		CHECK_EQ(m->stream8, number(stream, "8"));
		if (get(stream, "12-16") || get(stream, "10-12"))
			CHECK_EQ(m->stream, number(stream, get(stream, "12-16") ? "12-16" : "10-12"));
		CHECK_EQ(m->usb, listed(get(p, "usb"), "3.0") ? 3 : 2);
	}
	test_case("");
	CHECK_EQ(n, 52);
	CHECK(!emu_model_at(52));
	free(text);
}

static void timebases(void)
{
	static const struct { const char *driver, *variant; int bits; uint32_t n; uint64_t want; } rows[] = {
		{"ps5000a", "5444DMSO", 8, 0, 1000000}, {"ps5000a", "5444DMSO", 8, 3, 8000000}, {"ps5000a", "5444DMSO", 8, 127, 1000000000},
		{"ps5000a", "5444DMSO", 12, 0, 0}, {"ps5000a", "5444DMSO", 12, 1, 2000000}, {"ps5000a", "5444DMSO", 12, 4, 16000000},
		{"ps5000a", "5444DMSO", 12, 127, 1984000000}, {"ps5000a", "5444DMSO", 14, 2, 0}, {"ps5000a", "5444DMSO", 14, 4, 16000000},
		{"ps5000a", "5444DMSO", 15, 3, 8000000}, {"ps5000a", "5444DMSO", 16, 3, 0}, {"ps5000a", "5444DMSO", 16, 4, 16000000},
		{"ps5000a", "5444DMSO", 16, 5, 32000000}, {"ps2000a", "2205MSO", 8, 0, 5000000}, {"ps2000a", "2205MSO", 8, 7, 70000000},
		{"ps2000a", "2206A", 8, 3, 16000000}, {"ps2000a", "2406B", 8, 3, 8000000}, {"ps6000a", "6824E", 8, 4, 3200000},
		{"ps6000a", "6824E", 8, 5, 6400000}, {"ps6000a", "6824E", 8, UINT32_MAX, 4294967291ULL * 6400000}, {"ps6000a", "6428E-D", 8, 0, 100000},
		{"ps6000a", "6428E-D", 8, 6, 6400000}, {"ps6000a", "6403E", 12, 5, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char name[64];
		snprintf(name, sizeof name, "%s %d bits n=%u", rows[i].variant, rows[i].bits, rows[i].n);
		test_case(name);
		CHECK_EQ(emu_model_interval(emu_model_find(rows[i].driver, rows[i].variant), rows[i].bits, rows[i].n), rows[i].want);
	}
}

enum { A = 1, B = 2, C = 4, D = 8, E = 16, P0 = 1 << EMU_PORT0, P1 = 1 << EMU_PORT1 };

static void together(void)
{
	static const struct { const char *driver, *variant; int bits; uint32_t set; emu_status status; uint64_t want; } rows[] = {
		{"ps2000a", "2406B", 8, A, 0, 1000000}, {"ps2000a", "2406B", 8, A | B, 0, 2000000}, {"ps2000a", "2406B", 8, A | C | D, 0, 4000000},
		{"ps2000a", "2206BMSO", 8, A | P0, 0, 2000000}, {"ps2000a", "2406B", 8, A | P0, EMU_INVALID_CHANNEL, 0},
		{"ps2000a", "2406B", 8, 0, EMU_INVALID_CHANNEL, 0}, {"ps2000a", "2206", 8, C, EMU_INVALID_CHANNEL, 0},
		{"ps5000a", "5444DMSO", 8, A | B | C | D | P0, 0, 8000000}, {"ps5000a", "5444DMSO", 15, A | B | P0 | P1, 0, 8000000},
		{"ps5000a", "5444DMSO", 15, A | B | C, EMU_INVALID_NUMBER_CHANNELS_FOR_RESOLUTION, 0},
		{"ps5000a", "5444DMSO", 16, A | B, EMU_INVALID_NUMBER_CHANNELS_FOR_RESOLUTION, 0},
		{"ps5000a", "5444DMSO", 12, P0, EMU_PORTS_WITHOUT_ANALOGUE_CHANNELS_ONLY_ALLOWED_IN_8BIT_RESOLUTION, 0},
		{"ps5000a", "5444DMSO", 8, P0, 0, 1000000}, {"ps5000a", "5444DMSO", 10, A, EMU_INVALID_DEVICE_RESOLUTION, 0},
		{"ps6000a", "6824E", 8, A | E, 0, 200000}, {"ps6000a", "6824E", 8, A | C, 0, 400000}, {"ps6000a", "6824E", 8, A | B, 0, 800000},
		{"ps6000a", "6824E", 8, 0xFF, 0, 800000}, {"ps6000a", "6824E", 8, 0x55, 0, 400000}, {"ps6000a", "6424E", 8, A | C, 0, 200000},
		{"ps6000a", "6424E", 8, A | B, 0, 400000}, {"ps6000a", "6403E", 8, A, 0, 200000}, {"ps6000a", "6403E", 8, A | C, 0, 400000},
		{"ps6000a", "6403E", 8, A | B, 0, 800000}, {"ps6000a", "6824E", 10, 0xFF, 0, 1600000}, {"ps6000a", "6824E", 12, A | E, 0, 800000},
		{"ps6000a", "6824E", 12, A | B, EMU_CHANNEL_COMBINATION_NOT_VALID_IN_THIS_RESOLUTION, 0},
		{"ps6000a", "6824E", 12, A | E | P0, 0, 800000}, {"ps6000a", "6403E", 12, A, EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT, 0},
		{"ps6000a", "6424E", 8, A | B | C | D | P0, 0, 800000},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char name[64];
		uint64_t got = 0;
		snprintf(name, sizeof name, "%s %d bits set=%x", rows[i].variant, rows[i].bits, rows[i].set);
		test_case(name);
		CHECK_EQ(emu_model_fastest(emu_model_find(rows[i].driver, rows[i].variant), rows[i].bits, rows[i].set, &got), rows[i].status);
		if (!rows[i].status)
			CHECK_EQ(got, rows[i].want);
	}
	test_case("");
	CHECK_EQ(emu_model_share(48000, 1, 3), 12000);
	CHECK_EQ(emu_model_share(48000, 10, 1), 4800);
}

int main(void)
{
	table();
	timebases();
	together();
	return test_done();
}
