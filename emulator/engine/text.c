/* Takes rig.conf's values apart: phrases and quantities. */
#include "text.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void emu_wrong(emu_problem *p, const char *format, ...)
{
	if (p->text[0])
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(p->text, sizeof p->text, format, args);
	va_end(args);
}

static double number(const char *text, char **end)
{
	locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	double v = strtod_l(text, end, c);
	freelocale(c);
	return v;
}

static double prefix(char c)
{
	switch (c) {
	case 'f': return 1e-15;
	case 'p': return 1e-12;
	case 'n': return 1e-9;
	case 'u': return 1e-6;
	case 'm': return 1e-3;
	case 'k': return 1e3;
	case 'M': return 1e6;
	case 'G': return 1e9;
	case 'T': return 1e12;
	}
	return 0;
}

int emu_quantity(const char *text, const char *unit, double *v)
{
	char *end;
	double n = number(text, &end);
	if (end == text || !isfinite(n))
		return 0;
	if (*end && strcmp(end, unit) != 0) {
		double scale = prefix(*end);
		if (scale == 0 || strcmp(end + 1, unit) != 0)
			return 0;
		n = scale < 1 ? n / (1 / scale) : n * scale;
	}
	*v = n;
	return 1;
}

int emu_count(const char *text, uint64_t *v)
{
	char *end;
	double n = number(text, &end);
	if (end == text || !isfinite(n))
		return 0;
	if (!*end && strspn(text, "0123456789") == strlen(text)) {
		*v = strtoull(text, NULL, 10);
		return 1;
	}
	if (*end) {
		double scale = prefix(*end);
		if (scale < 1 || end[1])
			return 0;
		n *= scale;
	}
	if (n < 0 || n > 9e15 || n != floor(n))
		return 0;
	*v = (uint64_t)n;
	return 1;
}

/* Ends a word in place: up to a blank, or up to the closing quote when it begins with one. NULL: no closing quote. */
static char *word_end(char *s, char **start)
{
	if (*s == '"') {
		*start = s + 1;
		return strchr(s + 1, '"');
	}
	*start = s;
	return s + strcspn(s, " \t");
}

int emu_phrase_parse(emu_phrase *p, const char *text, emu_problem *problem)
{
	memset(p, 0, sizeof *p);
	p->problem = problem;
	p->copy = strdup(text);
	if (!p->copy) {
		emu_wrong(problem, "out of memory");
		return 0;
	}
	char *s = p->copy + strspn(p->copy, " \t");
	p->kind = s;
	s += strcspn(s, " \t");
	if (s == p->kind || memchr(p->kind, '=', (size_t)(s - p->kind))) {
		emu_wrong(problem, "\"%.80s\": a kind is wanted first, then key=value", text);
		return 0;
	}
	while (*s) {
		*s++ = 0;
		s += strspn(s, " \t");
		if (!*s)
			break;
		size_t key = strcspn(s, "= \t");
		if (s[key] != '=' || key == 0) {
			emu_wrong(problem, "\"%.80s\": key=value is wanted", s);
			return 0;
		}
		if (p->pairs == EMU_PAIRS) {
			emu_wrong(problem, "more than %d keys", EMU_PAIRS);
			return 0;
		}
		emu_pair *pair = &p->pair[p->pairs++];
		pair->key = s;
		s[key] = 0;
		char *end = word_end(s + key + 1, &pair->value);
		if (!end) {
			emu_wrong(problem, "%s: the closing quote is missing", pair->key);
			return 0;
		}
		if (*end == '"') {
			*end++ = 0;
			if (*end && *end != ' ' && *end != '\t') {
				emu_wrong(problem, "%s: a blank is wanted behind the closing quote", pair->key);
				return 0;
			}
		}
		s = end;
	}
	return 1;
}

const char *emu_phrase_text(emu_phrase *p, const char *key)
{
	const char *value = NULL;
	for (int i = 0; i < p->pairs; i++) {
		if (strcmp(p->pair[i].key, key) != 0)
			continue;
		if (value)
			emu_wrong(p->problem, "%s is given twice", key);
		value = p->pair[i].value;
		p->pair[i].used = 1;
	}
	return value;
}

void emu_phrase_quantity(emu_phrase *p, const char *key, const char *unit, double *v)
{
	const char *text = emu_phrase_text(p, key);
	if (text && !emu_quantity(text, unit, v))
		emu_wrong(p->problem, "%s=%s: a number of %s is wanted, with or without one of the prefixes f p n u m k M G T", key, text, unit);
}

void emu_phrase_count(emu_phrase *p, const char *key, uint64_t *v)
{
	const char *text = emu_phrase_text(p, key);
	if (text && !emu_count(text, v))
		emu_wrong(p->problem, "%s=%s: a whole number is wanted, such as 100, 5k or 1e6", key, text);
}

int emu_phrase_end(emu_phrase *p)
{
	for (int i = 0; i < p->pairs; i++)
		if (!p->pair[i].used)
			emu_wrong(p->problem, "%s does not know the key \"%s\"", p->kind, p->pair[i].key);
	free(p->copy);
	p->copy = NULL;
	return p->problem->text[0] == 0;
}
