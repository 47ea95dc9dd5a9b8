package spectrum

// stretches cuts contiguous stretches of a signal into overlapping segments and hands them out in batches.
type stretches struct {
	segment, step int
	batch         int // segments of a batch

	samples []float64 // of the pending segments, and what has come of the next
	pending []place   // segments that were not handed out yet
	next    int       // where in samples the next segment of this stretch begins
	begun   bool      // this stretch has had a segment

	segments int64 // handed out
	fed      int64
	missing  int64 // samples in gaps
	gaps     int64
	skipped  int64     // samples of ended stretches that no segment holds
	longest  []float64 // the longest ended stretch, as long as no segment has been found
}

// place says where a segment is.
type place struct {
	at    int   // in samples
	first int64 // in the signal: how many samples were fed, or missing, before it
	gaps  int64 // before it
}

func newStretches(segment, step, batch int) *stretches {
	return &stretches{segment: segment, step: step, batch: batch, pending: make([]place, 0, batch)}
}

// room returns how many samples complete the batch, if this stretch goes on.
func (s *stretches) room() int {
	return s.next + (s.batch-len(s.pending)-1)*s.step + s.segment - len(s.samples)
}

// appended finds the segments that samples have completed. It tells that a batch is complete; then [stretches.done] must be called before
// more is appended.
func (s *stretches) appended(n int) bool {
	s.fed += int64(n)
	for len(s.pending) < s.batch && s.next+s.segment <= len(s.samples) {
		s.pending = append(s.pending, place{s.next, s.fed + s.missing - int64(len(s.samples)-s.next), s.gaps})
		s.next += s.step
		s.begun = true
		s.longest = nil
	}
	return len(s.pending) == s.batch
}

// at returns the i-th pending segment. It is valid until more samples come.
func (s *stretches) at(i int) []float64 {
	from := s.pending[i].at
	return s.samples[from : from+s.segment]
}

// done removes the first n pending segments. It keeps all samples while others are pending.
func (s *stretches) done(n int) {
	s.segments += int64(n)
	from := s.next
	if n < len(s.pending) {
		from = s.pending[n].at
	}
	s.pending = s.pending[:copy(s.pending, s.pending[n:])]
	s.samples = s.samples[:copy(s.samples, s.samples[from:])]
	s.next -= from
	for i := range s.pending {
		s.pending[i].at -= from
	}
}

// leftover returns the samples at the end of this stretch that no segment holds.
func (s *stretches) leftover() []float64 {
	if s.begun {
		return s.samples[s.next+s.segment-s.step:]
	}
	return s.samples[s.next:]
}

// end ends the stretch; what comes next begins another, the given number of samples later.
func (s *stretches) end(missing int64) {
	s.missing += missing
	s.gaps++
	rest := s.leftover()
	s.skipped += int64(len(rest))
	if s.segments == 0 && len(s.pending) == 0 && len(rest) > len(s.longest) {
		s.longest = append(s.longest[:0], rest...)
	}
	s.samples = s.samples[:len(s.samples)-len(rest)]
	if len(s.pending) == 0 {
		s.samples = s.samples[:0] // the overlap with a segment that was handed out
	}
	s.next, s.begun = len(s.samples), false
}

// whole returns the longest stretch, where none has had a segment.
func (s *stretches) whole() []float64 {
	if rest := s.leftover(); len(rest) > len(s.longest) {
		return rest
	}
	return s.longest
}

func (s *stretches) reset() {
	*s = stretches{segment: s.segment, step: s.step, batch: s.batch, samples: s.samples[:0], pending: s.pending[:0]}
}
