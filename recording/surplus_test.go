package recording

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSurplusIsNotRead: bytes that somebody appends to a sealed file are no samples, wherever the file stands in its stream.
func TestSurplusIsNotRead(t *testing.T) {
	for _, tc := range []struct {
		name  string
		cut   int64
		file  string
		bytes int
	}{
		{"the only file", 0, "cell.A.sigmf-data", 80},
		{"the only file, half a sample", 0, "cell.A.sigmf-data", 1},
		{"the last file", 300, "cell.A-000002.sigmf-data", 80},
		{"an earlier file", 300, "cell.A-000000.sigmf-data", 80},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := damageRun(t, tc.cut, true)
			m := c.crashed()
			m.edit(filepath.Join(c.dir(), tc.file), func(b []byte) []byte { return append(slices.Clip(b), make([]byte, tc.bytes)...) })
			r, err := OpenWith(c.dir(), OpenOptions{FS: m})
			if err != nil {
				t.Fatal(err)
			}
			s := r.Stream("cell.A")
			if s.Samples() != 630 || s.End() != 630 {
				t.Errorf("%d samples up to %d, want 630", s.Samples(), s.End())
			}
			got, err := s.ReadAt(make([]byte, 2*700), 0)
			if got != 630 || !errors.Is(err, io.EOF) {
				t.Errorf("read %d samples, %v", got, err)
			}
			var surplus *SurplusError
			if p := r.Problems(); len(p) != 1 || !errors.As(p[0], &surplus) {
				t.Fatalf("problems %v", p)
			}
			if diff := cmp.Diff(&SurplusError{Stream: "cell.A", File: tc.file, Bytes: int64(tc.bytes)}, surplus); diff != "" {
				t.Error("(-want +got)", diff)
			}
			report := mustVerify(t, m, c.dir(), VerifyOptions{})
			if len(report.Problems) != 1 || report.Problems[0].File != tc.file || len(report.Damage()) > 0 {
				t.Errorf("verify: problems %v, damage %v", report.Problems, report.Damage())
			}
		})
	}
}
