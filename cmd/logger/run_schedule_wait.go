package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
)

// largeStep is from which on a clock that was set is told, and shifts what counts from now.
const largeStep = time.Second

// wait shows what is waited for, and returns when it is time, or after a moment: then the clock is looked at again.
func (s *scheduled) wait(ctx context.Context, slot plan.Slot, due time.Time) {
	now := s.now()
	s.setSlot(session.ScheduleWaiting, slot, due)
	text := fmt.Sprintf("%s waits for %s", s.name, s.local(due))
	begins := s.told.Due != slot.Due && due.Equal(slot.Due)
	if due.Equal(slot.Due) { // else an attempt is waited for, and that was told
		s.told = slot
	}
	if s.r.out != nil && (begins || s.r.lineDue()) {
		st := s.ScheduleStatus()
		s.r.lastLine = s.r.progress.now()
		s.r.line(runEvent{Event: "waiting", Schedule: &st})
	}
	if begins {
		s.app.say("%s, in %s; Ctrl-C ends the schedule", text, formatClock(due.Sub(now).Seconds()))
	}
	if screen := s.app.screen; screen.terminal {
		line := fmt.Sprintf("%s, in %s", text, formatClock(due.Sub(now).Seconds()))
		if n := s.ScheduleStatus().Recordings; n > 0 {
			line += "  " + counted(n, "recording")
		}
		screen.setStatus(line)
	}
	s.r.service.up(text)
	if t := time.Now(); s.r.service.due(t) {
		s.r.service.alive(t, text)
	}
	s.sleep(ctx, min(due.Sub(now), waitLook))
	if ctx.Err() != nil {
		s.r.service.stopping("ends")
	}
}

// sleep returns after a time, or when the context ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// local prints a moment by the clock of the schedule.
func (s *scheduled) local(t time.Time) string {
	return t.In(s.table.Location()).Format("Mon 2006-01-02 15:04:05 MST")
}

// setSlot notes which recording is waited for, or goes on.
func (s *scheduled) setSlot(state session.ScheduleState, slot plan.Slot, due time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := &s.status
	st.State, st.Next, st.Ends = state, nil, nil
	if !due.IsZero() {
		st.Next = &due
	}
	if end := slot.End; !end.IsZero() {
		st.Ends = &end
	}
}

// opening notes that a recording begins, which takes as long as its devices need.
func (s *scheduled) opening(slot plan.Slot) {
	now := s.now()
	s.setSlot(session.ScheduleOpening, slot, slot.Due)
	s.app.screen.setStatus("")
	if late := now.Sub(slot.Due); late > time.Minute && s.pause == 0 && s.cut == "" {
		text := fmt.Sprintf("the recording of %s begins %s late", s.local(slot.Due), formatClock(late.Seconds()))
		if !slot.End.IsZero() {
			text += ", and ends at " + s.local(slot.End)
		}
		s.app.say("%s", text)
	}
	s.r.service.patience(openBudget*time.Duration(s.units+1), "opening the devices")
}

// began notes that a recording goes on; one that begins when all is to end ends at once.
func (s *scheduled) began(r runningSession) {
	s.setRunning(r)
	if s.isStopped() {
		r.Stop("stop")
	}
}

// setRunning notes which session goes on, and tells whether there was one.
func (s *scheduled) setRunning(r runningSession) (was bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was = s.running != nil
	if s.running = r; r != nil {
		s.status.State, s.status.Dir = session.ScheduleRecording, r.Dir()
		s.status.Recordings++
	}
	return was
}

// failed plans the next attempt; where the schedule has only one recording without an end there is none, unless that was cut off and goes on.
func (s *scheduled) failed(summary *session.Summary) {
	if !s.table.Repeats() && s.cut == "" {
		s.over = true
		return
	}
	if summary != nil && summary.Elapsed >= steadyAfter.Seconds() {
		s.pause = 0
	}
	s.pause = min(max(2*s.pause, firstPause), longestPause)
	s.notBefore = s.now().Add(s.pause)
	s.app.say("%s is tried again in %s, as long as the schedule says so", s.name, formatClock(s.pause.Seconds()))
	if s.r.out != nil {
		st := s.ScheduleStatus()
		s.r.line(runEvent{Event: "failed", Schedule: &st})
	}
}

// missed counts the starts that went by while the computer slept, or its clock was set.
func (s *scheduled) missed(slot plan.Slot, ok bool, now time.Time) {
	if s.told.Due.IsZero() || s.told.Due.After(now) || ok && !slot.Due.After(s.told.Due) {
		return
	}
	n := int64(0)
	for x, more := s.told, true; more && x.Due.Before(now) && (!ok || x.Due.Before(slot.Due)) && n < 10_000; n++ {
		if x.End.IsZero() {
			break
		}
		x, more = s.table.Next(x.End)
	}
	n = max(n, 1)
	s.mu.Lock()
	s.status.Missed += n
	s.mu.Unlock()
	s.app.warn("%s: %s missed, the first one at %s: the computer slept, or its clock was set", s.name, counted(n, "start"), s.local(s.told.Due))
	s.told = plan.Slot{}
	if s.r.out != nil {
		st := s.ScheduleStatus()
		s.r.line(runEvent{Event: "missed", Schedule: &st})
	}
}

// clockSet follows a clock that was set: a schedule that counts from its beginning keeps its pace, all others go by the clock.
func (s *scheduled) clockSet(step time.Duration) {
	if step.Abs() < largeStep {
		return
	}
	s.table.Move(step)
	s.notBefore = time.Time{}
	if s.table.Paced() {
		if !s.done.IsZero() {
			s.done = s.done.Add(step)
		}
	} else if step < -missedStep {
		s.done = time.Time{} // the clock shows those times again
	}
	s.told = plan.Slot{}
	way := "on"
	if step < 0 {
		way = "back"
	}
	s.app.say("the computer's clock was put %s by %s; the schedule follows it", way, formatSeconds(step.Abs().Seconds()))
}

// missedStep is how far back a clock may be put before the schedule takes the times that come again for new ones.
const missedStep = time.Minute

// note keeps a cause for the exit code.
func (s *scheduled) note(c cause) {
	if !slices.Contains(s.causes, c) {
		s.causes = append(s.causes, c)
	}
}

// ScheduleStatus tells where the schedule stands.
func (s *scheduled) ScheduleStatus() session.ScheduleStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.status
	st.FormatVersion, st.Name, st.Output, st.PID = session.ControlVersion, s.name, s.out, os.Getpid()
	if st.State == "" {
		st.State = session.ScheduleWaiting
	}
	if st.Next != nil && st.State == session.ScheduleWaiting {
		st.BeginsIn = max(0, st.Next.Sub(s.now()).Seconds())
	}
	return st
}

// StopSchedule ends the present recording in order, and with it the schedule.
func (s *scheduled) StopSchedule() {
	s.mu.Lock()
	s.stopped = true
	running := s.running
	s.mu.Unlock()
	if running != nil {
		running.Stop("stop")
	}
	s.stop()
}

func (s *scheduled) isStopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}
