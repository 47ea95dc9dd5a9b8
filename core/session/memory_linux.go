package session

import "golang.org/x/sys/unix"

// totalMemory is the machine's memory in bytes; 0 when the system does not tell.
func totalMemory() int64 {
	var si unix.Sysinfo_t
	if err := unix.Sysinfo(&si); err != nil {
		return 0
	}
	return int64(uint64(si.Totalram) * uint64(si.Unit))
}
