package stage

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestLeftovers: a child, a socket, a temporary file, a half-written file and a lock that are left behind are found; nothing is
// found where there is nothing.
func TestLeftovers(t *testing.T) {
	s, err := NewPlace(filepath.Join(t.TempDir(), "place"), Programs{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Remove(); err != nil {
			t.Error(err)
		}
	})
	run := filepath.Join(s.Out, "chaos-1")
	if err := os.MkdirAll(run, 0o700); err != nil {
		t.Fatal(err)
	}
	if list := s.Leftovers(); len(list) != 0 {
		t.Fatalf("found %q", list)
	}
	child := exec.Command("sleep", "60")
	child.Env = append(os.Environ(), s.Rig.Env())
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(s.Runtime, "x.sock"))
	if err != nil {
		t.Fatal(err)
	}
	lock, err := os.Create(filepath.Join(run, "run.lock"))
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(s.Tmp, "t"), filepath.Join(run, ".run.json.tmp"), filepath.Join(run, "x.new")} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all := ""
	for end := time.Now().Add(10 * time.Second); !strings.Contains(all, "sleep") && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		all = strings.Join(s.Leftovers(), "\n") // the child's environment is there once it has begun
	}
	for _, want := range []string{" sleep", "x.sock", "/tmp/t", ".run.json.tmp", "x.new", "run.lock is locked"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not found in\n%s", want, all)
		}
	}
	if left := s.Gone(0); len(left) != 1 || left[0] != child.Process.Pid {
		t.Errorf("processes %v, the child is %d", left, child.Process.Pid)
	}
	if err := child.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	if err := socket.Close(); err != nil {
		t.Fatal(err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	if left := s.Gone(10 * time.Second); len(left) != 0 {
		t.Errorf("processes %v", left)
	}
}
