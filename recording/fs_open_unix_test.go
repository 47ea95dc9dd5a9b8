//go:build unix

package recording

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inTime fails the test when f does not end; what hangs in opening a pipe cannot be ended.
func inTime(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s hangs", what)
	}
}

// namesOf lists the files of a folder.
func namesOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// runsOnDisk are a run that was cut off and a sealed one, each copied to the disk as often as it is asked for.
func runsOnDisk(t *testing.T) map[string]func(t *testing.T) string {
	t.Helper()
	c, crashed := crashedRun(t)
	sealed := crashed.clone()
	if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: sealed}); err != nil {
		t.Fatal(err)
	}
	return map[string]func(t *testing.T) string{
		"cut off": func(t *testing.T) string { return crashed.onDisk(t, c.dir()) },
		"sealed":  func(t *testing.T) string { return sealed.onDisk(t, c.dir()) },
	}
}

// TestPipeInPlaceOfAFile: whatever file of a run a named pipe stands for, nothing waits for somebody to write to it, and verify tells of it.
func TestPipeInPlaceOfAFile(t *testing.T) {
	for kind, run := range runsOnDisk(t) {
		for _, name := range append(namesOf(t, run(t)), DirLogs) {
			t.Run(kind+"/"+name, func(t *testing.T) {
				dir := run(t)
				path := filepath.Join(dir, name)
				if err := os.RemoveAll(path); err != nil {
					t.Fatal(err)
				}
				if err := unix.Mkfifo(path, 0o644); err != nil {
					t.Fatal(err)
				}
				ctx := context.Background()
				inTime(t, "ls", func() {
					list, err := List(nil, filepath.Dir(dir))
					if err != nil || len(list) != 1 || (name == FileRun) != (list[0].Run == nil) || name == FileRun && !errors.Is(list[0].Err, ErrNotRegular) {
						t.Errorf("list %+v, %v", list, err)
					}
				})
				inTime(t, "inspect", func() {
					r, err := Open(dir)
					if err == nil {
						_, err = r.Summarise()
					}
					if err == nil {
						_, err = r.Events()
					}
					if err != nil && !errors.Is(err, ErrNotRegular) {
						t.Errorf("inspect: %v", err)
					}
				})
				inTime(t, "verify", func() {
					report, err := Verify(ctx, dir, VerifyOptions{})
					told := errors.Is(err, ErrNotRegular) || err == nil && !report.OK()
					vital := name != FileLock && name != DirLogs && (kind == "sealed" || name == FileRun || strings.HasSuffix(name, ExtMeta) ||
						strings.HasSuffix(name, ExtData) || strings.Contains(name, ".journal-"))
					if vital && !told || err != nil && !told {
						t.Errorf("verify: %v, %+v", err, report)
					}
				})
				inTime(t, "repair", func() {
					if _, err := Repair(ctx, dir, RepairOptions{}); err != nil && !errors.Is(err, ErrNotRegular) {
						t.Errorf("repair: %v", err)
					}
				})
			})
		}
	}
}

// TestRepairWritesThroughNoLink: files that were moved elsewhere and linked to are read, and never written or shortened where they are.
func TestRepairWritesThroughNoLink(t *testing.T) {
	refused := 0
	for kind, run := range runsOnDisk(t) {
		for _, name := range namesOf(t, run(t)) {
			dir, outside := run(t), filepath.Join(t.TempDir(), "precious")
			path := filepath.Join(dir, name)
			if err := errors.Join(os.Rename(path, outside), os.Symlink(outside, path)); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(outside)
			if err != nil {
				t.Fatal(err)
			}
			if r, err := Open(dir); err != nil || len(r.Problems()) > 0 {
				t.Errorf("%s, %s: not read through the link: %v, %v", kind, name, err, r.Problems())
			}
			_, err = Repair(context.Background(), dir, RepairOptions{KeepTail: true})
			if err != nil {
				refused++
				if !errors.Is(err, ErrNotRegular) || !strings.Contains(err.Error(), "it is a link to "+outside) {
					t.Errorf("%s, %s: %v", kind, name, err)
				}
			}
			if after, err := os.ReadFile(outside); err != nil || !bytes.Equal(after, before) {
				t.Errorf("%s, %s: the file outside was changed from %d to %d bytes, %v", kind, name, len(before), len(after), err)
			}
		}
	}
	if refused < 4 { // data of both streams, journal or events
		t.Errorf("%d repairs were refused", refused)
	}
}

// TestDataLinkedToAnotherFile: a data file that is a link to something that is none of the run's is not cut to the run's length.
func TestDataLinkedToAnotherFile(t *testing.T) {
	dir, outside := runsOnDisk(t)["cut off"](t), filepath.Join(t.TempDir(), "precious")
	names := namesOf(t, dir)
	path := filepath.Join(dir, names[slices.IndexFunc(names, isData)])
	if err := errors.Join(os.WriteFile(outside, make([]byte, 1<<20), 0o644), os.Remove(path), os.Symlink(outside, path)); err != nil {
		t.Fatal(err)
	}
	_, err := Repair(context.Background(), dir, RepairOptions{})
	if info, statErr := os.Stat(outside); !errors.Is(err, ErrNotRegular) || statErr != nil || info.Size() != 1<<20 {
		t.Errorf("repair: %v; the file outside has %d bytes, %v", err, info.Size(), statErr)
	}
}
