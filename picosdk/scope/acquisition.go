package scope

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// acquisition is a stream: one run of the unit, or several where its power changed in between.
type acquisition struct {
	dev       *Device
	set       *setup
	sink      driver.Sink
	loop      Loop
	stopping  atomic.Bool
	completed atomic.Bool  // MaxSamples are delivered
	stalled   atomic.Int64 // ns without a sample after which the run was given up; 0: it was not
	earlier   int64        // samples of the runs before the present one; for run alone
	quit      chan struct{}
	watching  sync.WaitGroup
	ending
}

// settleLimit bounds what follows a run, since a unit that is gone may let any call hang.
const settleLimit = 3 * time.Second

// beginStream starts the run, the loop and what waits for its end. It is for the worker.
func (d *Device) beginStream(set *setup, sink driver.Sink, native driver.NativeSink) (*acquisition, error) {
	err := d.arm(set)
	if s, ok := picosdk.StatusOf(err); ok && s.IsPower() {
		d.tell(driver.EventPower, "the unit's power has changed: "+s.Explanation())
		err = d.recover(set, s)
	}
	if err != nil {
		return nil, err
	}
	fd, size := native.Ring()
	if fd < 0 {
		d.disarm()
		return nil, driver.Errorf(driver.KindBug, "start", "the sink does not give its ring away")
	}
	plan := LoopPlan{
		Run: set.run, FD: fd, Bytes: size, Streams: make([]LoopStream, len(set.streams)), Interval: set.applied.Interval,
		CodeMin: set.codeMin, CodeMax: set.codeMax, Power: picosdk.PowerCodes(), Trigger: set.stream,
	}
	for i, s := range set.streams {
		s.Lane = native.Lane(i)
		plan.Streams[i] = s
	}
	d.putOutOnce()
	loop, err := d.unit.Loop(plan)
	if err != nil {
		d.disarm()
		return nil, err
	}
	a := &acquisition{dev: d, set: set, sink: sink, loop: loop, quit: make(chan struct{}), ending: ending{done: make(chan struct{})}}
	d.runs(a)
	go a.run()
	return a, nil
}

// arm starts the run that was configured; the unit must still use the interval that Configure was told.
func (d *Device) arm(set *setup) error {
	got, err := d.unit.Arm(set.run)
	if err != nil {
		return err
	}
	interval, err := got.Interval()
	if err == nil && interval.Cmp(set.applied.Interval.Rational) != 0 {
		err = driver.Errorf(driver.KindTransient, "start", "the unit now samples every %s, but was configured for %s", interval, set.applied.Interval)
	}
	if err != nil {
		d.disarm()
	}
	return err
}

// disarm ends a run that has no loop any more.
func (d *Device) disarm() {
	d.warn("stop", d.stop())
	d.warn("take buffers back", d.unit.Disarm())
}

// halt asks for the end. It does not wait.
func (a *acquisition) halt(time.Time) {
	a.stopping.Store(true)
	a.loop.Stop()
}

// run waits for the end of the loop and settles what follows.
func (a *acquisition) run() {
	defer close(a.done)
	a.watching.Add(1)
	go a.watch()
	var res Result
	for {
		res = a.loop.Wait()
		if res.End != EndPower || a.stopping.Load() {
			break
		}
		if a.failure = a.powerChanged(res.Status); a.failure != nil {
			break
		}
		a.earlier = res.Samples
		if a.stopping.Load() {
			a.loop.Stop() // asked for while there was no loop to hear it
		}
	}
	ended := time.Now()
	close(a.quit)
	a.watching.Wait()
	a.info = driver.StopInfo{Reason: driver.StopRequested, Delivered: res.Samples, DriverLost: -1}
	if a.completed.Load() {
		a.info.Reason = driver.StopCompleted
	}
	if res.End == EndTriggered {
		a.info.Reason = driver.StopTriggered
	}
	if a.failure == nil {
		a.failure = a.judge(res)
	}
	a.settle(res, ended)
	if err := a.loop.Finish(a.failure); err != nil && a.failure == nil && res.End != EndClosed {
		a.failure = driver.Errorf(driver.KindTransient, "stream", "finish the streams: %w", err)
	}
	a.summarize(res)
	if a.failure != nil {
		a.info.Reason = driver.StopFailed
		a.dev.report(a.failure, res.Samples)
	}
}

// summarize logs what the loop has counted.
func (a *acquisition) summarize(res Result) {
	c := a.loop.Counters()
	a.dev.log.Info("acquisition ended", "by", res.End.String(), "samples", res.Samples, "polls", c.Polls, "deliveries", c.Deliveries, "batches", c.Batches,
		"dropped", c.Dropped, "stalls", c.Stalls, "jumps", c.Jumps, "uneven", c.Uneven, "suspicious", c.Suspicious,
		"longest_poll", c.LongestPoll.String(), "largest_poll_gap", c.LargestPollGap.String())
}

// judge tells whether a loop ended by a failure.
func (a *acquisition) judge(res Result) *driver.Error {
	switch res.End {
	case EndStopped:
		if quiet := time.Duration(a.stalled.Load()); quiet > 0 && !a.stopping.Load() {
			return driver.Errorf(driver.KindTransient, "stream", "the unit answers, but has delivered nothing for %s", quiet.Round(time.Second))
		}
	case EndFailed:
		err := &picosdk.StatusError{Call: res.Call, Status: res.Status}
		f := err.Driver("stream", "")
		if f.Kind == driver.KindDeviceGone || picosdk.IsStatus(err, picosdk.StatusInvalidHandle) {
			f.Kind = driver.KindDeviceGone
			a.dev.lost()
		}
		return f
	case EndAuto:
		if !a.stopping.Load() {
			return driver.Errorf(driver.KindTransient, "stream", "the unit has ended the run by itself")
		}
	case EndProtocol:
		return driver.Errorf(driver.KindTransient, "stream", "the vendor library broke its own rules: %s", res.Text)
	}
	return nil
}

// settle stops the unit, whose loop ended at a time, and takes the buffers back. A unit that is gone is left to Close.
func (a *acquisition) settle(res Result, ended time.Time) {
	d := a.dev
	if d.vanished() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	type end struct {
		took time.Duration
		lost int64
	}
	e, err := do(ctx, d.work, func() (e end, err error) {
		began := time.Now()
		err = d.stop()
		e.took = time.Since(began)
		if err == nil {
			late := time.Since(ended)
			if res.LastPollNS != 0 { // on a busy machine the loop's end is noticed long after
				late = time.Duration(monotonic() - res.LastPollNS)
			}
			e.lost = d.compare(a.set, res.Samples-a.earlier+res.Cut, res.Drained, late)
		}
		d.warn("take buffers back", d.unit.Disarm())
		return e, err
	}, nil)
	if a.info.StopTook = e.took; e.lost > 0 {
		a.info.DriverLost = e.lost
	}
	if errors.Is(err, context.DeadlineExceeded) {
		d.lost()
	}
	d.warn("stop", err)
}

// How much may be inside the library when a run is stopped, beside what comes until then: of one that was polled until nothing
// was left what is on its way from the unit, of any other also what waits in memory of the library.
const (
	onTheWay      = 200 * time.Millisecond
	insideLibrary = time.Second // and a buffer
)

// compare returns how many samples per channel the library counted in the last run and did not deliver, 0 when that cannot
// be told. late is the time from the loop's last poll to the unit's end. It is for the worker.
func (d *Device) compare(set *setup, delivered int64, drained bool, late time.Duration) int64 {
	total, err := d.unit.NoOfStreamingValues()
	if err != nil || delivered <= 0 {
		return 0
	}
	rate := 1 / set.applied.Interval.Float64()
	inside := int64((onTheWay+late).Seconds()*rate) + set.run.Ratio() // a group that is not full stays inside
	if !drained {
		inside = int64((insideLibrary+late).Seconds()*rate) + int64(set.run.Parts[0].Samples)*set.run.Parts[0].Ratio
	}
	if missing := int64(int32(uint32(total) - uint32(delivered))); missing > inside { // older libraries count 32 bits
		d.tell(driver.EventWarning, fmt.Sprintf("the library counted %d samples more per channel than it delivered", missing))
		return missing
	}
	return 0
}

// alive waits for the loop's next poll.
func (a *acquisition) alive(ctx context.Context) error {
	before := a.loop.Counters().Polls
	for limit := time.Now().Add(pingPolls); time.Now().Before(limit); {
		if a.loop.Counters().Polls != before {
			return nil
		}
		select {
		case <-a.done:
			return nil
		default:
		}
		if err := pause(ctx, 2*time.Millisecond); err != nil {
			return err
		}
	}
	return driver.Errorf(driver.KindTransient, "ping", "the vendor library has not answered a poll for %s", pingPolls)
}
