package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
)

func TestAgrees(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	never, end := io.Pipe()
	defer end.Close()
	for _, c := range []struct {
		name   string
		ctx    context.Context
		asks   bool
		answer io.Reader
		want   bool
		shown  string
	}{
		{"yes", t.Context(), true, strings.NewReader("Yes\n"), true, "go on? [y/N] "},
		{"y without an end of line", t.Context(), true, strings.NewReader(" y"), true, "go on? [y/N] "},
		{"no", t.Context(), true, strings.NewReader("n\n"), false, "go on? [y/N] "},
		{"return", t.Context(), true, strings.NewReader("\n"), false, "go on? [y/N] "},
		{"end of input", t.Context(), true, strings.NewReader(""), false, "go on? [y/N] "},
		{"nobody to ask", t.Context(), false, strings.NewReader("y\n"), false, ""},
		{"Ctrl-C", cancelled, true, never, false, "go on? [y/N] \n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var shown bytes.Buffer
			a := &app{asks: c.asks, stdin: c.answer, screen: newScreen(&shown, false, nil)}
			if got := a.agrees(c.ctx, "go on?"); got != c.want || shown.String() != c.shown {
				t.Errorf("%t, %q; want %t, %q", got, shown.String(), c.want, c.shown)
			}
		})
	}
}
