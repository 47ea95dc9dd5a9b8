//go:build cgo && (linux || darwin)

package dynlib

/*
#cgo linux LDFLAGS: -ldl
#cgo CFLAGS: -std=c11 -Wall -Wextra -Werror -D_GNU_SOURCE -D_DARWIN_C_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <link.h>
#endif

static void *dynlib_open(const char *path, int global, char **said) {
	dlerror();
	void *h = dlopen(path, RTLD_NOW | (global ? RTLD_GLOBAL : RTLD_LOCAL));
	if (h == NULL) {
		const char *text = dlerror();
		*said = strdup(text != NULL ? text : "the loader gave no reason");
	}
	return h;
}

static const char *dynlib_file(void *h, void *symbol) {
#ifdef __linux__
	struct link_map *map = NULL;
	(void)symbol;
	if (dlinfo(h, RTLD_DI_LINKMAP, &map) == 0 && map != NULL)
		return map->l_name;
#else
	Dl_info info;
	(void)h;
	if (symbol != NULL && dladdr(symbol, &info) != 0)
		return info.dli_fname;
#endif
	return NULL;
}

static const char *dynlib_text(void *f) {
	const char *(*call)(void);
	memcpy(&call, &f, sizeof call);
	return call();
}

static uintptr_t dynlib_handler(int sig, int *on_stack) {
	struct sigaction sa;
	if (sigaction(sig, NULL, &sa) != 0)
		return 0;
	*on_stack = (sa.sa_flags & SA_ONSTACK) != 0;
	return (uintptr_t)((sa.sa_flags & SA_SIGINFO) ? (void *)sa.sa_sigaction : (void *)sa.sa_handler);
}
*/
import "C"

import (
	"runtime"
	"unsafe"
)

// dl is the system's loader.
type dl struct{}

func systemLoader() (loader, error) { return dl{}, nil }

func (dl) open(path string, global bool) (unsafe.Pointer, string) {
	// The loader's explanation belongs to the thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	var said *C.char
	g := C.int(0)
	if global {
		g = 1
	}
	h := C.dynlib_open(name, g, &said)
	if h == nil {
		defer C.free(unsafe.Pointer(said))
		return nil, C.GoString(said)
	}
	return h, ""
}

func (dl) symbol(h unsafe.Pointer, name string) unsafe.Pointer {
	n := C.CString(name)
	defer C.free(unsafe.Pointer(n))
	return C.dlsym(h, n)
}

func (dl) file(h, symbol unsafe.Pointer) string {
	if f := C.dynlib_file(h, symbol); f != nil {
		return C.GoString(f)
	}
	return ""
}

func (dl) text(f unsafe.Pointer) string {
	if t := C.dynlib_text(f); t != nil {
		return C.GoString(t)
	}
	return ""
}

func (dl) signals() signalState {
	var s signalState
	for _, sig := range []struct {
		number C.int
		name   string
	}{{C.SIGSEGV, "SIGSEGV"}, {C.SIGURG, "SIGURG"}, {C.SIGPROF, "SIGPROF"}} {
		var on C.int
		h := C.dynlib_handler(sig.number, &on)
		s = append(s, signalHandler{name: sig.name, handler: uintptr(h), onStack: on != 0})
	}
	return s
}
