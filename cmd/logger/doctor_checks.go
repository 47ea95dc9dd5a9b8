package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The results of a check.
const (
	checkOK   = "ok"
	checkNote = "note" // worth knowing, works
	checkWarn = "warning"
	checkFail = "fail" // recording will not work
)

// check is one line of doctor's report.
type check struct {
	Name   string   `json:"name"`
	Result string   `json:"result"`
	Text   string   `json:"text"`
	Advice []string `json:"advice,omitempty"` // what to do, commands included; one line each
}

// systemFacts are what a check needs to know about this machine. Functions of the operating system fill it.
type systemFacts struct {
	Supported     bool   // rings and plugins exist for this system
	Release       string // name and version of the kernel and the distribution
	SharedMemory  error  // nil: sealed shared memory can be made
	ProcessHandle error  // nil: processes can be watched without races
	MemoryFree    int64  // bytes that a program can get now; -1: unknown
	MemoryLimit   int64  // of this process's group; -1: none
	FilesLimit    int64  // open files; -1: unknown
	ClockState    string // "synchronised", "unsynchronised", "unknown"
	ClockError    float64
	Battery       bool // a laptop: it may go to sleep
}

// fileSystemFacts are what a check needs to know about a folder's file system.
type fileSystemFacts struct {
	Type string // empty: unknown
	Free int64  // bytes for this user; -1: unknown
	Kind fileSystemKind
}

// fileSystemKind is what matters of a file system for recording.
type fileSystemKind uint8

const (
	kindLocal fileSystemKind = iota
	kindMemory
	kindNetwork
	kindSmallFiles // no file of 4 GiB and more
)

const (
	leastMemory = 512 << 20
	leastFiles  = 256
	leastDisk   = 10 << 30
)

// systemChecks judges the machine.
func systemChecks(f systemFacts) []check {
	checks := []check{{Name: "system", Result: checkOK, Text: f.Release}}
	if !f.Supported {
		checks[0].Result = checkFail
		checks[0].Text += ": recording is not supported on this system yet"
		checks[0].Advice = []string{"reading, verifying and repairing recordings works here; record on Linux"}
		return checks
	}
	ability := func(name string, err error, advice string) {
		if err == nil {
			checks = append(checks, check{Name: name, Result: checkOK, Text: "available"})
			return
		}
		checks = append(checks, check{Name: name, Result: checkFail, Text: err.Error(), Advice: []string{advice}})
	}
	ability("shared memory", f.SharedMemory, "Linux 3.17 or newer is needed, and memfd_create must not be forbidden (container, seccomp)")
	ability("process handles", f.ProcessHandle, "Linux 5.3 or newer is needed, and pidfd_open must not be forbidden (container, seccomp)")
	return append(checks, memoryCheck(f), filesCheck(f), clockCheck(f), sleepCheck(f))
}

func memoryCheck(f systemFacts) check {
	c := check{Name: "memory", Result: checkOK, Text: formatBytes(f.MemoryFree) + " free"}
	usable := f.MemoryFree
	if f.MemoryLimit >= 0 {
		c.Text += ", limited to " + formatBytes(f.MemoryLimit)
		usable = min(usable, f.MemoryLimit)
	}
	if f.MemoryFree >= 0 && usable < leastMemory {
		c.Result = checkWarn
		c.Advice = []string{`rings take 25 % of the memory unless the plan says less: max_memory = "64MiB" in the run block`}
	}
	return c
}

func filesCheck(f systemFacts) check {
	c := check{Name: "open files", Result: checkOK, Text: formatCount(f.FilesLimit) + " allowed"}
	if f.FilesLimit >= 0 && f.FilesLimit < leastFiles {
		c.Result = checkWarn
		c.Advice = []string{"raise the limit before recording many streams: ulimit -n 4096"}
	}
	return c
}

func clockCheck(f systemFacts) check {
	c := check{Name: "clock", Result: checkOK, Text: f.ClockState}
	switch {
	case f.ClockState == "synchronised" && f.ClockError > 0:
		c.Text += ", error at most " + formatSeconds(f.ClockError)
	case f.ClockState == "unsynchronised":
		c.Result = checkWarn
		c.Text = "not synchronised: the times in recordings are only as good as this computer's clock"
		c.Advice = []string{"timedatectl set-ntp true   (or install chrony)"}
	case f.ClockState == "unknown":
		c.Result = checkNote
	}
	return c
}

func sleepCheck(f systemFacts) check {
	if !f.Battery {
		return check{Name: "sleep", Result: checkOK, Text: "no battery: this does not look like a laptop"}
	}
	return check{
		Name: "sleep", Result: checkNote, Text: "a laptop: sleep ends a recording",
		Advice: []string{"keep the lid open, on mains; or: sudo systemctl mask --runtime sleep.target suspend.target"},
	}
}

// outputCheck judges the folder that recordings go to; it need not exist yet.
func outputCheck(folder string) check {
	c := check{Name: "output folder", Result: checkOK}
	existing, err := existingFolder(folder)
	if err != nil {
		return check{
			Name: "output folder", Result: checkFail, Text: err.Error(),
			Advice: []string{"name another folder: output in the plan's run block, or --out"},
		}
	}
	probe, err := os.MkdirTemp(existing, ".scopelog-doctor-")
	if err != nil {
		return check{
			Name: "output folder", Result: checkFail, Text: "cannot write in " + existing + ": " + causeText(err),
			Advice: []string{"name another folder: output in the plan's run block, or --out"},
		}
	}
	if err := os.Remove(probe); err != nil {
		c.Advice = append(c.Advice, "remove "+probe)
	}
	f, err := fileSystemOf(existing)
	if err != nil {
		return check{Name: "output folder", Result: checkWarn, Text: existing + ": " + err.Error()}
	}
	c.Text = fmt.Sprintf("%s: %s free", folder, formatBytes(f.Free))
	if f.Type != "" {
		c.Text += " on " + f.Type
	}
	switch {
	case f.Kind == kindMemory:
		c.Result = checkWarn
		c.Advice = append(c.Advice, "this folder is memory: recordings are gone after a restart")
	case f.Kind == kindNetwork:
		c.Result = checkWarn
		c.Advice = append(c.Advice, "this folder is on the network: record to a local disk and copy afterwards")
	case f.Kind == kindSmallFiles:
		c.Result = checkWarn
		c.Advice = append(c.Advice, `files end at 4 GiB here: set rotate = "1GiB" in the run block, or take another disk`)
	case f.Free >= 0 && f.Free < leastDisk:
		c.Result = checkWarn
		c.Advice = append(c.Advice, "little room: "+roomText(f.Free))
	}
	return c
}

// roomText says how long a usual recording fits.
func roomText(free int64) string {
	const perSecond = 4e6 // two channels at 1 MS/s
	return "two channels at 1 MS/s fill it in " + formatClock(float64(free)/perSecond)
}

// existingFolder returns the folder, or the nearest one above it that exists.
func existingFolder(folder string) (string, error) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	for {
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			return path, nil
		case err == nil:
			return "", fmt.Errorf("%s is not a folder", path)
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
		if filepath.Dir(path) == path {
			return "", fmt.Errorf("%s does not exist", path)
		}
		path = filepath.Dir(path)
	}
}

// causeText is the innermost text of a file error, without the path.
func causeText(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
