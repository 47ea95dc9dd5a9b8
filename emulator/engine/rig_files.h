/* Paths and small files of the rig directory. Not here: what the files mean. */
#ifndef SCOPELOG_EMU_RIG_FILES_H
#define SCOPELOG_EMU_RIG_FILES_H

/* DIR/<serial with / as _>/file; serial NULL: DIR/file. To be freed; NULL without a directory. */
char *emu_rig_path(const char *serial, const char *file);
/* Replaces a file whole. Returns 1 when done. */
int emu_file_write(const char *path, const char *text);
/* The text of a file of at most 1 MiB; to be freed; NULL: not there, errno set. */
char *emu_file_read(const char *path);
/* Its first line, without the end of it; also of files of /proc, which have no size. */
char *emu_file_read_line(const char *path);
/* Appends a line to DIR/problems.log. */
void emu_problem_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
