package leftover

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestProcesses: a child is found by what stands in its environment, as long as it lives.
func TestProcesses(t *testing.T) {
	t.Parallel()
	entry := "LEFTOVER_TEST=" + t.TempDir()
	if list := Processes(entry, 0); len(list) != 0 {
		t.Fatalf("before: %v", list)
	}
	cmd := exec.Command("sleep", "60")
	cmd.Env = append(os.Environ(), entry)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); len(Processes(entry, 0)) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the child is not found")
		}
	}
	if list := Processes(entry[:len(entry)-1], 0); len(list) != 0 {
		t.Errorf("a part of the entry finds %v", list)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if list := Processes(entry, time.Second); len(list) != 0 {
		t.Errorf("afterwards: %v", list)
	}
}

// TestRings counts memory by the name that rings have, open and mapped. It is not parallel: it counts those of this process.
func TestRings(t *testing.T) {
	if n := Rings(os.Getpid()); n != 0 {
		t.Fatalf("%d rings before", n)
	}
	fd, err := unix.MemfdCreate("scopelog-ring", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Ftruncate(fd, 4096); err != nil {
		t.Fatal(err)
	}
	mem, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	if n := Rings(os.Getpid()); n != 2 {
		t.Errorf("one that is open and mapped counts %d", n)
	}
	if err := unix.Close(fd); err != nil {
		t.Fatal(err)
	}
	if n := Rings(os.Getpid()); n != 1 {
		t.Errorf("one that is mapped counts %d", n)
	}
	if err := unix.Munmap(mem); err != nil {
		t.Fatal(err)
	}
	if n := Rings(os.Getpid()); n != 0 {
		t.Errorf("%d rings afterwards", n)
	}
}

// TestFiles: what must go is found, what stays is not.
func TestFiles(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "lo") // short: a socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.MkdirAll(filepath.Join(dir, "run", "logs"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"run/run.json", "run/run.lock", "run/a.A.sigmf-data", "run/logs/log-0.jsonl", "run/.run.json.tmp", "run/logs/reserve", ".scopelog-1"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("unix", filepath.Join(dir, "run", "some.socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	list, err := Files(dir)
	want := []string{".scopelog-1", "run/.run.json.tmp", "run/logs/reserve", "run/some.socket"}
	for i := range list {
		list[i] = strings.TrimPrefix(list[i], dir+"/")
	}
	if err != nil || strings.Join(list, " ") != strings.Join(want, " ") {
		t.Errorf("found %v, %v, want %v", list, err, want)
	}
	if list, err := Files(filepath.Join(dir, "none")); err != nil || len(list) != 0 {
		t.Errorf("a folder that is not there: %v, %v", list, err)
	}
}
