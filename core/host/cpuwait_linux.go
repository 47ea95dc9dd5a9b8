package host

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// cpuWait reads the second field of /proc/<pid>/task/<tid>/schedstat: ns spent waiting on a run queue.
func cpuWait(pid int) CPUWait {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		return nil
	}
	w := make(CPUWait, len(files))
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue // the thread has ended
		}
		fields := bytes.Fields(text)
		if len(fields) < 2 {
			continue
		}
		ns, err := strconv.ParseInt(string(fields[1]), 10, 64)
		if err != nil {
			continue
		}
		w[filepath.Base(filepath.Dir(f))] = time.Duration(ns)
	}
	return w
}
