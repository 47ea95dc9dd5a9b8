package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// recordingsFolder makes folders of recordings of those names.
func recordingsFolder(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, "run.json"), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestFindRun: a recording is found by its path, by its name, and by the name of its run, which is that of the newest.
func TestFindRun(t *testing.T) {
	t.Parallel()
	dir := recordingsFolder(t, "soak-20261120T080000Z", "soak-20261121T080000Z", "soak-20261121T080000Z-10", "soak-20261121T080000Z-9",
		"soak-long-20261122T080000Z", "one-20250101T000000Z", "plain")
	for _, c := range []struct {
		name, arg, want, said string
	}{
		{"path", filepath.Join(dir, "soak-20261120T080000Z"), "soak-20261120T080000Z", ""},
		{"folder's name", "soak-20261120T080000Z", "soak-20261120T080000Z", ""},
		{"run's name", "soak", "soak-20261121T080000Z-10", "the newest of 4 recordings of that name"},
		{"path with a run's name", filepath.Join(dir, "soak"), "soak-20261121T080000Z-10", "the newest of 4"},
		{"only one", "one", "one-20250101T000000Z", ""},
		{"name with a hyphen", "soak-long", "soak-long-20261122T080000Z", ""},
		{"without a time", "plain", "plain", ""},
	} {
		var said bytes.Buffer
		a := &app{name: "logger", screen: newScreen(&said, false, nil), settings: settings{Output: dir}}
		got, err := a.findRun(c.arg)
		if err != nil || got != filepath.Join(dir, c.want) {
			t.Errorf("%s: %q, %v; want %s", c.name, got, err, c.want)
		}
		if !strings.Contains(said.String(), c.said) || c.said == "" && said.Len() > 0 {
			t.Errorf("%s: said %q, want %q", c.name, said.String(), c.said)
		}
	}
	a := &app{name: "logger", screen: newScreen(&bytes.Buffer{}, false, nil), settings: settings{Output: dir}}
	_, err := a.findRun("soakk")
	if err == nil || !strings.Contains(adviceOf(err), "did you mean soak?") {
		t.Errorf("a name that is not there: %v, %q", err, adviceOf(err))
	}
}

// TestSeveralRuns: what a pattern of the shell expands to is told of.
func TestSeveralRuns(t *testing.T) {
	t.Parallel()
	dir := recordingsFolder(t, "soak-20261120T080000Z", "soak-20261121T080000Z")
	first, second := filepath.Join(dir, "soak-20261120T080000Z"), filepath.Join(dir, "soak-20261121T080000Z")
	err := takes(1, 1)(&cobra.Command{Use: "inspect RUN"}, []string{first, second})
	if err == nil || !strings.Contains(err.Error(), "inspect takes one recording, and these are 2") || !strings.Contains(adviceOf(err), filepath.Join(dir, "soak")+" is the newest") {
		t.Errorf("%v, %q", err, adviceOf(err))
	}
	if f := new(failure); !errors.As(err, &f) || f.cause != causeUsage {
		t.Errorf("%#v", err)
	}
	err = takes(1, 1)(&cobra.Command{Use: "inspect RUN"}, []string{first, "more"})
	if err == nil || !strings.Contains(err.Error(), `unexpected argument "more"`) {
		t.Error(err)
	}
}
