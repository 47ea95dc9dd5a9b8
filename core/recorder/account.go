package recorder

import "github.com/scopelog/scopelog/recording"

// Limit says when a device's run ends by itself. The zero value is no limit.
type Limit struct {
	RawIndex int64 // raw device index behind the last sample, lost ones counted; 0: none
	Samples  int64 // raw samples recorded; 0: none
}

// lane is what the drainer knows of one stream over all generations. Only the draining goroutine uses it.
type lane struct {
	name        string
	ratio       int64
	sampleBytes int64
	intervalNS  float64 // of this stream
	scale       scale
	watched     bool // by the watcher

	base     int64 // device index of epoch index 0 of this generation
	next     int64 // device index expected next
	recorded int64 // stream index of the next sample to write, the pending ones not counted

	pending   pending
	ringPos   uint64          // lane index behind what was taken from the ring
	unknown   recording.Cause // a loss without a length lies before the next data; CauseNone: none
	gap       *recording.Gap  // loss since the last sample taken, not yet told to the writer
	last      moment          // when the last sample was taken, or the start
	whole     int64           // block modes: stream index behind the last whole waveform
	breaks    breaks
	written   int64 // device index behind the last sample that was kept
	overRange int64 // samples in deliveries that were over range
	full      bool  // the limit is reached: what comes is not kept, and is no loss
	failed    error // writing failed for good: what comes is lost
}

// pending is a stretch of the ring that is leased and not written yet: neighbouring batches joined.
type pending struct {
	pos   uint64 // lane index of its first sample
	count int64
	index int64 // device index of its first sample
	stamp recording.Stamp
}

// keep says how many of count samples at device index from belong to the run.
func (l *lane) keep(limit Limit, from, count int64) int64 {
	if l.full {
		return 0
	}
	if limit.RawIndex > 0 {
		count = min(count, max(0, limit.RawIndex/l.ratio-from))
	}
	if limit.Samples > 0 {
		count = min(count, max(0, limit.Samples/l.ratio-l.recorded-l.pending.count))
	}
	return count
}

// passed moves the time of the last sample on over n lost ones that ended before a delivery.
func (l *lane) passed(n, cameNS int64) {
	l.last.ns = max(l.last.ns, min(cameNS, l.last.ns+int64(float64(n)*l.intervalNS)))
}

// reached tells whether the lane has all that the limit lets it have, lost samples included.
func (l *lane) reached(limit Limit) bool {
	return limit.RawIndex > 0 && l.next >= limit.RawIndex/l.ratio ||
		limit.Samples > 0 && l.recorded+l.pending.count >= limit.Samples/l.ratio
}

// stall is a time in which the drainer could not drain, and why. Times are monotonic ns.
type stall struct {
	from, to int64
	cause    recording.Cause
}

// stalls remembers the latest stalls, to tell whose fault a full ring was.
type stalls struct {
	list [64]stall
	n    int
}

func (s *stalls) add(st stall) {
	s.list[s.n%len(s.list)] = st
	s.n++
}

// latest returns them in no order.
func (s *stalls) latest() []stall { return s.list[:min(s.n, len(s.list))] }

// within returns how much of it lies between two times.
func (st stall) within(from, to int64) int64 { return max(0, min(st.to, to)-max(st.from, from)) }

// within returns for how long the disk held the drainer up between two times, and for how long something else did. Time in which the process did not run
// is not the disk's.
func (s *stalls) within(from, to int64, p *pulse) (disk, core int64) {
	for _, st := range s.latest() {
		if st.cause == recording.CauseDisk {
			disk += p.ran(st, from, to)
		} else {
			core += st.within(from, to)
		}
	}
	return disk, core
}
