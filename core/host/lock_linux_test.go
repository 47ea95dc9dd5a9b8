package host

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

func lockFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plugins.lock")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadLock(t *testing.T) {
	t.Parallel()
	sum := strings.Repeat("0a", 32)
	for _, c := range []struct {
		name, text, want string
		names            int
	}{
		{"as sha256sum prints", sum + "  ps5000a\n" + sum + "  ./plugins/sim\n", "", 2},
		{"binary mode", sum + " *sim\n", "", 1},
		{"comments", "# pinned\n\n" + sum + "  sim\n", "", 1},
		{"twice alike", sum + "  sim\n" + sum + "  a/sim\n", "", 1},
		{"empty", "", "", 0},
		{"short sum", "0a0a  sim\n", "plugins.lock:1: want 64 hex digits", 0},
		{"no name", sum + "\n", "want 64 hex digits", 0},
		{"no plugin's name", "\n" + sum + "  READ ME\n", `plugins.lock:2: "READ ME" is no name`, 0},
		{"twice differently", sum + "  sim\n" + strings.Repeat("0b", 32) + "  sim\n", "comes twice", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, err := ReadLock(lockFile(t, c.text))
			if c.want == "" && (err != nil || len(l.Sums) != c.names) {
				t.Errorf("got %v, %v", l, err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v lacks %q", err, c.want)
			}
		})
	}
	if _, err := ReadLock("/nonexistent/lock"); err == nil {
		t.Error("a lock that does not exist was read")
	}
}

func TestLockedStart(t *testing.T) {
	t.Parallel()
	dir := pluginDir(t, "fake")
	f, err := os.Open(filepath.Join(dir, "fake"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sum, err := Sum(f)
	if err != nil {
		t.Fatal(err)
	}
	start := func(lock string) (*Instance, error) {
		l, err := ReadLock(lockFile(t, lock))
		if err != nil {
			t.Fatal(err)
		}
		return testHost(t, Options{Dirs: []string{dir}, Lock: l}).Start(t.Context(), "fake", StartOptions{})
	}
	in, err := start(fmt.Sprintf("%x  fake\n", sum))
	if err != nil {
		t.Fatalf("right checksum: %v", err)
	}
	if !in.Plugin().Checked {
		t.Error("the plugin does not count as checked")
	}
	if real, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", in.Pid())); err != nil || real == "" {
		t.Errorf("program of the process: %q, %v", real, err)
	}
	if args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", in.Pid())); err != nil || !strings.HasPrefix(string(args), in.Plugin().Path) {
		t.Errorf("arguments of the process: %q, %v", args, err)
	}
	sum[5]++
	for name, lock := range map[string]string{
		"is not the file": fmt.Sprintf("%x  fake\n", sum), "does not name": fmt.Sprintf("%x  other\n", sum),
	} {
		_, err := start(lock)
		if driver.KindOf(err) != driver.KindNotPlugin || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v lacks %q", err, name)
		}
	}
}

// TestLockedScript: a script is executed by its name, after its checksum was taken.
func TestLockedScript(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "fake")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexec "+self+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sum, err := Sum(f)
	if err != nil {
		t.Fatal(err)
	}
	h := testHost(t, Options{Dirs: []string{dir}, Lock: &Lock{Sums: map[string][32]byte{"fake": sum}}})
	if _, err := h.Start(t.Context(), "fake", StartOptions{}); err != nil {
		t.Fatal(err)
	}
}
