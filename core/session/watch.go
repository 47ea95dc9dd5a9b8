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
	silent  atomic.Bool   // progress, but no samples for too long
	stopped atomic.Bool   // by the guard of the wall clock

	committed uint64 // by the producer, when something came last
	cameAt    int64  // monotonic
	starved   starvation
}

func (w *watch) run(ctx context.Context) {
	tick := time.NewTicker(watchPeriod)
	defer tick.Stop()
	budget := host.StreamBudget(w.u.who.Budgets, w.u.applied.DeliveryPeriod, w.u.plan.HangAfter)
	began := clock.Mono()
	lastTick := began
	events := w.u.device.Events()
	stopping, full := w.d.s.stopping, w.d.recorder.Full()
	for {
		select {
		case <-w.drained:
			w.flushEvents(events)
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
		case <-tick.C:
			w.ring.Alive()
			if stopping != nil && w.d.over() {
				w.stopped.Store(true)
				w.stop(ctx)
				stopping, full = nil, nil
			}
			now := clock.Mono()
			if now-lastTick > int64(3*watchPeriod) {
				// This process itself stood still: what the device did meanwhile cannot be judged.
				began, w.cameAt = now, now
			}
			lastTick = now
			w.checkProgress(began, budget)
		}
	}
}

// checkProgress ends a plugin whose acquisition has stood still for longer than its budget.
func (w *watch) checkProgress(began int64, budget time.Duration) {
	p := w.ring.Progress()
	if p.State == shmring.ProducerFinished || p.State == shmring.ProducerFailed || w.hung.Load() || w.silent.Load() {
		return
	}
	now := clock.Mono()
	if came := p.Committed + p.LostBatches; came != w.committed || w.cameAt == 0 {
		w.committed, w.cameAt = came, now
	}
	silent := time.Duration(now - max(p.ProgressNS, began))
	switch {
	case w.starved.hangs(silent, budget, w.u.instance.CPUWait):
		w.hung.Store(true)
		w.d.s.log.Error("the device hangs and is ended", "device", w.u.plan.Name, "without_progress", silent)
		w.u.instance.Kill()
	case w.quietFor() > 0 && now-w.cameAt > int64(budget+w.quietFor()):
		w.silent.Store(true)
		w.d.s.log.Error("the device delivers nothing and is ended", "device", w.u.plan.Name, "without_samples", time.Duration(now-w.cameAt))
		w.u.instance.Kill()
	}
}

// quietFor is how long a healthy device may deliver nothing beyond its budget: some periods of its slowest stream. 0:
// as long as it likes, since a trigger may not come.
func (w *watch) quietFor() time.Duration {
	a := w.u.applied
	if a.Mode != driver.ModeStream || w.u.config.Trigger != nil {
		return 0
	}
	slowest := int64(1)
	for _, s := range a.Streams {
		slowest = max(slowest, s.Ratio)
	}
	period := time.Duration(min(a.Interval.Float64()*float64(slowest), 1e6) * float64(time.Second))
	return max(4*period, time.Second)
}

// stop ends the acquisition in order; a plugin that does not is killed, so that the ring comes to its end.
func (w *watch) stop(ctx context.Context) {
	w.ring.SetState(shmring.CoreDraining, 0)
	if err := w.u.device.Stop(ctx); err != nil && ctx.Err() == nil {
		w.d.s.log.Warn("stop failed, the plugin is ended", "device", w.u.plan.Name, "error", err)
		w.u.instance.Kill()
	}
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
	driver.EventTriggerWait: recording.EventTriggerWait, driver.EventPower: recording.EventPower,
	driver.EventTemperature: recording.EventTemperature, driver.EventError: recording.EventError, driver.EventDeviceGone: recording.EventError,
	driver.EventWarning: recording.EventWarning,
}

// event writes down what a device told.
func (w *watch) event(e driver.Event) {
	name := w.u.plan.Name
	kind, ok := eventKinds[e.Kind]
	if !ok {
		w.d.s.notice(string(e.Kind), name, w.d.s.o.Plan.Redact(e.Text))
		return
	}
	rec := recording.Event{Kind: kind, Device: name, MonoNS: e.MonoNS, Text: e.Text}
	if e.Error != nil {
		rec.Text = e.Error.Error()
	}
	rec.Text = w.d.s.o.Plan.Redact(rec.Text)
	if kind == recording.EventTemperature {
		rec.Data = map[string]any{"celsius": e.Value}
	}
	w.d.event(rec)
	w.d.s.notice(string(kind), name, rec.Text)
}
