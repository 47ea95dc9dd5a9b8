package recording

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gofrs/flock"
)

// deadRun leaves the folder of a run that nobody writes any more.
func deadRun(t *testing.T) (parent, dir string) {
	t.Helper()
	c := damageRun(t, 0, false)
	dir = c.crashed().onDisk(t, c.dir())
	if err := os.WriteFile(filepath.Join(dir, FileLock), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(dir), dir
}

func TestListsDoNotSeeEachOther(t *testing.T) {
	parent, dir := deadRun(t)
	// Another list is in the middle of looking.
	l := flock.New(filepath.Join(dir, FileLock))
	if ok, err := l.TryRLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	list, err := List(nil, parent)
	if err != nil || len(list) != 1 || list[0].Live {
		t.Errorf("%+v, %v", list, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	held, err := OSFS().Lock(filepath.Join(dir, FileLock))
	if err != nil {
		t.Fatal(err)
	}
	if list, err := List(nil, parent); err != nil || len(list) != 1 || !list[0].Live {
		t.Errorf("while somebody writes: %+v, %v", list, err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range 200 {
				if list, err := List(nil, parent); err != nil || len(list) != 1 || list[0].Live {
					t.Errorf("%+v, %v", list, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestLockedOfAFileThatIsNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileLock)
	if held, err := OSFS().Locked(path); held || err != nil {
		t.Errorf("%v, %v", held, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking made the file: %v", err)
	}
}

// busyLock refuses the lock a few times, as it is while others look at it.
type busyLock struct {
	FS
	refuse int
}

func (b *busyLock) Lock(path string) (io.Closer, error) {
	if b.refuse--; b.refuse >= 0 {
		return nil, ErrLockHeld
	}
	return b.FS.Lock(path)
}

func TestRepairWaitsForThoseWhoLook(t *testing.T) {
	c := damageRun(t, 0, false)
	if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: &busyLock{c.crashed(), 3}, Now: fixedNow}); err != nil {
		t.Error(err)
	}
	var locked *LockedError
	if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: &busyLock{c.crashed(), 1000}}); !errors.As(err, &locked) {
		t.Errorf("a run that is written: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Repair(ctx, c.dir(), RepairOptions{FS: &busyLock{c.crashed(), 1000}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended: %v", err)
	}
}
