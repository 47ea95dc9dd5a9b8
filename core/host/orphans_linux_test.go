package host

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// deadHost makes a state folder with the record of a plugin, a process that sleeps. It is locked while its host lives.
func deadHost(t *testing.T, base string, n byte, r Record, lives bool) *exec.Cmd {
	t.Helper()
	plugin := exec.Command("sleep", "100")
	if err := plugin.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = plugin.Process.Kill() // it may have ended
		_ = plugin.Wait()
	})
	dir := filepath.Join(base, stateDirName([16]byte{10: n}))
	if err := os.MkdirAll(filepath.Join(dir, "1"), 0o700); err != nil {
		t.Fatal(err)
	}
	lock, err := takeLock(filepath.Join(dir, lockName), true)
	if err != nil {
		t.Fatal(err)
	}
	if lives {
		t.Cleanup(func() { lock.Close() })
	} else {
		lock.Close()
	}
	if r.BootID == "" {
		r.BootID = bootID()
	}
	r.PID, r.StartTime = plugin.Process.Pid, startTime(t, plugin.Process.Pid)
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "1", recordFile), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return plugin
}

// shortDir is a folder in which sockets can be made.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "host")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// TestOrphans lists those plugins of dead hosts that may hold a unit of the driver.
func TestOrphans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		record Record
		lives  bool
		ended  bool
		want   int
	}{
		{name: "of a dead host", record: Record{Driver: "fake"}, want: 1},
		{name: "of another driver", record: Record{Driver: "other"}},
		{name: "of a living host", record: Record{Driver: "fake"}, lives: true},
		{name: "ended", record: Record{Driver: "fake"}, ended: true},
		{name: "of another boot", record: Record{Driver: "fake", BootID: "another"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := shortDir(t)
			plugin := deadHost(t, base, 1, c.record, c.lives)
			if c.ended {
				if err := plugin.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				_ = plugin.Wait() // it was killed
			}
			h := New(Options{Runtime: base, RunID: [16]byte{10: 9}})
			got := h.Orphans([]string{"fake"})
			if len(got) != c.want || c.want > 0 && (got[0].PID != plugin.Process.Pid || got[0].Driver != "fake") {
				t.Errorf("got %+v, want %d", got, c.want)
			}
		})
	}
}

// TestOrphansAskedFor: hosts that look at the same time, and those that sweep, do not hide a plugin from each other.
func TestOrphansAskedFor(t *testing.T) {
	t.Parallel()
	base := shortDir(t)
	deadHost(t, base, 1, Record{Driver: "fake", OrphanNS: int64(time.Hour)}, false)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			h := New(Options{Runtime: base, RunID: [16]byte{9: byte(i), 10: 9}})
			for range 500 {
				if i < 2 {
					sweep(base, "")
				} else if got := h.Orphans([]string{"fake"}); len(got) != 1 {
					t.Errorf("got %+v", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestAwaitHolders waits for the end of a plugin, for no longer than it may live, and for nothing where there is none.
func TestAwaitHolders(t *testing.T) {
	t.Parallel()
	await := func(ctx context.Context, base string) (told, left []Orphan, err error) {
		h := New(Options{Runtime: base, RunID: [16]byte{10: 9}})
		left, err = h.AwaitHolders(ctx, []Wanted{{Driver: "fake"}}, func(l []Orphan) { told = l })
		return told, left, err
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		if told, left, err := await(t.Context(), shortDir(t)); told != nil || left != nil || err != nil {
			t.Errorf("told %v, left %v, %v", told, left, err)
		}
	})
	t.Run("ends", func(t *testing.T) {
		t.Parallel()
		base := shortDir(t)
		plugin := deadHost(t, base, 1, Record{Driver: "fake", OrphanNS: int64(time.Hour)}, false)
		h := New(Options{Runtime: base, RunID: [16]byte{10: 9}})
		told := 0
		left, err := h.AwaitHolders(t.Context(), []Wanted{{Driver: "fake"}}, func(l []Orphan) {
			if told++; len(l) != 1 || l[0].Wait != time.Hour {
				t.Errorf("told %+v", l)
			}
			_ = plugin.Process.Kill()
			_ = plugin.Wait() // it was killed
		})
		if told != 1 || left != nil || err != nil {
			t.Errorf("told %d times, left %v, %v", told, left, err)
		}
	})
	t.Run("stays", func(t *testing.T) {
		t.Parallel()
		base := shortDir(t)
		deadHost(t, base, 1, Record{Driver: "fake", OrphanNS: 1}, false)
		if told, left, err := await(t.Context(), base); len(told) != 1 || len(left) != 1 || err != nil {
			t.Errorf("told %v, left %v, %v", told, left, err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		base := shortDir(t)
		deadHost(t, base, 1, Record{Driver: "fake", OrphanNS: int64(time.Hour)}, false)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, left, err := await(ctx, base); len(left) != 1 || !errors.Is(err, context.Canceled) {
			t.Errorf("left %v, %v", left, err)
		}
	})
}

// TestHolders: only plugins that may hold the unit are waited for.
func TestHolders(t *testing.T) {
	t.Parallel()
	base := shortDir(t)
	deadHost(t, base, 1, Record{Driver: "fake", Units: []string{"S1", "S2"}, OrphanNS: int64(time.Hour)}, false)
	h := New(Options{Runtime: base, RunID: [16]byte{10: 9}})
	for _, c := range []struct {
		name  string
		units []Wanted
		want  int
	}{
		{"the unit", []Wanted{{"fake", "S2"}}, 1},
		{"written otherwise", []Wanted{{"fake", "s2"}}, 1},
		{"another unit", []Wanted{{"fake", "S3"}}, 0},
		{"any unit", []Wanted{{"fake", ""}}, 1},
		{"another driver's", []Wanted{{"other", "S1"}}, 0},
		{"one of several", []Wanted{{"fake", "S3"}, {"other", "S1"}, {"fake", "S1"}}, 1},
		{"none", nil, 0},
	} {
		if got := h.Holders(c.units); len(got) != c.want {
			t.Errorf("%s: %+v, want %d", c.name, got, c.want)
		}
	}
	left, err := h.AwaitHolders(t.Context(), []Wanted{{"fake", "S3"}}, func(l []Orphan) { t.Errorf("waits for %+v", l) })
	if left != nil || err != nil {
		t.Errorf("left %v, %v", left, err)
	}
	unknown := Orphan{Driver: "fake"}
	if !unknown.MayHold(Wanted{"fake", "S3"}) {
		t.Error("a plugin of which nothing is known may hold nothing")
	}
}
