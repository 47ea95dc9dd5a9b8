package session

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// TestEndOrphans: a plugin that waits for another recorder is let alone as long as its run can go on with it, and ended once that is sealed.
func TestEndOrphans(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killCore(adopting(time.Hour)+proof("cell", "WAITS"), 10_000)
	h := l.resumeOptions(k.dir).Host
	if n, err := EndOrphans(context.Background(), k.dir, h); n != 0 || err != nil || syscall.Kill(k.plugin, 0) != nil {
		t.Fatalf("%d plugins of a run that is not sealed were ended, %v", n, err)
	}
	if _, err := recording.Repair(context.Background(), k.dir, recording.RepairOptions{}); err != nil {
		t.Fatal(err)
	}
	if n, err := EndOrphans(context.Background(), k.dir, h); n != 1 || err != nil {
		t.Errorf("%d plugins ended, %v", n, err)
	}
	for end := time.Now().Add(time.Minute); syscall.Kill(k.plugin, 0) == nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the plugin lives on")
		}
	}
	if n, err := EndOrphans(context.Background(), k.dir, h); n != 0 || err != nil {
		t.Errorf("%d plugins the second time, %v", n, err)
	}
}
