package main

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
)

// TestDiskFailures: a disk that takes no more is told with advice, whatever is written to it.
func TestDiskFailures(t *testing.T) {
	a, _ := newTestApp(t, nil)
	for name, explain := range map[string]func(*app, error) error{"export": exportFailure, "analyze": analyzeFailure, "plot": plotFailure} {
		for _, cause := range []error{syscall.ENOSPC, syscall.EFBIG} {
			err := explain(a, fmt.Errorf("write x.npy: %w", cause))
			var f *failure
			if !errors.As(err, &f) || f.advice == "" || exitCode(err) != exitDisk || !errors.Is(err, cause) {
				t.Errorf("%s: %v: exit code %d, %+v", name, cause, exitCode(err), f)
			}
		}
	}
}
