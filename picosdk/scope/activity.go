package scope

import (
	"time"

	"github.com/scopelog/scopelog/driver"
)

// activity is one Start, until its end: a stream or a block mode.
type activity interface {
	// halt asks for the end. It does not wait. Who asks waits until a time, where that is not zero.
	halt(by time.Time)
	// end is how it ended, or will.
	end() *ending
}

// ending is how an activity ended.
type ending struct {
	done    chan struct{} // closed when the others are final
	info    driver.StopInfo
	failure *driver.Error
}

func (e *ending) end() *ending { return e }

// over tells whether it has ended.
func (e *ending) over() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}

// startable tells why a setup cannot be started; nil: it can. It is for the worker.
func (d *Device) startable(set *setup, sink driver.Sink) error {
	switch {
	case set == nil:
		return driver.Errorf(driver.KindBug, "start", "the unit is not configured")
	case sink.Streams() != len(set.applied.Streams):
		return driver.Errorf(driver.KindBug, "start", "the sink has %d streams, not %d", sink.Streams(), len(set.applied.Streams))
	}
	if d.unsupplied(set, "start") != nil {
		d.readPower() // it may be back
		if e := d.unsupplied(set, "start"); e != nil {
			return e
		}
	}
	return nil
}

// runs makes an activity the one that runs.
func (d *Device) runs(a activity) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.running = a
}

// report tells the host of a failure.
func (d *Device) report(failure *driver.Error, index int64) {
	e := driver.Event{Kind: driver.EventError, MonoNS: monotonic(), Index: index, Text: failure.Message, Error: failure}
	if failure.Kind == driver.KindDeviceGone {
		e.Kind = driver.EventDeviceGone
	}
	d.notify(e)
}

// vanished tells whether the unit does not answer any more.
func (d *Device) vanished() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.gone
}

// begin starts what is configured. It is for the worker.
func (d *Device) begin(sink driver.Sink) (activity, error) {
	if err := d.startable(d.set, sink); err != nil {
		return nil, err
	}
	if d.set.block != nil {
		return d.beginBlocks(d.set, sink)
	}
	native, ok := sink.(driver.NativeSink)
	if !ok {
		return nil, driver.Errorf(driver.KindBug, "start", "the sink has no ring for a loop in C")
	}
	return d.beginStream(d.set, sink, native)
}
