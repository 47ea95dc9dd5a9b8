package main

import (
	"errors"
	"time"

	"github.com/scopelog/scopelog/core/session"
)

// watch reports what happens until the run has ended, and takes Ctrl-C.
func watch(a *app, s runningSession, r *reporter) (*session.Summary, error) {
	type result struct {
		summary *session.Summary
		err     error
	}
	ended := make(chan result, 1)
	go func() {
		summary, err := s.Wait()
		ended <- result{summary, err}
	}()
	defer a.interrupts.take()()
	begin := s.Status()
	r.begins(s)
	r.started(begin, s.Dir())
	first := a.interrupts.first
	notices := s.Notices()
	// The status is asked for beside the loop: it looks at the disk, which may hang, and Ctrl-C has to work then too.
	statuses, asked := make(chan session.Status, 1), false
	// So is what the service manager's watchdog wants to know; it is another question, as it has to be answered while a disk hangs.
	proofs, proving := make(chan time.Duration, 1), false
	tick := time.NewTicker(r.progress.lookEvery())
	defer tick.Stop()
	for {
		select {
		case res := <-ended:
			r.drain(notices)
			return res.summary, res.err
		case n, ok := <-notices:
			if !ok {
				notices = nil
				continue
			}
			r.notice(n)
		case <-tick.C:
			if !asked && r.due() {
				asked = true
				go func() { statuses <- s.Status() }()
			}
			if !proving && r.service.due(time.Now()) {
				proving = true
				go func() { proofs <- s.Undrained() }()
			}
		case undrained := <-proofs:
			proving = false
			r.drained(undrained)
		case st := <-statuses:
			asked = false
			r.show(st)
		case <-first:
			first = nil
			a.say("sealing %s of %s ... (Ctrl-C again ends at once, without sealing)", plural(streamCount(begin), "stream"),
				plural(len(begin.Devices), "device"))
			r.service.stopping("sealing the recording")
			s.Stop("stop")
		case <-a.interrupts.second:
			s.Abort()
			return nil, &failure{
				cause: causeInterrupted, err: errors.New("ended at once; the recording is not sealed"),
				advice: unsealedAdvice(a, s.Dir()),
			}
		}
	}
}

// runningSession is what watch needs of a [session.Session].
type runningSession interface {
	Status() session.Status
	Stop(reason string)
	Abort()
	Notices() <-chan session.Notice
	Wait() (*session.Summary, error)
	Dir() string
	Undrained() time.Duration
}

func streamCount(s session.Status) int {
	n := 0
	for _, d := range s.Devices {
		n += len(d.Streams)
	}
	return n
}

// judgeRun turns how a run ended into what decides the exit code.
func judgeRun(s *session.Summary, allowGaps bool) error {
	var errs []error
	if s.DiskFailed {
		errs = append(errs, quiet(causeDisk, "the disk ended the run"))
	}
	if s.DeviceFailed {
		errs = append(errs, quiet(causeDevice, "a device ended the run"))
	}
	if s.Lost && !allowGaps {
		errs = append(errs, quiet(causeLost, "samples were lost"))
	}
	return errors.Join(errs...)
}
