package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/export"
	"github.com/scopelog/scopelog/outfile"
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
		{"too many rows", &outfile.RowsError{Rows: 2, Most: 1}, exitUsage},
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

// TestExportProgress: a terminal shows how far an export is, twice a second, and after a second how long it will take; elsewhere nothing is shown.
func TestExportProgress(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		t.Run(fmt.Sprintf("terminal %v", terminal), func(t *testing.T) {
			a, _ := newTestApp(t, nil)
			var out bytes.Buffer
			a.screen = newScreen(&out, terminal, func() int { return 200 })
			now := time.Unix(1000, 0)
			show := a.tellSamples(func() time.Time { return now })
			var lines []string
			for range 40 { // 100 ms each, and 1,000 of 4,000 samples a second
				now = now.Add(100 * time.Millisecond)
				out.Reset()
				show(now.Sub(time.Unix(1000, 0)).Milliseconds(), 4000)
				if out.Len() > 0 {
					lines = append(lines, out.String())
				}
			}
			if !terminal {
				if len(lines) > 0 {
					t.Errorf("shown without a terminal: %q", lines)
				}
				return
			}
			if len(lines) != 8 {
				t.Fatalf("%d lines, want 8: %q", len(lines), lines)
			}
			if first := lines[0]; !strings.Contains(first, "100 of 4,000 samples  ") || strings.Contains(first, "left") {
				t.Errorf("first line %q", first)
			}
			if line := lines[4]; !strings.Contains(line, "2,100 of 4,000 samples  5") || !strings.Contains(line, "left ") {
				t.Errorf("fifth line %q", line)
			}
		})
	}
}
