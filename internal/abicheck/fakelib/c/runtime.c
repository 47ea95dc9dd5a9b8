/* The part of the recording library that is the same for every family; the functions are generated behind it. Call k
 * reads its script from k.in in the library's own folder and writes what it got to k.out. It is called on one thread at
 * a time.
 *
 * k.in:  the status, then per argument: its number, how many bytes to record behind it, the bytes to write there.
 * k.out: the function's name, then per argument: its number, its value, what stood behind it. Bytes are hexadecimal,
 *        a dash is none. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARGS = 24, BYTES = 1024 };

static int calls;
static FILE *out;
static uint32_t status;
static struct {
	size_t record;
	size_t n;
	unsigned char bytes[BYTES];
} script[ARGS];

static void give_up(const char *what)
{
	fprintf(stderr, "fake library: call %d: %s\n", calls, what);
	abort();
}

static FILE *beside(const char *suffix, const char *mode)
{
	char path[4096];
	Dl_info self;
	if (!dladdr(&calls, &self))
		give_up("does not know its own folder");
	const char *slash = strrchr(self.dli_fname, '/');
	int folder = slash ? (int)(slash - self.dli_fname) + 1 : 0;
	snprintf(path, sizeof path, "%.*s%d.%s", folder, self.dli_fname, calls, suffix);
	return fopen(path, mode);
}

static void put_bytes(const void *p, size_t n)
{
	const unsigned char *b = p;
	if (n == 0)
		fputc('-', out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", b[i]);
}

static void begin(const char *name)
{
	char hex[2 * BYTES + 1];
	int i;
	size_t record;
	memset(script, 0, sizeof script);
	FILE *in = beside("in", "r");
	if (!in)
		give_up("no script");
	if (fscanf(in, "%" SCNx32, &status) != 1)
		give_up("no status in the script");
	while (fscanf(in, "%d %zu %2048s", &i, &record, hex) == 3) {
		if (i < 0 || i >= ARGS)
			give_up("argument out of range");
		script[i].record = record;
		if (hex[0] == '-')
			continue;
		script[i].n = strlen(hex) / 2;
		for (size_t k = 0; k < script[i].n; k++) {
			unsigned v;
			if (sscanf(hex + 2 * k, "%2x", &v) != 1)
				give_up("not hexadecimal");
			script[i].bytes[k] = (unsigned char)v;
		}
	}
	fclose(in);
	out = beside("out", "w");
	if (!out)
		give_up("cannot write the record");
	fprintf(out, "%s\n", name);
}

static void value(int i, const void *p, size_t n)
{
	fprintf(out, "%d ", i);
	put_bytes(p, n);
	fputs(" -\n", out);
}

static void pointer(int i, void *p)
{
	fprintf(out, "%d ", i);
	put_bytes(&p, sizeof p);
	fputc(' ', out);
	put_bytes(p, p ? script[i].record : 0);
	fputc('\n', out);
	if (p)
		memcpy(p, script[i].bytes, script[i].n);
}

static uint32_t end(void)
{
	fclose(out);
	calls++;
	return status;
}
