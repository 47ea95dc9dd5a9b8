package recording

import "math"

// segment is one stretch of a device with a file per stream. The drainer owns it until a checkpoint says that it is complete; the part below
// "syncer" belongs to the syncing goroutine from the start.
type segment struct {
	number  int
	cut     int64 // raw device index at which it ends; cutUnknown until its first sample
	streams []*streamWriter
	files   []*streamFile // by number of the stream; nil until the stream gets there
	closed  bool          // no more samples go here although the cut may not be reached
	reason  SealReason    // why it ends
	epoch   int           // of its latest sample
	lag     int           // checkpoints that a later segment has been waiting for this one
	shut    bool          // its files are closed

	sync segmentSync
}

const cutUnknown = -1

// segmentSync is the syncer's side of a segment.
type segmentSync struct {
	files     []*streamFile // those that a checkpoint has told of
	complete  bool
	reason    SealReason
	epoch     int
	epochs    []JournalEpoch // not durable yet
	clocks    []ClockPair    // not durable yet
	part      bool           // it has a journal part
	journaled bool           // its seal line is durable
	parts     []journalPart
	clock     clockFile
	listed    bool // run.json knows of it
	told      bool // so does who asked for it
}

// journalPart is one part of a device's journal as far as it is durable.
type journalPart struct {
	name string
	sum  FileSum
}

func (g *segment) file(stream int) *streamFile {
	if stream < len(g.files) {
		return g.files[stream]
	}
	return nil
}

// cutOf returns the device index of a stream at which the segment ends.
func (g *segment) cutOf(ratio int64) int64 {
	if g.cut == cutUnknown || g.cut == math.MaxInt64 {
		return math.MaxInt64
	}
	return g.cut / ratio
}

// begun reports whether a stream has a sample in the segment; those of a waveform that is open do not count.
func (g *segment) begun() bool {
	for _, f := range g.files {
		if f == nil {
			continue
		}
		n := f.n
		if f.stream.wave != nil {
			n = min(n, f.whole.n)
		}
		if n > f.start {
			return true
		}
	}
	return false
}

// complete reports whether no stream will add to the segment.
func (g *segment) complete() bool {
	if g.closed {
		return true
	}
	for _, f := range g.files {
		if f == nil || !f.done {
			return false
		}
	}
	return true
}
