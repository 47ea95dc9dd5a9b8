package main

import (
	"fmt"
	"runtime"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// hogCount is how many processors there are to keep busy.
func hogCount() int { return runtime.NumCPU() }

func severalKinds() []kind {
	return []kind{
		{name: "all-plugins", fault: "the plugins of all devices get SIGKILL in the same moment", expect: "all record again; bounds hold the truth for each; exit 3", act: allPlugins},
		{name: "all-unplugged", fault: "the hub fails: all emulated units are gone and come back", expect: "all record again; bounds hold the truth for each; exit 3", act: allUnplugged},
		{name: "storm", fault: "two to five harms one after another, each to a device by chance: killed, stopped, crashed in the library, unplugged", expect: "all record again; bounds hold the truth for each gap; exit 3", act: storm},
		{name: "kill-while-stalled", fault: "a plugin gets SIGKILL while the recorder is stopped", expect: "what was committed is recorded; records again; bounds hold the truth; the others lose nothing; exit 3", act: killStalled},
	}
}

// streaming makes all devices stream, and lets them have gaps of causes.
func (t *trial) streaming(causes ...string) {
	for _, d := range t.plan.Devices {
		d.Mode, d.Trigger = stage.Stream, false
		d.Plan = append(d.Plan, hangAfter)
		t.may(d.Name, causes...)
	}
}

// allAgain waits until every device has come back.
func (t *trial) allAgain(which func(*stage.Device) bool) error {
	for _, d := range t.plan.Devices {
		if which(d) {
			if err := t.again(d.Name, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func allPlugins(t *trial) error {
	t.harmed(anyUnit()...)
	t.streaming("restart")
	t.quick = true
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(100*time.Millisecond, time.Second); err != nil {
		return err
	}
	var pids []int
	for _, d := range t.plan.Devices {
		pid, err := t.plugin(d.Name)
		if err != nil {
			return err
		}
		pids = append(pids, pid)
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			return err
		}
	}
	if err := t.allAgain(func(*stage.Device) bool { return true }); err != nil {
		return err
	}
	return t.stop()
}

func allUnplugged(t *trial) error {
	t.harmed(emulated...)
	t.streaming("usb", "restart")
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(100*time.Millisecond, time.Second); err != nil {
		return err
	}
	each := func(act func(serial string) error) error {
		for _, d := range t.plan.Devices {
			if !d.Simulated() {
				if err := act(d.Serial); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if err := each(t.place.Rig.Unplug); err != nil {
		return err
	}
	if err := t.until("all are missed", func(s stage.Status) bool {
		for _, d := range t.plan.Devices {
			if !d.Simulated() && s.Device(d.Name).State == "recording" {
				return false
			}
		}
		return true
	}); err != nil {
		return err
	}
	if err := t.pause(0, 700*time.Millisecond); err != nil {
		return err
	}
	if err := each(t.place.Rig.Plug); err != nil {
		return err
	}
	if err := t.allAgain(func(d *stage.Device) bool { return !d.Simulated() }); err != nil {
		return err
	}
	return t.stop()
}

// storm does harm several times.
func storm(t *trial) error {
	t.harmed(anyUnit()...)
	t.streaming("restart", "usb")
	if err := t.start(); err != nil {
		return err
	}
	struck := map[string]bool{}
	for range 2 + t.r.IntN(4) {
		d := choose(t, t.plan.Devices...)
		struck[d.Name] = true
		if err := t.strike(d); err != nil {
			return err
		}
		if err := t.pause(0, 1200*time.Millisecond); err != nil { // the next one may strike while this one is down
			return err
		}
	}
	if err := t.calm(); err != nil {
		return err
	}
	for _, d := range t.plan.Devices {
		if !struck[d.Name] {
			t.causes[d.Name] = nil
		}
	}
	return t.stop()
}

// calm waits until every device has recorded for a second without a restart. One that was stopped just before still counts as recording, and brings nothing.
func (t *trial) calm() error {
	const brings = 500 * time.Millisecond // something, each time that long
	restarts, recorded, moved, since := map[string]int{}, map[string]int64{}, map[string]time.Time{}, time.Now()
	return t.until("all devices record for a second", func(s stage.Status) bool {
		now := time.Now()
		for _, d := range s.Devices {
			if n := d.Recorded(); n != recorded[d.Name] {
				recorded[d.Name], moved[d.Name] = n, now
			}
			if d.State != "recording" || d.Restarts != restarts[d.Name] || now.Sub(moved[d.Name]) > brings {
				restarts[d.Name], since = d.Restarts, now
			}
		}
		return now.Sub(since) > time.Second
	})
}

// strike does one harm of any kind to a device.
func (t *trial) strike(d *stage.Device) error {
	s, err := t.status()
	if err != nil {
		return err
	}
	how := t.r.IntN(5)
	if s.Device(d.Name).State != "recording" && how < 2 {
		return nil // it is down already
	}
	switch {
	case how == 0:
		err = t.signal(d.Name, syscall.SIGKILL)
	case how == 1:
		err = t.signal(d.Name, syscall.SIGSTOP)
	case d.Simulated():
		err = t.signal(d.Name, syscall.SIGABRT)
	case how == 4:
		if err = t.place.Rig.Unplug(d.Serial); err == nil {
			err = t.pause(100*time.Millisecond, 600*time.Millisecond)
		}
		if err == nil {
			err = t.place.Rig.Plug(d.Serial)
		}
	default:
		err = t.fault(d.Name, fmt.Sprintf("%s function=POLL call=%d", choose(t, "crash", "hang", "spin", "exit"), 1+t.r.IntN(10)))
	}
	if err == syscall.ESRCH { // it ended in the same moment
		return nil
	}
	return err
}

func killStalled(t *trial) error {
	t.harmed(anyUnit()...)
	t.may(victim, "restart")
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(100*time.Millisecond, time.Second); err != nil {
		return err
	}
	pid, err := t.plugin(victim)
	if err != nil {
		return err
	}
	if err := t.p.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	err = t.pause(100*time.Millisecond, 900*time.Millisecond)
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGKILL)
	}
	if err == nil {
		err = t.pause(0, 500*time.Millisecond)
	}
	if cont := t.p.Signal(syscall.SIGCONT); err != nil || cont != nil {
		return fmt.Errorf("stall: %w, %w", errOr(err), errOr(cont))
	}
	if err := t.again(victim, 1); err != nil {
		return err
	}
	return t.stop()
}
