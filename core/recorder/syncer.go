package recorder

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

const (
	maxSync   = 30 * time.Second // the sync interval doubles up to this
	hangingNS = int64(500 * time.Millisecond)
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
	o    Options
	jobs chan job
	done chan struct{}
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
	failing  time.Time // since when syncs fail; zero: they do not
	firstErr error
}

func newSyncer(o Options) *syncer {
	s := &syncer{o: o, jobs: make(chan job, 1), done: make(chan struct{}), interval: o.Sync}
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
	took := clock.Mono() - began
	s.mu.Lock()
	s.busy, s.since = false, 0
	s.free.Broadcast()
	if took > hangingNS {
		s.last = stall{began, began + took, recording.CauseDisk}
	}
	if res.RingJournaled {
		s.gen, s.desc = j.gen, j.desc
	}
	if err != nil && s.firstErr == nil {
		s.firstErr = err
	}
	if err == nil {
		s.failing = time.Time{}
	} else if s.failing.IsZero() {
		s.failing = time.Now()
	}
	hopeless := err != nil && (recording.NoSpace(err) && !s.o.RetryFull || time.Since(s.failing) >= s.o.RetryFor)
	slower := time.Duration(took) > s.interval/2 && s.interval < maxSync
	if slower {
		s.interval = min(2*s.interval, maxSync)
	}
	interval := s.interval
	s.mu.Unlock()
	if err != nil {
		s.o.Logger.Error("sync failed", "device", s.o.Name, "error", err)
	}
	if hopeless {
		s.o.Failed(err)
	}
	if slower {
		s.o.Logger.Warn("sync is slow", "device", s.o.Name, "took", time.Duration(took), "interval", interval)
		s.o.Run.SetSyncRealised(interval)
		s.event(recording.Event{Kind: recording.EventSyncSlow, Device: s.o.Name, Text: interval.String()})
	}
	if err == nil && !res.Synced {
		s.event(recording.Event{Kind: recording.EventSyncFailed, Device: s.o.Name})
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

// idle tells whether no sync is under way, and the present interval.
func (s *syncer) idle() (bool, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.busy, s.interval
}

// wait returns when no sync is under way.
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

// hanging tells whether a sync was taking long between two monotonic times.
func (s *syncer) hanging(from, to int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since != 0 && s.since < to && clock.Mono()-s.since > hangingNS {
		return true
	}
	return s.last.from < to && s.last.to > from
}

// close ends the goroutine after its last job. It is idempotent; only the drainer's goroutine calls it.
func (s *syncer) close() {
	if !s.closed {
		s.closed = true
		close(s.jobs)
	}
	<-s.done
}

// err returns the first error of a sync.
func (s *syncer) err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(s.firstErr, recording.ErrClosed) {
		return nil
	}
	return s.firstErr
}
