package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// readSystem looks at this machine.
func readSystem() systemFacts {
	f := systemFacts{
		Supported: true, Release: release(), MemoryFree: availableMemory(), MemoryLimit: memoryLimit(),
		FilesLimit: -1, ClockState: "unknown", SharedMemory: trySharedMemory(), ProcessHandle: tryProcessHandle(),
	}
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil {
		f.FilesLimit = int64(min(limit.Max, 1<<62))
	}
	var t unix.Timex
	if state, err := unix.Adjtimex(&t); err == nil {
		f.ClockState, f.ClockError = "synchronised", float64(t.Maxerror)/1e6
		if state == unix.TIME_ERROR || t.Status&unix.STA_UNSYNC != 0 {
			f.ClockState = "unsynchronised"
		}
	}
	f.Battery = laptop()
	return f
}

// release names the kernel and the distribution.
func release() string {
	var u unix.Utsname
	name := "Linux"
	if unix.Uname(&u) == nil {
		name += " " + unix.ByteSliceToString(u.Release[:])
	}
	for _, path := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		if v := keyValue(path, "PRETTY_NAME", "="); v != "" {
			return name + ", " + strings.Trim(v, `"`)
		}
	}
	return name
}

// keyValue returns the value of the first line of a file that begins with the key.
func keyValue(path, key, separator string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if k, v, ok := strings.Cut(lines.Text(), separator); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// availableMemory is what the kernel says programs can get without swapping; -1: unknown.
func availableMemory() int64 {
	kib, err := strconv.ParseInt(strings.TrimSuffix(keyValue("/proc/meminfo", "MemAvailable", ":"), " kB"), 10, 64)
	if err != nil {
		return -1
	}
	return kib << 10
}

// memoryLimit is the lowest limit of this process's control groups; -1: none.
func memoryLimit() int64 {
	_, group, ok := strings.Cut(keyValue("/proc/self/cgroup", "0", ":"), ":")
	if !ok {
		group = "/"
	}
	limit := int64(-1)
	for path := filepath.Join("/sys/fs/cgroup", group); strings.HasPrefix(path, "/sys/fs/cgroup"); path = filepath.Dir(path) {
		text, err := os.ReadFile(filepath.Join(path, "memory.max"))
		if err != nil {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && (limit < 0 || n < limit) {
			limit = n
		}
	}
	return limit
}

func trySharedMemory() error {
	fd, err := unix.MemfdCreate("scopelog-doctor", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return fmt.Errorf("make shared memory: %w", err)
	}
	defer unix.Close(fd)
	if err := unix.Ftruncate(fd, 4096); err != nil {
		return fmt.Errorf("size shared memory: %w", err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL); err != nil {
		return fmt.Errorf("seal shared memory: %w", err)
	}
	return nil
}

func tryProcessHandle() error {
	fd, err := unix.PidfdOpen(os.Getpid(), 0)
	if err != nil {
		return fmt.Errorf("open a process handle: %w", err)
	}
	return unix.Close(fd)
}

// fileSystems names the types that the kernel numbers.
var fileSystems = map[int64]struct {
	name string
	kind fileSystemKind
}{
	unix.EXT4_SUPER_MAGIC:      {"ext4", kindLocal},
	unix.XFS_SUPER_MAGIC:       {"xfs", kindLocal},
	unix.BTRFS_SUPER_MAGIC:     {"btrfs", kindLocal},
	unix.F2FS_SUPER_MAGIC:      {"f2fs", kindLocal},
	0x2fc12fc1:                 {"zfs", kindLocal},
	unix.OVERLAYFS_SUPER_MAGIC: {"overlay", kindLocal},
	0x7366746e:                 {"ntfs", kindLocal},
	unix.EXFAT_SUPER_MAGIC:     {"exfat", kindLocal},
	unix.MSDOS_SUPER_MAGIC:     {"fat", kindSmallFiles},
	unix.TMPFS_MAGIC:           {"tmpfs", kindMemory},
	unix.RAMFS_MAGIC:           {"ramfs", kindMemory},
	unix.NFS_SUPER_MAGIC:       {"nfs", kindNetwork},
	0xff534d42:                 {"cifs", kindNetwork},
	unix.SMB2_SUPER_MAGIC:      {"smb2", kindNetwork},
	unix.V9FS_MAGIC:            {"9p", kindNetwork},
	unix.CEPH_SUPER_MAGIC:      {"ceph", kindNetwork},
	unix.FUSE_SUPER_MAGIC:      {"fuse", kindLocal},
}

// fileSystemOf tells type and free space of a folder's file system.
func fileSystemOf(folder string) (fileSystemFacts, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return fileSystemFacts{}, fmt.Errorf("ask the file system: %w", err)
	}
	known := fileSystems[int64(s.Type)]
	return fileSystemFacts{Type: known.name, Kind: known.kind, Free: int64(s.Bavail) * int64(s.Bsize)}, nil
}
