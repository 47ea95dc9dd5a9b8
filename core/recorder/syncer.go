package recorder

import (
	"context"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

const (
	maxSync    = 30 * time.Second // the sync interval doubles up to this
	stuckSyncs = 3                // failed ones in a row after which the files are opened anew
	calmSyncs  = 10               // quick ones in a row after which it is halved again
	hangingNS  = int64(500 * time.Millisecond)
)

// job is one checkpoint on its way to the disk.
type job struct {
	cp   *recording.Checkpoint
	con  *shmring.Consumer // to be woken when it is there
	gen  uint64
	desc uint64 // descriptor index that it covers
}

// syncer brings checkpoints to the disk in a goroutine of its own, so that a slow disk does not stop the drainer.
type syncer struct {
	o     Options
	pulse *pulse
	jobs  chan job
	done  chan struct{}
	// closed is the drainer's.
	closed bool

	mu       sync.Mutex // guards what follows
	free     *sync.Cond // busy has become false
	busy     bool
	since    int64 // monotonic time when the running sync began, 0: none
	last     stall // the last sync that hung
	interval time.Duration
	gen      uint64 // generation and descriptor index that are durable
	desc     uint64
	failing  int64   // monotonic time since when syncs fail; 0: they do not
	outage   *outage // the same, and why; nil: they do not
	calm     int     // quick syncs in a row
	fails    int     // failed ones in a row that room on the disk would not help
}

func newSyncer(o Options, p *pulse) *syncer {
	s := &syncer{o: o, pulse: p, jobs: make(chan job, 1), done: make(chan struct{}), interval: o.Sync}
	s.free = sync.NewCond(&s.mu)
	go s.run()
	return s
}

func (s *syncer) run() {
	defer close(s.done)
	for j := range s.jobs {
		began := clock.Mono()
		s.mu.Lock()
		s.since = began
		s.mu.Unlock()
		res, err := s.o.Writer.Sync(context.Background(), j.cp)
		s.finish(j, began, res, err)
		j.con.Wake()
	}
}

func (s *syncer) finish(j job, began int64, res recording.SyncResult, err error) {
	st := stall{began, clock.Mono(), recording.CauseDisk}
	took := s.pulse.ran(st, st.from, st.to)
	s.mu.Lock()
	s.busy, s.since = false, 0
	s.free.Broadcast()
	if took > hangingNS {
		s.last = st
	}
	if res.RingJournaled {
		s.gen, s.desc = j.gen, j.desc
	}
	since := s.failing
	if s.fails++; err == nil || recording.NoSpace(err) {
		s.fails = 0
	}
	if err == nil {
		s.failing, s.outage = 0, nil
	} else {
		if since == 0 {
			s.failing, s.outage = s.pulse.mono(), &outage{since: began}
		}
		s.outage.err = err
	}
	hopeless := err != nil && (recording.NoSpace(err) && !s.o.RetryFull || s.pulse.since(s.failing) >= s.o.RetryFor)
	before := s.interval
	interval := s.adapt(time.Duration(took))
	s.mu.Unlock()
	s.tell(since, err)
	for _, text := range res.Warnings {
		s.o.Logger.Warn(text, "device", s.o.Name)
		s.o.Warned(text)
	}
	if recording.NoSpace(err) {
		s.o.DiskFull()
	}
	if hopeless {
		s.o.Failed(err)
	}
	switch {
	case interval > before:
		s.o.Logger.Warn("sync is slow", "device", s.o.Name, "took", time.Duration(took), "interval", interval)
	case interval < before:
		s.o.Logger.Info("sync is quick again", "device", s.o.Name, "took", time.Duration(took), "interval", interval)
	}
	if interval != before {
		s.o.Run.SetSyncRealised(interval)
		s.event(recording.Event{Kind: recording.EventSyncSlow, Device: s.o.Name, Text: interval.String()})
	}
	if err != nil && since == 0 {
		s.event(recording.Event{Kind: recording.EventSyncFailed, Device: s.o.Name, Text: err.Error()})
	}
}

// adapt doubles the interval after a sync that took over half of it, and halves it again, down to what the plan asks for, when syncs are quick for a while.
// It returns the interval. s.mu is held.
func (s *syncer) adapt(took time.Duration) time.Duration {
	switch {
	case took > s.interval/2:
		s.calm, s.interval = 0, max(s.interval, min(2*s.interval, maxSync))
	case took > s.interval/8: // it could be slow again soon
		s.calm = 0
	default:
		if s.calm++; s.calm >= calmSyncs && s.interval > s.o.Sync {
			s.calm, s.interval = 0, max(s.interval/2, s.o.Sync)
		}
	}
	return s.interval
}

// tell logs that syncs begin to fail, and that they work again; since is when they began to fail before this one.
func (s *syncer) tell(since int64, err error) {
	switch {
	case err != nil && since == 0:
		s.o.Logger.Error("sync failed", "device", s.o.Name, "error", err)
	case err != nil:
		s.o.Logger.Debug("sync fails still", "device", s.o.Name, "error", err)
	case since != 0:
		s.o.Logger.Warn("syncs work again", "device", s.o.Name, "after", time.Duration(s.pulse.mono()-since))
	}
}

func (s *syncer) event(e recording.Event) {
	if err := s.o.Run.Event(e); err != nil {
		s.o.Logger.Warn("event was not written", "device", s.o.Name, "error", err)
	}
}

// submit gives a checkpoint to the goroutine. Only the drainer calls it, and only when idle says so.
func (s *syncer) submit(j job) {
	s.mu.Lock()
	s.busy = true
	s.mu.Unlock()
	s.jobs <- j // has room: one job at a time
}

// trouble returns why syncs fail at present, and since when, monotonic; nil: they do not.
func (s *syncer) trouble() (since int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outage == nil {
		return 0, nil
	}
	return s.outage.since, s.outage.err
}

// idle tells whether no sync is under way, and the present interval.
func (s *syncer) idle() (bool, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.busy, s.interval
}

// stuck tells whether several syncs in a row have failed: the files may be of a disk that is gone for good. It counts from the start then.
func (s *syncer) stuck() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails < stuckSyncs {
		return false
	}
	s.fails = 0
	return true
}

// wait returns when no sync is under way. A disk that hangs is waited for: nobody can take a call back from it, nor seal what it holds.
func (s *syncer) wait() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.busy {
		s.free.Wait()
	}
}

// durable returns the descriptor index of a generation that is on the disk; 0 when none of it is.
func (s *syncer) durable(gen uint64) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gen != gen {
		return 0
	}
	return s.desc
}

// hanging returns for how long a sync was taking long between two monotonic times. Time in which the process did not run does not count.
func (s *syncer) hanging(from, to int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	long := s.pulse.ran(s.last, from, to)
	if st := (stall{from: s.since, to: clock.Mono()}); s.since != 0 && s.pulse.ran(st, st.from, st.to) > hangingNS {
		long += s.pulse.ran(st, from, to)
	}
	return long
}

// close ends the goroutine after its last job, for which it waits as wait does. It is idempotent; only the drainer's goroutine calls it.
func (s *syncer) close() {
	if !s.closed {
		s.closed = true
		close(s.jobs)
	}
	<-s.done
}
