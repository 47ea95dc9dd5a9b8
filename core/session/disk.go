package session

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// maxDrops bounds how many segments are dropped at one look at the disk.
const maxDrops = 1000

// lookAhead is how much of the run has to fit on the disk beside what it holds, whatever the plan keeps free: what comes until the next look, and until the
// devices have stopped.
const lookAhead = 3 * time.Second

// diskLook is the looking after the disk. It goes on beside all else: a disk that hangs lets it wait, and nothing but it.
type diskLook struct {
	free    atomic.Int64 // bytes that the latest look has found; -1: unknown
	busy    atomic.Bool
	full    atomic.Bool // a write has found no room since the latest look, whatever the disk says
	wg      sync.WaitGroup
	failing atomic.Bool // the latest look has found nothing out
	away    atomic.Bool // it was away, and the control socket may have gone with it
}

// wait returns when no look is under way. None may begin any more.
func (d *diskLook) wait() { d.wg.Wait() }

// lookAtDisk acts when the disk is nearly full, in a goroutine of its own. Nothing happens while the look before is under way.
func (s *Session) lookAtDisk() {
	if !s.disk.busy.CompareAndSwap(false, true) {
		return
	}
	s.disk.wg.Go(func() {
		defer s.disk.busy.Store(false)
		s.checkDisk(maxDrops)
	})
}

// diskFull is told by the recorders that a write has found no room.
func (s *Session) diskFull() {
	s.disk.full.Store(true)
	s.lookAtDisk()
}

// checkDisk removes old segments, up to most of them, or ends the run when the disk is nearly full. A write that has found no room is worth a segment
// although the disk says that there is enough, as a quota does.
func (s *Session) checkDisk(most int) {
	keep := int64(s.o.Plan.Run.Disk.KeepFree)
	ahead := s.ahead() + s.sealWrites()
	low, drops := max(keep, ahead), s.o.Plan.Run.Disk.WhenLow == plan.WhenLowDropOldest
	full := s.disk.full.Swap(false)
	free, err := s.freeDisk()
	n, room := 0, int64(0)
	for ; err == nil && (free < low || full) && n < most && drops; n++ {
		var dropped recording.DroppedSegment
		if dropped, err = s.dropOldest(); err == nil {
			s.log.Debug("oldest segment dropped", "device", dropped.Device, "segment", dropped.Segment)
			s.dropped.Add(dropped.Samples)
			full, room = false, room+dropped.Bytes
			free, err = s.freeDisk()
		}
	}
	s.reserve.regain(room / 2)
	if err != nil && !errors.Is(err, recording.ErrNothingToDrop) {
		s.disk.away.Store(true)
		if !s.disk.failing.Swap(true) { // it may be gone for a while: the devices tell, and wait for it
			s.log.Warn("looking after the disk", "error", err)
		}
		return
	}
	s.disk.failing.Store(false)
	if s.disk.away.Swap(false) {
		s.answerAgain()
	}
	// What is dropped makes room ahead; a run that has nothing to drop yet only ends where the plan says so.
	if free >= low || drops && free >= keep || n == most && err == nil { // the next look goes on
		return
	}
	s.runEvent(recording.Event{Kind: recording.EventDiskLow, Text: units.Bytes(free).String() + " free"})
	text := fmt.Sprintf("only %s are free in %s, and ", units.Bytes(free), s.run.Dir())
	if free < keep {
		text += fmt.Sprintf("the plan keeps %s free", s.o.Plan.Run.Disk.KeepFree)
	} else {
		text += fmt.Sprintf("the run writes %s in %s and when it is sealed", units.Bytes(ahead), lookAhead)
	}
	if err != nil {
		text += "; no sealed segment is left to drop"
	}
	s.diskFailed(errors.New(text))
}

// ahead is how many bytes the run is about to write: what it writes in lookAhead, or until its end. Rings that are drained behind a stall are no rate to go by.
func (s *Session) ahead() int64 {
	if isClosed(s.stopping) {
		return 0 // what is left is in the rings
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	seconds := lookAhead.Seconds()
	if s.needs.seconds >= 0 {
		seconds = min(seconds, max(0, s.needs.seconds-time.Since(s.started).Seconds()))
	}
	rate := s.rate.perSecond()
	if most := s.needs.diskPerSec; most > 0 {
		rate = min(rate, most)
	}
	return int64(rate * seconds)
}

// dropOldest removes the oldest segment. On a disk without any room left that takes the reserve: run.json tells it first.
func (s *Session) dropOldest() (recording.DroppedSegment, error) {
	dropped, err := s.run.DropOldest()
	if recording.NoSpace(err) && s.reserve.lend() {
		dropped, err = s.run.DropOldest()
	}
	return dropped, err
}

// freeDisk asks the disk how much room it has.
func (s *Session) freeDisk() (int64, error) {
	free, err := s.run.FreeSpace()
	if err != nil {
		s.disk.free.Store(-1)
		return 0, err
	}
	s.disk.free.Store(free)
	return free, nil
}

// answerAgain listens at the control socket again where nobody reaches it any more: it went with the disk that was there before. Only looks at the disk
// call it.
func (s *Session) answerAgain() {
	s.mu.Lock()
	before := s.control
	s.mu.Unlock()
	if before == nil {
		return // adopted devices record, and the rest is still being opened: it is made then
	}
	path := before.path
	if conn, err := net.DialTimeout("unix", path, time.Second); err == nil {
		_ = conn.Close() // it was only to see that somebody answers
		return
	}
	_ = before.Close() // nobody reaches it
	control, err := serveControl(path, s)
	if err != nil {
		s.disk.away.Store(true) // the next look tries it again
		s.log.Warn("the control socket cannot be made again", "error", err)
		return
	}
	s.mu.Lock()
	s.control = control
	s.mu.Unlock()
}

// diskFails is told by the recorder that writing fails and is tried again.
func (d *device) diskFails(err error) {
	d.s.notice(string(recording.EventDiskFailed), d.name, fmt.Sprintf("%v; tried again for up to %s in %s", err, d.s.o.Plan.Run.Disk.RetryFor, d.s.run.Dir()))
}

// diskWorks is told by the recorder that writing works again.
func (d *device) diskWorks(away time.Duration) {
	d.s.disk.away.Store(true)
	d.s.notice(string(recording.EventDiskBack), d.name, fmt.Sprintf("writing works again after %s", away.Round(time.Millisecond)))
}

// warned is told by the recorder of data files that somebody else has to do with. It is an event already.
func (d *device) warned(text string) {
	d.s.notice(string(recording.EventWarning), d.name, text)
}

// diskText says for how long writing has failed, and what is done about it.
func (d *device) diskText(f recorder.Stats) string {
	since := time.Duration(clock.Mono() - f.DiskNS).Round(100 * time.Millisecond)
	return fmt.Sprintf("writing into %s has failed for %s and is tried again for up to %s: %v", d.s.run.Dir(), since, d.s.o.Plan.Run.Disk.RetryFor, f.DiskErr)
}
