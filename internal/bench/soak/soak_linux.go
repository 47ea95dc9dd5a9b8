package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/recording"
)

// outcome is what a soak has shown.
type outcome struct {
	wall         time.Duration
	summary      *session.Summary
	source       source
	lost         int64
	inside       uint64 // samples per channel that an emulated library lost by itself
	misuse       map[emulator.Misuse]uint64
	gaps         int
	dropped      int              // segments
	fill         float64          // of the ring, at most
	pause        time.Duration    // longest time between two looks that should be 100 ms apart: the machine was busy
	core, plugin time.Duration    // processor time
	memory       []measure.Memory // core, plugin
	writes       measure.Series   // ms
	head, tail   windows
	report       recording.Report
	stallFor     time.Duration
}

// planText is the plan of the soak.
func planText(output string, length time.Duration, from source) string {
	return fmt.Sprintf(`
run "soak" {
  output   = %q
  duration = %q
  rotate   = "10s"
  disk {
    keep_free = "64MiB"
    when_low  = "drop_oldest"
  }
}
%s`, output, length, from.device())
}

// keepFree is what the plan keeps free of the disk.
const keepFree = 64 << 20

// used is what the files of a folder take on the disk, what is preallocated included.
func used(dir string) (int64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue // dropped meanwhile
		}
		if err != nil {
			return 0, err
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			n += st.Blocks * 512
		}
	}
	return n, nil
}

// soak records and disturbs.
func soak(ctx context.Context, o options) (out *outcome, err error) {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(o.out, "scopelog-soak-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	rig, err := o.source.connect(filepath.Join(dir, "rig"))
	if err != nil {
		return nil, err
	}
	id, err := session.NewRunID()
	if err != nil {
		return nil, err
	}
	h := host.New(host.Options{
		Dirs: []string{filepath.Join(o.bin, "plugins")}, RunID: id,
		Environ: append(os.Environ(), emulator.Variable+"="+filepath.Join(dir, "rig")),
	})
	defer func() { err = errors.Join(err, h.Close()) }()
	length := time.Duration(o.minutes * float64(time.Minute))
	p, diags := plan.Parse([]byte(planText(filepath.Join(dir, "out"), length, o.source)), "soak.hcl", plan.Options{
		Describe: func(name string) (driver.Description, error) { return h.Describe(ctx, name) },
	})
	if diags.HasErrors() {
		return nil, diags
	}
	d := &disk{FS: recording.OSFS(), size: o.keep + keepFree, used: used, stallFor: o.stall}
	s, err := session.Start(ctx, session.Options{
		Plan: p, Host: h, RunID: id, Program: "scopelog soak", FS: d,
		Logger: hclog.New(&hclog.LoggerOptions{Output: os.Stderr, Level: hclog.Warn}),
	})
	if err != nil {
		return nil, err
	}
	d.stallAt.Store(time.Now().Add(length / 2).UnixNano())
	out = &outcome{source: o.source, stallFor: o.stall}
	stop, err := profile(o.profile)
	if err != nil {
		return nil, abort(s, err)
	}
	if err := errors.Join(out.follow(ctx, s), stop()); err != nil {
		return nil, err
	}
	if err := out.ask(rig); err != nil {
		return nil, err
	}
	out.writes = d.writeTimes()
	rec, err := recording.Open(s.Dir())
	if err != nil {
		return nil, err
	}
	if run := rec.Run(); run != nil {
		out.dropped = run.Devices[0].Dropped.Segments
	}
	out.report, err = recording.Verify(ctx, s.Dir(), recording.VerifyOptions{Proof: true})
	return out, err
}

// memoryEvery is how often memory is looked at, which is not free.
const memoryEvery = 10 * time.Second

// follow watches the session until it ends.
func (out *outcome) follow(ctx context.Context, s *session.Session) error {
	pid := s.Status().Devices[0].PluginPID
	coreBefore, err := measure.Self()
	if err != nil {
		return err
	}
	begin := time.Now()
	memory := measure.WatchMemory(memoryEvery, os.Getpid(), pid)
	head, err := startObserver(out.source.bits, false)
	if err != nil {
		return abort(s, err)
	}
	tail, err := startObserver(out.source.bits, true)
	if err != nil {
		return abort(s, err)
	}
	out.watch(ctx, s, pid)
	out.summary, err = s.Wait()
	out.wall = time.Since(begin)
	coreAfter, cpuErr := measure.Self()
	out.core, out.memory = coreAfter-coreBefore, memory.Stop()
	var headErr, tailErr error
	out.head, headErr = head.stop()
	out.tail, tailErr = tail.stop()
	if err := errors.Join(err, cpuErr, headErr, tailErr); err != nil {
		return err
	}
	for _, d := range out.summary.Devices {
		for _, st := range d.Streams {
			out.lost += st.Lost
			out.gaps += st.Gaps
		}
	}
	return nil
}

func abort(s *session.Session, err error) error {
	s.Stop("error")
	_, endErr := s.Wait()
	return errors.Join(err, endErr)
}

// watch follows the ring's fill and the plugin's processor time until the run ends.
func (out *outcome) watch(ctx context.Context, s *session.Session, pid int) {
	before, err := measure.CPU(pid)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	done := ctx.Done()
	notices, last := s.Notices(), time.Now()
	for {
		select {
		case <-done:
			s.Stop("interrupted")
			done = nil
		case n, ok := <-notices:
			if !ok {
				return
			}
			fmt.Fprintln(os.Stderr, "soak:", n.Kind, n.Device, n.Text)
		case now := <-tick.C:
			out.pause = max(out.pause, now.Sub(last))
			last = now
			st := s.Status()
			out.fill = max(out.fill, st.Devices[0].RingMax)
			if now, nowErr := measure.CPU(pid); err == nil && nowErr == nil {
				out.plugin = now - before
			}
		}
	}
}
