package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// envGreedy makes a core process take memory without end once it records.
const envGreedy = "SCOPELOG_TEST_GREEDY"

// eatMemory takes memory without end.
func eatMemory() {
	var all [][]byte
	for {
		time.Sleep(50 * time.Millisecond) // or the kernel is too busy to let anybody write
		chunk := make([]byte, 4<<20)
		for i := 0; i < len(chunk); i += 4096 {
			chunk[i] = 1
		}
		all = append(all, chunk)
	}
}

// memoryGroup makes a control group whose processes get so much memory, or skips the test.
func memoryGroup(t *testing.T, bytes int64) (join func(pid int)) {
	t.Helper()
	for _, k := range []struct{ controller, root, limit string }{
		{"memory", "/sys/fs/cgroup/memory", "memory.limit_in_bytes"}, {"", "/sys/fs/cgroup", "memory.max"},
	} {
		dir := filepath.Join(k.root, fmt.Sprintf("scopelog-test-%d", os.Getpid()))
		if err := os.Mkdir(dir, 0o755); err != nil {
			continue
		}
		t.Cleanup(func() {
			for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
				err := syscall.Rmdir(dir) // it is busy as long as its processes are not reaped
				if err == nil || errors.Is(err, fs.ErrNotExist) || time.Now().After(end) {
					if err != nil {
						t.Error(err)
					}
					return
				}
			}
		})
		if err := os.WriteFile(filepath.Join(dir, k.limit), []byte(strconv.FormatInt(bytes, 10)), 0o644); err != nil {
			continue // this hierarchy does not count memory
		}
		_ = os.WriteFile(filepath.Join(dir, "memory.swap.max"), []byte("0"), 0o644) // where there is swap
		return func(pid int) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(dir, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Skip("control groups for memory cannot be made here: that needs root, and a kernel and a container that let")
	return nil
}

// TestCoreOutOfMemory lets the kernel kill the core since memory is short: what was synced is there and right, and the run goes
// on. The plugins, which are not to blame, end by themselves.
func TestCoreOutOfMemory(t *testing.T) {
	t.Parallel()
	join := memoryGroup(t, 96<<20)
	l := newLab(t)
	tmp, err := os.MkdirTemp("", "cm-") // short: sockets lie in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	text := strings.Replace(going("1h")+proof("stream", "GREEDY"), `variable "out" {}`, "", 1)
	core := l.coreIn(tmp, envGreedy+"=1")
	core.Stdin = strings.NewReader(strings.NewReplacer("var.out", fmt.Sprintf("%q", l.out), `"300ms"`, `"0s"`).Replace(text))
	out, err := core.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := core.Start(); err != nil {
		t.Fatal(err)
	}
	var dir, id string
	var plugin int
	if _, err := fmt.Fscan(bufio.NewReader(out), &dir, &plugin, &id); err != nil {
		t.Fatal(errors.Join(err, core.Process.Kill(), core.Wait()))
	}
	join(core.Process.Pid)
	ended := make(chan error, 1)
	go func() { ended <- core.Wait() }()
	var before map[string]int64
	for done := false; !done; {
		select {
		case <-ended:
			done = true
		case <-time.After(100 * time.Millisecond):
			if rec, err := recording.Open(dir); err == nil {
				before = map[string]int64{}
				for _, st := range rec.Streams() {
					before[st.Name()] = st.Samples()
				}
			}
		case <-time.After(time.Minute):
			t.Fatal(errors.Join(errors.New("it is not killed"), core.Process.Kill()))
		}
	}
	if st, ok := core.ProcessState.Sys().(syscall.WaitStatus); !ok || !st.Signaled() || st.Signal() != syscall.SIGKILL {
		t.Fatalf("the core ended by itself: %v", core.ProcessState)
	}
	awaitNone(t, tmp)
	s, err := Resume(context.Background(), dir, l.resumeOptions(dir))
	if err != nil {
		t.Fatal(err)
	}
	l.until(s, func(st Status) bool { return st.Devices[0].Epoch == 1 && st.Devices[0].Streams[0].Recorded > 0 })
	s.Stop("stop")
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitLoss || len(before) == 0 {
		t.Errorf("before %v, summary %+v", before, sum)
	}
	for name, have := range recorded(t, dir) {
		if have < before[name] {
			t.Errorf("%s has %d samples, and %d were synced", name, have, before[name])
		}
	}
}
