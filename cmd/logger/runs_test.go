package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestIsRecording: what a repair can begin with is a recording, whatever else is lost.
func TestIsRecording(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		want       bool
	}{
		{"run.json", "run.json", true},
		{"metadata only", "cell.A-000000.sigmf-meta", true},
		{"a journal only", "cell.journal-000000.jsonl", true},
		{"samples only", "cell.A-000000.sigmf-data", false},
		{"a journal that is being made", ".cell.journal-000000.jsonl.tmp", false},
		{"another list of lines", "journal-000000.jsonl", false},
		{"a log", "log-0.jsonl", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, tc.file), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
			if got, err := isRecording(dir); err != nil || got != tc.want {
				t.Errorf("%v, %v, want %v", got, err, tc.want)
			}
		})
	}
}
