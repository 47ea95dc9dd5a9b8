package fakelib

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestSameAPI(t *testing.T) {
	const with = "//go:build cgo\n\npackage p\n\nimport \"C\"\n\ntype A struct{ x int }\n\nfunc (a *A) F(x, y int) error { return nil }\nfunc g() {}\n"
	tests := []struct {
		name, without string
		want          []string
	}{
		{"same", "type A struct{}\n\nfunc (*A) F(x, y int) error { return nil }\n", nil},
		{"method missing", "type A struct{}\n", []string{"A.F: missing without cgo"}},
		{"type missing", "type a struct{}\nfunc (*A) F(x, y int) error { return nil }\n", []string{"A: missing without cgo"}},
		{"order", "type A struct{}\n\nfunc (*A) F(y, x int) error { return nil }\n", []string{"A.F: func(x, y int) error with cgo, func(y, x int) error without"}},
		{"more", "type A struct{}\n\nfunc (*A) F(x, y int) error { return nil }\nfunc G() {}\n", []string{"G: missing with cgo"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{"with.go": with, "without.go": "//go:build !cgo\n\npackage p\n\n" + tt.without} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var j judge
			j.listen(func(jt T) { SameAPI(jt, dir) })
			if !slices.Equal(j.said, tt.want) {
				t.Errorf("said %q, want %q", j.said, tt.want)
			}
		})
	}
}
