//go:build unix

package session

import "golang.org/x/sys/unix"

// filesAllowed is how many files this process may have open at once, -1 when the system does not tell. Go has raised the limit as far as it may.
func filesAllowed() int64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return -1
	}
	return int64(min(uint64(limit.Cur), 1<<62))
}
