/* Logs that do not fill a disk: their beginning and their end are kept. */
#ifndef SCOPELOG_EMU_LOG_H
#define SCOPELOG_EMU_LOG_H

#include <stddef.h>
#include <stdint.h>

/* Bytes; a log that is about to become longer is put aside, as <path>.first when there is none yet, else in place of
 * <path>.before. Tests lower it. */
extern uint64_t emu_log_limit;

/* Opens for appending; -1 with errno. */
int emu_log_open(const char *path);
/* Appends n bytes, which are whole lines, with one write(2); *fd is of emu_log_open(path) and may be exchanged. Any thread,
 * also while other processes append. Returns 0 with errno when it failed. */
int emu_log_write(const char *path, int *fd, const char *lines, size_t n);

#endif
