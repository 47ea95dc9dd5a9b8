package session

import (
	"github.com/scopelog/scopelog/core/plan"
)

// What a recording takes beside its samples, in bytes, as recordings of the sim driver have it.
const (
	// overhead is what overviews and metadata of a stream add to its samples.
	overhead = 1.01
	// Of each sync of a device: its line of the journal, with a row of the clock table, and of each of its streams what that line says.
	syncBytes, syncStreamBytes = 750, 150
	// Of each waveform: its part of the journal, and of each stream its capture, and perhaps its trigger, in the metadata.
	waveBytes, waveStreamBytes = 190, 260
)

// beside is what a device takes of the disk beside its samples: a second, at the most, and in all; 0 where nobody knows for how long it records.
func (u *unit) beside(r plan.Run, v volume, seconds float64) (perSecond, all float64) {
	streams := float64(len(u.applied.Streams))
	if sync := r.Sync.Seconds(); sync > 0 {
		perSecond = (syncBytes + syncStreamBytes*streams) / sync
	}
	b, _, block := blockOf(u.config)
	if limit := b.Repeat.For.Seconds(); block && limit > 0 && (seconds < 0 || limit < seconds) {
		seconds = limit
	}
	all = perSecond * max(seconds, 0)
	if size := waveformBytes(u.applied); block && size > 0 {
		each := (waveBytes + waveStreamBytes*streams) / size // of a byte of samples
		perSecond += v.perSecond * each
		all += max(v.bytes, 0) * each
	}
	return perSecond, all
}

// sealWrites is how much of the disk the metadata take that are written when the run is sealed: of all waveforms, as long as there is one segment.
func (s *Session) sealWrites() int64 {
	if !s.o.Plan.Run.Rotate.IsZero() || s.resumed != nil {
		return 0 // it was written with the segments before
	}
	sum := int64(0)
	for _, d := range s.devices {
		if d.info.Mode.Block() {
			sum += d.recorder.Stats().Waveforms * int64(len(d.info.Streams)) * waveStreamBytes
		}
	}
	return sum
}
