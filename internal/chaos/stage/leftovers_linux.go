package stage

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Processes lists the processes that belong to the place: those whose environment names its rig. This program is not among them.
func (s *Place) Processes() []int {
	mark := append([]byte(s.Rig.Env()), 0)
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var found []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		env, err := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if err == nil && bytes.Contains(append([]byte{0}, env...), append([]byte{0}, mark...)) {
			found = append(found, pid)
		}
	}
	return found
}

// Gone waits until no process of the place is left, and returns those that are left when the time is over.
func (s *Place) Gone(within time.Duration) []int {
	for end := time.Now().Add(within); ; time.Sleep(20 * time.Millisecond) {
		left := s.Processes()
		if len(left) == 0 || time.Now().After(end) {
			return left
		}
	}
}

// Leftovers lists what the program left behind, in words: processes, sockets, temporary files, locks that are held. Call it when
// the program has ended.
func (s *Place) Leftovers() []string {
	var list []string
	for _, pid := range s.Processes() {
		name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		list = append(list, fmt.Sprintf("process %d (%s)", pid, strings.TrimSpace(string(bytes.ReplaceAll(name, []byte{0}, []byte{' '})))))
	}
	for _, dir := range []string{s.Runtime, s.Tmp} {
		list = append(list, filesIn(dir, func(string, fs.DirEntry) bool { return true })...)
	}
	list = append(list, filesIn(s.View(s.Out), func(path string, e fs.DirEntry) bool {
		return strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), ".tmp") || e.Type()&fs.ModeSocket != 0
	})...)
	locks, _ := filepath.Glob(s.View(filepath.Join(s.Out, "*", "run.lock")))
	for _, path := range locks {
		if held(path) {
			list = append(list, path+" is locked")
		}
	}
	return list
}

func filesIn(dir string, counts func(path string, e fs.DirEntry) bool) []string {
	var list []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && path != dir && counts(path, e) {
			list = append(list, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		list = append(list, err.Error())
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
