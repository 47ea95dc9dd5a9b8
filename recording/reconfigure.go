package recording

import (
	"fmt"
	"slices"
)

// Reconfigure ends the segment and goes on with other settings: interval, types, channels. Streams are known by their names; those that stay go
// on with their stream index and, when interval and ratio stay, with their device index. Loss that was told before and cannot be told in the new
// device index ends the old segment. Numbers of streams are those of the new list. A checkpoint that was taken before stays valid.
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
	var next []*streamWriter
	for i, si := range info.Streams {
		s := newStreamWriter(i, si)
		for _, o := range d.streams {
			if o.name == s.name {
				s.follow(o)
			}
		}
		next = append(next, s)
	}
	d.closeAll(SealSettings)
	if err := d.settle(SealSettings); err != nil {
		return fmt.Errorf("reconfigure: %w", err)
	}
	for _, s := range next {
		s.segment = d.numbers - 1
		for _, o := range d.streams {
			if o.name == s.name {
				s.totals = o.totals
			}
		}
		s.totals.Datatype, s.totals.Ratio = s.info.Datatype, s.ratio
	}
	d.past = append(d.past, slices.DeleteFunc(slices.Clone(d.streams), func(o *streamWriter) bool {
		return slices.ContainsFunc(next, func(s *streamWriter) bool { return s.name == o.name })
	})...)
	d.info, d.streams = info, next
	return d.openAll(d.newSegment(cutUnknown))
}

// follow lets s go on where the stream of the same name stands.
func (s *streamWriter) follow(o *streamWriter) {
	s.n = o.n
	if o.global.SampleInterval == s.global.SampleInterval && o.ratio == s.ratio {
		s.next, s.started, s.gap, o.gap = o.next, o.started, o.gap, nil
	}
}
