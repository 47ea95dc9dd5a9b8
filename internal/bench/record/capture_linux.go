package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/shmring"
)

const (
	lookPaced   = 20 * time.Millisecond // at the length of the files
	lookFast    = 2 * time.Millisecond  // the same without pace, where the end is to be known better
	memoryEvery = time.Second
	fillEvery   = 400 * time.Millisecond // of a capture without pace
)

// measured records a capture and measures it. Nothing of it stays on the disk, unless keep.
func (p program) measured(ctx context.Context, c capture, out string, keep bool) (*result, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	w, err := newWorkspace(out)
	if err != nil {
		return nil, err
	}
	r, err := p.record(ctx, c, w)
	if !keep {
		err = errors.Join(err, w.remove())
	}
	if err != nil {
		return nil, err
	}
	r.Out = out
	return r, nil
}

func (p program) record(ctx context.Context, c capture, w *workspace) (*result, error) {
	rig, err := w.connect(c)
	if err != nil {
		return nil, err
	}
	rec, err := p.start(ctx, w, c.plan(w.dir))
	if err != nil {
		return nil, err
	}
	m, err := meter(rec)
	if err == nil && c.settle > 0 {
		err = m.settle(ctx, c.settle)
	}
	if err == nil {
		err = m.until(ctx, c)
	}
	var end event
	if err == nil {
		end, err = rec.next("ended")
	}
	sealed := time.Now()
	if err != nil {
		rec.cmd.Cancel()
	}
	if err = errors.Join(err, rec.wait()); err != nil {
		return nil, err
	}
	r := m.result(c, end.Summary)
	r.Flush = sealed.Sub(m.last.at).Seconds()
	usage := rec.cmd.ProcessState.UserTime() + rec.cmd.ProcessState.SystemTime()
	r.FlushCPU = max((usage-m.setup).Seconds()-r.CPU, 0)
	if rig != nil {
		if r.LibraryLost, err = lostInside(rig); err != nil {
			return nil, err
		}
	}
	return r, p.judge(ctx, c, m.dir, r)
}

// lostInside is what the emulated library lost, see dropped. That the plugin used it wrongly is an error.
func lostInside(rig *emulator.Rig) (int64, error) {
	wrong, err := rig.Misuses(serial)
	if err != nil {
		return 0, err
	}
	if len(wrong) > 0 {
		return 0, fmt.Errorf("the library was misused: %v", wrong)
	}
	return dropped(rig)
}

// judge verifies the recording.
func (p program) judge(ctx context.Context, c capture, dir string, r *result) error {
	v, err := p.verify(ctx, dir, c.signal == "proof")
	if err != nil {
		return err
	}
	r.Breaks = len(v.Damage) + len(v.Problems)
	r.Verified = v.OK && len(v.Streams) == c.channels && r.Lost == 0 && r.LibraryLost == 0
	for _, s := range v.Streams {
		r.Verified = r.Verified && s.Samples == c.want() && s.Lost == 0 && (c.signal != "proof" || s.Proven == s.Samples)
	}
	return nil
}

// meters follow a recording from its first sample to its last.
type meters struct {
	dir          string
	core, plugin int           // process numbers
	setup        time.Duration // processor time of all that was before
	first, last  readings
	skipped      int64         // bytes that were written before first
	start        time.Duration // processor time from the first sample until first
	memory       *measure.MemoryWatch
	fill         float64
}

// readings are the clocks of both processes at a moment.
type readings struct {
	at           time.Time
	core, plugin time.Duration
	own          [2]time.Duration // user and system, both processes
}

// meter waits for the first sample.
func meter(rec *recording) (*meters, error) {
	started, err := rec.next("started")
	if err != nil {
		return nil, err
	}
	if n := len(started.Status.Devices); n != 1 {
		return nil, fmt.Errorf("%d devices record, want 1", n)
	}
	m := &meters{dir: started.Status.Dir, core: rec.cmd.Process.Pid, plugin: started.Status.Devices[0].PluginPID}
	if err := m.read(&m.first); err != nil {
		return nil, err
	}
	m.last = m.first
	_, all, err := measure.UserSystem(m.core)
	m.setup = all[0] + all[1] + m.first.plugin // the plugin that described itself has ended and counts among the core's children
	return m, err
}

// settle lets the beginning of a capture pass.
func (m *meters) settle(ctx context.Context, d time.Duration) error {
	if err := pause(ctx, d); err != nil {
		return err
	}
	before := m.first
	if err := m.read(&m.first); err != nil {
		return err
	}
	m.last, m.start = m.first, m.first.core+m.first.plugin-before.core-before.plugin
	var err error
	m.skipped, err = m.written()
	return err
}

// read takes both clocks. It changes nothing when a process has ended.
func (m *meters) read(r *readings) error {
	now := readings{at: time.Now()}
	var err error
	if now.core, err = measure.CPU(m.core); err != nil {
		return err
	}
	if now.plugin, err = measure.CPU(m.plugin); err != nil {
		return err
	}
	for _, pid := range []int{m.core, m.plugin} {
		own, _, err := measure.UserSystem(pid)
		if err != nil {
			return err
		}
		now.own[0] += own[0]
		now.own[1] += own[1]
	}
	*r = now
	return nil
}

// until waits until all samples of the capture are in the files, or the device has stopped.
func (m *meters) until(ctx context.Context, c capture) error {
	m.memory = measure.WatchMemory(memoryEvery, m.core, m.plugin)
	watch, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		first := fillEvery
		if c.paced() { // the figure is the highest fill so far: once is enough, near the end
			first = seconds(0.9 * c.seconds)
		}
		m.watchFill(watch, first)
	}()
	defer func() {
		stop()
		<-done
	}()
	every := lookFast
	if c.paced() { // its end is known: until then the machine is left alone
		every = lookPaced
		if err := pause(ctx, seconds(0.97*c.seconds)-c.settle); err != nil {
			return err
		}
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for known := int64(0); ; {
		n, err := m.written()
		if err != nil {
			return err
		}
		if n > known || n >= c.bytes() { // where samples were lost, the end is when the last one was written
			known = n
			if m.read(&m.last) != nil || n >= c.bytes() {
				return nil
			}
		} else if m.ended() { // an ended plugin has delivered all that it had
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// ended tells whether the plugin has.
func (m *meters) ended() bool {
	_, err := measure.CPU(m.plugin)
	return err != nil
}

// written is the length of all sample files.
func (m *meters) written() (int64, error) {
	files, err := filepath.Glob(filepath.Join(m.dir, "*.sigmf-data"))
	if err != nil {
		return 0, err
	}
	n := int64(0)
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			return 0, err
		}
		n += info.Size()
	}
	return n, nil
}

// watchFill asks the run how full its ring was. It asks seldom: the answer costs what is measured.
func (m *meters) watchFill(ctx context.Context, first time.Duration) {
	for next := first; pause(ctx, next) == nil; next = fillEvery {
		if reply, err := session.Control(ctx, m.dir, session.Request{Op: session.OpStatus}); err == nil && len(reply.Status.Devices) > 0 {
			m.fill = max(m.fill, reply.Status.Devices[0].RingMax)
		}
	}
}

// result is what was measured of the samples themselves.
func (m *meters) result(c capture, end *session.Summary) *result {
	r := &result{
		Bench: "scopelog_record", Impl: "scopelog", Source: cmp.Or(c.unit, "sim"), Layout: "files", Channels: c.channels, Rate: c.rate,
		Chunk: int64(float64(c.nominal()) * c.deliveryTime().Seconds()), Ring: int64(shmring.Capacity(float64(c.nominal()), 2, c.holdTime()) / 2),
		Wall: m.last.at.Sub(m.first.at).Seconds(), User: (m.last.own[0] - m.first.own[0]).Seconds(), System: (m.last.own[1] - m.first.own[1]).Seconds(),
		CoreCPU: (m.last.core - m.first.core).Seconds(), PluginCPU: (m.last.plugin - m.first.plugin).Seconds(), SetupCPU: m.setup.Seconds(),
		HighWater: m.fill, Load: measure.Load(), Bytes: end.Bytes, Skipped: m.skipped, StartCPU: m.start.Seconds(),
	}
	for _, d := range end.Devices {
		for _, s := range d.Streams {
			r.Lost += s.Lost
			r.Samples = s.Recorded
		}
	}
	peak := m.memory.Stop()
	const mebibyte = 1 << 20
	r.CoreMemory, r.PluginMemory = float64(peak[0].PSS)/mebibyte, float64(peak[1].PSS)/mebibyte
	all := measure.Sum(peak)
	r.PeakMemory, r.AnonMemory = float64(all.PSS)/mebibyte, float64(all.Anon)/mebibyte
	r.derive()
	return r
}
