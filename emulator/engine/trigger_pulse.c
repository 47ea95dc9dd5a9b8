/* The pulse-width qualifier's timer: how long a condition has held, and whether that is a width wanted. Not here: the
 * condition. */
#include "trigger.h"

void emu_pulse_reset(emu_pulse_timer *p)
{
	p->known = p->was = p->active = p->told = 0;
	p->since = 0;
}

static int fits(const emu_pulse_timer *p, uint64_t width)
{
	switch (p->type) {
	case EMU_PULSE_LESS:
		return width < p->lower;
	case EMU_PULSE_GREATER:
		return width > p->lower;
	case EMU_PULSE_IN_RANGE:
		return width >= p->lower && width <= p->upper;
	case EMU_PULSE_OUT_OF_RANGE:
		return width < p->lower || width > p->upper;
	default:
		return 1;
	}
}

/* Decided before the pulse ends: it is already too long. */
static int exceeded(const emu_pulse_timer *p)
{
	return (p->type == EMU_PULSE_GREATER && p->since > p->lower) || (p->type == EMU_PULSE_OUT_OF_RANGE && p->since > p->upper);
}

void emu_pulse_run(emu_pulse_timer *p, int instant, const uint8_t *in, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++) {
		int is = (in[i] & EMU_IS) != 0;
		int begins = instant ? (in[i] & EMU_EVENT) != 0 : p->known && is && !p->was;
		int ends = p->active && (instant ? begins : !is);
		uint8_t bits = 0;
		if (p->active) {
			p->since++;
			if (fits(p, p->since))
				bits |= EMU_IS;
			if (!p->told && ((ends && bits) || exceeded(p))) {
				bits |= EMU_EVENT;
				p->told = 1;
			}
		}
		if (ends)
			p->active = 0;
		if (begins) {
			p->active = 1;
			p->told = 0;
			p->since = 0;
		}
		p->known = 1;
		p->was = is;
		out[i] = bits;
	}
}
