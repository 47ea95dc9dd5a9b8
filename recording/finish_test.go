package recording

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFinishDoesNotWaitForADiskThatHangs lets the sync of a data file hang for as long as the test wants.
func TestFinishDoesNotWaitForADiskThatHangs(t *testing.T) {
	faults := newFaultFS(nil)
	r := testRun(t, Options{FS: faults})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 500)
	syncNow(t, d)
	appendRamp(t, d, 0, 500, 500)
	hangs, release := make(chan struct{}), make(chan struct{})
	faults.set(func(_ int, op, name string) (error, bool) {
		if op == "sync" && strings.HasSuffix(name, ExtData) {
			select {
			case <-hangs:
			default:
				close(hangs)
			}
			faults.mu.Unlock() // other files go on
			<-release
			faults.mu.Lock()
		}
		return nil, false
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-hangs
		cancel()
	}()
	err := d.Finish(ctx, SealStop, nil, nil)
	var device *DeviceError
	if !errors.As(err, &device) || !errors.Is(err, context.Canceled) {
		t.Errorf("finish: %v", err)
	}
	if err := r.Close(End{}); err != nil {
		t.Errorf("close: %v", err)
	}
	lock := filepath.Join(r.Dir(), FileLock)
	if held, err := OSFS().Locked(lock); !held || err != nil {
		t.Errorf("the lock is held: %v, %v; what hangs may write yet", held, err)
	}
	if !Live(r.Dir()) {
		t.Error("not live while the lock is held")
	}
	if run, err := ParseRun(mustRead(t, r.Dir(), FileRun)); err != nil || run.State != StateRecording {
		t.Errorf("state %v, %v", run, err)
	}
	close(release)
	select {
	case <-d.ended:
	case <-time.After(10 * time.Second):
		t.Fatal("what hung has not ended")
	}
	// The lock is free once nothing writes any more.
	report, err := Repair(context.Background(), r.Dir(), RepairOptions{})
	if Live(r.Dir()) {
		t.Error("live after the repair")
	}
	if err != nil || report.Damage() {
		t.Fatalf("repair: %+v, %v", report, err)
	}
	verified := mustVerify(t, nil, r.Dir(), VerifyOptions{})
	if !verified.OK() || verified.Streams[0].Samples < 500 {
		logReport(t, verified)
		t.Error("verify is not content")
	}
}
