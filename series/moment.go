package series

import "github.com/scopelog/scopelog/recording"

// Moment returns when the first sample or waveform at or behind the bound was taken, in the series that [Of] makes of one stream. began is when the
// device's first sample was; none is for a bound that is none, behind for one behind the last sample.
func (b Bound) Moment(list []*Series, began, none, behind recording.Timestamp) recording.Timestamp {
	if b.IsNone() {
		return none
	}
	for _, s := range list {
		if s.Waveform() > 0 {
			waves := Waves([]*Series{s})
			if i := b.Wave(waves, began, 0); i < int64(len(waves)) {
				return waves[i].Start
			}
			continue
		}
		device := b.Sample(s, 0)
		for i := len(s.Spans) - 1; i >= 0; i-- {
			p := &s.Spans[i]
			if i > 0 && device < p.Device {
				continue
			}
			if i+1 == len(s.Spans) && device >= p.Until() {
				break
			}
			return p.Start + recording.Timestamp(s.Interval.NS(device-p.Device))
		}
	}
	return behind
}
