package host

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
)

// TestStateDirIsMadeAgain: the folder, its parent, or the lock in it go away while plugins run. The next plugin starts all the same, with a record and a
// lock that a later host can go by, and the one that runs is not touched.
func TestStateDirIsMadeAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		remove func(base, dir string) error
		moves  bool
	}{
		"the folder":   {func(_, dir string) error { return os.RemoveAll(dir) }, false},
		"its lock":     {func(_, dir string) error { return os.Remove(filepath.Join(dir, lockName)) }, false},
		"all above it": {func(base, _ string) error { return os.RemoveAll(base) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := filepath.Join(shortDir(t), "u")
			if err := os.Mkdir(base, 0o700); err != nil {
				t.Fatal(err)
			}
			var run [16]byte
			_, _ = rand.Read(run[:])
			h := New(Options{Dirs: []string{pluginDir(t, "fake")}, Runtime: base, RunID: run, Environ: []string{envFake + "=1"}})
			defer func() {
				dir := h.statesPath()
				if err := h.Close(); err != nil {
					t.Error(err)
				}
				if _, err := os.Lstat(dir); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("%s is left: %v", dir, err)
				}
			}()
			old, err := h.Start(t.Context(), "fake", StartOptions{Orphan: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.remove(base, h.StateDir()); err != nil {
				t.Fatal(err)
			}
			in, err := h.Start(t.Context(), "fake", StartOptions{Orphan: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			if moved := filepath.Dir(h.StateDir()) != base; moved != c.moves || filepath.Dir(in.dir) != h.StateDir() {
				t.Errorf("the folder is %s, the plugin's %s", h.StateDir(), in.dir)
			}
			if got := orphansIn(h.StateDir(), []string{"fake"}); len(got) == 0 || got[len(got)-1].PID != in.Pid() {
				t.Errorf("on record: %+v", got)
			}
			if f, err := takeLock(filepath.Join(h.StateDir(), lockName), false); err == nil {
				_ = f.Close()
				t.Error("the folder is not locked")
			}
			if _, err := old.Client().Discover(t.Context(), driver.DiscoverRequest{}); err != nil {
				t.Errorf("the plugin that ran: %v", err)
			}
		})
	}
}

// TestStateDirIsTried: what keeps the folder from being made is not remembered.
func TestStateDirIsTried(t *testing.T) {
	t.Parallel()
	h := testHost(t, Options{Dirs: []string{pluginDir(t, "fake")}, RunID: [16]byte{10: 77}})
	if err := os.WriteFile(h.statePath, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Start(t.Context(), "fake", StartOptions{}); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("started: %v", err)
	}
	if err := os.Remove(h.statePath); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Start(t.Context(), "fake", StartOptions{}); err != nil {
		t.Error(err)
	}
}

// TestStateDirIsLookedAt: another host takes a dead one's lock to see whether it lives, and removes the folder or leaves it, just when a host of the same
// run comes.
func TestStateDirIsLookedAt(t *testing.T) {
	t.Parallel()
	for name, removed := range map[string]bool{"left alone": false, "removed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(shortDir(t), "state")
			first, err := claimStateDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			time.AfterFunc(3*lockPause, func() {
				var err error
				if removed {
					err = os.RemoveAll(dir)
				}
				done <- errors.Join(err, first.Close())
			})
			f, err := claimStateDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if !stillThere(f, filepath.Join(dir, lockName)) {
				t.Error("what is locked is not in the folder")
			}
			if other, err := takeLock(filepath.Join(dir, lockName), false); err == nil {
				_ = other.Close()
				t.Error("it is not locked")
			}
		})
	}
}
