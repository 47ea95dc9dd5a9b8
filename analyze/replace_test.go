package analyze

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/outfile"
)

// TestReplace: files that are there are replaced where that is wanted, each when its successor is complete.
func TestReplace(t *testing.T) {
	t.Parallel()
	r := gappyRun(t).Look()
	dir := t.TempDir()
	old := func(name string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	is := func(path string, want bool) {
		t.Helper()
		if b, err := os.ReadFile(path); err != nil || (string(b) == "old") != want {
			t.Errorf("%s: %d bytes, %v; the old one: %v", path, len(b), err, want)
		}
	}
	to, first := filepath.Join(dir, "x.npy"), old("x-0001.npy")
	if _, err := Run(t.Context(), r, onlyA, &ERes{To: to, Bits: 1}); !isA[*outfile.ExistsError](err) {
		t.Errorf("without being asked for: %v", err)
	}
	is(first, true)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(gone, r, onlyA, &ERes{To: to, Replace: true, Bits: 1}); err == nil {
		t.Error("a run that was broken off has no error")
	}
	is(first, true)
	run(t, r, onlyA, &ERes{To: to, Replace: true, Bits: 1})
	is(first, false)

	path := old("t.csv")
	table := run(t, r, onlyA, &Stats{})
	if err := table.Write(t.Context(), path); !isA[*outfile.ExistsError](err) {
		t.Errorf("a table: %v", err)
	}
	is(path, true)
	if err := table.Replace(t.Context(), path); err != nil {
		t.Error(err)
	}
	is(path, false)
}
