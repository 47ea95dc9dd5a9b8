//go:build cgo

package dynlib

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const evil = `
#include <signal.h>
#include <string.h>
static void nothing(int sig) { (void)sig; }
__attribute__((constructor)) static void start(void) {
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = nothing;
	sigaction(SIGPROF, &sa, 0);
	sigaction(SIGURG, 0, &sa);
	sa.sa_flags &= ~SA_ONSTACK;
	sigaction(SIGURG, &sa, 0);
}
int first(void) { return 1; }
`

// TestSignalProblems loads a library that changes handlers, in a process of its own.
func TestSignalProblems(t *testing.T) {
	const variable = "SCOPELOG_TEST_EVIL_LIBRARY"
	if path := os.Getenv(variable); path != "" {
		lib, err := Open(Request{Explicit: path, Required: []string{"first"}})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"the library has taken the alternate stack from the handler of SIGURG", "the library has replaced the handler of SIGPROF"}
		if got := lib.SignalProblems(); !slices.Equal(got, want) {
			t.Errorf("problems %q, want %q", got, want)
		}
		return
	}
	path := library(t, t.TempDir(), unique(t, "evil"), evil)
	cmd := exec.Command(os.Args[0], "-test.run=^TestSignalProblems$", "-test.v")
	// Without pre-emption the runtime does not meet the broken handler meanwhile.
	cmd.Env = append(os.Environ(), variable+"="+path, "GODEBUG=asyncpreemptoff=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestSignalProblems") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestHandlersStand makes sure that the check sees the runtime's handlers at all.
func TestHandlersStand(t *testing.T) {
	l, err := systemLoader()
	if err != nil {
		t.Fatal(err)
	}
	now := l.signals()
	if len(now) != 3 {
		t.Fatalf("%+v", now)
	}
	for _, h := range now {
		if h.handler == 0 || !h.onStack {
			t.Errorf("%s: %+v", h.name, h)
		}
	}
}
