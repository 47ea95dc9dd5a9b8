package session

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// watchPeriod is how often a device that records is looked at. Each look costs more than it seems: a process that
// wakes up keeps the runtime's own monitor awake for a millisecond.
const watchPeriod = 500 * time.Millisecond

// watch looks after one generation while it is drained: it stops the device when its time has come, ends it when it
// hangs, and passes its events on.
type watch struct {
	d       *device
	u       *unit
	ring    *shmring.Ring
	drained chan struct{} // closed when the ring is drained to its end
	hung    atomic.Bool   // no progress for too long
	lied    atomic.Bool   // the ring's state cannot be
	silent  atomic.Bool   // progress, but no samples for too long
	idle    atomic.Int64  // ns without progress or samples when the plugin was ended because of one of these
	stopped atomic.Bool   // by the guard of the wall clock

	committed uint64 // by the producer, when something came last
	cameAt    int64  // monotonic
	restedAt  int64  // when this process itself stood still; silence counts from then on
	starved   starvation
	waitTold  int64 // since when it waited for its trigger when that was told last
}

func (w *watch) run(ctx context.Context) {
	tick := time.NewTicker(watchPeriod)
	defer tick.Stop()
	budget := host.StreamBudget(w.u.who.Budgets, w.u.applied.DeliveryPeriod, w.u.plan.HangAfter)
	var timeUp <-chan time.Time
	if isBlock(w.u.applied) {
		budget = max(budget, host.FetchBudget(w.u.who.Budgets, w.u.plan.HangAfter))
	}
	hostTime := byHostTime(w.u.config, w.u.applied)
	if hostTime && !w.d.deadline.IsZero() {
		t := time.NewTimer(time.Until(w.d.deadline))
		defer t.Stop()
		timeUp = t.C
	}
	began := clock.Mono()
	lastTick := began
	events := w.u.device.Events()
	stopping, full := w.d.s.stopping, w.d.recorder.Full()
	for {
		select {
		case <-w.drained:
			w.flushEvents(events)
			w.tellFlood(true)
			return
		case <-ctx.Done():
			return
		case e, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			w.event(e)
		case <-stopping:
			w.stop(ctx)
			stopping, full = nil, nil
		case <-full:
			w.stop(ctx)
			stopping, full = nil, nil
		case <-timeUp:
			w.d.timeUp.Store(true)
			if stopping != nil {
				w.stop(ctx)
				stopping, full = nil, nil
			}
		case <-tick.C:
			w.ring.Alive()
			if stopping != nil && !hostTime && w.d.overdue() {
				w.stopped.Store(true)
				w.stop(ctx)
				stopping, full = nil, nil
			}
			if stopping != nil && (w.repeated(began) || w.d.unstartable()) {
				w.d.finishedByItself()
				w.d.timeUp.Store(true)
				w.stop(ctx)
				stopping, full = nil, nil
			}
			now := clock.Mono()
			if now-lastTick > int64(3*watchPeriod) {
				// This process itself stood still: what the device did meanwhile cannot be judged.
				began, w.cameAt, w.restedAt = now, now, now
			}
			lastTick = now
			w.checkProgress(began, budget)
			w.tellWaiting(now)
			w.tellFlood(false)
		}
	}
}

// checkProgress ends a plugin whose acquisition has stood still for longer than its budget, delivers nothing for longer than it may, or whose ring
// says what cannot be.
func (w *watch) checkProgress(began int64, budget time.Duration) {
	if w.hung.Load() || w.silent.Load() || w.lied.Load() {
		return
	}
	p, now, stats := w.ring.Progress(), clock.Mono(), w.d.recorder.Stats()
	if came := p.Committed + p.LostBatches; came != w.committed || w.cameAt == 0 {
		w.committed, w.cameAt = came, now
	}
	w.d.progressNS.Store(p.ProgressNS)
	ended := p.State == shmring.ProducerFinished || p.State == shmring.ProducerFailed
	drained := now-stats.IdleNS < int64(longPass) // what was committed has been taken
	silent := time.Duration(now - max(p.ProgressNS, began))
	m := moments{came: w.cameAt, armed: w.d.armedNS.Load(), fired: w.d.firedNS.Load()}
	if since, busy := w.d.orderOutstanding(stats); busy {
		m.order = since
	}
	quiet, since, ok := silence{w.u.config, w.u.applied}.allowed(m)
	switch {
	case p.State > shmring.ProducerFailed, p.ProgressNS > now+int64(budget), ended && drained && now-w.cameAt > int64(budget):
		w.idle.Store(now - w.cameAt)
		w.lied.Store(true)
		w.d.s.log.Error("the ring's state cannot be, the device is ended", "device", w.u.plan.Name, "state", p.State, "without_samples", time.Duration(now-w.cameAt))
	case ended:
		return
	case w.starved.hangs(silent, budget, w.u.instance.CPUWait):
		w.idle.Store(int64(silent))
		w.hung.Store(true)
		w.d.s.log.Error("the device hangs and is ended", "device", w.u.plan.Name, "without_progress", silent)
	case ok && drained && now-max(since, w.restedAt) > int64(budget+quiet):
		w.idle.Store(now - since)
		w.silent.Store(true)
		w.d.s.log.Error("the device delivers nothing and is ended", "device", w.u.plan.Name, "without_samples", time.Duration(now-w.cameAt))
	default:
		return
	}
	w.u.instance.Kill()
}

// longPass is after which time the recorder, which looks at the ring several times a second, counts as busy with what it found there.
const longPass = 2 * time.Second

// stop ends the acquisition in order; a plugin that does not is killed, so that the ring comes to its end. A device in
// block mode first hands over what it has captured: who waits for room would be turned away by a ring that is drained.
func (w *watch) stop(ctx context.Context) {
	w.d.recorder.Ending()
	if !isBlock(w.u.applied) {
		w.ring.SetState(shmring.CoreDraining, 0)
	}
	if err := w.stopDevice(ctx); err != nil && ctx.Err() == nil {
		w.d.s.log.Warn("stop failed, the plugin is ended", "device", w.u.plan.Name, "error", err)
		w.u.instance.Kill()
	}
	w.ring.SetState(shmring.CoreDraining, 0)
}

// longWait is after which time a device that waits for its trigger is told of.
const longWait = time.Second

// tellWaiting tells once of each wait for a trigger that lasts: so it is seen that nothing hangs.
func (w *watch) tellWaiting(now int64) {
	since, ok := w.d.waits(w.d.recorder.Stats().LastNS)
	if !ok || since == w.waitTold || now-since < int64(longWait) {
		return
	}
	w.waitTold = since
	w.d.event(recording.Event{Kind: recording.EventTriggerWait, Device: w.u.plan.Name, MonoNS: since})
	w.d.s.notice(string(recording.EventTriggerWait), w.u.plan.Name, "")
}

func (w *watch) flushEvents(events <-chan driver.Event) {
	for range 100 {
		select {
		case e, ok := <-events:
			if !ok {
				return
			}
			w.event(e)
		default:
			return
		}
	}
}

var eventKinds = map[driver.EventKind]recording.EventKind{
	driver.EventPower:       recording.EventPower,
	driver.EventTemperature: recording.EventTemperature, driver.EventError: recording.EventError, driver.EventDeviceGone: recording.EventError,
	driver.EventWarning: recording.EventWarning,
}

// event writes down what a device told.
func (w *watch) event(e driver.Event) {
	name := w.u.plan.Name
	now := clock.Mono()
	e.MonoNS = min(e.MonoNS, now) // a driver may say anything
	at := e.MonoNS
	if at == 0 {
		at = now
	}
	switch e.Kind {
	case driver.EventTriggerWait: // told when it lasts: there may be thousands a second
		w.d.armedNS.Store(at)
		return
	case driver.EventTriggered:
		if w.d.firedNS.Store(at); isBlock(w.u.applied) {
			return
		}
	}
	if !w.d.flood.admit(e.Kind, now) {
		return // counted
	}
	kind, ok := eventKinds[e.Kind]
	if !ok {
		w.d.s.notice(shortText(string(e.Kind)), name, shortText(w.d.s.o.Plan.Redact(e.Text)))
		return
	}
	rec := recording.Event{Kind: kind, Device: name, MonoNS: e.MonoNS, Text: e.Text}
	if e.Error != nil {
		rec.Text = e.Error.Error()
	}
	rec.Text = shortText(w.d.s.o.Plan.Redact(rec.Text))
	if kind == recording.EventTemperature {
		rec.Data = map[string]any{"celsius": e.Value}
	}
	w.d.event(rec)
	w.d.s.notice(string(kind), name, rec.Text)
}
