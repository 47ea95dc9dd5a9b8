package session

import (
	"context"
	"fmt"
	"time"

	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

const (
	firstBackoff = 100 * time.Millisecond
	// settled is how long a unit records before a failure counts as a new one.
	settled = 10 * time.Second
)

// restart starts a new plugin process for a device that was lost, and its next generation. It tries until it works,
// the run ends, or the plan's patience does; then ok is false. tune changes the plan's configuration; nil: it stays.
func (d *device) restart(end ending, tune func(*driver.Config)) (gen recorder.Generation, ok bool) {
	p := d.unit.plan
	end.err = d.s.opener.redacted(end.err)
	d.setFailure(&Error{Class: ClassDevice, Device: p.Name, Err: end.err})
	d.setState(stateRestarting)
	d.s.log.Warn("device lost, starting it again", "device", p.Name, "error", end.err)
	d.s.notice(string(recording.EventRestart), p.Name, end.err.Error())
	d.event(recording.Event{Kind: recording.EventRestart, Device: p.Name, Text: end.err.Error()})
	d.s.opener.closeUnit(d.s.ctx, d.unit)

	began := time.Now()
	gone := began.Add(-end.idle)
	if d.pause == 0 || began.Sub(d.startedAt) >= settled {
		d.failingSince, d.pause = began, firstBackoff
	} else {
		d.wait(p.Restart.BackoffMax) // it fails again soon after it came back
	}
	defer func() {
		d.mu.Lock()
		d.away += time.Since(gone)
		d.mu.Unlock()
	}()
	for {
		if d.over() || p.Restart.GiveUpAfter > 0 && time.Since(d.failingSince) > p.Restart.GiveUpAfter {
			return gen, false
		}
		gen, err := d.reopen(end.cause, tune)
		if err == nil {
			d.mu.Lock()
			d.restarts++
			d.failure = nil
			d.mu.Unlock()
			d.s.log.Info("device records again", "device", p.Name, "after", time.Since(began))
			return gen, true
		}
		d.s.log.Debug("device is not back", "device", p.Name, "error", err)
		d.setFailure(&Error{Class: ClassDevice, Device: p.Name, Err: d.s.opener.redacted(err)})
		if !driverCanReturn(err) {
			return gen, false
		}
		d.wait(p.Restart.BackoffMax)
	}
}

// wait pauses before the next attempt, and makes the next pause longer.
func (d *device) wait(longest time.Duration) {
	ctx, cancel := d.untilOver()
	defer cancel()
	select {
	case <-time.After(d.pause):
	case <-ctx.Done():
	}
	d.pause = min(2*d.pause, max(longest, firstBackoff))
}

// over tells whether the device's time is over.
func (d *device) over() bool {
	return isClosed(d.s.stopping) || d.s.ctx.Err() != nil || isClosed(d.recorder.Full()) || !d.deadline.IsZero() && time.Now().After(d.deadline)
}

// overdue tells whether the host's clock has ended the device's time, and nothing else has: then not all samples may have come.
func (d *device) overdue() bool {
	return d.over() && !isClosed(d.s.stopping) && !isClosed(d.recorder.Full())
}

// untilOver returns a context that ends with the device's time. Cancel it when it is not needed any more.
func (d *device) untilOver() (context.Context, context.CancelFunc) {
	end := d.deadline
	if end.IsZero() {
		end = time.Now().Add(longest)
	}
	ctx, cancel := context.WithDeadline(d.s.ctx, end)
	go func() {
		select {
		case <-d.s.stopping:
		case <-d.recorder.Full():
		case <-ctx.Done():
		}
		cancel()
	}()
	return ctx, cancel
}

// driverCanReturn tells whether trying again can help. A unit that has recorded by this plan can do so again, whatever it refuses now, and however its
// driver fails: only another version of the plugin stays what it is.
func driverCanReturn(err error) bool { return driver.KindOf(err) != driver.KindPluginVersion }

// reopen is one attempt: a new process, the same unit by its serial, the same settings, a new ring.
func (d *device) reopen(cause recording.Cause, tune func(*driver.Config)) (recorder.Generation, error) {
	ctx, cancel := d.untilOver() // the end of the run does not wait for a device that takes its time
	defer cancel()
	old := d.unit
	p := *old.plan
	p.Serial = old.info.Serial
	u, err := d.s.opener.startPlugin(ctx, &p)
	if err != nil {
		return recorder.Generation{}, err
	}
	u.plan, u.tune = &p, d.presently(tune)
	if err = d.s.opener.open(ctx, u); err == nil {
		err = d.s.opener.configure(ctx, u)
	}
	if err == nil && !sameStreams(old.applied, u.applied) {
		err = fmt.Errorf("the device came back with other settings: %v instead of %v", u.applied.Interval, old.applied.Interval)
	}
	if err != nil {
		d.s.opener.closeUnit(ctx, u)
		return recorder.Generation{}, err
	}
	d.mu.Lock()
	d.unit = u
	d.mu.Unlock()
	gen, err := d.startUnit(ctx, cause)
	if err != nil {
		d.s.opener.closeUnit(ctx, u)
	}
	return gen, err
}

// sameStreams tells whether two configurations give the same streams at the same rate, so that files can go on.
func sameStreams(a, b driver.Applied) bool {
	if a.Interval.Cmp(b.Interval.Rational) != 0 || a.Mode != b.Mode || len(a.Streams) != len(b.Streams) || len(a.Channels) != len(b.Channels) {
		return false
	}
	for i := range a.Streams {
		if a.Streams[i] != b.Streams[i] {
			return false
		}
	}
	for i := range a.Channels {
		x, y := a.Channels[i], b.Channels[i]
		if x.Range != y.Range || x.VoltsPerCount.Cmp(y.VoltsPerCount) != 0 || x.Offset != y.Offset {
			return false
		}
	}
	return true
}

func (d *device) setState(state string) {
	d.mu.Lock()
	d.state = state
	d.mu.Unlock()
}

func (d *device) setFailure(e *Error) {
	d.mu.Lock()
	d.failure = e
	d.mu.Unlock()
}

func (d *device) event(e recording.Event) {
	if err := d.s.run.Event(e); err != nil {
		d.s.log.Warn("event was not written", "device", d.name, "error", err)
	}
}
