package clock

import "sync"

// StepLimit is the disagreement of UTC and the monotonic clock, in nanoseconds, from which on it is a step.
const StepLimit = 5_000_000

// leastSuspend is from which on a change of the time that the host has slept is one, in nanoseconds.
const leastSuspend = 2_000_000

// keep is how many readings a Sampler holds: a bit over an hour at one a second.
const keep = 4096

// Change tells what one reading shows against the one before, in nanoseconds; 0 and 0: nothing.
type Change struct {
	StepNS    int64 // UTC moved by this much against the monotonic clock
	SuspendNS int64 // the host was suspended for so long
}

// Sampler holds the latest readings. All methods may be called from any goroutine.
type Sampler struct {
	mu       sync.Mutex
	readings []Reading // ascending in MonoNS, guarded by mu
	read     func() Reading
	unsteady int64 // guarded by mu
}

// NewSampler returns a Sampler with one reading taken. read is nil for the host's own clocks.
func NewSampler(read func() Reading) *Sampler {
	if read == nil {
		read = Read
	}
	s := &Sampler{read: read}
	s.Sample()
	return s
}

// Sample takes a reading and says what changed. Call it once a second.
func (s *Sampler) Sample() Change {
	r := s.read()
	s.mu.Lock()
	defer s.mu.Unlock()
	var c Change
	if n := len(s.readings); n > 0 {
		last := s.readings[n-1]
		if r.MonoNS <= last.MonoNS {
			return c
		}
		if apart := r.SuspendedNS - last.SuspendedNS; apart < leastSuspend && apart > -leastSuspend {
			r.SuspendedNS = last.SuspendedNS // as well as the two clocks can be compared
		}
		c.SuspendNS = max(0, r.SuspendedNS-last.SuspendedNS)
		// The monotonic clock stands still in suspend and UTC does not: that part is no step.
		if step := r.offset() - last.offset() - c.SuspendNS; step >= StepLimit || step <= -StepLimit {
			c.StepNS = step
		}
	}
	if c.SuspendNS != 0 || s.slewed(r) {
		s.unsteady = r.MonoNS
	}
	if len(s.readings) == keep {
		s.readings = append(s.readings[:0], s.readings[keep/2:]...)
	}
	s.readings = append(s.readings, r)
	return c
}

// slewing is over how many readings slewing is looked for: less than StepLimit in them is drift.
const slewing = 16

// slewed tells whether the monotonic clock ran unlike the one that nothing slews. It takes the lock for granted.
func (s *Sampler) slewed(r Reading) bool {
	n := len(s.readings)
	if n == 0 || r.RawNS == 0 {
		return false
	}
	before := s.readings[max(0, n-slewing)]
	apart := (r.MonoNS - r.RawNS) - (before.MonoNS - before.RawNS)
	return before.RawNS != 0 && (apart >= StepLimit || apart <= -StepLimit)
}

// Unsteady returns the monotonic time of the latest reading at which the monotonic clock could not be relied on for
// intervals: the host had been suspended, or the clock is being slewed by more than 300 ppm; 0: none so far.
func (s *Sampler) Unsteady() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unsteady
}

// Latest returns the newest reading.
func (s *Sampler) Latest() Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.readings[len(s.readings)-1]
}

// At returns the reading nearest to a monotonic time.
func (s *Sampler) At(monoNS int64) Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	lo, hi := 0, len(s.readings)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if s.readings[mid].MonoNS < monoNS {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo > 0 && monoNS-s.readings[lo-1].MonoNS < s.readings[lo].MonoNS-monoNS {
		lo--
	}
	return s.readings[lo]
}

// UTC gives a monotonic time its UTC in nanoseconds since 1970, by the nearest reading.
func (s *Sampler) UTC(monoNS int64) int64 { return monoNS + s.At(monoNS).offset() }
