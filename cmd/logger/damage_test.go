package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestDamageOfRecording: whatever reads a recording whose run.json or meta is damaged does what it can, warns, and ends with the exit code of damage.
func TestDamageOfRecording(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"run.json", "*.sigmf-meta"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
			l.Add(2000)
			l.Seal()
			list, err := filepath.Glob(filepath.Join(l.Dir(), file))
			if err != nil || len(list) == 0 {
				t.Fatalf("no %s: %v", file, err)
			}
			if err := os.WriteFile(list[0], []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
			to := t.TempDir()
			for _, args := range [][]string{
				{"analyze", l.Dir(), "stats"}, {"analyze", l.Dir(), "stats", "--json"}, {"export", l.Dir(), "--to", filepath.Join(to, "x.csv")},
				{"plot", l.Dir(), "--to", filepath.Join(to, "x.svg")},
			} {
				code, out := runLine(t, args...)
				if said := out.stderr.String(); code != exitDamage || !strings.Contains(said, "warning: ") || strings.Contains(said, "error: ") {
					t.Errorf("%s: exit code %d: %s", args[0], code, said)
				}
				if out.stdout.Len() == 0 {
					t.Errorf("%s printed nothing", args[0])
				}
			}
		})
	}
}

// TestDiskFailure: a full disk, a quota and a limit of the size of files are one exit code, with what is missing, where, and what can be done.
func TestDiskFailure(t *testing.T) {
	t.Parallel()
	a, _ := newTestApp(t, nil)
	write := func(err error, needs int64) error {
		return fmt.Errorf("cell.A: %w", &analyze.WriteError{Path: filepath.Join("far", "x.npy"), Bytes: 2 << 20, Needs: needs, Err: err})
	}
	for _, c := range []struct {
		name   string
		fail   func(*app, error) error
		err    error
		advice string
	}{
		{"analyze", analyzeFailure, write(syscall.ENOSPC, 8<<20), "about 8.39 MB are needed, of which 2.10 MB were written; nothing incomplete was left behind; make room on the disk of far, or choose a folder on another one"},
		{"not known how much", analyzeFailure, write(syscall.ENOSPC, 0), "nothing incomplete was left behind; make room on the disk of far, or choose a folder on another one"},
		{"limit", analyzeFailure, write(syscall.EFBIG, 8<<20), "no file may be as large here: ulimit -f raises the limit"},
		{"plot", plotFailure, fmt.Errorf("write x.png: %w", syscall.ENOSPC), "make room, or choose a folder on another disk"},
		{"export", exportFailure, fmt.Errorf("write x.csv: %w", syscall.EFBIG), "ulimit -f"},
	} {
		err := c.fail(a, c.err)
		if code := exitCode(err); code != exitDisk {
			t.Errorf("%s: exit code %d", c.name, code)
		}
		if got := adviceOf(err); !strings.Contains(got, c.advice) || strings.Contains(got, err.Error()) {
			t.Errorf("%s: advice %q, want %q", c.name, got, c.advice)
		}
	}
	if code := exitCode(fmt.Errorf("write: %w", syscall.EFBIG)); code != exitDisk {
		t.Errorf("a limit anywhere: exit code %d", code)
	}
}

// TestRowsAreAskedFor: more than ten million lines of text are written only where that is wanted, by analyze as by export.
func TestRowsAreAskedFor(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Add(2000)
	l.Seal()
	to := t.TempDir()
	for _, args := range [][]string{
		{"resample", "--up", "10000", "--to", filepath.Join(to, "x.csv")},
		{"spectrogram", "--segment", "1000", "--overlap", "999", "--fft", "40000", "--to", filepath.Join(to, "y.csv")},
	} {
		code, out := runLine(t, append([]string{"analyze", l.Dir()}, args...)...)
		if said := out.stderr.String(); code != exitUsage || !strings.Contains(said, "20,0") || !strings.Contains(said, "more than 10,000,000") || !strings.Contains(said, "--many-rows writes them") {
			t.Errorf("%s: exit code %d: %s", args[0], code, said)
		}
	}
	if list, err := os.ReadDir(to); err != nil || len(list) > 0 {
		t.Errorf("left %v, %v", list, err)
	}
	code, out := runLine(t, "analyze", l.Dir(), "resample", "--rate", "10kS/s", "--down", "2")
	if said := out.stderr.String(); code != exitUsage || !strings.Contains(said, "write --rate, or these") {
		t.Errorf("two ways to say it: exit code %d: %s", code, said)
	}
}
