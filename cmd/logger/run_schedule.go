package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

const (
	waitLook     = time.Second     // how often a schedule looks at the clock again, which may have been set
	firstPause   = 5 * time.Second // before a recording that could not begin is tried again; it doubles
	longestPause = 10 * time.Minute
	steadyAfter  = time.Minute      // recorded, after which the next failure is a first one again
	openBudget   = 75 * time.Second // for one device, in which the watchdog has patience
)

// scheduled records what a schedule says, one recording behind the other, until the schedule or the user ends it.
// run is called once; the methods for the control socket from any goroutine.
type scheduled struct {
	app   *app
	r     *reporter
	name  string // of the run
	out   string // its output folder
	units int    // devices of the plan
	table *plan.Timetable
	now   func() time.Time
	step  func() time.Duration // by how much the clock was set since the last call
	sleep func(ctx context.Context, d time.Duration)
	// begin makes one recording and returns when it has ended; without a summary there is none.
	begin func(ctx context.Context, slot plan.Slot) (*session.Summary, error)
	cut   string    // a run that was cut off, to go on with first; empty: none
	slot  plan.Slot // that the run which was cut off is of
	goOn  func(ctx context.Context) (*session.Summary, error)
	seal  func(ctx context.Context, dir string) error // seals it with what is there
	stop  context.CancelFunc                          // ends the waiting, and the opening of devices

	causes    []cause   // of what went wrong so far
	done      time.Time // the schedule goes on behind this
	notBefore time.Time // the next attempt after a failure
	pause     time.Duration
	told      plan.Slot // that is waited for
	over      bool      // nothing is left to record
	proven    bool      // its plan has recorded: what is wrong with it now may pass

	mu      sync.Mutex // guards what follows
	status  session.ScheduleStatus
	running runningSession // nil: none
	stopped bool
}

// runSeries records by the plan's schedule. It closes the rig of the plan as it was read.
func runSeries(ctx context.Context, a *app, text planText, p *loadedPlan, o runOptions) error {
	if err := p.rig.close(); err != nil { // each recording has plugins of its own
		return err
	}
	defer a.stayAwake().release()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	quiet := *a // standard output of people goes through a queue: a terminal that is held must not hold up the next recording
	if !o.json {
		lines := newQueue(a.stdout, func(n int) []byte { return fmt.Appendf(nil, "(%s not shown)\n", plural(n, "line")) })
		defer lines.close(lastWait)
		quiet.stdout = lines
	}
	r := newReporter(&quiet, o.json, time.Now)
	r.more = true
	defer r.close()
	sampler := clock.NewSampler(nil)
	s := &scheduled{
		app: &quiet, r: r, name: p.Run.Name, out: p.Run.Output, units: len(p.Devices), table: p.Timetable(time.Now()), stop: stop, seal: quiet.sealCut,
		sleep: sleep, now: func() time.Time { return time.Now().Round(0) }, step: func() time.Duration { return time.Duration(sampler.Sample().StepNS) },
	}
	s.begin = func(ctx context.Context, slot plan.Slot) (*session.Summary, error) {
		return s.recordSlot(ctx, text, o, slot)
	}
	if o.resume {
		if err := s.resumeFirst(p, text, o); err != nil {
			return err
		}
	}
	slot, ok := s.table.Next(s.now())
	s.setSlot(session.ScheduleWaiting, slot, slot.Due)
	if !ok && s.cut == "" {
		return usageError(errors.New("the schedule has no recording any more"), neverAgain)
	}
	server, err := session.ServeSchedule(s.out, s.name, host.DefaultRuntime(), s)
	if err != nil {
		if errors.Is(err, session.ErrScheduled) {
			return &failure{err: err, advice: fmt.Sprintf("see it with: %s status; end it with: %s stop %s", a.name, a.name, s.name)}
		}
		return err
	}
	r.begun = s.began
	return errors.Join(s.run(ctx), server.Close())
}

// run goes through the schedule.
func (s *scheduled) run(ctx context.Context) error {
	for s.cut != "" && ctx.Err() == nil && !s.over {
		if err := s.mendCut(ctx); err != nil {
			return err
		}
	}
	for ctx.Err() == nil && !s.over {
		s.clockSet(s.step())
		now := s.now()
		at := now
		if s.done.After(at) {
			at = s.done
		}
		slot, ok := s.table.Next(at)
		s.missed(slot, ok, now)
		if !ok {
			break
		}
		due := slot.Due
		if s.notBefore.After(due) {
			due = s.notBefore
		}
		if due.After(now) {
			s.wait(ctx, slot, due)
			continue
		}
		s.told = plan.Slot{}
		s.opening(slot)
		summary, err := s.begin(ctx, slot)
		if err := s.judge(ctx, slot, summary, err); err != nil {
			return err
		}
	}
	return s.result(ctx)
}

// mendCut goes on with the run that was cut off, or waits to try that again: its devices may take their time to come back. When its own time is over it
// is sealed, and new recordings begin.
func (s *scheduled) mendCut(ctx context.Context) error {
	s.clockSet(s.step())
	now := s.now()
	over := !s.slot.End.IsZero() && !now.Before(s.slot.End)
	if s.notBefore.After(now) && !over {
		s.wait(ctx, s.slot, s.notBefore)
		return nil
	}
	summary, err := s.goOn(ctx)
	var ended *recording.EndedError
	switch {
	case summary != nil || errors.As(err, &ended):
		s.cut = ""
	case over && ctx.Err() == nil:
		if why := s.seal(ctx, s.cut); why != nil {
			s.app.warn("%s stays unsealed: %v; %s", s.cut, why, unsealedAdvice(s.app, s.cut))
		}
		s.cut = ""
	}
	err = s.judge(ctx, plan.Slot{}, summary, err)
	if s.cut == "" {
		s.pause, s.notBefore = 0, time.Time{} // the next one is another recording
	}
	return err
}

// sealCut seals a run that cannot go on any more.
func (a *app) sealCut(ctx context.Context, dir string) error {
	if _, err := recording.Repair(ctx, dir, recording.RepairOptions{}); err != nil {
		return err
	}
	a.endOrphans(ctx, dir)
	return nil
}

// recordSlot makes one recording, with plugins that are looked for anew: weeks may lie between two of them.
func (s *scheduled) recordSlot(ctx context.Context, text planText, o runOptions, slot plan.Slot) (*session.Summary, error) {
	a := s.app
	p, err := a.parsePlan(ctx, text, o.planFlags)
	if err != nil {
		return nil, nothingRecorded(ctx, err)
	}
	if p.diags.HasErrors() { // its warnings were told when it was read first
		return nil, errors.Join(&diagnosed{what: "the plan is not valid", diags: p.diags, files: p.Files()}, p.rig.close())
	}
	whole := p.Plan
	p.Plan = whole.For(slot, s.now())
	summary, err := record(ctx, a, p, o, s.r)
	return s.ended(ctx, p, summary, err)
}

// ended closes a recording's rig and tells how it ended.
func (s *scheduled) ended(ctx context.Context, p *loadedPlan, summary *session.Summary, err error) (*session.Summary, error) {
	if exitCode(err) == exitInterrupted {
		err = errors.Join(err, p.rig.host.Kill())
	} else {
		err = errors.Join(s.app.explain(ctx, p.Plan, err), p.rig.close())
	}
	if summary != nil {
		s.r.ended(summary)
	}
	return summary, err
}

// resumeFirst looks for a recording of the schedule that was cut off. It is gone on with as long as its own time lasts, and sealed after.
func (s *scheduled) resumeFirst(p *loadedPlan, text planText, o runOptions) error {
	dir, why := cutRun(p)
	if why != "" {
		s.app.warn("%s; new recordings begin", why)
	}
	if dir == "" {
		return nil
	}
	file, err := readRun(dir)
	if err != nil {
		return err
	}
	began := time.Unix(0, int64(file.Started)).UTC()
	slot, ok := p.Timetable(began).Next(began)
	if !ok {
		return nil
	}
	s.cut, s.slot, s.proven = dir, slot, true
	s.goOn = func(ctx context.Context) (*session.Summary, error) {
		s.opening(slot)
		f := o.planFlags
		f.claim = dir
		p, err := s.app.parsePlan(ctx, text, f)
		if err != nil {
			return nil, nothingRecorded(ctx, err)
		}
		p.Plan = p.For(slot, began)
		summary, err := goOn(ctx, s.app, dir, p, resumeOptions{planFlags: o.planFlags, allowGaps: o.allowGaps, force: o.force, json: o.json}, s.r)
		return s.ended(ctx, p, summary, err)
	}
	return nil
}

// judge takes note of how a recording ended, and where the schedule goes on. Its error ends the schedule.
func (s *scheduled) judge(ctx context.Context, slot plan.Slot, summary *session.Summary, err error) error {
	if recorded := s.setRunning(nil); ctx.Err() != nil && !recorded {
		return nil // ended in order, before anything of this one was recorded
	}
	failed := err != nil && exitCode(err) != exitLost
	for _, e := range leaves(err) {
		if e == nil {
			continue
		}
		c := causeOf(e)
		if c == causeInterrupted || c == causeUsage && summary == nil && !s.proven {
			return err // the second Ctrl-C, or a plan that will not get better
		}
		if c == causeUsage {
			c = causeDevice // a unit without its power supply, a file that cannot be read: what may come back
		}
		s.note(c)
	}
	s.proven = s.proven || summary != nil
	if err != nil {
		s.app.printError(err)
	}
	s.mu.Lock()
	s.status.Error = ""
	if failed {
		s.status.Failed++
		s.status.Error = err.Error()
	}
	if summary != nil && summary.Lost {
		s.status.Lossy++
	}
	s.mu.Unlock()
	if failed {
		s.failed(summary)
		return nil
	}
	s.pause, s.notBefore = 0, time.Time{}
	if slot.Due.IsZero() || summary == nil {
		return nil // it was one of before
	}
	s.done = slot.End
	if summary.EndReason != "duration" && summary.EndReason != "until" {
		s.done = slot.Next // it had enough, or somebody stopped it: the rest of this one is not recorded
	}
	s.over = s.done.IsZero()
	return nil
}

// result is how the schedule as a whole ended.
func (s *scheduled) result(ctx context.Context) error {
	s.r.progress.done()
	if s.r.out != nil {
		st := s.ScheduleStatus()
		s.r.line(runEvent{Event: "done", Schedule: &st})
	}
	if ctx.Err() != nil && !s.isStopped() && s.ScheduleStatus().Recordings == 0 {
		return nothingRecorded(ctx, ctx.Err())
	}
	var errs []error
	for _, c := range s.causes {
		errs = append(errs, quiet(c, "a recording of the schedule did not end well"))
	}
	return errors.Join(errs...)
}
