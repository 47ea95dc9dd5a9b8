package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// faulty is a plan of two devices: one with a fault, one that must not notice.
func faulty(duration, fault string) string {
	serial := fmt.Sprintf("BAD%d", serials.Add(1))
	return strings.Replace(header, `"1s"`, `"`+duration+`"`, 1) + proof("good", "GOOD") + `
device "bad" {
  driver     = "sim"
  serial     = "` + serial + `"
  hang_after = "1s"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream { sample_rate = "100kS/s" }
  sim {
    fault ` + fault + `
  }
}
`
}

// TestFaults gives one of two devices a fault while it records. The other loses nothing; the bad one's samples are
// recorded or lost, to the last one, and it records again where it can.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, fault string
		cause       string
		restarts    int
	}{
		{"crash in the library", `"crash" { at = "500ms" }`, "restart", 1},
		{"panic", `"crash" {
      at  = "500ms"
      how = "panic"
    }`, "restart", 1},
		{"exit", `"crash" {
      at  = "500ms"
      how = "exit"
    }`, "restart", 1},
		{"hang", `"hang" { at = "500ms" }`, "restart", 1},
		{"endless loop", `"hang" {
      at  = "500ms"
      how = "spin"
    }`, "restart", 1},
		{"stopped process", `"hang" {
      at  = "500ms"
      how = "stop"
    }`, "restart", 1},
		{"lies in the ring", `"lie" { at = "500ms" }`, "restart", 1},
		{"an open loss", `"lose" {
      at    = "500ms"
      count = 1234
    }`, "usb", 0},
		{"delivers nothing any more", `"stall" { at = "500ms" }`, "restart", 1},
		{"a loss of unknown length", `"lose" {
      at       = "1s"
      count    = 20000
      announce = "unknown"
    }`, "usb", 0},
		{"noise on stdout and stderr", `"print" {
      at    = "200ms"
      for   = "1s"
      count = 1000
    }`, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			truth := filepath.Join(t.TempDir(), "truth.jsonl")
			sum := l.wait(l.start(strings.Replace(faulty("4s", c.fault), "    fault ", "    truth = \""+truth+"\"\n    fault ", 1)))
			good, bad := sum.Devices[0].Streams[0], sum.Devices[1].Streams[0]
			if good.Recorded != 400_000 || good.Lost != 0 {
				t.Errorf("the good device: %+v", good)
			}
			if bad.Recorded+bad.Lost != 400_000 {
				t.Errorf("the bad device: %+v", bad)
			}
			rd := l.runFile(sum.Dir).Device("bad")
			if len(rd.Epochs) != c.restarts+1 {
				t.Errorf("%d epochs, want %d", len(rd.Epochs), c.restarts+1)
			}
			l.inBounds(sum.Dir, "bad.A", truth, c.restarts)
			gaps := sum.Devices[1].Gaps
			if c.cause == "" {
				if len(gaps) != 0 || sum.ExitCode(false) != ExitDone {
					t.Errorf("summary %+v", sum)
				}
				return
			}
			if len(gaps) != 1 || gaps[0].Cause != c.cause || sum.ExitCode(false) != ExitLoss {
				t.Errorf("gaps %+v, exit code %d", gaps, sum.ExitCode(false))
			}
		})
	}
}

// TestNeverBack loses a device that cannot be opened again: the run ends with the loss written down.
func TestNeverBack(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(faulty("3s", `"crash" { at = "500ms" }`), "hang_after", `restart { backoff_max = "100ms" }
  hang_after`, 1)
	s := l.start(text)
	l.until(s, func(st Status) bool {
		return st.Devices[1].State == stateRecording && st.Devices[1].Streams[0].Recorded > 0
	})
	// The plugin's file goes away: it cannot be started again.
	gone := filepath.Join(l.plugins, "sim.gone")
	if err := os.Rename(filepath.Join(l.plugins, "sim"), gone); err != nil {
		t.Fatal(err)
	}
	sum := l.wait(s)
	good, bad := sum.Devices[0].Streams[0], sum.Devices[1].Streams[0]
	if good.Recorded != 300_000 || good.Lost != 0 {
		t.Errorf("the good device: %+v", good)
	}
	if bad.Recorded+bad.Lost != 300_000 || bad.Lost == 0 || sum.Devices[1].Error == "" {
		t.Errorf("the bad device: %+v, %q", bad, sum.Devices[1].Error)
	}
	if code := sum.ExitCode(false); code != ExitDevice {
		t.Errorf("exit code %d", code)
	}
}

// TestStartFails has devices that cannot be opened: nothing is left behind, and the error says which and why.
func TestStartFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, plan string
		class      Class
		want       string
	}{
		{"refused", faulty("1s", `"refuse" {
      call  = "open"
      times = 0
      kind  = "busy"
    }`), ClassDevice, "bad"},
		{"refuses to start", faulty("1s", `"refuse" {
      call  = "start"
      times = 0
    }`) + proof("late", "LATE"), ClassDevice, "bad"},
		{"one serial twice, in two processes", header + proof("one", "SAME"), ClassDevice, "in use"},
		{"too much memory", strings.Replace(header, `duration = "1s"`, "duration = \"1s\"\n  max_memory = \"1MiB\"", 1) + proof("cell", "MEMORY") + `
device "big" {
  driver = "sim"
  serial = "BIG"
  channel "A" { range = "5V" }
  stream { sample_rate = "100MS/s" }
}`, ClassDisk, "need more memory"},
		{"too long for the disk", strings.Replace(header, `"1s"`, `"90000h"`, 1) + `
device "big" {
  driver = "sim"
  serial = "LONG"
  channel "A" { range = "5V" }
  stream { sample_rate = "100MS/s" }
}`, ClassDisk, "has room for"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			if strings.Contains(c.plan, "SAME") {
				other := newLab(t)
				first := other.start(c.plan)
				defer func() { first.Stop("stop"); other.wait(first) }()
			}
			_, err := Start(context.Background(), l.options(c.plan))
			var e *Error
			if !errors.As(err, &e) || e.Class != c.class || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v (%+v), want class %d with %q", err, e, c.class, c.want)
			}
			if left := l.host.Running(); len(left) != 0 {
				t.Errorf("%d plugins are left", len(left))
			}
			if c.name == "refuses to start" {
				return // the recording had been made by then: it is empty and sealed
			}
			if entries, err := os.ReadDir(l.out); err != nil || len(entries) != 0 {
				t.Errorf("something was written: %v, %v", entries, err)
			}
		})
	}
}

// TestOptional leaves out a device that cannot be opened and may be missing.
func TestOptional(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(faulty("1s", `"refuse" {
      call  = "open"
      times = 0
    }`), `hang_after`, "optional = true\n  hang_after", 1)
	sum := l.wait(l.start(text))
	if sum.ExitCode(false) != ExitDone || sum.Devices[0].Streams[0].Recorded != 100_000 {
		t.Errorf("summary %+v", sum)
	}
	if last := sum.Devices[len(sum.Devices)-1]; last.Name != "bad" || last.Error == "" {
		t.Errorf("the missing device is not told of: %+v", last)
	}
}

// TestFirstFree opens two devices of one driver without serials: each takes the first free unit.
func TestFirstFree(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.wait(l.start(header + proof("one", "") + proof("two", "")))
	if a, b := sum.Devices[0].Serial, sum.Devices[1].Serial; a == b || a == "" || b == "" {
		t.Errorf("serials %q and %q", a, b)
	}
}

func TestOutputFolder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		make func(dir string) string
	}{
		{"is a file", func(dir string) string {
			path := filepath.Join(dir, "file")
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}},
		{"below a file", func(dir string) string {
			path := filepath.Join(dir, "file")
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(path, "recordings")
		}},
		{"on a file system that takes no files", func(string) string { return "/proc/recordings" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			l.out = c.make(t.TempDir())
			_, err := Start(context.Background(), l.options(header+proof("cell", "FOLDER")))
			var e *Error
			if !errors.As(err, &e) || e.Class != ClassDisk || e.Advice == "" || !strings.Contains(err.Error(), l.out) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// fullFS has no space for one device's samples after some bytes.
type fullFS struct {
	recording.FS
	device string
	left   atomic.Int64
}

func (f *fullFS) OpenFile(path string, flag int, perm fs.FileMode) (recording.File, error) {
	file, err := f.FS.OpenFile(path, flag, perm)
	if err == nil && strings.HasSuffix(path, recording.ExtData) && strings.Contains(filepath.Base(path), f.device) {
		return &fullFile{file, f}, nil
	}
	return file, err
}

type fullFile struct {
	recording.File
	fs *fullFS
}

func (f *fullFile) WriteAt(p []byte, off int64) (int, error) {
	if f.fs.left.Add(-int64(len(p))) < 0 {
		return 0, syscall.ENOSPC
	}
	return f.File.WriteAt(p, off)
}

// TestDiskFull: what was written is sealed, other devices' streams are intact, the class is that of the disk.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	o := l.options(strings.Replace(header, `"1s"`, `"20s"`, 1) + proof("cell", "FULL") + proof("other", "OTHER"))
	full := &fullFS{FS: recording.OSFS(), device: "cell."}
	full.left.Store(300_000)
	o.FS = full
	s, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := s.Wait()
	var e *Error
	if !errors.As(err, &e) || e.Class != ClassDisk || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error %v", err)
	}
	if sum.EndReason != "disk" || sum.ExitCode(true) != ExitDisk {
		t.Errorf("summary %+v", sum)
	}
	l.verify(s.Dir())
	if st := sum.Devices[0].Streams; st[0].Recorded+st[1].Recorded == 0 || st[0].Lost+st[1].Lost == 0 {
		t.Errorf("the device without space: %+v", st)
	}
	for _, st := range sum.Devices[1].Streams {
		if st.Recorded == 0 || st.Lost != 0 {
			t.Errorf("the other device: %+v", st)
		}
	}
}
