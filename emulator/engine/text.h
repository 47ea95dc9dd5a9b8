/* The little language inside rig.conf's values: a kind followed by key=value pairs, quantities with units, and a place
 * for the first thing that is wrong. Not here: what the keys mean. */
#ifndef SCOPELOG_EMU_TEXT_H
#define SCOPELOG_EMU_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { EMU_PAIRS = 24 };

/* The first problem found is kept, later ones are not: they follow from it more often than not. */
typedef struct emu_problem {
	char text[240];
} emu_problem;
void emu_wrong(emu_problem *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

typedef struct emu_pair {
	char *key, *value;
	int used;
} emu_pair;

/* "kind key=value key="a value"" taken apart. Strings point into copy. */
typedef struct emu_phrase {
	char *copy, *kind;
	emu_pair pair[EMU_PAIRS];
	int pairs;
	emu_problem *problem;
} emu_phrase;

/* Returns 0 and sets problem when the text has not that form. Free with emu_phrase_end in either case. */
int emu_phrase_parse(emu_phrase *p, const char *text, emu_problem *problem);
/* The value of a key, marked as used; NULL: not given. */
const char *emu_phrase_text(emu_phrase *p, const char *key);
/* A quantity; leaves *v as it is when the key is not given. */
void emu_phrase_quantity(emu_phrase *p, const char *key, const char *unit, double *v);
void emu_phrase_count(emu_phrase *p, const char *key, uint64_t *v);
/* Reports keys that nobody asked for, then frees. Returns 1 when nothing was wrong with the phrase. */
int emu_phrase_end(emu_phrase *p);

/* "1.5kHz" with unit "Hz": a decimal number, an SI prefix (f p n u m k M G T) and the unit; the unit may be left away
 * when there is no prefix. "50%" is understood where unit is "%" and gives 50. Independent of the locale. */
int emu_quantity(const char *text, const char *unit, double *v);
/* A whole number, also as 1k, 5M, 1e6. */
int emu_count(const char *text, uint64_t *v);

#endif
