package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// resumed is what a run that goes on knows of its past.
type resumed struct {
	dir  string
	was  *recording.Resumed
	gone map[string]recording.Cause // why samples are missing since, by device
	over []DeviceSummary            // devices whose time was over before
	away []*absent                  // devices that recorded before and are not there now
	adopted
}

// Resume goes on with the run recorded in dir, which was cut off, or stopped before its end. A device whose plugin has outlived the recorder (the plan's
// adopt) goes on where it is, without a gap. Of the others what is there is repaired, the same units are opened again, and each stream continues in its
// next segment behind a gap. A device whose duration has passed meanwhile is not opened; when that holds for all of
// them the run is sealed, and Wait says so. o.Plan is the run's own plan, parsed anew; its output is set to where the run lies. With o.Force another
// unit may stand in for one that recorded before, and the disk need not have room. ctx bounds the start only.
//
// Before any device records, and whenever Resume fails, the run can be resumed again. Runs that record are a [*recording.LockedError], runs that are
// complete a [*recording.EndedError], others as [Start] says.
func Resume(ctx context.Context, dir string, o Options) (*Session, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	o.Plan.Run.Output = filepath.Dir(dir)
	s := newSession(o)
	s.resumed = &resumed{dir: dir, gone: map[string]recording.Cause{}}
	if err := s.roomAgain(dir); err != nil {
		return nil, err
	}
	if err := s.takeUp(ctx); err != nil {
		return nil, err
	}
	s.ctx, s.abort = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.goOn(ctx); err != nil {
		s.abort()
		return nil, err
	}
	go s.supervise()
	return s, nil
}

// takeUp takes the run's lock, and repairs what is there, or takes over what still runs.
func (s *Session) takeUp(ctx context.Context) error {
	r := s.resumed
	o := recording.ResumeOptions{
		Program: s.o.Program, KeepFree: int64(s.o.Plan.Run.Disk.KeepFree), ControlPath: s.controlName(), FS: s.o.FS, BootID: s.o.bootID,
	}
	a := &adoption{s: s, ctx: ctx, left: map[string]*host.Instance{}}
	if lock, ok := s.o.Claim.take(r.dir); ok {
		o.Lock = lock
		a.take(s.o.Claim.instances, s.o.Claim.err)
	}
	if s.o.Plan.Run.Adopt > 0 {
		o.Adopt = a.accept
	}
	was, err := recording.Resume(ctx, r.dir, o)
	if err != nil {
		a.giveUp()
		return resumeError(err)
	}
	r.was, s.run = was, was.Run
	s.started = was.Run.Info().Started.Time()
	if id, err := runIDOf(was.Run.RunID()); err == nil {
		s.o.RunID = id
		s.o.Host.WorkFor(id)
	}
	s.keep = newKeeper(s)
	s.reserve = takeReserve(filepath.Join(r.dir, recording.DirLogs), s.fsys, int64(s.o.Plan.Run.Disk.KeepFree))
	s.logFile = openLogs(s.log, filepath.Join(r.dir, recording.DirLogs), s.o.Plan.Redact)
	r.units, r.taking = a.units, a
	s.takeStock()
	return nil
}

// lookBack says why samples of the devices that begin anew are missing.
func (s *Session) lookBack() {
	r := s.resumed
	was := r.was
	for i := range was.Devices {
		d := &was.Devices[i]
		switch {
		case was.Before.State != "" && !was.Before.Cut():
			r.gone[d.Name] = causeOfEnd(was.Before.EndReason)
		case d.SameBoot:
			r.gone[d.Name] = recording.CauseCore
		default:
			r.gone[d.Name] = recording.CauseReboot
		}
	}
	if was.Report.Damage() && s.o.Early != nil {
		s.o.Early(Notice{Time: time.Now().UTC(), Kind: string(recording.EventDamaged), Text: "damage was found and noted in the recording; see it with: verify " + r.dir})
	}
}

// causeOfEnd is the cause of the gap behind an end of a run that was none of its own: only who stopped it did not want what followed.
func causeOfEnd(reason string) recording.Cause {
	switch reason {
	case "stop":
		return recording.CauseNotKept
	case "disk":
		return recording.CauseDisk
	}
	return recording.CauseRestart // its devices had failed
}

// resumeError says whose turn it is when a run cannot be taken up.
func resumeError(err error) error {
	var changed *recording.PlanChangedError
	switch {
	case errors.As(err, &changed):
		return &Error{Class: ClassPlan, Err: err, Advice: "put the file back as it was; to record by another plan, begin a new run"}
	case recording.NoSpace(err):
		return &Error{Class: ClassDisk, Err: err, Advice: "free some space; the run can be resumed then"}
	}
	return err
}

// goOn opens the devices whose time is not over, and starts them. What keeps one from going on does not end those that were adopted and record already:
// it is left out.
func (s *Session) goOn(ctx context.Context) error {
	if err := s.goOnAdopted(); err != nil {
		return s.fail(err)
	}
	s.resumed.taking.settle()
	if err := s.resumed.was.Rest(ctx); err != nil {
		if !s.spares(ctx) {
			return s.fail(resumeError(err))
		}
		return s.goOnAlone(ctx, resumeError(err))
	}
	s.lookBack()
	open, err := s.sortDevices()
	if err != nil {
		return s.fail(err)
	}
	if len(open) == 0 && len(s.devices) == 0 {
		return s.seal()
	}
	var opened []*unit
	if len(open) > 0 {
		own, first := *s.o.Plan, *s.opener
		own.Devices = open
		first.plan, first.resume, first.spare = &own, s.tune, len(s.devices) > 0
		var left []*Error
		opened, left, err = first.openAll(ctx)
		away, left := s.goneSince(left)
		opened, s.left = append(opened, away...), append(s.left, left...)
	}
	switch {
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return s.fail(fmt.Errorf("ended before anything was recorded: %w", ctx.Err()))
	case err != nil:
		return s.fail(err)
	}
	for _, e := range s.left {
		s.tellLeft(e)
	}
	if opened, err = s.fitting(ctx, open, opened); err == nil {
		err = s.holdPlaces(ctx, s.left)
	}
	if err != nil {
		s.closeUnits(ctx, opened)
		return s.fail(err)
	}
	if err := s.launch(ctx, opened); err != nil { // it has left the run by itself
		s.closeUnits(ctx, opened)
		return err
	}
	s.notice(string(recording.EventResumed), "", "the run goes on: "+s.resumed.dir)
	return nil
}

func (s *Session) closeUnits(ctx context.Context, opened []*unit) {
	for _, u := range opened {
		s.opener.closeUnit(ctx, u)
	}
}

// assessRest works out what is left of the run takes of the machine.
func (s *Session) assessRest(p *plan.Plan, opened []*unit) error {
	rest, spent := *p, time.Since(s.started)
	if rest.Run.Duration > 0 {
		rest.Run.Duration = max(rest.Run.Duration-spent, time.Millisecond)
	}
	if rest.Run.Samples > 0 {
		rest.Run.Samples = s.samplesLeft(opened)
	}
	n, err := assess(&rest, opened, s.fsys, time.Now())
	if err == nil {
		err = checkStarts(p, opened)
	}
	if err != nil {
		return err
	}
	if err := n.fits(p, false); err != nil && !s.o.Force {
		if len(s.devices) == 0 {
			return err
		}
		s.log.Warn("the run goes on, as devices of it were recording", "error", err)
	}
	if n.seconds >= 0 {
		n.seconds += spent.Seconds()
	}
	s.mu.Lock()
	s.needs = n // the disk is looked at for adopted devices
	s.mu.Unlock()
	return nil
}

// samplesLeft is how many raw samples the stream still wants that has the fewest, of a run that ends by them.
func (s *Session) samplesLeft(opened []*unit) int64 {
	run, want, left := s.run.Info(), s.o.Plan.Run.Samples, int64(1)
	for _, u := range opened {
		d := run.Device(u.plan.Name)
		if d == nil || len(d.Streams) == 0 {
			return want
		}
		for _, st := range d.Streams {
			left = max(left, want-st.Recorded*max(st.Ratio, 1))
		}
	}
	return left
}

// sameUnit refuses another unit than the one that recorded before.
func (s *Session) sameUnit(u *unit) error {
	was := s.resumed.device(u.plan.Name)
	if was == nil || s.o.Force || was.Info.Serial == u.info.Serial && was.Info.Model == u.info.Model {
		return nil
	}
	return &Error{
		Class: ClassDevice, Device: u.plan.Name, Err: fmt.Errorf("the unit %s %s answers, and %s %s recorded before", u.info.Model, u.info.Serial, was.Info.Model, was.Info.Serial),
		Advice: "connect the unit that recorded before, or go on with this one by --force",
	}
}

// device returns what is known of a device that recorded before, nil when it did not.
func (r *resumed) device(name string) *recording.ResumedDevice {
	i := slices.IndexFunc(r.was.Devices, func(d recording.ResumedDevice) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return &r.was.Devices[i]
}

// sortDevices returns the devices that are to be opened, with the serial numbers of before, and seals those whose time is over.
func (s *Session) sortDevices() ([]*plan.Device, error) {
	var open []*plan.Device
	for _, d := range s.o.Plan.Devices {
		if s.resumed.unit(d.Name) != nil {
			continue
		}
		was := s.resumed.device(d.Name)
		if was == nil {
			if s.timeOver() {
				s.resumed.over = append(s.resumed.over, neverRecorded(d))
			} else {
				open = append(open, d)
			}
			continue
		}
		if o := s.isOver(d, was); o.over {
			sum, err := s.sealOver(d, was, o)
			if err != nil && len(s.devices) == 0 {
				return nil, err
			}
			if err != nil {
				s.leaveOut(d.Name, err)
				continue
			}
			s.resumed.over = append(s.resumed.over, sum)
			continue
		}
		c := *d
		if was.Info.Serial != "" && !(s.o.Force && d.Serial != "") {
			c.Serial = was.Info.Serial
		}
		open = append(open, &c)
	}
	return open, nil
}

// tune puts what is left of a repetition into the configuration of a device that goes on.
func (s *Session) tune(d *plan.Device) func(*driver.Config) {
	was := s.resumed.device(d.Name)
	b, _, block := blockOf(d.Config())
	if was == nil || !block {
		return nil
	}
	left, _ := remaining(b.Repeat, was.NextArm, time.Since(s.beginning(d.Name)))
	return func(c *driver.Config) { setRepeat(c, left) }
}

// beginning is when the device first recorded: now, unless the run goes on.
func (s *Session) beginning(device string) time.Time {
	if s.resumed != nil {
		if was := s.resumed.device(device); was != nil && len(was.Epochs) > 0 && was.Epochs[0].First.UTCNS != 0 {
			return time.Unix(0, was.Epochs[0].First.UTCNS)
		}
	}
	return time.Now()
}

// leaveAgain gives a run that could not go on back as it is.
func (s *Session) leaveAgain(cause error) error {
	s.reserve.free()
	for _, a := range s.resumed.away {
		a.recorder.Abandon()
	}
	if err := s.run.Abandon(); err != nil {
		s.log.Error("leaving the recording", "error", err)
	}
	s.logFile.close()
	return cause
}

// seal ends a run of which nothing is left to record: [Session.supervise] does, as there is no device to wait for.
func (s *Session) seal() error {
	control, err := serveControl(s.controlPath(), s)
	if err != nil {
		return s.leaveAgain(err)
	}
	s.control = control
	reason := "duration"
	switch r := s.o.Plan.Run; {
	case !r.Until.IsZero():
		reason = "until"
	case r.Samples > 0:
		reason = "samples"
	case r.Duration <= 0:
		reason = "completed"
	}
	s.notice(string(recording.EventResumed), "", "the time of the run was over: it is sealed")
	s.Stop(reason)
	s.stoppedNS.Store(clock.Mono())
	return nil
}

// absolute is a plan's file name as it is kept in the recording; a name that is none stays.
func absolute(name string) string {
	if _, err := os.Stat(name); err != nil {
		return ""
	}
	if path, err := filepath.Abs(name); err == nil {
		return path
	}
	return name
}
