//go:build cgo && linux && race

package dynlib

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"unsafe"
)

// TestGuard touches what is beyond the end of a buffer, or was freed, in another process, which must not survive it.
func TestGuard(t *testing.T) {
	const variable = "SCOPELOG_TEST_BEYOND"
	touch := map[string]func(*Buffer[int16]){
		"behind the end": func(b *Buffer[int16]) {
			*(*int16)(unsafe.Add(b.Pointer(), b.Bytes())) = 1
		},
		"after Free": func(b *Buffer[int16]) {
			p := b.Pointer()
			b.Free()
			*(*int16)(p) = 1
		},
		"within": func(b *Buffer[int16]) {
			*(*int16)(unsafe.Add(b.Pointer(), b.Bytes()-2)) = 1
		},
	}
	if what := os.Getenv(variable); what != "" {
		b, err := NewBuffer[int16](1001)
		if err != nil {
			t.Fatal(err)
		}
		touch[what](b)
		os.Exit(0)
	}
	for what := range touch {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestGuard$")
			cmd.Env = append(os.Environ(), variable+"="+what, "GOTRACEBACK=none", "GORACE=atexit_sleep_ms=0")
			err := cmd.Run()
			var exit *exec.ExitError
			died := errors.As(err, &exit) && (exit.ExitCode() == 2 || exit.Sys().(syscall.WaitStatus).Signaled())
			if died != (what != "within") {
				t.Errorf("ended with %v", err)
			}
		})
	}
}
