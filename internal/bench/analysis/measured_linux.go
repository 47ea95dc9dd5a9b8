package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// usage is what a process needed, from its start to its end.
type usage struct {
	wall, cpu float64 // s
	open      float64 // s, to open the recording, where a task tells it
	peak      int64   // bytes, its resident memory at the most
	out       []byte  // what it printed
}

// lookEach is how often the memory of a process is looked at: the kernel keeps the most, so only what comes last may be missed.
const lookEach = 5 * time.Millisecond

// measured runs a command and waits for it.
func measured(cmd *exec.Cmd) (u usage, err error) {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return u, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for { // it stays until Wait below, so that its number is its own
			err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
			if !errors.Is(err, unix.EINTR) {
				break
			}
		}
		u.wall = time.Since(began).Seconds()
	}()
	tick := time.NewTicker(lookEach)
	defer tick.Stop()
	for going := true; going; {
		if p, err := measure.HighWater(cmd.Process.Pid); err == nil {
			u.peak = max(u.peak, p)
		}
		select {
		case <-ended:
			going = false
		case <-tick.C:
		}
	}
	if err := cmd.Wait(); err != nil {
		return u, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, bytes.TrimSpace(errs.Bytes()))
	}
	u.cpu = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	u.out = out.Bytes()
	return u, nil
}

// program is the built product, and a folder for what it writes.
type program struct{ bin, scratch string }

// do has a task done with a recording.
func (p program) do(ctx context.Context, t *task, args []string, run string) (u usage, err error) {
	if t.self != "" {
		return doSelf(ctx, t, run)
	}
	dir, err := os.MkdirTemp(p.scratch, "out-")
	if err != nil {
		return u, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	given := make([]string, len(args))
	for i, a := range args {
		switch a {
		case "RUN":
			a = run
		case "OUT":
			a = filepath.Join(dir, "out"+t.ending)
		}
		given[i] = a
	}
	return measured(exec.CommandContext(ctx, filepath.Join(p.bin, "logger"), given...))
}

// doSelf has this program do a task.
func doSelf(ctx context.Context, t *task, run string) (usage, error) {
	self, err := os.Executable()
	if err != nil {
		return usage{}, err
	}
	u, err := measured(exec.CommandContext(ctx, self, t.self, run))
	if err != nil || !t.within {
		return u, err
	}
	var took within
	if err := json.Unmarshal(u.out, &took); err != nil {
		return u, fmt.Errorf("%s printed %q: %w", t.name, u.out, err)
	}
	u.open, u.wall, u.cpu = took.Open, took.Wall, took.CPU
	return u, nil
}

// plots tells whether the program has the command plot.
func (p program) plots(ctx context.Context) bool {
	out, err := exec.CommandContext(ctx, filepath.Join(p.bin, "logger"), "plot", "--help").Output()
	return err == nil && bytes.Contains(out, []byte("plot RUN"))
}
