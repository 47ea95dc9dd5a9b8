package recording

import (
	"errors"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// memRun begins a run in memory.
func memRun(t *testing.T, fsys FS) *Run {
	t.Helper()
	r, err := Create("/runs", "soak", Options{FS: fsys})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOneOfTwoDevicesOfOneNameIsAdded(t *testing.T) {
	for range 20 {
		r := memRun(t, newMemFS())
		var wg sync.WaitGroup
		var mu sync.Mutex
		var added []*DeviceWriter
		for range 4 {
			wg.Go(func() {
				d, err := r.AddDevice(rawInfo(0, "A"))
				if err != nil && !strings.Contains(err.Error(), "already") {
					t.Error(err)
				}
				if err == nil {
					mu.Lock()
					defer mu.Unlock()
					added = append(added, d)
				}
			})
		}
		wg.Wait()
		if len(added) != 1 || len(r.Info().Devices) != 1 {
			t.Fatalf("%d devices were added, run.json has %d", len(added), len(r.Info().Devices))
		}
		if err := r.Close(End{}); err != nil {
			t.Fatal(err)
		}
	}
}

// A device that could not be opened may not take another one of its name with it.
func TestDeviceThatFailsLeavesItsNameFree(t *testing.T) {
	fsys := newFaultFS(nil)
	fsys.FS = newMemFS()
	r := memRun(t, fsys)
	failed := false
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "write" && strings.HasSuffix(name, "cell.A"+ExtMeta+".tmp") && !failed {
			failed = true
			return syscall.EIO, false
		}
		return nil, false
	})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			d, err := r.AddDevice(rawInfo(0, "A"))
			if err != nil {
				return
			}
			if err := d.StartEpoch(Epoch{}); err != nil {
				t.Error(err)
			}
			appendRamp(t, d, 0, 0, 100)
			syncNow(t, d)
		})
	}
	wg.Wait()
	if err := r.Close(End{}); err != nil {
		t.Fatal(err)
	}
	if info := r.Info(); len(info.Devices) != 1 || info.Devices[0].Streams[0].Recorded != 100 {
		t.Errorf("devices %+v", info.Devices)
	}
}

func TestDeviceIsAddedBeforeCloseOrNotAtAll(t *testing.T) {
	for range 20 {
		fsys := newFaultFS(nil)
		fsys.FS = newMemFS()
		r := memRun(t, fsys)
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := r.AddDevice(rawInfo(0, "A")); err != nil && !errors.Is(err, ErrClosed) {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := r.Close(End{}); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if info := r.Info(); info.State != StateSealed {
			t.Errorf("run.json: %+v", info)
		}
		if fsys.open != 0 {
			t.Fatalf("%d files stay open", fsys.open)
		}
	}
}
