/* How much room an array of the caller has. */
#ifndef SCOPELOG_EMU_ROOM_H
#define SCOPELOG_EMU_ROOM_H

#include "unit.h"

/* How many of count elements of so many bytes may be written to the array: fewer than count only where it is known to
 * be too small, which is counted as a misuse. what names the array for the log. */
size_t emu_room(emu_unit *u, const char *what, const void *array, size_t count, size_t size);

#endif
