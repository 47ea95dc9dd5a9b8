package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/analysis/peaks"
	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// TestAnalyzeFailures: what an operation is refused for, or ended by, comes with advice and its own exit code.
func TestAnalyzeFailures(t *testing.T) {
	a, _ := newTestApp(t, nil)
	for _, c := range []struct {
		name string
		err  error
		code int
	}{
		{"the median of too many segments", fmt.Errorf("cell.A: %w", &spectrum.MemoryError{Segments: 2, Need: 2, Limit: 1}), exitUsage},
		{"too many peaks that wait", fmt.Errorf("cell.A: %w", &peaks.PendingError{}), exitOther},
		{"a port", &analyze.DigitalError{Stream: "cell.D0-7"}, exitUsage},
		{"damage", &recording.DamagedError{}, exitDamage},
		{"nothing", series.ErrEmpty, exitUsage},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := analyzeFailure(a, c.err)
			var f *failure
			if !errors.As(err, &f) || f.advice == "" || exitCode(err) != c.code || !errors.Is(err, c.err) {
				t.Errorf("exit code %d, %+v", exitCode(err), f)
			}
		})
	}
}
