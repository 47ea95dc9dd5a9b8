package scope

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// blockRun is a block mode from Start to its end: arm, wait for the trigger, fetch, and again. Its goroutine is the only one that
// uses the sink; calls of the library are made on the driver's thread, so that others find their turn between them.
type blockRun struct {
	dev   *Device
	set   *setup
	plan  *blockSetup
	unit  BlockUnit
	sink  driver.Sink
	stop  chan struct{} // closed when the end was asked for
	once  stopOnce
	limit atomic.Int64    // Unix time in ns at which those who asked for the end wait no longer; 0: not known
	fetch context.Context // ends a while after stop: what was captured is fetched up to then
	queue orders
	began time.Time
	renew bool         // an output of the generator that ends by itself is to begin anew
	moved atomic.Int64 // batches that got into the sink

	parts     []fetchPart
	size      int64 // samples of the fastest stream in one batch
	grown     bool  // it can become no larger
	taken     int64 // samples of the fastest stream in the largest batch so far
	ratio     int64 // of the fastest stream
	waves     waveCount
	clock     waveClock
	notes     blockNotes
	aborted   int // armings in a row whose samples were not to be had
	sinkEnded bool
	ending
}

// waveCount counts the waveforms of a run.
type waveCount struct {
	begun    int64
	complete int64
	armings  int64 // with waveforms
	raw      int64 // samples per channel
	open     bool  // one was begun and is not complete
}

// Why an arming ends early without a failure.
var (
	errHalted = errors.New("the end was asked for")
	errTimeUp = errors.New("the time for repeating is over")
	errHost   = errors.New("the host takes no more samples")
	errLate   = errors.New("the end came before they were fetched")
	errGone   = errors.New("the unit has no samples of what it has captured")
)

const (
	// fetchGrace is how long nothing may get into the sink after the end was asked for, before the rest is given up: as long as one call may take.
	fetchGrace = fetchBudget
	// endMargin is how long before those who asked for the end wait no longer it is given up in any case, but for half of the time that
	// is left.
	endMargin = 1500 * time.Millisecond
)

// mostAborted is how many armings in a row may bring no samples.
const mostAborted = 3

// beginBlocks starts a block mode. It is for the worker.
func (d *Device) beginBlocks(set *setup, sink driver.Sink) (*blockRun, error) {
	b := &blockRun{
		dev: d, set: set, plan: set.block, unit: d.unit.(BlockUnit), sink: sink, stop: make(chan struct{}), queue: newOrders(), renew: d.once != nil,
		began: time.Now(), parts: fetchParts(set), size: firstBatch, ending: ending{done: make(chan struct{})},
	}
	b.ratio = b.parts[0].Ratio
	for _, p := range b.parts {
		b.ratio = min(b.ratio, p.Ratio)
	}
	b.clock = newWaveClock(set)
	d.runs(b)
	go b.run()
	return b, nil
}

// halt asks for the end. It does not wait.
func (b *blockRun) halt(by time.Time) {
	if !by.IsZero() {
		b.limit.Store(by.UnixNano())
	}
	b.once.close(b.stop)
}

// halted tells whether the end was asked for.
func (b *blockRun) halted() bool {
	select {
	case <-b.stop:
		return true
	default:
		return false
	}
}

// run captures until the end and finishes the sink.
func (b *blockRun) run() {
	defer close(b.done)
	b.sink.Progress()
	fetch, giveUp := context.WithCancel(context.Background())
	b.fetch = fetch
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		b.attend(fetch, giveUp)
	}()
	reason, failure := b.armings()
	giveUp()
	<-watched
	b.abandon()
	b.info = driver.StopInfo{Reason: reason, Delivered: b.waves.raw, DriverLost: -1, Waveforms: b.waves.complete}
	b.failure = failure
	b.info.StopTook = b.dev.settleBlocks()
	b.notes.last(b)
	if err := b.sink.Finish(b.failure); err != nil && b.failure == nil && !b.sinkEnded {
		b.failure = driver.Errorf(driver.KindTransient, "capture", "finish the streams: %w", err)
	}
	b.dev.log.Info("acquisition ended", "by", string(reason), "waveforms", b.waves.complete, "incomplete", b.waves.begun-b.waves.complete,
		"armings", b.waves.armings, "samples", b.waves.raw, "missed_triggers", b.notes.missed)
	if b.failure != nil {
		b.info.Reason = driver.StopFailed
		b.dev.report(b.failure, b.waves.raw)
	}
}

// attend listens to the host. When the end was asked for it gives up fetching as soon as nothing gets into the sink any more for a
// while, or the time is over. It returns when done is done.
func (b *blockRun) attend(done context.Context, giveUp func()) {
	select {
	case <-b.sink.Draining():
		b.halt(time.Time{})
	case <-b.stop:
	case <-done.Done():
		return
	}
	for {
		before, grace, last := b.moved.Load(), fetchGrace, false
		if limit := b.limit.Load(); limit != 0 {
			left := time.Until(time.Unix(0, limit))
			left -= min(endMargin, left/2)
			grace, last = min(grace, left), left <= grace
		}
		if pause(done, grace) != nil {
			return
		}
		if last || b.moved.Load() == before {
			giveUp()
			return
		}
	}
}

// armings captures all that was configured.
func (b *blockRun) armings() (driver.StopReason, *driver.Error) {
	next := b.began
	for n := int64(0); b.plan.repeat == 0 || n < b.plan.repeat; {
		err := b.turn(next)
		if err == nil {
			if now := time.Now(); now.Sub(next) > b.plan.every { // too late to keep to the times
				next = now
			}
			next = next.Add(b.plan.every)
			err = b.arming()
		}
		if err == nil {
			n, b.aborted = n+1, 0
			b.queue.carriedOut()
			continue
		}
		if reason, failure, ended := b.overcome(err); ended {
			return reason, failure
		}
		if errors.Is(err, errGone) { // the arming counts, though it has brought nothing
			n++
			b.queue.carriedOut()
			continue
		}
		next = time.Now()
	}
	return driver.StopCompleted, nil
}

// turn waits until the unit is to be armed.
func (b *blockRun) turn(next time.Time) error {
	switch {
	case b.halted():
		return errHalted
	case b.plan.ordered && !b.queue.owed():
		return b.awaitOrder()
	case !b.queue.owed() && (b.timeUp(next) || b.timeUp(time.Now())):
		return errTimeUp
	}
	return b.rest(time.Until(next))
}

// timeUp tells whether it is too late for something at a time.
func (b *blockRun) timeUp(t time.Time) bool {
	return b.plan.lasts > 0 && t.Sub(b.began) >= b.plan.lasts
}

// longestRest is the longest time between two signs of life while the run waits for nothing but the time.
const longestRest = 100 * time.Millisecond

// rest waits, showing progress. It fails when the end is asked for.
func (b *blockRun) rest(t time.Duration) error {
	for t > 0 {
		began := time.Now()
		timer := time.NewTimer(min(t, longestRest))
		select {
		case <-timer.C:
		case <-b.stop:
			timer.Stop()
			return errHalted
		}
		b.sink.Progress()
		t -= time.Since(began)
	}
	return nil
}

// call makes calls of the library on its thread. There is progress only when they have returned.
func (b *blockRun) call(f func() error) error {
	err := b.dev.work.try(context.Background(), f)
	b.sink.Progress()
	return err
}

// overcome decides how to go on behind an error; ended: not at all.
func (b *blockRun) overcome(err error) (reason driver.StopReason, failure *driver.Error, ended bool) {
	switch {
	case errors.Is(err, errHalted), errors.Is(err, errHost), errors.Is(err, errLate):
		return driver.StopRequested, nil, true
	case errors.Is(err, errTimeUp):
		return driver.StopCompleted, nil, true
	}
	b.abandon()
	if s, ok := picosdk.StatusOf(err); ok && s.IsPower() {
		failure = b.powerChanged(s)
		return driver.StopFailed, failure, failure != nil
	}
	if errors.Is(err, errGone) {
		if b.aborted++; b.aborted < mostAborted {
			return "", nil, false
		}
		return driver.StopFailed, driver.Errorf(driver.KindTransient, "capture", "%d times in a row the unit had no samples of what it had captured", b.aborted), true
	}
	return driver.StopFailed, b.judge(err), true
}

// judge makes a failure of an error.
func (b *blockRun) judge(err error) *driver.Error {
	f := picosdk.DriverError(err, "capture", "")
	var s *picosdk.StatusError
	if f.Kind == driver.KindDeviceGone || errors.As(err, &s) && s.Status == picosdk.StatusInvalidHandle {
		f.Kind = driver.KindDeviceGone
		b.dev.lost()
	}
	return f
}

// powerChanged brings the run over a change of the unit's power, to a new arming.
func (b *blockRun) powerChanged(s picosdk.Status) *driver.Error {
	d := b.dev
	d.tell(driver.EventPower, "the unit's power has changed: "+s.Explanation())
	if err := b.call(func() error { return d.restore(b.set, s) }); err != nil {
		return b.judge(err)
	}
	d.tell(driver.EventPower, "running again from "+string(d.Info().Power)+" power")
	b.clock.interrupted()
	return nil
}

// settleBlocks stops the unit when all is over, and tells how long that took. A unit that is gone is left to Close.
func (d *Device) settleBlocks() time.Duration {
	if d.vanished() {
		return 0
	}
	ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	took, err := do(ctx, d.work, func() (time.Duration, error) {
		began := time.Now()
		err := d.stop()
		took := time.Since(began)
		d.warn("take buffers back", patiently(d.unit.Disarm)) // those that a fetch has left behind
		return took, err
	}, nil)
	if errors.Is(err, context.DeadlineExceeded) {
		d.lost()
	}
	d.warn("stop", err)
	return took
}
