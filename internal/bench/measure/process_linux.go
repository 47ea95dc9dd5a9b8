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

// UserSystem is the processor time of a process apart as user and system time, in the kernel's ticks of 10 ms, without and
// with the children that it has waited for.
func UserSystem(pid int) (own, withChildren [2]time.Duration, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return own, own, err
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	const utime = 11 // its place behind the name; then stime, cutime, cstime
	if len(fields) < utime+4 {
		return own, own, fmt.Errorf("stat of process %d has %d fields", pid, len(fields))
	}
	for i := range 4 {
		ticks, err := strconv.ParseInt(string(fields[utime+i]), 10, 64)
		if err != nil {
			return own, own, err
		}
		d := time.Duration(ticks) * 10 * time.Millisecond
		if i < 2 {
			own[i] = d
		}
		withChildren[i%2] += d
	}
	return own, withChildren, nil
}

// Memory is the memory of a process in bytes, pages that it shares with others counted in proportion.
type Memory struct {
	PSS  int64 // all of it
	Anon int64 // the part that is neither files nor shared memory
}

// MemoryOf asks the kernel, which walks the page tables for it: milliseconds in a process with large rings.
func MemoryOf(pid int) (Memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return Memory{}, err
	}
	m := Memory{PSS: -1}
	for line := range bytes.Lines(text) {
		name, rest, _ := strings.Cut(string(line), ":")
		kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
		if err != nil {
			continue // the line of the address range
		}
		switch name {
		case "Pss":
			m.PSS = kib << 10
		case "Pss_Anon":
			m.Anon = kib << 10
		}
	}
	if m.PSS < 0 {
		return Memory{}, fmt.Errorf("smaps_rollup of process %d has no Pss", pid)
	}
	return m, nil
}

// HighWater is the most memory in bytes that a process has had resident since it began with its program (VmHWM). What wait tells of a child is
// no replacement: it counts that of the program before exec.
func HighWater(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		if rest, ok := strings.CutPrefix(string(line), "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("status of process %d has no VmHWM: it has ended", pid)
}

// MemoryWatch follows the memory of a group of processes. [MemoryWatch.Stop] ends it.
type MemoryWatch struct {
	quit chan struct{}
	done sync.WaitGroup
	peak []Memory // of each process, at the moment of the largest sum
}

// WatchMemory looks at the processes at once and then each period. Processes that have ended count nothing.
func WatchMemory(period time.Duration, pids ...int) *MemoryWatch {
	w := &MemoryWatch{quit: make(chan struct{}), peak: make([]Memory, len(pids))}
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
	now := make([]Memory, len(pids))
	for i, pid := range pids {
		if m, err := MemoryOf(pid); err == nil {
			now[i] = m
		}
	}
	if Sum(now).PSS > Sum(w.peak).PSS {
		w.peak = now
	}
}

// Sum adds the memory of processes up.
func Sum(list []Memory) (all Memory) {
	for _, m := range list {
		all.PSS += m.PSS
		all.Anon += m.Anon
	}
	return all
}

// Stop ends the watch and returns the memory of each process at the moment when their sum was largest.
func (w *MemoryWatch) Stop() []Memory {
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
