package measure

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// CPU is the processor time, user and system, that all threads of a process have used so far, to the nanosecond. A
// process that has ended is an error.
func CPU(pid int) (time.Duration, error) {
	const schedClock = 2 // of a whole process, see clock_getcpuclockid(3)
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid)<<3|schedClock, &t); err != nil {
		return 0, fmt.Errorf("processor time of process %d: %w", pid, err)
	}
	return time.Duration(t.Nano()), nil
}

// Self is the processor time of this process.
func Self() (time.Duration, error) { return CPU(os.Getpid()) }

// PSS is the memory of a process in bytes, pages that it shares with others counted in proportion. The kernel walks the
// page tables for it, which takes milliseconds in a process with large rings.
func PSS(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte("Pss:")); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(string(rest)), " kB"), 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("smaps_rollup of process %d has no Pss", pid)
}

// MemoryWatch follows the memory of a group of processes. [MemoryWatch.Stop] ends it.
type MemoryWatch struct {
	quit chan struct{}
	done sync.WaitGroup
	peak []int64 // of each process, at the moment of the largest sum
}

// WatchMemory looks at the processes at once and then each period. Processes that have ended count nothing.
func WatchMemory(period time.Duration, pids ...int) *MemoryWatch {
	w := &MemoryWatch{quit: make(chan struct{}), peak: make([]int64, len(pids))}
	w.done.Go(func() {
		tick := time.NewTicker(period)
		defer tick.Stop()
		for {
			w.look(pids)
			select {
			case <-w.quit:
				return
			case <-tick.C:
			}
		}
	})
	return w
}

func (w *MemoryWatch) look(pids []int) {
	now := make([]int64, len(pids))
	for i, pid := range pids {
		if n, err := PSS(pid); err == nil {
			now[i] = n
		}
	}
	if sum(now) > sum(w.peak) {
		w.peak = now
	}
}

func sum(v []int64) (s int64) {
	for _, x := range v {
		s += x
	}
	return s
}

// Stop ends the watch and returns the memory of each process, in bytes, at the moment when their sum was largest.
func (w *MemoryWatch) Stop() []int64 {
	close(w.quit)
	w.done.Wait()
	return w.peak
}

// Warm touches and frees memory, so that what follows does not begin on pages that a virtual machine has given back to
// its host: they cost about a second of system time per gigabyte.
func Warm(size int) error {
	m, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return fmt.Errorf("warm memory: %w", err)
	}
	for i := 0; i < len(m); i += 4096 {
		m[i] = 1
	}
	return unix.Munmap(m)
}

// Machine says in a line where and when figures were measured.
func Machine(now time.Time) string {
	var name unix.Utsname
	kernel := "unknown"
	if unix.Uname(&name) == nil {
		kernel = unix.ByteSliceToString(name.Release[:])
	}
	return fmt.Sprintf("%s, %d cores %s, Linux %s, %s, load %.2f", now.UTC().Format(time.DateTime), runtime.NumCPU(), runtime.GOARCH, kernel,
		runtime.Version(), Load())
}

// Load is the load average of the last minute.
func Load() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	load, _ := strconv.ParseFloat(first, 64)
	return load
}
