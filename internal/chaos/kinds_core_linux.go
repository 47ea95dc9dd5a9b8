package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

const resumed = "plugins end within 5 s; what was synced is there and verified; resume goes on in the same run behind a gap of cause core whose bounds hold the truth; exit 3"

func coreKinds() []kind {
	return []kind{
		{name: "core-kill", fault: "the recorder gets SIGKILL, and is resumed when its plugins have ended", expect: resumed, act: coreKilled(false, 1)},
		{name: "core-kill-thrice", fault: "the same three times in one run", expect: resumed, act: coreKilled(false, 3)},
		{name: "core-and-plugins-kill", fault: "the recorder and all its plugins get SIGKILL in the same moment", expect: resumed, act: coreKilled(true, 1)},
		{
			name: "core-adopted", fault: "the recorder gets SIGKILL one to three times, and is resumed each time while its plugins still wait", expect: "the new recorder takes the plugins over: nothing lost, no gap, no restart, exit 0",
			act: coreAdopted,
		},
		{
			name: "core-kill-early", fault: "the recorder gets SIGKILL before anything was synced, and is resumed", expect: "the run goes on, and says what is missing since its start: a gap of cause core, exit 3",
			act: coreKilledEarly,
		},
		{
			name: "core-kill-repair", fault: "the recorder gets SIGKILL, and the run is repaired, not resumed", expect: "what was synced is there and verified; at most a sync interval is missing at the end",
			act: coreRepaired,
		},
		{
			name: "core-stopped-short", fault: "the recorder gets SIGSTOP, and SIGCONT before a ring is full", expect: noLoss,
			act: harmless(anyUnit(), nil, func(t *trial) error { return t.stopCore(200*time.Millisecond, 1500*time.Millisecond) }),
		},
		{
			name: "core-stopped-long", fault: "the recorder gets SIGSTOP for longer than its rings hold", expect: "exact gaps of cause core (disk where the stop fell into a write): recorded + lost = sent, to the sample; no restart; exit 3",
			act: coreStalled,
		},
		{name: "signal-TERM", fault: "the program gets SIGTERM", expect: "all that was handed over is recorded and sealed, exit 0", act: signalled1(syscall.SIGTERM)},
		{name: "signal-HUP", fault: "the terminal of the program is closed (SIGHUP)", expect: "all that was handed over is recorded and sealed, exit 0", act: signalled1(syscall.SIGHUP)},
		{
			name: "interrupt-twice", fault: "Ctrl-C twice", expect: "it ends at once with 130 and leaves no process; repair seals what was synced",
			act: interruptTwice,
		},
		{
			name: "duration-away", fault: "a unit is unplugged and does not come back before the end of the run's duration", expect: "the run ends in time; the others have every sample up to the end; a gap to the end whose bounds hold the truth; exit 3 or 4",
			act: durationAway,
		},
	}
}

// signalled1 ends a run by one signal.
func signalled1(s syscall.Signal) func(*trial) error {
	return func(t *trial) error {
		t.harmed(anyUnit()...)
		if err := t.start(); err != nil {
			return err
		}
		if err := t.pause(300*time.Millisecond, 2*time.Second); err != nil {
			return err
		}
		if err := t.p.Signal(s); err != nil {
			return err
		}
		return t.ended()
	}
}

// coreDies makes the expectations of a run whose recorder is killed: every stream has a gap there.
func (t *trial) coreDies() {
	t.plan.Run = append(t.plan.Run, `adopt = "0s"`)
	for _, d := range t.plan.Devices {
		if d.Mode == stage.Stream {
			t.may(d.Name, "core")
		}
	}
	t.exit, t.dead = []int{3}, 15e9 // what was not synced is gone, and what plugins handed over to nobody
}

// killCore ends the recorder, with its plugins when they are to die too, and wants all processes gone in time.
func (t *trial) killCore(plugins bool) error {
	var pids []int
	if plugins {
		for _, d := range t.plan.Devices {
			pid, err := t.plugin(d.Name)
			if err != nil {
				return err
			}
			pids = append(pids, pid)
		}
	}
	if err := t.keeps(); err != nil {
		return err
	}
	t.tell("SIGKILL to the recorder")
	if err := t.p.Signal(syscall.SIGKILL); err != nil {
		return err
	}
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by itself
	}
	if err := t.ended(); err != nil {
		return err
	}
	const promised = 5 * time.Second
	if left := t.place.Gone(5 * promised); len(left) > 0 {
		t.fail("processes %v live on without their recorder", left)
	}
	return nil
}

// coreKilledEarly kills the recorder before anything is safe.
func coreKilledEarly(t *trial) error {
	t.harmed(anyUnit()...)
	t.plan.Run = append(t.plan.Run[1:], `sync = "10s"`)
	t.coreDies()
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(300*time.Millisecond, 2*time.Second); err != nil {
		return err
	}
	if err := t.killCore(t.chance(2)); err != nil {
		return err
	}
	if err := t.resume(); err != nil {
		return err
	}
	if err := t.more(victim, 200*time.Millisecond); err != nil {
		return err
	}
	if err := t.stop(); err != nil {
		return err
	}
	if s := t.p.Summary(); s != nil && !s.Lost {
		t.fail("the summary says that nothing was lost")
	}
	return nil
}

// resume goes on with the run.
func (t *trial) resume() error {
	t.notices = append(t.notices, t.p.Notices()...)
	t.notices = append(t.notices, stage.Notice{Time: time.Now(), Kind: "resuming"})
	p, err := t.place.Start(t.ctx, stage.Options{}, "resume", "--json", t.p.Dir())
	if err != nil {
		return err
	}
	t.p = p
	return t.begun()
}

func coreKilled(plugins bool, times int) func(*trial) error {
	return func(t *trial) error {
		t.harmed(anyUnit()...)
		t.coreDies()
		if err := t.start(); err != nil {
			return err
		}
		for range times {
			if err := t.pause(100*time.Millisecond, 2500*time.Millisecond); err != nil {
				return err
			}
			if err := t.synced(); err != nil {
				return err
			}
			if err := t.killCore(plugins); err != nil {
				return err
			}
			if err := t.resume(); err != nil {
				return err
			}
		}
		if err := t.allGoOn(); err != nil {
			return err
		}
		return t.stop()
	}
}

// coreAdopted kills the recorder and lets another one take its plugins over.
func coreAdopted(t *trial) error {
	t.harmed(anyUnit()...)
	for _, d := range t.plan.Devices {
		d.Mode, d.Trigger = stage.Stream, false
	}
	t.plan.Run = append(t.plan.Run, `adopt = "30s"`, `hold = "20s"`)
	if err := t.start(); err != nil {
		return err
	}
	for range 1 + t.r.IntN(3) {
		if err := t.synced(); err != nil {
			return err
		}
		if err := t.pause(100*time.Millisecond, 1500*time.Millisecond); err != nil {
			return err
		}
		if err := t.keeps(); err != nil {
			return err
		}
		t.tell("SIGKILL to the recorder")
		if err := t.p.Signal(syscall.SIGKILL); err != nil {
			return err
		}
		if err := t.ended(); err != nil {
			return err
		}
		if err := t.pause(0, time.Second); err != nil {
			return err
		}
		if err := t.resume(); err != nil {
			return err
		}
	}
	if err := t.allGoOn(); err != nil {
		return err
	}
	return t.stop()
}

// coreRepaired repairs a run instead of going on with it.
func coreRepaired(t *trial) error {
	t.harmed(anyUnit()...)
	t.coreDies()
	t.causes = map[string][]string{}
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(1200*time.Millisecond, 3*time.Second); err != nil {
		return err
	}
	if err := t.killCore(false); err != nil {
		return err
	}
	t.exit = []int{-1}
	return t.repair()
}

// repair seals what is there. What was not synced may be missing at the end.
func (t *trial) repair() error {
	t.slack = max(t.slack, t.dead)
	code, out, err := t.place.Command(t.ctx, "repair", t.p.Dir())
	if err != nil {
		return err
	}
	if code != 0 {
		return fmt.Errorf("repair: exit code %d: %s", code, out)
	}
	return t.sweep()
}

// sweep lets the program be used once more: it then removes what a recorder that was killed could not.
func (t *trial) sweep() error {
	code, out, err := t.place.Command(t.ctx, "plugins", "list")
	if err != nil {
		return err
	}
	if code != 0 {
		return fmt.Errorf("plugins list: exit code %d: %s", code, out)
	}
	return nil
}

// stopCore stops the recorder's process for a while.
func (t *trial) stopCore(from, to time.Duration) error {
	length := t.between(from, to)
	t.tell("SIGSTOP to the recorder for %v", length)
	if err := t.p.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	err := t.sleep(length)
	return errors.Join(err, t.p.Signal(syscall.SIGCONT))
}

func coreStalled(t *trial) error {
	d := t.harmed(anyUnit()...)
	d.Rate = choose[int64](t, 500_000, 1_000_000)
	t.plan.Run = append(t.plan.Run, `hold = "500ms"`)
	for _, d := range t.plan.Devices {
		if d.Mode == stage.Stream {
			t.causes[d.Name] = []string{"core"} // slow ones may have room for it
		}
	}
	t.exit = []int{3}
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(300*time.Millisecond, time.Second); err != nil {
		return err
	}
	if err := t.stopCore(6*time.Second, 8*time.Second); err != nil {
		return err
	}
	if err := t.more(victim, 500*time.Millisecond); err != nil {
		return err
	}
	s, err := t.status()
	if err != nil {
		return err
	}
	for _, d := range s.Devices {
		if d.Restarts != 0 {
			t.fail("%s was started again", d.Name)
		}
	}
	t.exact = true
	return t.stop()
}

func interruptTwice(t *trial) error {
	t.harmed(anyUnit()...)
	t.coreDies()
	t.causes = map[string][]string{}
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(1200*time.Millisecond, 2500*time.Millisecond); err != nil {
		return err
	}
	if err := t.keeps(); err != nil {
		return err
	}
	if err := t.p.Signal(syscall.SIGINT); err != nil {
		return err
	}
	if err := t.pause(0, 30*time.Millisecond); err != nil {
		return err
	}
	if err := t.p.Signal(syscall.SIGINT); err != nil {
		return err
	}
	if err := t.ended(); err != nil {
		return err
	}
	// The first one may have been enough.
	if t.exit = []int{0, 130}; t.p.ExitCode() == 0 {
		return nil
	}
	if left := t.place.Gone(25 * time.Second); len(left) > 0 {
		t.fail("processes %v live on without their recorder", left)
	}
	return t.repair()
}

// durationAway lets the end of a run come while a unit is away.
func durationAway(t *trial) error {
	d := t.harmed(emulated...)
	const length = 3 * time.Second
	t.plan.Run = append(t.plan.Run, fmt.Sprintf("duration = %q", length))
	for _, d := range t.plan.Devices {
		if d.Mode == stage.Stream {
			t.limit[d.Name] = d.Rate * int64(length/time.Second)
		}
	}
	t.may(victim, "usb", "unknown", "restart")
	t.exit = []int{3, 4}
	if err := t.start(); err != nil {
		return err
	}
	if err := t.pause(100*time.Millisecond, 500*time.Millisecond); err != nil {
		return err
	}
	if err := t.place.Rig.Unplug(d.Serial); err != nil {
		return err
	}
	return t.ended()
}

// recordings are the folders of all runs of the place.
func (t *trial) recordings() ([]string, error) {
	return filepath.Glob(t.place.View(filepath.Join(t.place.Out, "chaos-*")))
}
