/* Comparators with hysteresis: from codes or pins to "holds" and "begins to hold" per sample. Not here: how they are put
 * together (trigger_hunt.c). */
#include <string.h>

#include "trigger.h"

static emu_direction as_window(emu_direction d)
{
	switch (d) {
	case EMU_ABOVE: return EMU_INSIDE;
	case EMU_BELOW: return EMU_OUTSIDE;
	case EMU_RISING: return EMU_ENTER;
	case EMU_FALLING: return EMU_EXIT;
	case EMU_RISING_OR_FALLING: return EMU_ENTER_OR_EXIT;
	default: return d;
	}
}

static emu_direction as_level(emu_direction d)
{
	switch (d) {
	case EMU_INSIDE: return EMU_ABOVE;
	case EMU_OUTSIDE: return EMU_BELOW;
	case EMU_ENTER: return EMU_RISING;
	case EMU_EXIT: return EMU_FALLING;
	case EMU_ENTER_OR_EXIT: return EMU_RISING_OR_FALLING;
	default: return d;
	}
}

static emu_watch_kind kind_of(emu_direction d)
{
	switch (d) {
	case EMU_ABOVE: case EMU_BELOW: case EMU_ABOVE_LOWER: case EMU_BELOW_LOWER: case EMU_INSIDE: case EMU_OUTSIDE:
		return EMU_WATCH_LEVEL;
	case EMU_RISING_OR_FALLING: case EMU_ENTER_OR_EXIT: case EMU_POSITIVE_RUNT: case EMU_NEGATIVE_RUNT:
		return EMU_WATCH_INSTANT;
	default:
		return EMU_WATCH_EDGE;
	}
}

emu_watch emu_watch_analog(emu_source s, emu_direction d, const emu_threshold *t)
{
	emu_watch w;
	memset(&w, 0, sizeof w); /* compared as bytes */
	w.source = s;
	if (d == EMU_NO_DIRECTION)
		d = EMU_RISING;
	d = t->window == 1 ? as_window(d) : t->window == 0 ? as_level(d) : d;
	w.upper = t->upper;
	w.lower = t->lower;
	w.upper_hysteresis = t->upper_hysteresis;
	w.lower_hysteresis = t->lower_hysteresis;
	if (d == EMU_ABOVE_LOWER || d == EMU_BELOW_LOWER || d == EMU_RISING_LOWER || d == EMU_FALLING_LOWER) {
		w.upper = t->lower;
		w.upper_hysteresis = t->lower_hysteresis;
	}
	w.kind = kind_of(d);
	w.direction = d == EMU_ABOVE_LOWER ? EMU_ABOVE : d == EMU_BELOW_LOWER ? EMU_BELOW : d == EMU_RISING_LOWER ? EMU_RISING :
		      d == EMU_FALLING_LOWER ? EMU_FALLING : d;
	return w;
}

bool emu_watch_pins(emu_watch *w, emu_source s, const emu_pin pin[EMU_PINS])
{
	memset(w, 0, sizeof *w);
	w->source = s;
	for (int i = 0; i < EMU_PINS; i++) {
		uint16_t bit = (uint16_t)(1u << i);
		if ((s == EMU_PORT0 && i >= 8) || (s == EMU_PORT1 && i < 8))
			continue;
		if (pin[i] == EMU_PIN_LOW || pin[i] == EMU_PIN_HIGH)
			w->care |= bit;
		if (pin[i] == EMU_PIN_HIGH)
			w->want |= bit;
		if (pin[i] == EMU_PIN_RISING || pin[i] == EMU_PIN_EITHER)
			w->rise |= bit;
		if (pin[i] == EMU_PIN_FALLING || pin[i] == EMU_PIN_EITHER)
			w->fall |= bit;
	}
	w->kind = w->rise | w->fall ? EMU_WATCH_INSTANT : EMU_WATCH_LEVEL;
	return (w->care | w->rise | w->fall) != 0;
}

void emu_watch_reset(emu_watch *w)
{
	w->known = w->is = w->armed = w->reached = 0;
}

/* One sample of a comparator that goes up through at: armed at or below at - hysteresis, holds from at on. */
static inline uint8_t up(emu_watch *w, int v, int at, int hysteresis)
{
	int low = v < at && v <= at - hysteresis;
	if (!w->known) {
		w->known = 1;
		w->is = v >= at;
		w->armed = low;
		return (uint8_t)w->is;
	}
	if (w->is) {
		if (low) {
			w->is = 0;
			w->armed = 1;
		}
		return (uint8_t)w->is;
	}
	if (v >= at) {
		uint8_t event = w->armed ? EMU_EVENT : 0;
		w->is = 1;
		w->armed = 0;
		return EMU_IS | event;
	}
	if (low)
		w->armed = 1;
	return 0;
}

/* A comparator for each way, both with the same threshold: a crossing counts when the signal was farther away than the
 * hysteresis on the side that it comes from. armed: to go up; reached: to go down. */
static inline uint8_t either(emu_watch *w, int v)
{
	int event = w->known && ((w->armed && v >= w->upper) || (w->reached && v <= w->upper));
	if (!w->known || v >= w->upper)
		w->armed = 0;
	if (!w->known || v <= w->upper)
		w->reached = 0;
	w->known = 1;
	if (v < w->upper && v <= w->upper - w->upper_hysteresis)
		w->armed = 1;
	if (v > w->upper && v >= w->upper + w->upper_hysteresis)
		w->reached = 1;
	return event ? EMU_IS | EMU_EVENT : 0;
}

static inline uint8_t window(emu_watch *w, int v, emu_direction d)
{
	int inside = v >= w->lower && v <= w->upper;
	int deep = v >= w->lower + w->lower_hysteresis && v <= w->upper - w->upper_hysteresis;
	int far = v <= w->lower - w->lower_hysteresis || v >= w->upper + w->upper_hysteresis;
	int enter = d == EMU_ENTER || d == EMU_INSIDE, instant = d == EMU_ENTER_OR_EXIT;
	int was = w->is, was_armed = w->armed, known = w->known;
	w->known = 1;
	w->is = inside;
	if (!known || was == inside) {
		/* armed: clearly on the side where it is, so that leaving it counts */
		w->armed = (known && was_armed) || (inside ? deep : far);
		return instant ? 0 : (uint8_t)(enter ? inside : !inside);
	}
	w->armed = inside ? deep : far;
	uint8_t event = was_armed ? EMU_EVENT : 0;
	if (instant)
		return event ? EMU_IS | EMU_EVENT : 0;
	if (enter)
		return inside ? EMU_IS | event : 0;
	return inside ? 0 : EMU_IS | event;
}

/* A pulse that leaves from and comes back to it without having reached to. Positive: going up from lower. */
static inline uint8_t runt(emu_watch *w, int v, int from, int to, int hysteresis)
{
	if (v >= to)
		w->reached = 1;
	if (!w->known) {
		w->known = 1;
		w->is = 0;
		w->armed = v < from && v <= from - hysteresis;
		return 0;
	}
	if (w->is) {
		if (v < from) {
			int hit = !w->reached;
			w->is = w->reached = 0;
			w->armed = v <= from - hysteresis;
			return hit ? EMU_IS | EMU_EVENT : 0;
		}
		return 0;
	}
	if (v >= from && w->armed) {
		w->is = 1;
		w->armed = 0;
		w->reached = v >= to;
	} else if (v < from && v <= from - hysteresis) {
		w->armed = 1;
		w->reached = 0;
	}
	return 0;
}

void emu_watch_codes(emu_watch *w, const int16_t *codes, size_t n, uint8_t *bits)
{
	for (size_t i = 0; i < n; i++) {
		int v = codes[i];
		switch (w->direction) {
		case EMU_ABOVE: case EMU_RISING:
			bits[i] = up(w, v, w->upper, w->upper_hysteresis);
			break;
		case EMU_BELOW: case EMU_FALLING:
			bits[i] = up(w, -v, -w->upper, w->upper_hysteresis);
			break;
		case EMU_RISING_OR_FALLING:
			bits[i] = either(w, v);
			break;
		case EMU_POSITIVE_RUNT:
			bits[i] = runt(w, v, w->lower, w->upper, w->lower_hysteresis);
			break;
		case EMU_NEGATIVE_RUNT:
			bits[i] = runt(w, -v, -w->upper, -w->lower, w->upper_hysteresis);
			break;
		default:
			bits[i] = window(w, v, w->direction);
			break;
		}
	}
}

void emu_watch_ports(emu_watch *w, const int16_t *port0, const int16_t *port1, size_t n, uint8_t *bits)
{
	for (size_t i = 0; i < n; i++) {
		uint16_t pins = (uint16_t)((port0[i] & 0xFF) | (port1[i] & 0xFF) << 8);
		uint16_t was = w->known ? w->pins : pins;
		int holds = (pins & w->care) == w->want;
		int edge = ((pins & ~was & w->rise) | (~pins & was & w->fall)) != 0;
		w->known = 1;
		w->pins = pins;
		if (w->kind == EMU_WATCH_INSTANT)
			bits[i] = holds && edge ? EMU_IS | EMU_EVENT : 0;
		else
			bits[i] = (uint8_t)holds;
	}
}

size_t emu_watch_first(emu_watch *w, const int16_t *codes, size_t n)
{
	int sign = w->direction == EMU_FALLING ? -1 : 1, at = sign * w->upper, low = at - w->upper_hysteresis;
	size_t i = 0;
	if (n && !w->known)
		up(w, sign * codes[i++], at, w->upper_hysteresis);
	if (low >= at)
		low = at - 1;
	while (i < n && !w->armed) { /* whether it holds or not, it has to come down first */
		if (sign * codes[i] <= low)
			w->armed = 1;
		i++;
	}
	while (i < n && sign * codes[i] < at)
		i++;
	if (i < n) {
		w->is = 1;
		w->armed = 0;
	}
	return i;
}

int emu_watch_crossed(const emu_watch *w, int code)
{
	switch (w->direction) {
	case EMU_ENTER: case EMU_INSIDE: /* came in nearer to the bound it went through */
		return w->upper - code < code - w->lower ? w->upper : w->lower;
	case EMU_EXIT: case EMU_OUTSIDE:
		return code > w->upper ? w->upper : w->lower;
	case EMU_ENTER_OR_EXIT:
		return code > w->upper || (code >= w->lower && w->upper - code < code - w->lower) ? w->upper : w->lower;
	case EMU_POSITIVE_RUNT:
		return w->lower;
	default:
		return w->upper;
	}
}
