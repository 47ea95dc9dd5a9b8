package main

import (
	"context"

	"github.com/scopelog/scopelog/driver"
)

// Arm orders one arming of a block mode that is armed by order only.
func (d *Device) Arm(context.Context) error {
	if err := d.usable("arm"); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.set == nil || d.set.block == nil || !d.set.block.ordered:
		return driver.Errorf(driver.KindPermanent, "arm", "the unit is not configured to be armed by order")
	case !d.active():
		return driver.Errorf(driver.KindPermanent, "arm", "the acquisition is not running")
	case !d.running.orders.ordered.CompareAndSwap(false, true):
		return driver.Errorf(driver.KindBusy, "arm", "an earlier order is being carried out")
	}
	d.running.command(command{arm: true})
	return nil
}

// awaitOrder waits until the unit is ordered to arm, and returns the sample at which it is armed then.
func (a *acquisition) awaitOrder() (armed int64, next step, failure *driver.Error) {
	for {
		seen := a.hardware
		if !a.set.fast {
			seen = a.taken()
		}
		if failure := a.look(seen); failure != nil {
			return 0, stopped, failure
		}
		switch {
		case a.stop.Err() != nil:
			return 0, stopped, nil
		case a.watch.armed:
			return max(seen, a.waves.end), goOn, nil
		case a.expired():
			return 0, timeUp, nil
		}
		a.idle(a.clock.now() + a.set.delivery)
	}
}

// carriedOut lets the next order come.
func (a *acquisition) carriedOut() {
	a.watch.armed = false
	a.orders.ordered.Store(false)
}

// expired tells that no more is to be armed, nor waited for. Where samples do not come by the clock, the host's counts.
func (a *acquisition) expired() bool {
	lasts := a.set.block.lasts
	if a.set.fast {
		return lasts > 0 && a.clock.now()-a.start >= a.set.clock.when(lasts)
	}
	return lasts > 0 && a.taken() >= lasts
}
