package stage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/internal/leftover"
)

// Processes lists the processes that belong to the place: those whose environment names its rig. This program is not among them.
func (s *Place) Processes() []int { return s.Gone(0) }

// Gone waits until no process of the place is left, and returns those that are left when the time is over.
func (s *Place) Gone(within time.Duration) []int {
	var left []int
	for _, p := range leftover.Processes(s.Rig.Env(), within) {
		pid, _, _ := strings.Cut(p, " ")
		if n, err := strconv.Atoi(pid); err == nil {
			left = append(left, n)
		}
	}
	return left
}

// Leftovers lists what the program left behind, in words: processes, sockets, temporary files, locks that are held. Call it when
// the program has ended.
func (s *Place) Leftovers() []string {
	var list []string
	for _, p := range leftover.Processes(s.Rig.Env(), 0) {
		list = append(list, "process "+p)
	}
	for _, dir := range []string{s.Runtime, s.Tmp} { // all that is there is left
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			list = append(list, err.Error())
		}
		for _, e := range entries {
			list = append(list, filepath.Join(dir, e.Name()))
		}
	}
	files, err := leftover.Files(s.View(s.Out))
	if err != nil {
		list = append(list, err.Error())
	}
	list = append(list, files...)
	locks, _ := filepath.Glob(s.View(filepath.Join(s.Out, "*", "run.lock")))
	for _, path := range locks {
		if held(path) {
			list = append(list, path+" is locked")
		}
	}
	return list
}

// held tells whether somebody holds the lock of a file.
func held(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB), unix.EWOULDBLOCK)
}
