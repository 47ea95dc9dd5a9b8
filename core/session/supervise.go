package session

import (
	"errors"
	"time"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// supervise looks after the run as a whole until all devices are done, then seals it.
func (s *Session) supervise() {
	defer close(s.finished)
	defer s.endNotices()
	all := make(chan struct{})
	go func() {
		for _, d := range s.devices {
			<-d.done
		}
		close(all)
	}()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for running := true; running; {
		select {
		case <-all:
			running = false
		case <-tick.C:
			s.everySecond()
		}
	}
	s.sealing.Store(true)
	s.endEvents()
	s.reserve.free()
	if err := s.control.Close(); err != nil {
		s.log.Warn("closing the control socket", "error", err)
	}
	s.finishAbsent()
	s.finish()
	s.abort()
	s.logFile.close()
}

func (s *Session) endNotices() {
	s.noticeMu.Lock()
	defer s.noticeMu.Unlock()
	s.silent = true
	close(s.notices)
}

// everySecond reads the clocks, looks at the disk and at the time.
func (s *Session) everySecond() {
	c := s.clock.Sample()
	if c.StepNS != 0 {
		s.runEvent(recording.Event{Kind: recording.EventClockStep, Data: map[string]any{"step_ns": c.StepNS}})
	}
	if c.SuspendNS != 0 {
		s.runEvent(recording.Event{Kind: recording.EventSuspend, Data: map[string]any{"suspended_ns": c.SuspendNS}})
	}
	s.mu.Lock()
	s.rate.add(time.Now(), s.bytes())
	s.mu.Unlock()
	if until := s.o.Plan.Run.Until; !until.IsZero() && !time.Now().Before(until) {
		s.Stop("until")
	}
	s.checkDisk()
	for _, b := range s.blocks {
		b.warn()
	}
}

func (s *Session) runEvent(e recording.Event) {
	if err := s.run.Event(e); err != nil {
		s.log.Warn("event was not written", "error", err)
	}
	s.notice(string(e.Kind), e.Device, e.Text)
}

// maxDrops bounds how many segments are dropped at one look at the disk.
const maxDrops = 1000

// checkDisk acts when the disk is nearly full.
func (s *Session) checkDisk() {
	keep := int64(s.o.Plan.Run.Disk.KeepFree)
	free, err := s.run.FreeSpace()
	for n := 0; err == nil && free < keep && n < maxDrops && s.o.Plan.Run.Disk.WhenLow == plan.WhenLowDropOldest; n++ {
		var dropped recording.DroppedSegment
		if dropped, err = s.run.DropOldest(); err == nil {
			s.log.Debug("oldest segment dropped", "device", dropped.Device, "segment", dropped.Segment)
			s.dropped.Add(dropped.Samples)
			free, err = s.run.FreeSpace()
		}
	}
	if err != nil && !errors.Is(err, recording.ErrNothingToDrop) {
		s.log.Warn("looking after the disk", "error", err)
		return
	}
	if free >= keep {
		return
	}
	s.runEvent(recording.Event{Kind: recording.EventDiskLow, Text: units.Bytes(free).String() + " free"})
	s.diskFailed(errors.New("only " + units.Bytes(free).String() + " are free, and the plan keeps " + s.o.Plan.Run.Disk.KeepFree.String() + " free"))
}

// diskFailed ends the run because the recording cannot be written. It does not block.
func (s *Session) diskFailed(err error) {
	s.mu.Lock()
	if s.diskErr == nil {
		s.diskErr = err
		s.reserve.free() // so that what was recorded can be sealed
	}
	s.mu.Unlock()
	s.Stop("disk")
}

func (s *Session) diskError() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.diskErr
}

// finish seals the run and makes its summary.
func (s *Session) finish() {
	sum := s.summarise()
	var err error
	if s.ctx.Err() == nil {
		err = s.run.Close(recording.End{Reason: sum.EndReason, ExitCode: sum.ExitCode(s.o.AllowGaps)})
	}
	if err != nil {
		err = &Error{Class: ClassDisk, Err: err, Advice: "see what is there with: verify " + s.run.Dir()}
		sum.DiskFailed = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.summary, s.err = sum, err
	if err == nil && s.diskErr != nil {
		s.err = &Error{Class: ClassDisk, Err: s.diskErr, Advice: "what was recorded before is sealed and can be read"}
	}
}
