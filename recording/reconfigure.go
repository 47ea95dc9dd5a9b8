package recording

import (
	"fmt"
	"math"
	"slices"
)

// Reconfigure ends the segment and goes on with other settings: interval, types, channels. Streams are known by their names; those that stay go
// on with their stream index and, when interval and ratio stay, with their device index. So do those that were there before and come back: their
// first samples may lie at or behind the index that [DeviceWriter.Next] tells, and the time between is a gap not_kept. Loss that was told before
// and cannot be told in the new device index ends the old segment. Numbers of streams are those of the new list. A checkpoint that was taken
// before stays valid. When there is no room to store such loss, the settings stay as they were, nothing is lost, and the call may be repeated.
func (d *DeviceWriter) Reconfigure(rawInterval Fraction, streams []StreamInfo) error {
	if d.finished.Load() {
		return ErrClosed
	}
	if d.inWave {
		return fmt.Errorf("device %s: reconfigure: a waveform is open", d.info.Name)
	}
	info := d.info
	info.RawInterval, info.Streams = rawInterval, slices.Clone(streams)
	if err := info.prepare(d.run.id, d.streams[0].global.Recorder); err != nil {
		return fmt.Errorf("reconfigure: %w", err)
	}
	known := slices.Concat(d.streams, d.past)
	before := make([]*streamWriter, len(info.Streams)) // of the same name, nil: a new stream
	var ending []*streamWriter                         // streams whose loss goes into the old segment
	for i, si := range info.Streams {
		if k := slices.IndexFunc(known, func(o *streamWriter) bool { return o.name == si.Global.Stream }); k >= 0 {
			before[i] = known[k]
		}
	}
	for _, o := range d.streams {
		if i := slices.Index(before, o); i < 0 || !o.continues(info.Streams[i]) {
			ending = append(ending, o)
		}
	}
	d.closeAll(SealSettings)
	if err := d.makeRoom(SealSettings, ending); err != nil {
		return fmt.Errorf("reconfigure: %w", err)
	}
	var next []*streamWriter
	for i, si := range info.Streams {
		s := newStreamWriter(i, si)
		if o := before[i]; o != nil {
			s.follow(o, !slices.Contains(d.streams, o))
		}
		next = append(next, s)
	}
	d.settle()
	for i, s := range next {
		s.segment = d.numbers - 1
		if o := before[i]; o != nil {
			s.totals = o.totals
		}
		s.totals.Datatype, s.totals.Ratio = s.info.Datatype, s.ratio
	}
	d.past = slices.DeleteFunc(known, func(o *streamWriter) bool { return slices.Contains(before, o) })
	d.info, d.streams = info, next
	return d.openAll(d.newSegment(cutUnknown))
}

// continues tells whether device indexes of o go on in a stream with settings si.
func (o *streamWriter) continues(si StreamInfo) bool {
	return o.global.SampleInterval == si.Global.SampleInterval && o.ratio == si.Ratio
}

// follow lets s go on where the stream of the same name stands; away tells that segments since were without it.
func (s *streamWriter) follow(o *streamWriter, away bool) {
	s.n = o.n
	if o.continues(s.info) {
		s.next, s.started, s.gap, o.gap = o.next, o.started, o.gap, nil
		s.returned = o.started && (away || o.returned)
	}
}

// comeBack enters the time in which the device went on without the stream: a gap that nobody wanted to be filled. Loss that was told meanwhile
// is part of the same gap, whose bounds then leave open how much of it was lost.
func (s *streamWriter) comeBack(at int64, t Stamp) {
	s.returned = false
	away := at - s.next
	if s.gap != nil {
		away -= s.gap.Lost
	}
	if away == 0 {
		return
	}
	g := Gap{Cause: CauseNotKept, Lost: away, Exact: true, LostMin: away, LostMax: away, To: Timestamp(t.UTCNS), MonoToNS: t.MonoNS}
	if s.gap != nil {
		lo, hi := s.gap.Bounds()
		g = g.Merge(*s.gap)
		if g.Cause.Loss() {
			g.Exact, g.LostMin, g.LostMax = false, lo, away+min(hi, math.MaxInt64-away)
		}
	}
	s.gap = &g
}
