package confine

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ErrNotSupported says that the kernel has no Landlock, or that it is switched off.
var ErrNotSupported = errors.New("this kernel has no Landlock (Linux 5.13 and newer do, unless it is switched off)")

// ABI is the version of Landlock that the kernel has; 0: none.
var ABI = sync.OnceValue(func() int {
	n, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(n)
})

const (
	reading = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	making  = unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
	writing = making | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_MAKE_DIR |
		unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_SYM | unix.LANDLOCK_ACCESS_FS_REFER
	devices = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	// never are rights that nobody gets.
	never = unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK
	// onFiles are the rights that a rule for a file, and not for a folder, may have.
	onFiles = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
)

// knownFiles are the rights on files that a version of Landlock knows.
func knownFiles(abi int) uint64 {
	known := uint64(reading | writing | devices | never)
	for _, later := range []struct {
		since int
		right uint64
	}{{2, unix.LANDLOCK_ACCESS_FS_REFER}, {3, unix.LANDLOCK_ACCESS_FS_TRUNCATE}, {5, unix.LANDLOCK_ACCESS_FS_IOCTL_DEV}} {
		if abi < later.since {
			known &^= later.right
		}
	}
	return known
}

// handled is what a version of Landlock is asked to see to.
func handled(abi int) unix.LandlockRulesetAttr {
	a := unix.LandlockRulesetAttr{Handled_access_fs: knownFiles(abi)}
	if abi >= 6 {
		a.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	return a
}

// Domain is a prepared confinement, which any number of threads may enter.
type Domain struct {
	ruleset int
	known   uint64
}

// New prepares a confinement; the caller closes it. What the rules name must exist. Without Landlock the error wraps
// [ErrNotSupported].
func New(r Rules) (*Domain, error) {
	abi := ABI()
	if abi < 1 {
		return nil, ErrNotSupported
	}
	attr := handled(abi)
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return nil, fmt.Errorf("make a Landlock ruleset: %w", errno)
	}
	d := &Domain{ruleset: int(fd), known: attr.Handled_access_fs}
	for _, group := range []struct {
		paths  []string
		rights uint64
	}{
		{[]string{"/"}, reading}, {[]string{"/dev/null"}, devices &^ unix.LANDLOCK_ACCESS_FS_IOCTL_DEV},
		{r.Write, writing}, {r.Create, making}, {r.Devices, devices},
	} {
		for _, path := range group.paths {
			if err := d.allow(path, group.rights); err != nil {
				return nil, errors.Join(fmt.Errorf("allow %s to a confined process: %w", path, err), d.Close())
			}
		}
	}
	return d, nil
}

// allow adds a rule.
func (d *Domain) allow(path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= onFiles
	}
	attr := unix.LandlockPathBeneathAttr{Allowed_access: rights & d.known, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(d.ruleset), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&attr)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// Enter confines the calling thread, for good, and what it starts from now on. The goroutine must be locked to the
// thread, and end without unlocking it. The thread must have given up new privileges before.
func (d *Domain) Enter() error {
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(d.ruleset), 0, 0); errno != 0 {
		return fmt.Errorf("enter a Landlock domain: %w", errno)
	}
	return nil
}

// Close frees the domain; threads that are in it stay there.
func (d *Domain) Close() error { return unix.Close(d.ruleset) }
