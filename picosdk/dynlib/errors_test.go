package dynlib

import (
	"fmt"
	"strings"
	"testing"
)

// TestMissingFunctions: a library that lacks a lot is told in a line that can be read.
func TestMissingFunctions(t *testing.T) {
	var all []string
	for i := range 55 {
		all = append(all, fmt.Sprintf("f%02d", i))
	}
	for _, c := range []struct {
		name    string
		missing []string
		foreign bool
		want    string
		advice  string
	}{
		{"all", all, true, "/x lacks the functions f00, f01, f02, f03, f04 and 50 more: it is the library of another family, or too old", "this driver's family"},
		{"six", all[:6], false, "/x lacks the functions f00, f01, f02, f03, f04 and 1 more: it is too old, or not the library that was asked for", "newer version"},
		{"five", all[:5], false, "/x lacks the functions f00, f01, f02, f03, f04: it is too old, or not the library that was asked for", "newer version"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := &OpenError{Attempts: []Attempt{{Path: "/x", Missing: c.missing, Foreign: c.foreign}}}
			if got := e.Attempts[0].String(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := e.Advice(); !strings.Contains(got, c.advice) {
				t.Errorf("advice %q, want %q", got, c.advice)
			}
			if len(e.Missing()) != len(c.missing) {
				t.Errorf("%d functions missing, want %d", len(e.Missing()), len(c.missing))
			}
		})
	}
}
