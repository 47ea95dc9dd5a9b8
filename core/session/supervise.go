package session

import (
	"slices"
	"time"

	"github.com/scopelog/scopelog/recording"
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
	s.measureRate()
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
	s.disk.wait()
	s.keep.wait()
	s.endEvents()
	s.reserve.free()
	if err := s.control.Close(); err != nil {
		s.log.Warn("closing the control socket", "error", err)
	}
	s.finishAbsent()
	if s.ctx.Err() == nil {
		s.keep.end()
	}
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
	s.readClocks()
	s.measureRate()
	if until := s.o.Plan.Run.Until; !until.IsZero() && !time.Now().Before(until) {
		s.Stop("until")
	}
	s.keep.look()
	s.lookAtDisk()
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

// diskFailed ends the run because the recording cannot be written. It does not block.
func (s *Session) diskFailed(err error) {
	s.mu.Lock()
	if s.diskErr == nil {
		s.diskErr = err
	}
	s.mu.Unlock()
	s.Stop("disk")
}

// drainWait bounds how long the sealing of a device waits, on a disk that has failed, until the others have drained their rings.
const drainWait = 2 * time.Second

// giveReserve gives the reserve of a disk that has failed to the sealing. As long as a device drains its ring it would take the space for samples, and leave
// nothing to tell of them.
func (s *Session) giveReserve() {
	if s.diskError() == nil {
		return
	}
	s.mu.Lock()
	devices := slices.Clone(s.devices) // adopted ones record while others are added
	s.mu.Unlock()
	drains := func(d *device) bool { return !d.drained.Load() && !isClosed(d.done) }
	for end := time.Now().Add(drainWait); slices.ContainsFunc(devices, drains) && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	s.reserve.free()
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
	advice := "what was recorded before is sealed and can be read"
	switch {
	case s.run.Info().State == recording.StateSealed && err != nil: // perhaps run.json could not be written
		advice = "see what is there with: verify " + s.run.Dir()
	case s.run.Info().State != recording.StateSealed:
		advice = "what is there is not sealed: free some space, or mend the disk, then seal it with: repair " + s.run.Dir()
	}
	if err != nil {
		err = &Error{Class: ClassDisk, Err: err, Advice: advice}
		sum.DiskFailed = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.summary, s.err = sum, err
	if err == nil && s.diskErr != nil {
		s.err = &Error{Class: ClassDisk, Err: s.diskErr, Advice: advice}
	}
}
