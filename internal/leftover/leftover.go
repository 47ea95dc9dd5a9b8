package leftover

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Processes lists the processes, this one not counted, in whose environment an entry such as NAME=value stands, as "pid name". It waits for up to
// the time given until there are none. Processes of other users are not seen, nor those that have ended and were not waited for.
func Processes(entry string, wait time.Duration) []string {
	for end := time.Now().Add(wait); ; time.Sleep(20 * time.Millisecond) {
		list := processes(entry)
		if len(list) == 0 || time.Now().After(end) {
			return list
		}
	}
}

func processes(entry string) (list []string) {
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		return nil
	}
	for _, path := range files {
		pid := filepath.Base(filepath.Dir(path))
		env, err := os.ReadFile(path)
		if err != nil || pid == strconv.Itoa(os.Getpid()) || !slices.ContainsFunc(bytes.Split(env, []byte{0}), func(e []byte) bool { return string(e) == entry }) {
			continue
		}
		name, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "comm"))
		list = append(list, pid+" "+strings.TrimSpace(string(name)))
	}
	return list
}

// Rings counts the rings that a process holds open or has mapped; 0 also where it is gone.
func Rings(pid int) (n int) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	seen := map[string]bool{}
	fds, _ := os.ReadDir(filepath.Join(dir, "fd")) // of a process that is gone there are none
	for _, fd := range fds {
		if to, err := os.Readlink(filepath.Join(dir, "fd", fd.Name())); err == nil && strings.Contains(to, ring) {
			n++
		}
	}
	maps, _ := os.ReadFile(filepath.Join(dir, "maps"))
	for line := range strings.Lines(string(maps)) {
		if f := strings.Fields(line); len(f) > 5 && strings.Contains(line, ring) && !seen[f[4]] {
			seen[f[4]] = true // its inode: a ring is mapped in parts
			n++
		}
	}
	return n
}

// ring is the name of a ring's memory.
const ring = "memfd:scopelog-ring"

// Files lists what must not lie in a folder of recordings, or below it, when all runs have ended in order: sockets, temporary files, the reserve
// of the disk. A folder that is not there has none.
func Files(dir string) ([]string, error) {
	var list []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			if os.IsNotExist(err) {
				return nil
			}
			return err
		}
		if name := e.Name(); e.Type()&fs.ModeSocket != 0 || temporary(name) {
			list = append(list, path)
		}
		return nil
	})
	if err != nil {
		return list, fmt.Errorf("look for what was left behind: %w", err)
	}
	return list, nil
}

func temporary(name string) bool {
	return strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".new") || strings.HasPrefix(name, ".scopelog-") || name == "reserve" || name == "control.sock"
}
