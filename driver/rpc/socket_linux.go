package rpc

import (
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"
)

var errNoSocket = errors.New("it is no socket")

// closeToOthers gives a plugin's socket the mode 0600. The path is a plugin's word: what it names is looked at before it
// is touched, and links are not followed. Where nothing is, connecting will say so.
func closeToOthers(path string) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", printable(path, 200), err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("look at %s: %w", printable(path, 200), err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFSOCK {
		return fmt.Errorf("%s: %w", printable(path, 200), errNoSocket)
	}
	if err := unix.Chmod("/proc/self/fd/"+strconv.Itoa(fd), 0o600); err != nil {
		return fmt.Errorf("close %s to others: %w", printable(path, 200), err)
	}
	return nil
}
