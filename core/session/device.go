package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// The states of a device, as [DeviceStatus] shows them.
const (
	stateReady      = "ready"
	stateRecording  = "recording"
	stateWaiting    = "waiting" // for its trigger
	stateRestarting = "restarting"
	stateNoDisk     = "no_disk" // writing fails, and is tried again
	stateStopped    = "stopped"
	stateFailed     = "failed"
)

// device is one device of a running session: its unit, which is another after a restart, and its recorder.
type device struct {
	s        *Session
	name     string // in the plan
	recorder *recorder.Device
	info     recording.DeviceInfo
	limit    recorder.Limit
	hold     time.Duration // of its rings
	watcher  *deviceWatch  // nil: no events are looked for in it
	deadline time.Time     // when the wall clock ends it; zero: never
	began    time.Time
	done     chan struct{}
	changes  *changes    // of the signal generator
	timeUp   atomic.Bool // the host's clock has ended it in order: see byHostTime
	drained  atomic.Bool // nothing more comes from its ring: it is sealed
	// Monotonic times of the latest word of the driver that it waits for its trigger, and that it was triggered; 0: none.
	armedNS, firedNS atomic.Int64
	readyNS          atomic.Int64 // likewise of its start
	progressNS       atomic.Int64 // likewise of its acquisition's latest sign of life
	orders           orders       // of events
	flood            flood        // of what the driver has to say

	// Of the recording goroutine: patience with a unit that does not stay.
	startedAt    time.Time // of the present generation
	failingSince time.Time
	pause        time.Duration
	unstarted    error // why there is no first generation yet

	mu       sync.Mutex // guards what follows
	unit     *unit
	started  bool // there is a goroutine that closes done
	gen      uint64
	state    string
	restarts int
	away     time.Duration // in all, from when a failure was noticed until it recorded again
	complete bool          // it ended by itself: all that was configured was captured
	inside   int64         // samples of each channel that the vendor library lost
	failure  *Error        // what ended it, or keeps it from recording
}

// addDevice makes the device's part of the recording and its recorder.
func (s *Session) addDevice(u *unit) (*device, error) {
	info := deviceInfo(u.plan, u.who, u.info, u.applied)
	if err := cut(&info, s.o.Plan.Run.Rotate); err != nil {
		return nil, &Error{Class: ClassPlan, Device: u.plan.Name, Err: err}
	}
	w, resume, err := s.deviceWriter(info)
	if err != nil {
		return nil, err
	}
	d, err := s.newDevice(u, info, s.needs.hold, w, resume, nil)
	if err != nil {
		return nil, err
	}
	d.recorder.LeaveArming("the recorder had ended")
	if _, captures, _ := blockOf(u.config); resume != nil && resume.Was.OrderedNS != 0 && ordered(u.config) {
		d.recorder.LeaveOrders(captures, "the recorder had ended")
	}
	return d, nil
}

// newDevice makes a device with its recorder, which begins, or goes on behind resume or adopt.
func (s *Session) newDevice(
	u *unit, info recording.DeviceInfo, hold time.Duration, w *recording.DeviceWriter, resume *recorder.Resume, adopt *recorder.Adoption,
) (*device, error) {
	d := &device{
		s: s, name: u.plan.Name, unit: u, info: info, limit: limitOf(s.o.Plan.Run, u.applied), hold: hold, done: make(chan struct{}), state: stateReady,
		changes: newChanges(u.plan),
	}
	_, captures, _ := blockOf(u.config)
	watcher, kept, err := s.watcher(u, hold)
	if err != nil {
		return nil, err
	}
	var looks recorder.Watcher // none, and not one that is nil
	prompt := time.Duration(0)
	if watcher != nil {
		looks, prompt, d.watcher = watcher, watcher.prompt, watcher
	}
	if kept != nil {
		looks = kept
	}
	var keep func() json.RawMessage
	if s.o.Plan.Run.Adopt > 0 {
		keep = d.keep
	}
	d.recorder = recorder.New(recorder.Options{
		Watcher: looks, Prompt: prompt, Follower: kept.follower(), Adopt: adopt, Keep: keep,
		Name: u.plan.Name, Writer: w, Run: s.run, Info: info, Clock: s.clock, Limit: d.limit, Sync: s.o.Plan.Run.Sync,
		Logger: s.log, Failed: s.diskFailed, Resume: resume, DiskFails: d.diskFails, DiskWorks: d.diskWorks, DiskFull: d.s.diskFull, Warned: d.warned,
		TriggerPoint: u.applied.PreSamples, Captures: captures, RotateEvery: rotation(u.applied, s.o.Plan.Run.Rotate),
		RetryFor: s.o.Plan.Run.Disk.RetryFor, RetryFull: s.o.Plan.Run.Disk.WhenLow == plan.WhenLowDropOldest, Stopping: s.stopping,
	})
	return d, nil
}

// start makes a ring, hands it over and starts the acquisition, then drains it in a goroutine of its own.
func (d *device) start(ctx context.Context) error {
	gen, err := d.startUnit(ctx, recording.CauseNone)
	if err != nil {
		return err
	}
	d.run(gen, d.s.beginning(d.name))
	return nil
}

// run records a generation and those that follow it in a goroutine of its own. began is when the device recorded first.
func (d *device) run(gen recorder.Generation, began time.Time) {
	d.began = began
	switch length := d.s.o.Plan.Run.Duration; {
	case byHostTime(d.unit.config, d.unit.applied) && length > 0:
		d.deadline = d.began.Add(length)
	case d.limit.RawIndex > 0:
		d.deadline = deadlineOf(d.began, d.limit.RawIndex, d.unit.applied.Interval)
	}
	d.mu.Lock()
	d.started = true
	d.mu.Unlock()
	go d.record(gen)
}

// deadlineOf guards the end of a device that counts samples by the host's clock, with 2 % to spare: a sample clock may be off, but not by so much.
// An end in decades is not guarded.
func deadlineOf(began time.Time, samples int64, interval units.Interval) time.Time {
	length := float64(samples) * interval.Float64() * 1.02
	if length >= longest.Seconds() {
		return time.Time{}
	}
	return began.Add(lasting(length) + time.Second)
}

// startUnit starts the next generation of the present unit.
func (d *device) startUnit(ctx context.Context, cause recording.Cause) (recorder.Generation, error) {
	u, number := d.unit, d.gen
	names := make([]string, len(d.info.Streams))
	for i, st := range u.applied.Streams {
		names[i] = streamName(u, st)
	}
	ring, err := recorder.NewRing(u.applied, d.s.o.RunID, number, names, d.recorder.StartPositions(), d.hold)
	if err != nil {
		return recorder.Generation{}, fmt.Errorf("make the ring: %w", err)
	}
	d.keepUnit(ring)
	d.recorder.Announce(recorder.Generation{Number: number, Ring: ring, Cause: cause, StartNS: clock.Mono()})
	if err := u.device.HandOver(ctx, ring); err != nil {
		return recorder.Generation{}, errors.Join(fmt.Errorf("hand over the ring: %w", err), ring.Close())
	}
	asked := clock.Mono()
	if err := u.device.Start(ctx, number); err != nil {
		return recorder.Generation{}, errors.Join(err, ring.Close())
	}
	d.armedNS.Store(0) // what the plugin before had said
	d.firedNS.Store(0)
	d.readyNS.Store(clock.Mono())
	d.orders.begin(u, d.recorder.Stats().WavesEnded)
	d.mu.Lock()
	d.state = stateRecording
	d.gen++
	d.mu.Unlock()
	d.startedAt = time.Now()
	return recorder.Generation{Number: number, Ring: ring, Cause: cause, Dead: u.instance.Done(), StartNS: asked}, nil
}

// record drains generation after generation until the device is done, then seals its part of the recording.
func (d *device) record(gen recorder.Generation) {
	defer close(d.done)
	for {
		end := ending{err: d.unstarted} // that anything is missing is told by what it resumes
		if gen.Ring != nil {
			end = d.drain(gen)
		}
		if d.s.ctx.Err() != nil {
			d.recorder.Abandon() // aborted: files stay as they are
			return
		}
		if isClosed(d.recorder.Full()) || d.timeUp.Load() { // however the plugin ended: nothing is missing
			end = ending{finished: true}
		}
		if end.finished {
			d.leaveOrders()
			d.seal(end.cause)
			return
		}
		d.leaveArming(d.s.opener.redacted(end.err).Error())
		tune, ok := d.next()
		if !ok {
			d.s.log.Warn("a plugin ended when all was captured", "device", d.name, "error", end.err)
			d.finishedByItself()
			d.seal(recording.CauseNone)
			return
		}
		next, ok := d.restart(end, tune)
		if !ok {
			d.seal(end.cause)
			return
		}
		gen = next
	}
}

// ending tells how a generation ended.
type ending struct {
	finished bool // in order, or by the end of its time
	// cause says why samples are missing behind the last one; CauseNone: none are.
	cause recording.Cause
	err   error
	idle  time.Duration // for how long nothing had been captured when that was noticed, as far as is known
}

// drain records one generation, with a watch beside it, and closes its ring.
func (d *device) drain(gen recorder.Generation) ending {
	ctx, cancel := context.WithCancel(d.s.ctx)
	w := &watch{d: d, u: d.unit, ring: gen.Ring, drained: make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(func() { w.run(ctx) })
	wg.Go(func() { d.changeGenerator(ctx, w.u, gen.Number) })
	out := d.recorder.Drain(d.s.ctx, gen)
	close(w.drained)
	end := d.judge(ctx, out, w)
	cancel()
	wg.Wait()
	gen.Ring.SetState(shmring.CoreClosed, 0)
	if err := gen.Ring.Close(); err != nil {
		d.s.log.Warn("closing a ring", "device", d.name, "error", err)
	}
	return end
}

// judge says what the end of a generation means.
func (d *device) judge(ctx context.Context, out recorder.Outcome, w *watch) ending {
	u := d.unit
	switch out.End {
	case recorder.EndDead:
		err := u.instance.ExitError()
		switch {
		case w.hung.Load():
			err = errors.New("the device made no progress for too long, and its plugin was ended")
		case w.silent.Load():
			err = errors.New("the device delivered nothing for too long, and its plugin was ended")
		case w.lied.Load():
			err = errors.New("the plugin wrote into its ring what cannot be, and was ended")
		case err == nil:
			err = errors.New("the plugin was ended")
		}
		return ending{cause: recording.CauseRestart, err: err, idle: time.Duration(w.idle.Load())}
	case recorder.EndFault:
		u.instance.Kill()
		return ending{cause: recording.CauseRestart, err: fmt.Errorf("the plugin broke the ring's rules: %w", out.Fault)}
	case recorder.EndUnread:
		u.instance.Kill()
		return ending{cause: recording.CauseCore, err: out.Fault}
	case recorder.EndAborted:
		return ending{}
	}
	wait, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	info, err := u.device.Wait(wait)
	d.lostInside(info.DriverLost)
	asked := isClosed(d.s.stopping) || isClosed(d.recorder.Full()) || d.timeUp.Load()
	switch {
	case w.stopped.Load():
		return ending{finished: true, cause: recording.CauseUnknown, err: errors.New("its time was over before all samples had come")}
	case err == nil && asked:
		return ending{finished: true}
	case err == nil && (info.Reason == driver.StopTriggered && u.config.Stream != nil && u.config.Stream.StopAfterTrigger ||
		info.Reason == driver.StopCompleted && isBlock(u.applied)):
		d.finishedByItself()
		return ending{finished: true}
	case asked:
		d.s.log.Warn("the device failed while it was stopped", "device", u.plan.Name, "error", err)
		return ending{finished: true}
	case driver.KindOf(err) == driver.KindDeviceGone:
		return ending{cause: recording.CauseUSB, err: err}
	case ofPower(err):
		return ending{cause: recording.CausePower, err: err}
	}
	if err == nil {
		err = errors.New("the acquisition ended by itself")
	}
	return ending{cause: recording.CauseRestart, err: err}
}

// finishedByItself notes that all that was configured is captured.
func (d *device) finishedByItself() {
	d.mu.Lock()
	d.complete = true
	d.mu.Unlock()
}

// lostInside takes note of what the vendor library counted and did not deliver. Where it went missing is not known, so no
// gap can be entered; but the run says that samples were lost.
func (d *device) lostInside(samples int64) {
	if samples = beyondGaps(samples, d.recorder.Stats().Inside); samples <= 0 {
		return
	}
	d.mu.Lock()
	d.inside += samples
	d.mu.Unlock()
	text := fmt.Sprintf("the vendor library lost %d samples of each channel; where is not known, and what follows is later than its place says", samples)
	d.event(recording.Event{Kind: recording.EventDriverLost, Device: d.name, MonoNS: clock.Mono(), Text: text, Data: map[string]any{"samples": samples}})
	d.s.notice(string(recording.EventDriverLost), d.name, text)
}

// ofPower tells whether a unit failed because its power has changed.
func ofPower(err error) bool {
	var e *driver.Error
	return errors.As(err, &e) && e.Field == "power"
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// seal finishes the device's files and closes the unit. cause says why samples are missing at the end, if they are.
func (d *device) seal(cause recording.Cause) {
	d.drained.Store(true)
	d.s.giveReserve()
	reason := recording.SealStop
	if d.s.diskError() != nil {
		reason = recording.SealDisk
	}
	until := clock.Mono()
	if stopped := d.s.stoppedNS.Load(); stopped != 0 {
		until = min(until, stopped) // what came to be missing while it was closed is not of the run
	}
	if err := d.recorder.Finish(reason, cause, until); err != nil {
		d.s.diskFailed(err)
	}
	d.s.opener.closeUnit(d.s.ctx, d.unit) // after the files are safe: a close may take seconds
	d.mu.Lock()
	if d.state = stateStopped; d.failure != nil {
		d.state = stateFailed
	}
	d.mu.Unlock()
	d.s.runEvent(recording.Event{Kind: recording.EventDeviceStop, Device: d.name})
}

// abandon stops a device of a session that could not start.
func (d *device) abandon() {
	d.kill()
	if d.mu.Lock(); d.started {
		d.mu.Unlock()
		<-d.done
		return
	}
	d.mu.Unlock()
	d.recorder.Abandon()
}

// kill ends the device's plugin at once.
func (d *device) kill() {
	d.mu.Lock()
	u := d.unit
	d.mu.Unlock()
	u.kill()
}
