package main

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// start writes the plan, lets the program record by it, and waits until every device has recorded something.
func (t *trial) start() error {
	if err := t.place.Write(t.plan); err != nil {
		return err
	}
	p, err := t.place.Start(t.ctx, stage.Options{}, "run", "--json", t.place.PlanPath())
	if err != nil {
		return err
	}
	t.p = p
	return t.begun()
}

// begun waits until all devices record.
func (t *trial) begun() error {
	select {
	case <-t.p.Begins():
	case <-t.p.Done():
		return fmt.Errorf("the program ended with %d before it recorded, see stderr.log", t.p.ExitCode())
	case <-time.After(2 * patience):
		return errors.New("the program does not begin to record")
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
	return t.until("every device records", func(s stage.Status) bool {
		for _, d := range s.Devices {
			if d.Recorded() == 0 && !t.quiet(d.Name) {
				return false
			}
		}
		return true
	})
}

// quiet tells whether a device has nothing to record: its trigger never comes.
func (t *trial) quiet(name string) bool {
	d := t.device(name)
	return d.Never && d.Mode != stage.Stream
}

// until waits for a state of the run.
func (t *trial) until(what string, ok func(stage.Status) bool) error {
	var s stage.Status
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if s, err = t.place.Status(t.p.Dir()); err == nil && ok(s) {
			return nil
		}
		select {
		case <-t.p.Done():
			return fmt.Errorf("the program ended with %d before %s", t.p.ExitCode(), what)
		case <-t.ctx.Done():
			return t.ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return fmt.Errorf("it does not come that %s: %+v, %w", what, s, errOr(err))
}

var errNone = errors.New("no error")

func errOr(err error) error {
	if err == nil {
		return errNone
	}
	return err
}

// status is where the run stands.
func (t *trial) status() (stage.Status, error) { return t.place.Status(t.p.Dir()) }

// plugin is the process of a device's plugin.
func (t *trial) plugin(name string) (int, error) {
	s, err := t.status()
	if err != nil {
		return 0, err
	}
	pid := s.Device(name).PluginPID
	if pid <= 0 {
		return 0, fmt.Errorf("%s has no plugin", name)
	}
	return pid, nil
}

// signal sends a signal to a device's plugin.
func (t *trial) signal(name string, s syscall.Signal) error {
	pid, err := t.plugin(name)
	if err != nil {
		return err
	}
	t.tell("%v to the plugin of %s", s, name)
	return syscall.Kill(pid, s)
}

// fault lets the emulated library of a device fail from now on. FAMILY in a line is the driver's name.
func (t *trial) fault(name string, lines ...string) error {
	d := t.device(name)
	for i, l := range lines {
		lines[i] = ofFamily(l, d)
		t.tell("%s: %s", name, lines[i])
	}
	return t.place.Rig.SetFaults(d.Serial, lines...)
}

// again waits until a device records again after its n-th restart, and some more.
func (t *trial) again(name string, n int) error {
	err := t.until(fmt.Sprintf("%s records again after restart %d", name, n), func(s stage.Status) bool {
		d := s.Device(name)
		return d.Restarts >= n && d.State == "recording"
	})
	if err != nil {
		return err
	}
	return t.more(name, 150*time.Millisecond)
}

// allGoOn waits until every device has recorded some more.
func (t *trial) allGoOn() error {
	for _, d := range t.plan.Devices {
		if err := t.more(d.Name, 200*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// more waits until a device has recorded so much more.
func (t *trial) more(name string, length time.Duration) error {
	s, err := t.status()
	if err != nil {
		return err
	}
	d := t.device(name)
	want := s.Device(name).Recorded() + int64(length.Seconds()*float64(d.Rate))
	if d.Mode != stage.Stream {
		want = s.Device(name).Recorded() + 10*stage.WaveformSamples
	}
	return t.until(fmt.Sprintf("%s has %d samples", name, want), func(s stage.Status) bool { return s.Device(name).Recorded() >= want })
}

// stop ends the run in one of the ways that users have, and waits for its end.
func (t *trial) stop() error {
	switch way := t.r.IntN(3); way {
	case 0, 1:
		s := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[way]
		t.tell("%v to the program", s)
		if err := t.p.Signal(s); err != nil {
			return err
		}
	default:
		t.tell("the command stop")
		if code, out, err := t.place.Command(t.ctx, "stop", "--no-wait", t.p.Dir()); err != nil || code != 0 {
			return fmt.Errorf("stop: exit code %d, %s, %w", code, out, errOr(err))
		}
	}
	return t.ended()
}

// ended waits for the program's end.
func (t *trial) ended() error {
	select {
	case <-t.p.Done():
		return nil
	case <-time.After(3 * patience):
		return errors.New("the program does not end")
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
}
