package session

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// absent is a device that recorded before and is not there now: what it misses is loss, up to its end or that of the run.
type absent struct {
	name     string
	recorder *recorder.Device
	failed   *Error // why it is not there
}

// deviceWriter opens the device's part of the recording: behind what it has recorded, when the run goes on.
func (s *Session) deviceWriter(info recording.DeviceInfo) (*recording.DeviceWriter, *recorder.Resume, error) {
	if s.resumed == nil {
		w, err := s.run.AddDevice(info)
		if err != nil {
			return nil, nil, &Error{Class: ClassDisk, Device: info.Name, Err: err}
		}
		return w, nil, nil
	}
	w, err := s.run.ResumeDevice(info)
	var other *recording.ResumeError
	if errors.As(err, &other) {
		return nil, nil, &Error{
			Class: ClassDevice, Device: info.Name, Err: errors.New(other.Text),
			Advice: "let the unit record as before (the same power, the same options), or begin a new run",
		}
	}
	if err != nil {
		return nil, nil, &Error{Class: ClassDisk, Device: info.Name, Err: err}
	}
	was := s.resumed.device(info.Name)
	if was == nil {
		return w, nil, nil
	}
	return w, &recorder.Resume{Cause: s.resumed.gone[info.Name], Was: *was}, nil
}

// overAt tells whether and how a device's time was over before the run went on.
type overAt struct {
	over  bool
	whole bool  // nothing is missing
	until int64 // monotonic time of its end
}

// timeOver tells whether the time of the whole run is over.
func (s *Session) timeOver() bool {
	r := s.o.Plan.Run
	return !r.Until.IsZero() && !time.Now().Before(r.Until) || r.Duration > 0 && time.Since(s.started) >= r.Duration
}

// isOver tells whether a device that recorded before has nothing left to record.
func (s *Session) isOver(d *plan.Device, was *recording.ResumedDevice) overAt {
	r, block := s.o.Plan.Run, was.Info.Mode.Block()
	interval := units.Interval{Rational: units.Rat(was.Info.RawInterval.Num, was.Info.RawInterval.Den)}
	limit := limitOf(r, driver.Applied{Interval: interval, Mode: driver.Mode(was.Info.Mode)})
	if limit.Samples > 0 {
		whole := true
		for i, n := range was.Samples {
			whole = whole && n >= limit.Samples/max(was.Info.Streams[i].Ratio, 1)
		}
		if whole {
			return overAt{over: true, whole: true}
		}
	}
	if b, captures, ok := blockOf(d.Config()); ok {
		arm := was.NextArm
		if _, left := remaining(b.Repeat, arm, time.Since(s.beginning(d.Name))); !left {
			return overAt{over: true, whole: was.InArm == 0 || was.InArm >= captures}
		}
	}
	if !r.Until.IsZero() && !time.Now().Before(r.Until) {
		return overAt{over: true, whole: block, until: clock.Mono() - int64(time.Since(r.Until))}
	}
	switch {
	case limit.RawIndex > 0 && was.RawIndex >= limit.RawIndex:
		return overAt{over: true, whole: true}
	case limit.RawIndex > 0:
		left := interval.Float64() * float64(limit.RawIndex-was.RawIndex) * 1e9
		if since(was, clock.Read()) >= left {
			return overAt{over: true, until: clock.Mono()}
		}
	case r.Duration > 0 && time.Since(s.beginning(d.Name)) >= r.Duration:
		return overAt{over: true, whole: true}
	}
	return overAt{}
}

// since is the time from the last sample of before until now, in nanoseconds, that the machine was suspended included.
func since(was *recording.ResumedDevice, now clock.Reading) float64 {
	if !was.SameBoot || was.MonoNS == 0 {
		return math.Max(0, float64(now.UTCNS-was.UTCNS))
	}
	t := now.MonoNS - was.MonoNS
	if was.SuspendedNS >= 0 {
		t += max(0, now.SuspendedNS-was.SuspendedNS)
	}
	return float64(t)
}

// sealOver enters what a device has missed until its time was over.
func (s *Session) sealOver(d *plan.Device, was *recording.ResumedDevice, o overAt) (DeviceSummary, error) {
	sum := DeviceSummary{Name: d.Name, Driver: d.Driver, Serial: was.Info.Serial, Streams: []StreamStatus{}, Gaps: []GapSummary{}}
	if o.whole {
		for i, t := range was.Totals {
			sum.Streams = append(sum.Streams, StreamStatus{Name: t.Name, Recorded: was.Samples[i], Lost: t.Lost, Gaps: int(t.Gaps)})
		}
		return sum, nil
	}
	rec, err := s.place(was)
	if err != nil {
		return sum, err
	}
	if err := rec.Finish(recording.SealStop, recording.CauseNone, o.until); err != nil {
		return sum, &Error{Class: ClassDisk, Device: d.Name, Err: err}
	}
	f := rec.Stats()
	sum.Streams, sum.Gaps, sum.More = streamStatus(f), gapSummaries(f), f.MoreGaps
	return sum, nil
}

// place opens the part of a device that is not there, to enter what it misses.
func (s *Session) place(was *recording.ResumedDevice) (*recorder.Device, error) {
	w, resume, err := s.deviceWriter(was.Info)
	if err != nil {
		return nil, err
	}
	interval := units.Interval{Rational: units.Rat(was.Info.RawInterval.Num, was.Info.RawInterval.Den)}
	return recorder.New(recorder.Options{
		Name: was.Name, Writer: w, Run: s.run, Info: was.Info, Clock: s.clock, Sync: s.o.Plan.Run.Sync, Logger: s.log, Failed: s.diskFailed,
		Limit: limitOf(s.o.Plan.Run, driver.Applied{Interval: interval, Mode: driver.Mode(was.Info.Mode)}), Stopping: s.stopping, Resume: resume,
	}), nil
}

// holdPlaces opens the parts of devices that recorded before and are not there now.
func (s *Session) holdPlaces(ctx context.Context, left []*Error) error {
	for _, e := range left {
		was := s.resumed.device(e.Device)
		if was == nil {
			continue
		}
		rec, err := s.place(was)
		if err != nil && !s.spares(ctx) {
			return err
		}
		if err != nil {
			s.log.Warn("what the device misses cannot be entered", "device", was.Name, "error", err)
			continue
		}
		s.resumed.away = append(s.resumed.away, &absent{was.Name, rec, e})
	}
	return nil
}

// finishAbsent enters what devices have missed that did not come back, once the others have ended.
func (s *Session) finishAbsent() {
	if s.resumed == nil {
		return
	}
	until := clock.Mono()
	if stopped := s.stoppedNS.Load(); stopped != 0 {
		until = min(until, stopped)
	}
	for _, a := range s.resumed.away {
		if s.ctx.Err() != nil {
			a.recorder.Abandon()
			continue
		}
		if err := a.recorder.Finish(recording.SealStop, recording.CauseNone, until); err != nil {
			s.diskFailed(err)
		}
	}
}

// addResumed adds the devices to a summary that did not record in this process.
func (s *Session) addResumed(sum *Summary) {
	if s.resumed == nil {
		return
	}
	for _, a := range s.resumed.away {
		f := a.recorder.Stats()
		for i := range sum.Devices {
			if d := &sum.Devices[i]; d.Name == a.name {
				d.Streams, d.Gaps, d.More = streamStatus(f), gapSummaries(f), f.MoreGaps
				sum.lossOf(d)
			}
		}
	}
	sum.Devices = append(sum.Devices, s.resumed.over...)
	for i := range s.resumed.over {
		sum.lossOf(&s.resumed.over[i])
	}
}

// neverRecorded sums up a device that the run was cut off before, and whose time is over.
func neverRecorded(d *plan.Device) DeviceSummary {
	return DeviceSummary{
		Name: d.Name, Driver: d.Driver, Serial: d.Serial, Streams: []StreamStatus{}, Gaps: []GapSummary{},
		Error: "the run was cut off before this device recorded anything, and its time is over",
	}
}

// lossOf notes whether the device has lost samples.
func (s *Summary) lossOf(d *DeviceSummary) {
	s.Lost = s.Lost || len(d.Streams) == 0 // all of them
	for _, x := range d.Streams {
		s.Lost = s.Lost || x.Lost > 0 || x.Gaps > 0
	}
}
