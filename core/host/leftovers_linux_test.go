package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/driver"
)

// envFault chooses what the test plugin does when it is asked for its units.
const envFault = "SCOPELOG_TEST_FAULT"

// misbehave is the test plugin's fault.
func misbehave(how string) {
	verb, arg, _ := strings.Cut(how, "=")
	switch verb {
	case "panic":
		panic("asked for")
	case "exit":
		os.Exit(3)
	case "signal":
		n, _ := strconv.Atoi(arg)
		_ = syscall.Kill(os.Getpid(), syscall.Signal(n))
		select {}
	case "spin":
		for { //nolint:revive // an endless loop is what is wanted
		}
	case "children": // that hold everything open which the plugin has
		cmd := exec.Command("/bin/sleep", "300")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			panic(err)
		}
		for _, name := range []string{"file", "folder/file"} {
			path := filepath.Join(os.Getenv("PLUGIN_UNIX_SOCKET_DIR"), name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
				panic(err)
			}
		}
		select {}
	}
}

// membersOf lists the processes of a process group, without those that have ended.
func membersOf(t *testing.T, group int) (pids []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stats {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended since
		}
		fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
		if fields[0] != "Z" && fields[2] == strconv.Itoa(group) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestNothingIsLeft ends plugins in every way that they can end, or be ended. Afterwards no process of theirs is there,
// no file of theirs, and no descriptor of this process more than before. It is not parallel: it counts descriptors.
func TestNothingIsLeft(t *testing.T) {
	for _, sandbox := range []Sandbox{SandboxOff, SandboxOn} {
		for _, c := range []struct {
			fault string
			kind  driver.Kind // of the call that meets the fault
		}{
			{"exit", driver.KindPluginGone},
			{"panic", driver.KindPluginGone},
			{fmt.Sprint("signal=", int(syscall.SIGSEGV)), driver.KindPluginGone},
			{fmt.Sprint("signal=", int(syscall.SIGKILL)), driver.KindPluginGone},
			{fmt.Sprint("signal=", int(syscall.SIGABRT)), driver.KindPluginGone},
			{fmt.Sprint("signal=", int(syscall.SIGSTOP)), driver.KindPluginHung},
			{"spin", driver.KindPluginHung},
			{"children", driver.KindPluginHung},
			{"", 0},
		} {
			t.Run(string(sandbox)+"/"+c.fault, func(t *testing.T) {
				rig := t.TempDir()
				h := testHost(t, Options{
					Dirs: []string{pluginDir(t, "fake")}, Sandbox: sandbox,
					Environ: []string{envFake + "=1", envFault + "=" + c.fault, "SCOPELOG_RIG=" + rig, "GORACE=atexit_sleep_ms=0"},
				})
				h.StateDir()
				before := openFiles(t)
				in, err := h.Start(t.Context(), "fake", StartOptions{Orphan: time.Minute})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				if c.kind == driver.KindPluginHung {
					cancel()
					ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
				}
				defer cancel()
				_, err = in.Client().Discover(ctx, driver.DiscoverRequest{})
				if c.kind != driver.KindOf(err) && (c.kind != 0 || err != nil) {
					t.Errorf("kind %v, want %v: %v", driver.KindOf(err), c.kind, err)
				}
				in.Kill()
				select {
				case <-in.Done():
				default:
					t.Error("Kill returns before the end")
				}
				for deadline := time.Now().Add(20 * time.Second); len(membersOf(t, in.Pid())) > 0; time.Sleep(time.Millisecond) {
					if time.Now().After(deadline) {
						t.Fatalf("processes of the plugin's group are left: %v", membersOf(t, in.Pid()))
					}
				}
				if _, err := os.Stat(in.dir); err == nil {
					t.Error("the folder is left, with the socket")
				}
				for deadline := time.Now().Add(20 * time.Second); openFiles(t) > before; time.Sleep(time.Millisecond) {
					if time.Now().After(deadline) {
						t.Fatalf("%d descriptors are open, %d before", openFiles(t), before)
					}
				}
				if left, err := os.ReadDir(rig); err != nil || len(left) > 0 {
					t.Errorf("left in the rig: %v, %v", left, err)
				}
			})
		}
	}
}

// TestNumberUsedAgain: the number of a plugin that has ended is given to another process, which nobody touches: neither
// the plugin's own handle, nor who looks for orphans.
func TestNumberUsedAgain(t *testing.T) {
	h := testHost(t, Options{Dirs: []string{pluginDir(t, "fake")}})
	in, err := h.Start(t.Context(), "fake", StartOptions{Orphan: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	pid, start := in.Pid(), startTime(t, in.Pid())
	record := Record{BootID: bootID(), PID: pid, StartTime: start}
	if !record.alive() {
		t.Error("a running plugin does not count as running")
	}
	if err := unix.Kill(pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-in.Done()
	innocent := withNumber(t, pid, start)
	in.Kill()
	if err := h.Kill(); err != nil {
		t.Error(err)
	}
	if record.alive() {
		t.Error("the process that has the number now is taken for the plugin")
	}
	if !innocent.alive() {
		t.Error("a process that is not ours was ended")
	}
}

// withNumber starts a process with a number that is free; it ends with the test. It is skipped where the system does not
// let numbers be chosen.
func withNumber(t *testing.T, pid int, not uint64) Record {
	t.Helper()
	const next = "/proc/sys/kernel/ns_last_pid"
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if err := os.WriteFile(next, []byte(strconv.Itoa(pid-1)), 0); err != nil {
			if !errors.Is(err, os.ErrPermission) && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.EROFS) {
				t.Fatal(err)
			}
			t.Skip("this system does not let numbers of processes be chosen: ", err)
		}
		cmd := exec.Command("/bin/sleep", "300")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if got := cmd.Process.Pid; got == pid && startTime(t, pid) != not {
			t.Cleanup(func() {
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
			})
			return Record{BootID: bootID(), PID: pid, StartTime: startTime(t, pid)}
		}
		_ = cmd.Process.Kill() // another process came first
		_ = cmd.Wait()
	}
	t.Skip("other processes always take the number first")
	return Record{}
}
