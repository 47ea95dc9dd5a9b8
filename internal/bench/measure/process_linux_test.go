package measure

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestCPU(t *testing.T) {
	before, err := Self()
	if err != nil {
		t.Fatal(err)
	}
	var after, user unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &user); err != nil {
		t.Fatal(err)
	}
	for x := 1; time.Duration(after.Utime.Nano()-user.Utime.Nano()) < 50*time.Millisecond; x++ {
		if x%1e6 == 0 {
			if err := unix.Getrusage(unix.RUSAGE_SELF, &after); err != nil {
				t.Fatal(err)
			}
		}
	}
	spent, err := Self()
	if err != nil {
		t.Fatal(err)
	}
	if spent -= before; spent < 40*time.Millisecond {
		t.Errorf("the process used 50 ms, counted are %v", spent)
	}
	own, all, err := UserSystem(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if own[0] < 40*time.Millisecond || all[0] < own[0] || all[1] < own[1] {
		t.Errorf("user and system time %v, with children %v", own, all)
	}
}

func TestEndedProcess(t *testing.T) {
	cmd := exec.Command("true")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if _, err := CPU(cmd.Process.Pid); err == nil {
		t.Error("a process that has ended has processor time")
	}
	if _, err := MemoryOf(cmd.Process.Pid); err == nil {
		t.Error("a process that has ended has memory")
	}
	if _, _, err := UserSystem(cmd.Process.Pid); err == nil {
		t.Error("a process that has ended has user time")
	}
}

func TestMemoryWatch(t *testing.T) {
	const size = 64 << 20
	before, err := MemoryOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	m, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_POPULATE)
	if err != nil {
		t.Fatal(err)
	}
	peak := WatchMemory(time.Hour, os.Getpid(), 1<<30).Stop()
	if err := unix.Munmap(m); err != nil {
		t.Fatal(err)
	}
	if len(peak) != 2 || peak[0].PSS < before.PSS+size*3/4 || peak[0].Anon < size*3/4 || peak[1] != (Memory{}) {
		t.Errorf("peak %v after %v and %d bytes more", peak, before, size)
	}
	if err := Warm(1 << 20); err != nil {
		t.Error(err)
	}
}

func TestHighWater(t *testing.T) {
	t.Parallel()
	before, err := HighWater(os.Getpid())
	if err != nil || before < 1<<20 {
		t.Fatalf("%d bytes, %v", before, err)
	}
	const more = 64 << 20
	m, err := MemoryOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	held := make([]byte, more)
	for i := 0; i < len(held); i += 4096 {
		held[i] = 1
	}
	after, err := HighWater(os.Getpid())
	if runtime.KeepAlive(held); err != nil || after < m.Anon+more/2 {
		t.Errorf("%d bytes with %d touched in addition to %d, %v", after, more, m.Anon, err)
	}
	if _, err := HighWater(1 << 30); err == nil {
		t.Error("a process that is not there has memory")
	}
}
