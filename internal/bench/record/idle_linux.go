package main

import (
	"context"
	"errors"
	"time"
)

// idle is what an attached device costs that delivers next to nothing, in percent of a core.
type idle struct{ core, plugin float64 }

const (
	idleSettle = 2 * time.Second // the rings' memory is put in place, the first sync is done
	idleLook   = 6 * time.Second
)

// idleDevice records a device at 10 samples per second.
func (p program) idleDevice(ctx context.Context, out string) (idle, error) {
	w, err := newWorkspace(out)
	if err != nil {
		return idle{}, err
	}
	c := capture{channels: 1, rate: 10, seconds: (idleSettle + idleLook + time.Second).Seconds(), signal: "ramp"}
	rec, err := p.start(ctx, w, c.plan(w.dir))
	if err != nil {
		return idle{}, errors.Join(err, w.remove())
	}
	var from, to readings
	m, err := meter(rec)
	if err == nil {
		err = pause(ctx, idleSettle)
	}
	if err == nil {
		err = m.read(&from)
	}
	if err == nil {
		err = pause(ctx, idleLook)
	}
	if err == nil {
		err = m.read(&to)
	}
	if err != nil {
		rec.cmd.Cancel()
	}
	if err = errors.Join(err, rec.wait(), w.remove()); err != nil {
		return idle{}, err
	}
	wall := to.at.Sub(from.at).Seconds()
	return idle{100 * (to.core - from.core).Seconds() / wall, 100 * (to.plugin - from.plugin).Seconds() / wall}, nil
}

// pause lets the time pass over which something is measured.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
