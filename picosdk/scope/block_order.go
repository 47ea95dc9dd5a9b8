package scope

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopelog/scopelog/driver"
)

var _ driver.Armer = (*Device)(nil)

// stopOnce closes a channel once, whoever is first.
type stopOnce struct{ once sync.Once }

func (s *stopOnce) close(c chan struct{}) { s.once.Do(func() { close(c) }) }

// orders are the orders to arm: there is one at a time.
type orders struct {
	taken *atomic.Bool // from the order until all its waveforms are in the sink
	next  chan chan<- error
	reply chan<- error // of the order that is carried out, until the unit is armed; for the run's goroutine
	open  bool         // an order is carried out; for the same
}

func newOrders() orders {
	return orders{taken: new(atomic.Bool), next: make(chan chan<- error, 1)}
}

// owed tells that an order was not carried out yet, since the unit's power has changed.
func (o *orders) owed() bool { return o.open }

// armed answers that the unit is armed.
func (o *orders) armed() {
	if o.reply != nil {
		o.reply <- nil
		o.reply = nil
	}
}

// carriedOut lets the next order come.
func (o *orders) carriedOut() {
	if o.open {
		o.open = false
		o.taken.Store(false)
	}
}

// Arm orders one arming of a block mode that is armed by order only. It returns when the unit is armed.
func (d *Device) Arm(ctx context.Context) error {
	if err := d.usable("arm", false); err != nil {
		return err
	}
	b, ok := d.current().(*blockRun)
	if !ok || !b.plan.ordered {
		return driver.Errorf(driver.KindPermanent, "arm", "there is no acquisition that is armed by order")
	}
	if !b.queue.taken.CompareAndSwap(false, true) {
		return driver.Errorf(driver.KindBusy, "arm", "an earlier order is being carried out")
	}
	reply := make(chan error, 1)
	b.queue.next <- reply
	select {
	case err := <-reply:
		return err
	case <-b.done:
		select {
		case err := <-reply: // it was carried out, and then was the last
			return err
		default:
		}
		return driver.Errorf(driver.KindPermanent, "arm", "the acquisition has ended")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// awaitOrder waits until the unit is ordered to arm.
func (b *blockRun) awaitOrder() error {
	ticker := time.NewTicker(longestRest)
	defer ticker.Stop()
	var over <-chan time.Time
	if b.plan.lasts > 0 {
		timer := time.NewTimer(b.plan.lasts - time.Since(b.began))
		defer timer.Stop()
		over = timer.C
	}
	for {
		select {
		case b.queue.reply = <-b.queue.next:
			b.queue.open = true
			return nil
		case <-ticker.C:
			b.sink.Progress()
		case <-over:
			return errTimeUp
		case <-b.stop:
			return errHalted
		}
	}
}
