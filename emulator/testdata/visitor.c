/* Uses one unit of an emulated library as a program would, one call a line of its input, for tests of the Go helper.
 * Not here: anything of the emulation; it is found by dlopen, argv[1]. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	void *lib = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
	char line[64];
	int16_t handle = 0;
	if (!lib) {
		fprintf(stderr, "%s\n", argc == 2 ? dlerror() : "one library is wanted");
		return 2;
	}
	uint32_t (*open_unit)(int16_t *, int8_t *) = (uint32_t (*)(int16_t *, int8_t *))dlsym(lib, "ps2000aOpenUnit");
	uint32_t (*ping)(int16_t) = (uint32_t (*)(int16_t))dlsym(lib, "ps2000aPingUnit");
	uint32_t (*close_unit)(int16_t) = (uint32_t (*)(int16_t))dlsym(lib, "ps2000aCloseUnit");
	const char *(*who)(void) = (const char *(*)(void))dlsym(lib, "scopelog_emulator");
	if (!open_unit || !ping || !close_unit || !who)
		return 3;
	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = 0;
		uint32_t status = 0;
		if (strcmp(line, "who") == 0) {
			printf("%s\n", who());
		} else {
			if (strcmp(line, "ping") == 0)
				status = ping(handle);
			else if (strcmp(line, "wrong") == 0)
				status = ping((int16_t)(handle + 1));
			else if (strcmp(line, "close") == 0)
				status = close_unit(handle);
			else
				status = open_unit(&handle, (int8_t *)line);
			printf("%u\n", status);
		}
		fflush(stdout);
	}
	return 0;
}
