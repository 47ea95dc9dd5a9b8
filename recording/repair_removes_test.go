package recording

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestRepairRemoves: the control socket of a process that was killed goes, and so does its reserve of the disk; a socket on which somebody listens, and what only
// has its name, stays.
func TestRepairRemoves(t *testing.T) {
	const socket = "control.sock"
	for _, tc := range []struct {
		name  string
		file  string
		make  func(t *testing.T, path string)
		stays bool
	}{
		{"nobody listens", socket, func(t *testing.T, path string) {
			l := listenAt(t, path)
			l.SetUnlinkOnClose(false)
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"somebody listens", socket, func(t *testing.T, path string) {
			l := listenAt(t, path)
			t.Cleanup(func() { l.Close() })
		}, true},
		{"a file of that name", socket, content, true},
		{"the reserve", filepath.Join("logs", "reserve"), content, false},
		{"a log", filepath.Join("logs", "log-0.jsonl"), content, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}))
			c.epoch(0, "start")
			c.addAll(1000)
			c.sync()
			parent, err := os.MkdirTemp("", "sock") // short: a socket's path has some hundred bytes
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(parent) })
			dir := filepath.Join(parent, "run")
			if err := os.Rename(c.fs.onDisk(t, c.dir()), dir); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, tc.file)
			tc.make(t, path)
			report, err := Repair(context.Background(), dir, RepairOptions{})
			if err != nil || report.Damage() {
				t.Fatalf("repair: %+v, %v", report, err)
			}
			_, err = os.Lstat(path)
			if gone := errors.Is(err, fs.ErrNotExist); gone == tc.stays {
				t.Errorf("the file is gone: %v, want it to stay: %v", gone, tc.stays)
			}
			if told := slices.Contains(report.Removed, tc.file); told == tc.stays {
				t.Errorf("removed: %v", report.Removed)
			}
			if again, err := Repair(context.Background(), dir, RepairOptions{}); err != nil || again.Changed {
				t.Errorf("again: %+v, %v", again, err)
			}
		})
	}
}

// content makes a file, and its folder.
func content(t *testing.T, path string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("text"), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func listenAt(t *testing.T, path string) *net.UnixListener {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}
