package rpc

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc/internal/confine"
)

// probes is what a confined plugin tries: in the folder "in", which it may change, in "make", where it may make files,
// and in "out", which it may read.
func probes(dir string) map[string]error {
	in, mk, out := filepath.Join(dir, "in"), filepath.Join(dir, "make"), filepath.Join(dir, "out")
	existing := filepath.Join(out, "file")
	read := func(path string) error { _, err := os.ReadFile(path); return err }
	write := func(path string) error { return os.WriteFile(path, nil, 0o600) }
	listen := func(network, address string) error {
		l, err := net.Listen(network, address)
		if err == nil {
			err = l.Close()
		}
		return err
	}
	parent := os.Getppid()
	return map[string]error{
		"read elsewhere": read(existing),
		"list elsewhere": func() error { _, err := os.ReadDir(out); return err }(),
		"execute":        exec.Command("/bin/true").Run(),
		"write inside":   write(filepath.Join(in, "new")),
		"folder inside":  os.Mkdir(filepath.Join(in, "folder"), 0o700),
		"rename inside": func() error {
			_ = write(filepath.Join(in, "a"))
			return os.Rename(filepath.Join(in, "a"), filepath.Join(in, "b"))
		}(),
		"remove inside":      func() error { _ = write(filepath.Join(in, "c")); return os.Remove(filepath.Join(in, "c")) }(),
		"make a file":        write(filepath.Join(mk, "new")),
		"null device":        write("/dev/null"),
		"remove made file":   os.Remove(filepath.Join(mk, "file")),
		"make a folder":      os.Mkdir(filepath.Join(mk, "folder"), 0o700),
		"make elsewhere":     write(filepath.Join(out, "new")),
		"append elsewhere":   func() error { _, err := os.OpenFile(existing, os.O_APPEND|os.O_WRONLY, 0); return err }(),
		"truncate elsewhere": os.Truncate(existing, 0),
		"remove elsewhere":   os.Remove(existing),
		"rename elsewhere":   os.Rename(existing, filepath.Join(in, "stolen")),
		"link inside":        os.Link(existing, filepath.Join(in, "link")),
		"through a link": func() error {
			_ = os.Symlink(existing, filepath.Join(in, "way"))
			return write(filepath.Join(in, "way"))
		}(),
		"socket elsewhere":       listen("unix", filepath.Join(out, "s")),
		"a child's file":         exec.Command("/bin/sh", "-c", "echo > "+filepath.Join(out, "child")).Run(),
		"write the core's files": func() error { _, err := os.OpenFile("/proc/"+strconv.Itoa(parent)+"/mem", os.O_RDWR, 0); return err }(),
		"reach the core's files": func() error { _, err := os.Readlink("/proc/" + strconv.Itoa(parent) + "/fd/0"); return err }(),
		"network TCP":            listen("tcp4", "127.0.0.1:0"),
		"network UDP":            listenUDP(),
		"network raw":            socket(unix.AF_PACKET, unix.SOCK_RAW),
		"network IPv6":           socket(unix.AF_INET6, unix.SOCK_DGRAM),
		"network io_uring":       ioUring(),
		"netlink":                socket(unix.AF_NETLINK, unix.SOCK_RAW),
		"abstract socket":        dialAbstract(),
		"signal the core":        syscall.Kill(parent, 0),
		"signal itself":          syscall.Kill(os.Getpid(), 0),
	}
}

func listenUDP() error {
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err == nil {
		err = c.Close()
	}
	return err
}

func socket(family, kind int) error {
	fd, err := unix.Socket(family, kind, 0)
	if err == nil {
		err = unix.Close(fd)
	}
	return err
}

// ioUring fails in any case, as it names no ring; how tells whether the call is there.
func ioUring() error {
	_, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, 0, 0, 0)
	if errno == unix.ENOSYS {
		return errno
	}
	return nil
}

func dialAbstract() error {
	c, err := net.Dial("unix", "@scopelog-test-"+strconv.Itoa(os.Getppid()))
	if err == nil {
		err = c.Close()
	}
	return err
}

// probed starts the prober and returns which probes were refused.
func probed(t *testing.T, sandboxed bool) (refused map[string]bool, pid int) {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{"in", "make", "out"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"make/file", "out/file"} {
		if err := os.WriteFile(filepath.Join(dir, f), []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("unix", fmt.Sprintf("@scopelog-test-%d", os.Getpid()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	o := fakeOptions(t, "probe="+dir)
	if sandboxed {
		o.Sandbox = &Sandbox{Write: []string{filepath.Join(dir, "in")}, Create: []string{filepath.Join(dir, "make")}}
	}
	c, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Kill)
	refused = map[string]bool{}
	lines, _ := c.prog.stderr.tail.last()
	for _, line := range lines {
		if name, ok := strings.CutPrefix(line, "probe "); ok {
			name, result, _ := strings.Cut(name, ": ")
			refused[name] = result != "<nil>"
			t.Log(line)
		}
	}
	if sandboxed {
		if b, err := os.ReadFile(filepath.Join(dir, "out", "file")); err != nil || string(b) != "text" {
			t.Errorf("the file elsewhere is %q, %v", b, err)
		}
	}
	if dev, ring := running(t, c, 0); true { // the plugin works
		_ = ring
		if err := dev.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	return refused, c.Pid()
}

// TestSandbox: what a confined plugin may do and may not. The same probes succeed without a sandbox, but for those that
// destroy what others look at.
func TestSandbox(t *testing.T) {
	abi := confine.ABI()
	if abi != SandboxLevel() {
		t.Errorf("level %d, version %d", SandboxLevel(), abi)
	}
	want := map[string]bool{}
	for name := range probes(t.TempDir()) {
		since, isRefused := map[string]int{
			"remove made file": 1, "make a folder": 1, "make elsewhere": 1, "append elsewhere": 1, "remove elsewhere": 1, "rename elsewhere": 1,
			"link inside": 1, "through a link": 1, "socket elsewhere": 1, "a child's file": 1, "write the core's files": 1,
			"reach the core's files": 1, "truncate elsewhere": 3, "abstract socket": 6, "signal the core": 6,
		}[name]
		want[name] = isRefused && abi >= since || strings.HasPrefix(name, "network")
	}
	t.Run("on", func(t *testing.T) {
		got, pid := probed(t, true)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		if s := statusLine(t, pid, "NoNewPrivs"); s != "1" {
			t.Errorf("no new privileges: %q", s)
		}
		for resource, most := range map[int]uint64{unix.RLIMIT_CORE: 0, unix.RLIMIT_NOFILE: maxFiles} {
			var l unix.Rlimit
			if err := unix.Prlimit(pid, resource, nil, &l); err != nil || l.Max > most || l.Cur > most {
				t.Errorf("limit %d is %+v, %v", resource, l, err)
			}
		}
	})
	t.Run("off", func(t *testing.T) {
		got, pid := probed(t, false)
		for _, name := range []string{"make elsewhere", "signal the core", "network TCP", "abstract socket", "a child's file", "make a folder"} {
			if refused, tried := got[name]; refused || !tried {
				t.Errorf("%s: refused %v, tried %v", name, refused, tried)
			}
		}
		if s := statusLine(t, pid, "NoNewPrivs"); s != statusLine(t, os.Getpid(), "NoNewPrivs") {
			t.Errorf("no new privileges: %q", s)
		}
	})
	if s := statusLine(t, os.Getpid(), "NoNewPrivs"); s != "0" {
		t.Errorf("this process, or its first thread, has NoNewPrivs %q", s)
	}
	if err := os.WriteFile(filepath.Join(t.TempDir(), "free"), nil, 0o600); err != nil {
		t.Errorf("this process is confined itself: %v", err)
	}
}

// statusLine reads a line of /proc/<pid>/status.
func statusLine(t *testing.T, pid int, name string) string {
	t.Helper()
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

func TestSandboxNeedsItsFolders(t *testing.T) {
	t.Parallel()
	if SandboxLevel() == 0 {
		t.Skip("this kernel has no Landlock")
	}
	o := fakeOptions(t, "ok")
	o.Sandbox = &Sandbox{Write: []string{filepath.Join(t.TempDir(), "missing")}}
	c, err := Start(t.Context(), o)
	if err == nil {
		c.Kill()
		t.Fatal("started")
	}
	checkError(t, err, driver.KindNotPlugin, "sandbox", "missing", "no such file")
}

// TestDoomedThread: the thread is never the process's first one, and is gone afterwards.
func TestDoomedThread(t *testing.T) {
	t.Parallel()
	for range 20 {
		tid := 0
		if err := onDoomedThread(func() error { tid = unix.Gettid(); return nil }); err != nil {
			t.Fatal(err)
		}
		if tid == os.Getpid() {
			t.Error("the first thread is used up")
		}
	}
}

// TestSandboxWithoutLandlock: a kernel without it still keeps what it can.
func TestSandboxWithoutLandlock(t *testing.T) {
	t.Parallel()
	none := func(confine.Rules) (*confine.Domain, error) { return nil, confine.ErrNotSupported }
	dir := t.TempDir()
	ran := false
	err := confinedIn(none, &Sandbox{}, dir, func() error {
		ran = true
		b, err := os.ReadFile("/proc/thread-self/status")
		if err != nil {
			return err
		}
		if !strings.Contains(string(b), "NoNewPrivs:\t1") {
			t.Error("it may gain privileges")
		}
		if err := socket(unix.AF_INET, unix.SOCK_STREAM); !errors.Is(err, unix.EACCES) {
			t.Errorf("a network socket: %v", err)
		}
		return os.WriteFile(filepath.Join(dir, "file"), nil, 0o600)
	})
	if err != nil || !ran {
		t.Errorf("ran %v: %v", ran, err)
	}
	broken := errors.New("no memory")
	err = confinedIn(func(confine.Rules) (*confine.Domain, error) { return nil, broken }, &Sandbox{}, dir, func() error {
		t.Error("started although the sandbox could not be made")
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// TestSandboxDevices: of device files only those of the folders that are named may be opened for writing.
func TestSandboxDevices(t *testing.T) {
	t.Parallel()
	if SandboxLevel() == 0 {
		t.Skip("this kernel has no Landlock")
	}
	opened := func(path string) error {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return f.Close()
	}
	err := confinedIn(confine.New, &Sandbox{Devices: []string{"/dev/zero"}}, t.TempDir(), func() error {
		if err := opened("/dev/zero"); err != nil {
			t.Errorf("a device that may be opened: %v", err)
		}
		if err := opened("/dev/full"); !errors.Is(err, unix.EACCES) {
			t.Errorf("another device: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := opened("/dev/full"); err != nil {
		t.Errorf("outside of the sandbox: %v", err)
	}
}
