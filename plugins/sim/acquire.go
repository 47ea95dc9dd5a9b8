package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/scopelog/scopelog/driver"
)

// longestWait is the longest time between two marks of progress.
const longestWait = int64(100 * time.Millisecond)

// acquisition is one run from Start to its end, on a goroutine of its own.
type acquisition struct {
	set    *setup
	unit   *Device
	sink   driver.Sink
	clock  clock
	inputs []*input
	truth  *truthLog
	random *rand.Rand
	counts
	start    int64 // when the first sample was taken, on the monotonic clock
	origin   int64 // hardware index of the sample at which the proof signal begins
	pending  []pending
	disturb  disturbance
	watch    watch
	orders   orders
	waves    waveCount
	late     int   // polls in a row that found a long backlog
	misuse   error // of the sink
	muted    bool  // the ring was lied in: nothing is delivered from then on
	stop     context.Context
	halt     context.CancelFunc // ends stop; the Device calls it too
	done     chan struct{}      // closed when info and failure are final
	info     driver.StopInfo
	failure  *driver.Error
	watching sync.WaitGroup
	fetch    context.Context // ends a while after stop: then no more room is waited for
	giveUp   context.CancelFunc
}

// fetchGrace is how long a waveform that was captured may take to get into the sink after a Stop.
const fetchGrace = 2 * time.Second

// newAcquisition makes an acquisition; it begins with run.
func newAcquisition(unit *Device, set *setup, sink driver.Sink, state unitState) (*acquisition, error) {
	truth, err := openTruth(set.truth)
	if err != nil {
		e := driver.Errorf(driver.KindPermanent, "start", "%w", err)
		e.Field = driverName + ".truth"
		return nil, e
	}
	a := &acquisition{
		set: set, unit: unit, sink: sink, clock: unit.world.clock(), truth: truth,
		random: rand.New(rand.NewPCG(set.seed, 0)), done: make(chan struct{}),
	}
	a.stop, a.halt = context.WithCancel(context.Background())
	a.fetch, a.giveUp = context.WithCancel(context.Background())
	a.watch = newWatch(set)
	set.output.Restart(set.generator.begin())
	for _, w := range set.wirings {
		a.inputs = append(a.inputs, newInput(w, set.how, set.ratio))
	}
	a.pushed = make([]int64, len(set.applied.Streams))
	a.pending = a.schedule(state)
	a.start = a.clock.now()
	truth.start(a.start, unit.info, &set.applied)
	return a, nil
}

// run acquires until the end and finishes the sink.
func (a *acquisition) run() {
	defer close(a.done)
	a.watching.Add(1)
	go func() {
		defer a.watching.Done()
		select {
		case <-a.sink.Draining():
			a.halt()
		case <-a.stop.Done():
		}
	}()
	grace := context.AfterFunc(a.stop, func() { time.AfterFunc(fetchGrace, a.giveUp) })
	acquire := a.acquire
	if a.set.block != nil {
		acquire = a.blocks
	}
	reason, failure := acquire()
	grace()
	a.giveUp()
	if failure == nil && !a.muted {
		a.level()
	}
	a.halt()
	a.watching.Wait()
	if err := a.truth.close(a.clock.now(), &a.counts); err != nil && failure == nil {
		reason, failure = driver.StopFailed, driver.Errorf(driver.KindPermanent, "stream", "%w", err)
	}
	if err := a.sink.Finish(failure); err != nil && failure == nil && reason != driver.StopRequested {
		failure = driver.Errorf(driver.KindTransient, "stream", "finish the streams: %w", err)
		reason = driver.StopFailed
	}
	a.info = driver.StopInfo{Reason: reason, Delivered: a.epoch - a.lostTold, Waveforms: a.waves.complete}
	if a.lostVague > 0 {
		a.info.DriverLost = -1
	}
	a.failure = failure
	if failure != nil {
		a.unit.notify(failureEvent(failure, a.clock.now(), a.epoch))
	}
}

func failureEvent(e *driver.Error, now, epoch int64) driver.Event {
	kind := driver.EventError
	if e.Kind == driver.KindDeviceGone {
		kind = driver.EventDeviceGone
	}
	return driver.Event{Kind: kind, MonoNS: now, Index: epoch, Text: e.Message, Error: e}
}

// acquire is the loop: poll, then wait for the next delivery.
func (a *acquisition) acquire() (driver.StopReason, *driver.Error) {
	next := a.start + a.set.delivery
	if a.set.first > 0 {
		a.lose(&fault{count: a.set.first, announce: announceExact, cause: driver.CauseDriver})
	}
	for {
		before := a.hardware
		now := a.clock.now()
		a.sink.Progress()
		a.truth.tick(now, &a.counts)
		a.obey()
		end, failure := a.poll(now - a.start)
		switch {
		case failure != nil:
			return driver.StopFailed, failure
		case a.misuse != nil:
			return driver.StopFailed, driver.Errorf(driver.KindBug, "stream", "%w", a.misuse)
		case a.stop.Err() != nil:
			return driver.StopRequested, nil
		case end && a.watch.stops:
			return driver.StopTriggered, nil
		case end:
			return driver.StopCompleted, nil
		case a.set.fast && a.hardware > before:
			continue
		}
		now = a.clock.now()
		if next <= now {
			next += ((now-next)/a.set.delivery + 1) * a.set.delivery
		}
		if !a.idle(next) {
			return driver.StopRequested, nil
		}
	}
}

// idle waits until a time, or until there is an order, showing progress; false: stopped.
func (a *acquisition) idle(until int64) bool {
	for now := a.clock.now(); now < until && !a.orders.waiting.Load(); now = a.clock.now() {
		if !a.clock.wait(a.stop.Done(), min(until, now+longestWait)) {
			return false
		}
		a.sink.Progress()
	}
	return true
}

// poll delivers what is due a time after the start, and lets faults happen at their samples. end: all is delivered.
func (a *acquisition) poll(elapsed int64) (end bool, failure *driver.Error) {
	if a.muted {
		return false, nil
	}
	due := a.disturb.due(a, elapsed)
	a.watchBacklog(due)
	for {
		p := a.nextPending(elapsed, due)
		limit := due
		if p != nil {
			limit = min(due, max(p.index, a.hardware))
		}
		if a.advance(limit, p == nil && a.disturb.uneven(elapsed)) {
			return true, nil
		}
		if p == nil || a.stop.Err() != nil {
			return false, nil
		}
		if failure := a.fire(p, elapsed); failure != nil || a.muted {
			return false, failure
		}
		if p.fault.kind == faultStall || p.fault.kind == faultHang {
			return false, nil // what is due has changed
		}
	}
}

// advance delivers up to a hardware index in batches; true: all samples that were asked for are delivered.
func (a *acquisition) advance(limit int64, uneven bool) bool {
	for a.hardware < limit && a.stop.Err() == nil {
		a.sink.Progress()
		n := min(limit-a.hardware, a.set.batch)
		if a.follow(n); a.watch.stops {
			n = min(n, a.watch.end-a.hardware)
		}
		skew := int64(0)
		if uneven {
			skew = min(a.disturb.skew, a.set.batch/2)
			n = min(n, a.set.batch-skew)
		}
		if a.set.maxSamples > 0 && a.epoch+n >= a.set.maxSamples {
			n, skew = max(a.set.maxSamples-a.epoch, 0), 0
		}
		if n > 0 {
			a.deliver(n, skew)
		}
		if a.complete() {
			break
		}
	}
	return a.complete()
}

// tooLate is how many polls in a row may find a backlog of a second before the host is told: a process that got no time for
// a while catches up in one.
const tooLate = 3

// watchBacklog warns when the computer cannot make the samples as fast as they are due.
func (a *acquisition) watchBacklog(due int64) {
	if a.set.fast || due-a.hardware < max(a.set.clock.count(int64(time.Second)), 2) {
		a.late = 0
		return
	}
	if a.late++; a.late == tooLate {
		a.unit.notify(driver.Event{
			Kind: driver.EventWarning, MonoNS: a.clock.now(), Index: a.epoch,
			Text: "this computer is too slow to simulate so many samples: deliveries fall behind",
		})
	}
}

// complete tells whether all samples that were asked for are delivered or lost.
func (a *acquisition) complete() bool {
	return a.watch.stops && a.hardware >= a.watch.end || a.set.maxSamples > 0 && a.epoch >= a.set.maxSamples
}

// deliver makes one batch of n more samples per channel. With skew each channel lags by up to that many.
func (a *acquisition) deliver(n, skew int64) {
	longest := n
	for _, in := range a.inputs {
		longest = max(longest, n+in.behind)
	}
	if a.set.fast && a.sink.WaitRoom(a.stop, a.fastest(longest)) != nil {
		a.halt()
		return
	}
	mark, marked := a.streamMark(n)
	a.sink.Begin(a.clock.now())
	if marked {
		a.sink.Mark(mark)
	}
	for _, in := range a.inputs {
		first, want := a.hardware-in.behind, n+in.behind
		in.behind = 0
		if skew > 0 {
			in.behind = min(a.random.Int64N(skew+1), want)
		}
		in.push(a.sink, first, want-in.behind, a.origin, a.pushed)
	}
	a.hardware += n
	a.epoch += n
	if err := a.sink.Commit(); err != nil { // usually the host has closed the sink
		if driver.KindOf(err) == driver.KindBug {
			a.misuse = err
		}
		a.halt()
	}
}

// level lets channels that are behind catch up.
func (a *acquisition) level() {
	for _, in := range a.inputs {
		if in.behind > 0 {
			a.deliver(0, 0)
			return
		}
	}
}

// fastest returns how many samples n raw ones are in the fastest stream.
func (a *acquisition) fastest(n int64) int {
	if a.inputs[0].raw < 0 {
		n = (n + a.set.ratio - 1) / a.set.ratio
	}
	return int(max(n, 1))
}
