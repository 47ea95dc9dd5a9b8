package host

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/driver"
)

func write(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), mode); err != nil {
		t.Fatal(err)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{root}, parts...)...) }
	write(t, at("first", "ps5000a"), 0o755)
	write(t, at("first", "README.md"), 0o644)
	write(t, at("first", "Upper"), 0o755)
	write(t, at("first", "libfoo.so"), 0o755)
	write(t, at("first", "folder", "x"), 0o755)
	write(t, at("second", "ps5000a"), 0o755)
	write(t, at("second", "plain"), 0o644)
	write(t, at("third", "ps5000a"), 0o755)
	if err := os.Symlink("/nonexistent", at("third", "broken")); err != nil {
		t.Fatal(err)
	}
	h := New(Options{Dirs: []string{at("first"), at("missing"), at("second"), at("third")}})
	list, err := h.List()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range list {
		got = append(got, p.Name+" "+strings.TrimPrefix(p.Path, root)+" "+strings.ReplaceAll(p.Problem, root, ""))
	}
	want := []string{
		"broken /third/broken stat /third/broken: no such file or directory",
		"plain /second/plain it is not executable: chmod +x /second/plain",
		"ps5000a /first/ps5000a ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{at("second", "ps5000a"), at("third", "ps5000a")}, list[2].Hidden); diff != "" {
		t.Errorf("hidden (-want +got):\n%s", diff)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "sim"), 0o755)
	write(t, filepath.Join(dir, "plain"), 0o644)
	h := New(Options{Dirs: []string{dir}})
	if p, err := h.Find("sim"); err != nil || p.Path != filepath.Join(dir, "sim") {
		t.Errorf("sim: %+v, %v", p, err)
	}
	for _, c := range []struct {
		name      string
		installed bool
		want      []string
	}{
		{"ps5000a", false, []string{`no plugin for the driver "ps5000a"`, "looked in " + dir, "installed: plain, sim"}},
		{"plain", true, []string{"not executable", "chmod +x"}},
		{"../sim", false, []string{`"../sim"`}},
	} {
		_, err := h.Find(c.name)
		var e *driver.Error
		if !errors.As(err, &e) || e.Kind != driver.KindNotPlugin || errors.Is(err, ErrNotInstalled) == c.installed {
			t.Errorf("%s: %#v", c.name, err)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(e.Message+" "+e.Advice, w) {
				t.Errorf("%s: %q, %q lack %q", c.name, e.Message, e.Advice, w)
			}
		}
	}
}

func TestListUnreadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	write(t, file, 0o644)
	write(t, filepath.Join(dir, "good", "sim"), 0o755)
	list, err := New(Options{Dirs: []string{file, filepath.Join(dir, "good")}}).List()
	if err == nil || len(list) != 1 {
		t.Errorf("a folder that is a file: %v, %v", list, err)
	}
	// Nobody knows what is in a folder that cannot be read.
	h := New(Options{Dirs: []string{file, filepath.Join(dir, "good")}})
	if _, err := h.Find("other"); !errors.Is(err, syscall.ENOTDIR) || errors.Is(err, ErrNotInstalled) || strings.Contains(err.Error(), "there is no plugin") {
		t.Errorf("a plugin that may be in it: %v", err)
	}
	if _, err := h.Find("sim"); err != nil {
		t.Errorf("a plugin of another folder: %v", err)
	}
}

func TestDefaultDirs(t *testing.T) {
	t.Parallel()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "real", "scopelog"), 0o755)
	if err := os.Symlink(filepath.Join(dir, "real", "scopelog"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if got := DefaultDirs(filepath.Join(dir, "link"))[0]; got != filepath.Join(dir, "real", "plugins") {
		t.Errorf("beside the program behind a link: %s", got)
	}
	if got := DefaultDirs(""); len(got) != 3 || !strings.HasSuffix(got[0], "/scopelog/plugins") {
		t.Errorf("without a program: %v", got)
	}
}

func TestEnviron(t *testing.T) {
	t.Parallel()
	got := pluginEnviron([]string{
		"HOME=/h", "PATH=/bin", "SECRET=x", "AWS_KEY=y", "SCOPELOG_RIG=/rig", "SCOPELOG_PLUGIN=cookie", "SCOPELOG_HOST=old",
		"SCOPELOG_HANDOVER_FD=3", "PLUGIN_MIN_PORT=1", "LC_ALL=C", "LANG=de", "LD_LIBRARY_PATH=/opt", "LD_PRELOAD=evil", "broken",
		"SCOPELOG_CONFIG=/c", "SCOPELOG_PLUGINS=/p", "SCOPELOG_OUTPUT=/o", "LD_AUDIT=evil", "GODEBUG=x", "BASH_ENV=x", "PYTHONPATH=x", "AWS_SECRET_ACCESS_KEY=x", "SSH_AUTH_SOCK=x",
		"XDG_RUNTIME_DIR=/run/user/1",
	}, []string{"HOME=/other"})
	want := []string{"HOME=/h", "PATH=/bin", "SCOPELOG_RIG=/rig", "LC_ALL=C", "LANG=de", "LD_LIBRARY_PATH=/opt", "XDG_RUNTIME_DIR=/run/user/1", "HOME=/other"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
