package confine

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// judge runs a program as the kernel would. Words that it does not know, and jumps out of the program, end the test.
func judge(t *testing.T, program []unix.SockFilter, arch, number, argument uint32) uint32 {
	t.Helper()
	var acc uint32
	for at := 0; at < len(program); at++ {
		in := program[at]
		jump := func(holds bool) {
			if holds {
				at += int(in.Jt)
			} else {
				at += int(in.Jf)
			}
		}
		switch in.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			word, known := map[uint32]uint32{dataNumber: number, dataArch: arch, dataArgument: argument}[in.K]
			if !known {
				t.Fatalf("step %d reads at %d", at, in.K)
			}
			acc = word
		case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
			jump(acc == in.K)
		case unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K:
			jump(acc >= in.K)
		case unix.BPF_RET | unix.BPF_K:
			return in.K
		default:
			t.Fatalf("step %d is %#x", at, in.Code)
		}
	}
	t.Fatal("the program has no end")
	return 0
}

func TestNoNetworkProgram(t *testing.T) {
	t.Parallel()
	program := noNetwork()
	if program == nil {
		if runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64" {
			t.Fatal("there is no program")
		}
		t.Skip("no program for ", runtime.GOARCH)
	}
	own := program[1].K
	const (
		allow   = uint32(unix.SECCOMP_RET_ALLOW)
		noRight = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
		noCall  = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	)
	for _, c := range []struct {
		name                         string
		arch, number, argument, want uint32
	}{
		{"another call", own, unix.SYS_READ, 0, allow},
		{"the last call", own, x32 - 1, 0, allow},
		{"unix socket", own, unix.SYS_SOCKET, unix.AF_UNIX, allow},
		{"netlink", own, unix.SYS_SOCKET, unix.AF_NETLINK, allow},
		{"IPv4", own, unix.SYS_SOCKET, unix.AF_INET, noRight},
		{"IPv6", own, unix.SYS_SOCKET, unix.AF_INET6, noRight},
		{"packets", own, unix.SYS_SOCKET, unix.AF_PACKET, noRight},
		{"virtual machines", own, unix.SYS_SOCKET, unix.AF_VSOCK, noRight},
		{"no family", own, unix.SYS_SOCKET, 1 << 31, noRight},
		{"io_uring", own, unix.SYS_IO_URING_SETUP, 0, noCall},
		{"the other numbering", own, x32 | unix.SYS_SOCKET, unix.AF_UNIX, noCall},
		{"another processor's numbers", own ^ 1, unix.SYS_READ, 0, noCall},
	} {
		if got := judge(t, program, c.arch, c.number, c.argument); got != c.want {
			t.Errorf("%s: %#x, want %#x", c.name, got, c.want)
		}
	}
}

// TestKnownRights: a kernel is asked only for what its version knows, else it refuses the whole.
func TestKnownRights(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		abi    int
		files  uint64 // the highest right
		scopes uint64
	}{
		{1, unix.LANDLOCK_ACCESS_FS_MAKE_SYM, 0}, {2, unix.LANDLOCK_ACCESS_FS_REFER, 0}, {3, unix.LANDLOCK_ACCESS_FS_TRUNCATE, 0},
		{4, unix.LANDLOCK_ACCESS_FS_TRUNCATE, 0}, {5, unix.LANDLOCK_ACCESS_FS_IOCTL_DEV, 0},
		{6, unix.LANDLOCK_ACCESS_FS_IOCTL_DEV, unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL},
		{99, unix.LANDLOCK_ACCESS_FS_IOCTL_DEV, unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL},
	} {
		a := handled(c.abi)
		if want := c.files<<1 - 1; a.Handled_access_fs != want || a.Scoped != c.scopes || a.Handled_access_net != 0 {
			t.Errorf("version %d: files %#x, scopes %#x, want %#x and %#x", c.abi, a.Handled_access_fs, a.Scoped, want, c.scopes)
		}
	}
}

func TestDomainIsFreed(t *testing.T) {
	if ABI() == 0 {
		if _, err := New(Rules{}); !errors.Is(err, ErrNotSupported) {
			t.Errorf("without Landlock: %v", err)
		}
		return
	}
	count := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	before := count()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := New(Rules{Write: []string{file, t.TempDir()}, Create: []string{t.TempDir()}, Devices: []string{"/dev"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := New(Rules{Write: []string{filepath.Join(t.TempDir(), "missing")}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what is not there: %v", err)
	}
	if after := count(); after != before {
		t.Errorf("%d descriptors are open, %d before", after, before)
	}
}
