package host

import (
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// TestCPUWait keeps more threads busy than there are processors: some of them must wait.
func TestCPUWait(t *testing.T) {
	before := cpuWait(os.Getpid())
	if len(before) == 0 {
		t.Fatal("this process has no threads")
	}
	threads := 4 * runtime.NumCPU()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
	var stop atomic.Bool
	defer stop.Store(true)
	for range threads {
		go func() {
			runtime.LockOSThread()
			for !stop.Load() {
			}
		}()
	}
	for deadline := time.Now().Add(20 * time.Second); cpuWait(os.Getpid()).Since(before) < 20*time.Millisecond; {
		if time.Now().After(deadline) {
			t.Fatal("no thread waited for a processor")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestCPUWaitSince(t *testing.T) {
	earlier := CPUWait{"1": time.Second, "2": 5 * time.Second}
	for _, tc := range []struct {
		name string
		now  CPUWait
		want time.Duration
	}{
		{"not told", nil, 0},
		{"nobody waited", CPUWait{"1": time.Second, "2": 5 * time.Second}, 0},
		{"the longest counts", CPUWait{"1": 3 * time.Second, "2": 6 * time.Second}, 2 * time.Second},
		{"a new thread", CPUWait{"3": 4 * time.Second}, 4 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.now.Since(earlier); got != tc.want {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
	if got := cpuWait(-1); got != nil {
		t.Errorf("no process: %v", got)
	}
}
