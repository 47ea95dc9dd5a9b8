package host

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/shmring"
)

func TestStartAndClose(t *testing.T) {
	t.Parallel()
	h := testHost(t, Options{Dirs: []string{pluginDir(t, "fake")}, RunID: [16]byte{10: 0xab, 15: 0xcd}})
	in, err := h.Start(t.Context(), "fake", StartOptions{Device: "cell"})
	if err != nil {
		t.Fatal(err)
	}
	if got := filepath.Base(h.StateDir()); got != "scopelog-ab00000000cd" {
		t.Errorf("state folder %s", got)
	}
	if info, err := os.Stat(h.StateDir()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("state folder: %v, %v", info, err)
	}
	if in.Device() != "cell" || len(h.Running()) != 1 {
		t.Errorf("device %q, %d running", in.Device(), len(h.Running()))
	}
	if _, err := os.Stat(filepath.Join(in.dir, recordFile)); err == nil {
		t.Error("there is a record although nobody may take the plugin over")
	}
	dev, err := in.Client().Open(t.Context(), driver.OpenRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := dev.Capabilities(t.Context()); err == nil {
		t.Error("a device of a closed plugin answers")
	}
	if in.ExitError() != nil || len(h.Running()) != 0 {
		t.Errorf("after close: %v, %d running", in.ExitError(), len(h.Running()))
	}
	if err := in.Close(t.Context()); err != nil {
		t.Errorf("second close: %v", err)
	}
}

func TestParallelStart(t *testing.T) {
	t.Parallel()
	h := testHost(t, Options{Dirs: []string{pluginDir(t, "fake")}})
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := h.Start(t.Context(), "fake", StartOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(h.Running()); n != 6 {
		t.Errorf("%d plugins run", n)
	}
	for i, in := range h.Running() {
		if in.number != i+1 {
			t.Errorf("plugin %d has the number %d", i, in.number)
		}
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if _, err := h.Start(t.Context(), "fake", StartOptions{}); !errors.Is(err, ErrClosed) {
		t.Errorf("start on a closed host: %v", err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	h := testHost(t, Options{Dirs: []string{pluginDir(t, "ps2000a")}})
	_, err := h.Start(t.Context(), "ps2000a", StartOptions{})
	if driver.KindOf(err) != driver.KindNotPlugin || !strings.Contains(err.Error(), `calls itself "fake"`) {
		t.Errorf("a plugin with a file of another name: %v", err)
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	h := testHost(t, Options{Dirs: []string{pluginDir(t, "fake")}})
	for range 2 {
		if d, err := h.Describe(t.Context(), "fake"); err != nil || d.Name != "fake" {
			t.Errorf("describe: %v, %v", d, err)
		}
	}
	if h.started != 1 || len(h.Running()) != 0 {
		t.Errorf("%d plugins were started, %d run", h.started, len(h.Running()))
	}
}

func TestDeath(t *testing.T) {
	t.Parallel()
	h := testHost(t, Options{Dirs: []string{pluginDir(t, "fake")}})
	in, err := h.Start(t.Context(), "fake", StartOptions{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := h.Start(t.Context(), "fake", StartOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if in.ExitError() != nil {
		t.Errorf("a running plugin has ended: %v", in.ExitError())
	}
	if err := syscall.Kill(in.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-in.Done():
	case <-time.After(20 * time.Second):
		t.Fatal("the death is not noticed")
	}
	if err := in.ExitError(); driver.KindOf(err) != driver.KindPluginGone || !strings.Contains(err.Error(), "SIGKILL") {
		t.Errorf("exit error %v", err)
	}
	in.Kill()
	if _, err := os.Stat(in.dir); err == nil {
		t.Error("the folder of the dead plugin is left")
	}
	if _, err := other.Client().Describe(t.Context()); err != nil {
		t.Errorf("the other plugin: %v", err)
	}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	h := testHost(t, Options{Dirs: []string{pluginDir(t, "fake")}, RunID: [16]byte{1}})
	in, err := h.Start(t.Context(), "fake", StartOptions{Device: "cell", Orphan: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	read := func() (r Record) {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(in.dir, recordFile))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := read()
	if r.PID != in.Pid() || r.StartTime == 0 || r.BootID == "" || r.AttachEpoch != 1 || r.Device != "cell" || len(r.Rings) != 0 ||
		r.RunID != "01000000000000000000000000000000" || filepath.Dir(r.Address) != r.SocketDir {
		t.Errorf("record %+v", r)
	}
	if info, err := os.Stat(r.Address); err != nil || info.Mode()&os.ModeSocket == 0 {
		t.Errorf("socket: %v, %v", info, err)
	}
	for _, name := range []string{"host.key", "host.crt", "plugin.crt", recordFile} {
		if info, err := os.Stat(filepath.Join(in.dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	dev, err := in.Client().Open(t.Context(), driver.OpenRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if got := read().Units; len(got) != 1 || got[0] != "S1" {
		t.Errorf("units of the record: %q", got)
	}
	ring, err := shmring.Create(shmring.Spec{Generation: 5, Lanes: []shmring.LaneSpec{{
		Kind: shmring.Raw, SampleType: shmring.I16, IntervalNumFS: 1e12, IntervalDen: 1, Ratio: 1, Capacity: shmring.Granule,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	defer ring.Close()
	if err := dev.HandOver(t.Context(), ring); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); len(read().Rings) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("the ring does not come into the record")
		}
		time.Sleep(time.Millisecond)
	}
	got := read().Rings[0]
	link, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", r.PID, got.FD))
	if got.Generation != 5 || err != nil || !strings.HasPrefix(link, "/memfd:") {
		t.Errorf("ring %+v is %q, %v", got, link, err)
	}
}

func TestStateDirRefused(t *testing.T) {
	t.Parallel()
	base, err := os.MkdirTemp("", "host")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(base)
	if err := os.Mkdir(filepath.Join(base, stateDirName([16]byte{})), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(base, stateDirName([16]byte{})), 0o777); err != nil {
		t.Fatal(err)
	}
	h := New(Options{Dirs: []string{pluginDir(t, "fake")}, Runtime: base})
	_, err = h.Start(t.Context(), "fake", StartOptions{})
	if err == nil || !strings.Contains(err.Error(), "not a folder of this user alone") {
		t.Errorf("got %v", err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(h.StateDir()); err != nil {
		t.Error("a folder that is not ours was removed")
	}
}

// TestLongRuntimeFolder: where no socket could be made, the state folder lies among the temporary files.
func TestLongRuntimeFolder(t *testing.T) {
	t.Parallel()
	long := filepath.Join(t.TempDir(), strings.Repeat("x", rpc.MaxSocketDir))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	o := Options{Dirs: []string{pluginDir(t, "fake")}, Runtime: long}
	if _, err := rand.Read(o.RunID[:]); err != nil {
		t.Fatal(err)
	}
	h := testHost(t, o)
	if _, err := h.Start(t.Context(), "fake", StartOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := filepath.Dir(h.StateDir()); got != filepath.Clean(os.TempDir()) {
		t.Errorf("the state folder lies in %s", got)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(h.StateDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the state folder stays: %v", err)
	}
}

// TestSweep: what a host that was killed has left is removed by the next one, once its plugins have ended.
func TestSweep(t *testing.T) {
	t.Parallel()
	base, err := os.MkdirTemp("", "host")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(base)
	start := startTime(t, os.Getpid())
	folder := func(n byte, r *Record, locked bool) string {
		dir := filepath.Join(base, stateDirName([16]byte{10: n}))
		if err := os.MkdirAll(filepath.Join(dir, "1"), 0o700); err != nil {
			t.Fatal(err)
		}
		f, err := takeLock(filepath.Join(dir, lockName), true)
		if err != nil {
			t.Fatal(err)
		}
		if locked {
			t.Cleanup(func() { f.Close() })
		} else {
			f.Close()
		}
		if r != nil {
			b, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "1", recordFile), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	alive := &Record{BootID: bootID(), PID: os.Getpid(), StartTime: start}
	unlocked := filepath.Join(base, stateDirName([16]byte{10: 9}))
	if err := os.Mkdir(unlocked, 0o700); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * unfinished)
	forgotten, filled := filepath.Join(base, stateDirName([16]byte{10: 8})), filepath.Join(base, stateDirName([16]byte{10: 7}), "kept")
	for dir, made := range map[string]string{forgotten: forgotten, filepath.Dir(filled): filled} {
		if err := errors.Join(os.MkdirAll(made, 0o700), os.Chtimes(dir, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	for dir, stays := range map[string]bool{
		forgotten:               false, // a host that died in the middle of making it
		filepath.Dir(filled):    true,
		folder(1, nil, true):    true, // a living host
		folder(2, alive, false): true, // a plugin that waits for another host
		folder(3, &Record{BootID: bootID(), PID: os.Getpid(), StartTime: start + 1}, false): false, // the number was used again
		folder(4, &Record{BootID: "another", PID: os.Getpid(), StartTime: start}, false):    false, // the computer has started again
		folder(5, nil, false): false,
		unlocked:              true, // a host that is just making it
	} {
		h := New(Options{Runtime: base, RunID: [16]byte{1}})
		h.StateDir()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(dir); (err == nil) != stays {
			t.Errorf("%s: %v, want it to stay: %v", filepath.Base(dir), err, stays)
		}
	}
	first := New(Options{Runtime: base, RunID: [16]byte{2}})
	first.StateDir()
	second := New(Options{Runtime: base, RunID: [16]byte{2}, Dirs: []string{pluginDir(t, "fake")}})
	if _, err := second.Start(t.Context(), "fake", StartOptions{}); err == nil {
		t.Error("two hosts share a state folder")
	}
	if err := errors.Join(second.Close(), first.Close()); err != nil {
		t.Error(err)
	}
}

func startTime(t *testing.T, pid int) uint64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	var n uint64
	if _, err := fmt.Sscan(strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))[19], &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStartCancelled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "slow"), []byte("#!/bin/sh\nsleep 60\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	h := testHost(t, Options{Dirs: []string{dir}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := h.Start(ctx, "slow", StartOptions{})
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		b                driver.Budgets
		period, hang     time.Duration
		stream, fetching time.Duration
	}{
		{"defaults", driver.Budgets{}, 0, 0, 2 * time.Second, 10 * time.Second},
		{"slow delivery", driver.Budgets{}, time.Second, 0, 4 * time.Second, 10 * time.Second},
		{"the driver's", driver.Budgets{Stream: 7 * time.Second, Fetch: time.Minute}, time.Second, 0, 7 * time.Second, time.Minute},
		{"the plan's", driver.Budgets{Stream: 7 * time.Second}, time.Minute, 3 * time.Second, 3 * time.Second, 3 * time.Second},
		{"beyond reason", driver.Budgets{Stream: 1 << 62, Fetch: -5}, 0, 0, 10 * time.Minute, 10 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := StreamBudget(c.b, c.period, c.hang); got != c.stream {
				t.Errorf("stream: %v, want %v", got, c.stream)
			}
			if got := FetchBudget(c.b, c.hang); got != c.fetching {
				t.Errorf("fetch: %v, want %v", got, c.fetching)
			}
		})
	}
}
