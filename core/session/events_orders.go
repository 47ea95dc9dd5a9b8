package session

import (
	"sync"

	"github.com/scopelog/scopelog/core/recorder"
)

// orders counts the orders of events that a device's present unit has taken. Each brings as many waveforms as an arming has; it is outstanding until
// so many have ended. Whether a device is busy, idle, silent or has lost something is judged by that alone.
type orders struct {
	mu     sync.Mutex // guards what follows
	unit   *unit      // that takes orders; nil: none does
	each   int64      // waveforms that an order brings
	before int64      // waveforms of the device that had ended when the unit was started
	taken  int64
	lastNS int64 // monotonic time of the latest one
}

// begin lets a unit that was started take orders. ended is how many waveforms of the device have ended so far.
func (o *orders) begin(u *unit, ended int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, each, _ := blockOf(u.config)
	o.unit, o.each, o.before, o.taken, o.lastNS = u, each, ended, 0, 0
}

// take notes that a unit has taken an order, given at a monotonic time, before which so many waveforms of the device had ended. It is false when the
// unit is given up by now, and the order with it.
func (o *orders) take(u *unit, ns, ended int64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.unit != u {
		return false
	}
	o.before = max(o.before, ended-o.taken*o.each) // an order brings more where the unit had to be armed again in the middle; they count for it alone
	o.taken++
	o.lastNS = ns
	return true
}

// count is how many orders the present unit has taken, or the latest one where none takes any.
func (o *orders) count() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.taken
}

// left is how many waveforms of orders are to come yet, when so many of the device have ended, and when the latest order was given.
func (o *orders) left(ended int64) (waveforms, lastNS int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return max(o.taken*o.each-(ended-o.before), 0), o.lastNS
}

// end lets no unit take orders any more, and returns how many waveforms had not come.
func (o *orders) end(ended int64) int64 {
	o.mu.Lock()
	o.unit = nil
	o.mu.Unlock()
	waveforms, _ := o.left(ended)
	return waveforms
}

// orderOutstanding tells whether the device carries out an order, and when that was given (monotonic ns). f are the latest figures.
func (d *device) orderOutstanding(f recorder.Stats) (since int64, ok bool) {
	waveforms, since := d.orders.left(f.WavesEnded)
	return since, waveforms > 0
}

// leaveArming accounts for what the device's unit, which is given up, had still to bring.
func (d *device) leaveArming(why string) {
	waveforms := d.orders.end(d.recorder.Stats().WavesEnded)
	if ordered(d.unit.config) {
		d.recorder.LeaveOrders(waveforms, why)
		return
	}
	d.recorder.LeaveArming(why)
}

// leaveOrders accounts for an order that the unit took when it was about to end by itself, and has not carried out. Where a trigger is waited for, it is the
// plan's time for repeating that has ended the wait.
func (d *device) leaveOrders() {
	waveforms := d.orders.end(d.recorder.Stats().WavesEnded)
	if waveforms > 0 && d.unit.config.Trigger == nil && !isClosed(d.s.stopping) && !isClosed(d.recorder.Full()) && !d.timeUp.Load() {
		d.recorder.LeaveOrders(waveforms, "the acquisition had ended")
	}
}

// idle tells whether the device waits for an event, and since when (monotonic ns).
func (d *device) idle(f recorder.Stats) (since int64, ok bool) {
	if !ordered(d.unit.config) {
		return 0, false
	}
	if _, busy := d.orderOutstanding(f); busy {
		return 0, false
	}
	return max(f.LastNS, d.readyNS.Load()), true
}
