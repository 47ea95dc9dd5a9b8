package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/recording"
)

const (
	envPlugins = "SCOPELOG_TEST_PLUGINS" // the folder with the plugins of the test that has started this process
	envDisk    = "SCOPELOG_TEST_DISK"    // which of diskScenes runs in this process
)

// diskScene is something that happens to a real file system. It runs in a process with mounts of its own.
type diskScene struct {
	name string
	loop bool // it needs a file system in a file, and so the rights of root
	run  func(t *testing.T, l *lab)
}

var diskScenes = []diskScene{
	{"full", false, sceneFull},
	{"nearly full", false, sceneNearlyFull},
	{"full, the oldest segments are dropped", false, sceneDropping},
	{"unmounted and mounted again", false, sceneUnmounted},
	{"files that may not grow any more", false, sceneFileSize},
	{"read-only for good", true, sceneReadOnly},
	{"pulled out and plugged in again", true, scenePulled},
	{"standing still", true, sceneFrozen},
}

// TestRealDisk lets things happen to real file systems while a run records to them.
func TestRealDisk(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	atOnce(t, diskScenes, func(c diskScene) string { return c.name }, func(t *testing.T, c diskScene) {
		attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
		switch {
		case c.loop:
			f, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
			if err != nil {
				t.Skipf("no file system can be made in a file: %v", err)
			}
			_ = f.Close()
			if _, err := exec.LookPath("mkfs.ext4"); err != nil {
				t.Skip(err)
			}
		case os.Geteuid() != 0:
			attr.Cloneflags |= syscall.CLONE_NEWUSER
			attr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
			attr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
		}
		probe := exec.Command("true")
		probe.SysProcAttr = attr
		if err := probe.Run(); err != nil {
			t.Skipf("a process cannot have mounts of its own here: %v", err)
		}
		cmd := exec.Command(exe, "-test.run", "^TestInsideDisk$", "-test.v", "-test.timeout", "100s")
		cmd.Env = append(os.Environ(), envPlugins+"="+pluginDir, envDisk+"="+c.name, "SCOPELOG_RIG="+filepath.Join(t.TempDir(), "rig"))
		cmd.SysProcAttr = attr
		out, err := cmd.CombinedOutput()
		if text := string(out); strings.Contains(text, "--- SKIP") {
			t.Skip(text)
		}
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

// TestInsideDisk is the other half of TestRealDisk, in a process of its own; without one it does nothing.
func TestInsideDisk(t *testing.T) {
	name := os.Getenv(envDisk)
	if name == "" {
		return
	}
	// What is mounted here is not to be seen elsewhere.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		t.Skip(err)
	}
	for _, c := range diskScenes {
		if c.name == name {
			c.run(t, newLab(t))
			return
		}
	}
	t.Fatalf("no scene %q", name)
}

// mount mounts a file system where the lab records to, until the test ends.
func (l *lab) mount(source, kind string, flags uintptr, options string) {
	l.t.Helper()
	if err := unix.Mount(source, l.out, kind, flags, options); err != nil {
		l.t.Skipf("mount %s of %s: %v", kind, source, err)
	}
	l.t.Cleanup(func() { _ = unix.Unmount(l.out, unix.MNT_DETACH) })
}

// onDisk is a run of one device, with so many bytes per second.
func onDisk(run, disk, rate string) string {
	text := strings.Replace(header, `duration = "1s"`, run, 1)
	text = strings.Replace(text, `disk { keep_free = "1MiB" }`, "disk {\n"+disk+"\n  }", 1)
	return text + strings.ReplaceAll(proof("cell", "REAL"), "100kS/s", rate)
}

// recorded wants that the run ends with an exit code, and that all samples are recorded or lost to the disk.
func (l *lab) recorded(s *Session, want int64, code int, fell, back time.Time) *Summary {
	l.t.Helper()
	sum := l.waitUnsynced(s)
	for _, st := range sum.Devices[0].Streams {
		if st.Recorded+st.Lost != want || code == ExitLoss && st.Lost == 0 {
			l.t.Errorf("%+v, want %d", st, want)
		}
	}
	l.ofDisk(sum.Devices[0].Gaps, fell, back)
	if got := sum.ExitCode(false); (got == ExitLoss) != sum.Lost || got != ExitDone && got != ExitLoss {
		l.t.Errorf("exit code %d", got)
	}
	if run := l.runFile(s.Dir()); run.State != recording.StateSealed {
		l.t.Errorf("state %s", run.State)
	}
	if l.t.Failed() {
		l.t.Log(describe(sum))
	}
	return sum
}

func sceneFull(t *testing.T, l *lab) {
	l.mount("tmpfs", "tmpfs", 0, "size=8m")
	s := l.start(onDisk("", `    keep_free = "0B"`, "250kS/s"))
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 200_000 })
	if err := os.WriteFile(filepath.Join(l.out, "other"), make([]byte, 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	<-s.finished
	sum, err := s.Wait()
	var e *Error
	if !errors.As(err, &e) || e.Class != ClassDisk {
		t.Errorf("error %v", err)
	}
	if sum.EndReason != "disk" || sum.ExitCode(true) != ExitDisk {
		t.Error(describe(sum))
	}
	for _, st := range sum.Devices[0].Streams {
		if st.Recorded < 200_000 {
			t.Errorf("%+v", st)
		}
	}
	if run := l.runFile(s.Dir()); run.State != recording.StateSealed {
		t.Errorf("state %s: %v", run.State, err)
	}
	l.verifyUnsynced(s.Dir())
}

// sceneNearlyFull: the run ends in order before it fills the disk, although the plan wants nothing kept free.
func sceneNearlyFull(t *testing.T, l *lab) {
	l.mount("tmpfs", "tmpfs", 0, "size=24m")
	s := l.start(onDisk("", `    keep_free = "0B"`, "1MS/s"))
	<-s.finished
	sum, err := s.Wait()
	var e *Error
	if !errors.As(err, &e) || e.Class != ClassDisk || !strings.Contains(err.Error(), "the run writes") {
		t.Errorf("error %v", err)
	}
	st := sum.Devices[0].Streams[0]
	if sum.EndReason != "disk" || sum.ExitCode(true) != ExitDisk || sum.Lost || st.Recorded < 1_000_000 {
		t.Error(describe(sum))
	}
	l.verifyUnsynced(s.Dir())
}

func sceneDropping(t *testing.T, l *lab) {
	l.mount("tmpfs", "tmpfs", 0, "size=5m")
	s := l.start(onDisk("duration = \"6s\"\n  rotate = \"64KiB\"\n  sync = \"200ms\"", "    keep_free = \"2MiB\"\n    when_low  = \"drop_oldest\"", "250kS/s"))
	if sum := l.recorded(s, 1_500_000, ExitDone, time.Time{}, time.Now()); sum.Dropped == 0 {
		t.Error(describe(sum))
	}
}

func sceneUnmounted(t *testing.T, l *lab) {
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=64m"); err != nil {
		t.Skip(err)
	}
	defer func() { _ = unix.Unmount(disk, unix.MNT_DETACH) }()
	l.mount(disk, "", unix.MS_BIND, "")
	s := l.start(onDisk("duration = \"5s\"\n  rotate = \"1s\"\n  hold = \"500ms\"\n  sync = \"200ms\"", `    keep_free = "1MiB"`, "100kS/s"))
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 50_000 })
	fell := time.Now()
	if err := unix.Unmount(l.out, unix.MNT_DETACH); err != nil {
		t.Fatal(err)
	}
	l.until(s, func(st Status) bool { return st.Devices[0].State == stateNoDisk }) // at the next segment
	time.Sleep(time.Second)                                                        // for how long it is gone is what is given
	if entries, err := os.ReadDir(l.out); err != nil || len(entries) != 0 {
		t.Errorf("something was written where the disk is not: %v, %v", entries, err)
	}
	if err := unix.Mount(disk, l.out, "", unix.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	back := time.Now()
	l.recorded(s, 500_000, ExitLoss, fell, back)
}

func sceneFileSize(t *testing.T, l *lab) {
	l.mount("tmpfs", "tmpfs", 0, "size=64m")
	s := l.start(onDisk("duration = \"3s\"\n  sync = \"200ms\"", `    keep_free = "1MiB"`, "500kS/s"))
	limit := unix.Rlimit{Cur: 1 << 20, Max: 1 << 30}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		t.Skip(err)
	}
	sum := l.recorded(s, 1_500_000, ExitDone, time.Time{}, time.Now())
	if n := len(l.runFile(sum.Dir).Device("cell").Segments); n < 3 {
		t.Errorf("%d segments of 3 MB in files of 1 MiB", n)
	}
}

// ext4 makes a file system in a file and mounts it.
func (l *lab) ext4(image, features, options string) {
	l.t.Helper()
	if features != "" {
		l.command("truncate", "-s", "64M", image)
		l.command("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0,nodiscard", "-O", features, image)
	}
	if err := exec.Command("mount", "-o", "loop,"+options, image, l.out).Run(); err != nil {
		l.t.Skipf("mount a file system in a file: %v", err)
	}
	l.t.Cleanup(func() { _ = unix.Unmount(l.out, unix.MNT_DETACH) })
}

func (l *lab) command(name string, args ...string) string {
	l.t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		l.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// sceneReadOnly: the system itself has made the file system read-only, for good as long as it is mounted. The run ends in order when retry_for is over; what
// was recorded is there when the file system is mounted again.
func sceneReadOnly(t *testing.T, l *lab) {
	image := filepath.Join(t.TempDir(), "image")
	l.ext4(image, "has_journal", "errors=remount-ro")
	loop := filepath.Base(l.command("findmnt", "-n", "-o", "SOURCE", l.out))
	s := l.start(onDisk("hold = \"500ms\"\n  sync = \"200ms\"", "    keep_free = \"1MiB\"\n    retry_for = \"2s\"", "100kS/s"))
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 100_000 })
	if err := os.WriteFile(fmt.Sprintf("/sys/fs/ext4/%s/trigger_fs_error", loop), []byte("test\n"), 0); err != nil {
		t.Skip(err)
	}
	l.until(s, func(st Status) bool {
		return st.Devices[0].State == stateNoDisk && strings.Contains(st.Devices[0].Error, "read-only") && strings.Contains(st.Devices[0].Error, s.Dir())
	})
	<-s.finished
	sum, err := s.Wait()
	var e *Error
	if !errors.As(err, &e) || e.Class != ClassDisk || e.Advice == "" || sum.ExitCode(true) != ExitDisk || sum.EndReason != "disk" {
		t.Errorf("error %v\n%s", err, describe(sum))
	}
	if err := unix.Unmount(l.out, 0); err != nil {
		t.Fatalf("something of the file system is still open: %v", err)
	}
	l.ext4(image, "", "errors=remount-ro")
	if _, err := recording.Repair(context.Background(), s.Dir(), recording.RepairOptions{}); err != nil {
		t.Fatal(err)
	}
	l.verifyUnsynced(s.Dir())
	rec, err := recording.OpenWith(s.Dir(), recording.OpenOptions{Damaged: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		if st.Samples() < 50_000 {
			t.Errorf("%s: %d samples", st.Name(), st.Samples())
		}
	}
}

func scenePulled(t *testing.T, l *lab) {
	image := filepath.Join(t.TempDir(), "image")
	l.ext4(image, "has_journal", "data=ordered")
	s := l.start(onDisk("duration = \"8s\"\n  hold = \"500ms\"\n  sync = \"300ms\"", `    keep_free = "1MiB"`, "100kS/s"))
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 100_000 })
	dir, err := os.Open(l.out)
	if err != nil {
		t.Fatal(err)
	}
	fell := time.Now()
	// EXT4_IOC_SHUTDOWN without a flush of the log: from here on nothing of it works.
	if err := unix.IoctlSetPointerInt(int(dir.Fd()), 0x8004587d, 2); err != nil {
		t.Skip(err)
	}
	if err := errors.Join(dir.Close(), unix.Unmount(l.out, unix.MNT_DETACH)); err != nil {
		t.Fatal(err)
	}
	l.until(s, func(st Status) bool { return st.Devices[0].State == stateNoDisk })
	time.Sleep(time.Second) // for how long it is out is what is given
	// The disk as it was when it was pulled out: what the system has not written to it yet is lost.
	l.command("cp", "--sparse=always", image, image+"2")
	l.ext4(image+"2", "", "data=ordered")
	l.until(s, func(st Status) bool { return st.Devices[0].State != stateNoDisk })
	back := time.Now()
	// The control socket went with the disk that was there before, and is made again.
	for end := time.Now().Add(time.Minute); !isClosed(s.finished); time.Sleep(50 * time.Millisecond) {
		if _, err := Control(context.Background(), s.Dir(), Request{Op: OpStatus}); err == nil {
			break
		} else if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if isClosed(s.finished) {
		t.Error("nobody answered to the end of the run")
	}
	sum := l.recorded(s, 800_000, ExitLoss, fell, back)
	if n := len(l.runFile(sum.Dir).Device("cell").Segments); n < 2 {
		t.Errorf("%d segments", n)
	}
	if reply, err := Control(context.Background(), sum.Dir, Request{Op: OpStatus}); err == nil {
		t.Errorf("a run that has ended answers: %+v", reply)
	}
}

func sceneFrozen(t *testing.T, l *lab) {
	l.ext4(filepath.Join(t.TempDir(), "image"), "has_journal", "data=ordered")
	s := l.start(onDisk("duration = \"5s\"\n  hold = \"500ms\"\n  sync = \"200ms\"", `    keep_free = "1MiB"`, "100kS/s"))
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 50_000 })
	thaw := exec.Command("sh", "-c", "sleep 2; exec fsfreeze --unfreeze "+l.out) // whatever becomes of this process
	if err := thaw.Start(); err != nil {
		t.Fatal(err)
	}
	fell := time.Now()
	if err := exec.Command("fsfreeze", "--freeze", l.out).Run(); err != nil {
		_ = thaw.Wait()
		t.Skip(err)
	}
	if err := thaw.Wait(); err != nil {
		t.Fatal(err)
	}
	back := time.Now()
	l.recorded(s, 500_000, ExitLoss, fell, back)
}
