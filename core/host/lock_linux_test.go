package host

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
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
		"is not the file that was pinned": fmt.Sprintf("%x  fake\n", sum), "does not name": fmt.Sprintf("%x  other\n", sum),
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

// TestLockedRestart: the checksum is compared at every start, and both are told.
func TestLockedRestart(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "fake")
	if err := os.WriteFile(path, program, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "plugins.lock")
	pinned, err := Pin(file, []Plugin{{Name: "fake", Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	lock, err := ReadLock(file)
	if err != nil {
		t.Fatal(err)
	}
	h := testHost(t, Options{Dirs: []string{dir}, Lock: lock})
	in, err := h.Start(t.Context(), "fake", StartOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "new")
	if err := os.WriteFile(other, append(program, 0), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, path); err != nil { // it would run as well
		t.Fatal(err)
	}
	_, err = h.Start(t.Context(), "fake", StartOptions{})
	changed := sha256.Sum256(append(program, 0))
	for _, want := range []string{path, file, fmt.Sprintf("%x", pinned[0].Sum), fmt.Sprintf("%x", changed)} {
		if driver.KindOf(err) != driver.KindNotPlugin || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %q", err, want)
		}
	}
	var e *driver.Error
	if !errors.As(err, &e) || !strings.Contains(e.Advice, "plugins lock") {
		t.Errorf("no advice: %+v", e)
	}
	if len(h.Running()) != 0 {
		t.Error("it runs all the same")
	}
}

func TestPin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	make := func(name, text string) Plugin {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		return Plugin{Name: name, Path: path}
	}
	file := filepath.Join(dir, "plugins.lock")
	pin := func(plugins ...Plugin) (changes []string) {
		t.Helper()
		pinned, err := Pin(file, plugins)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pinned {
			changes = append(changes, p.Plugin.Name+" "+p.Change+" "+strconv.FormatBool(p.Script))
		}
		return changes
	}
	a, b := make("a", "program"), make("b", "#!/bin/sh")
	for _, c := range []struct {
		name string
		got  []string
		want []string
	}{
		{"new file", pin(a, b), []string{"a added false", "b added true"}},
		{"again", pin(b), []string{"b same true"}},
		{"changed", pin(make("a", "another")), []string{"a changed false"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	l, err := ReadLock(file)
	if err != nil || len(l.Sums) != 2 || l.Sums["a"] != sha256.Sum256([]byte("another")) {
		t.Errorf("the file holds %v, %v", l, err)
	}
	if out, err := exec.Command("sha256sum", "-c", file).Output(); err == nil {
		t.Errorf("sha256sum checks files of another folder: %s", out)
	}
	check := exec.Command("sha256sum", "-c", file)
	check.Dir = dir
	if out, err := check.Output(); err != nil {
		t.Errorf("sha256sum does not take the file: %v: %s", err, out)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Pin(file, []Plugin{a, {Name: "c", Path: filepath.Join(dir, "missing")}}); err == nil {
		t.Error("a plugin that is not there was pinned")
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("a failure has changed the file to %q, %v", after, err)
	}
	if err := os.WriteFile(file, []byte("spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Pin(file, []Plugin{a}); err == nil || !strings.Contains(err.Error(), "plugins.lock:1") {
		t.Errorf("a spoilt file was replaced: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
