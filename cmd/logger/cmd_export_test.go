package main

import (
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/export"
)

// TestExportFailures: what an export is refused for, or ended by, comes with advice and its own exit code.
func TestExportFailures(t *testing.T) {
	a, _ := newTestApp(t, nil)
	for _, c := range []struct {
		name string
		err  error
		code int
	}{
		{"disk full", fmt.Errorf("export to x.h5: %w", syscall.ENOSPC), exitDisk},
		{"file too large", fmt.Errorf("export to x.h5: %w", syscall.EFBIG), exitDisk},
		{"what a format cannot hold", &export.UnfitError{Ending: ".wav", Stream: "cell.D0-7", Reason: "it is a digital port", Advice: "choose the other streams"}, exitUsage},
		{"too many rows", &export.RowsError{Rows: 2, Max: 1}, exitUsage},
		{"whole numbers that are missing", &export.FillError{Stream: "cell.A"}, exitUsage},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := exportFailure(a, c.err)
			var f *failure
			if !errors.As(err, &f) || f.advice == "" || exitCode(err) != c.code || !errors.Is(err, c.err) {
				t.Errorf("exit code %d, %+v", exitCode(err), f)
			}
		})
	}
}
