package judge

import "slices"

// waveforms judges a device in a block mode: only whole waveforms, the same in all streams, each with the samples of one stretch of the
// signal, and no more of them than the unit captured.
func (j *Judgement) waveforms(r *Recording, d *RunDevice, e *Expect, loss *Loss) {
	have := int64(-1)
	for _, s := range r.Streams {
		if s.Device != e.Name || s.Waveform == 0 {
			continue
		}
		n := s.End() / s.Waveform
		if s.End()%s.Waveform != 0 || s.First()%s.Waveform != 0 {
			j.wrong("%s: %d samples are no whole waveforms of %d", s.Name, s.End(), s.Waveform)
		}
		if have >= 0 && have != n {
			j.wrong("%s: %d waveforms, another stream of the device has %d", s.Name, n, have)
		}
		have = n
		if int64(len(s.Captures)) != n-s.First()/s.Waveform {
			j.wrong("%s: %d waveforms, and %d captures", s.Name, n, len(s.Captures))
		}
		if s.Kind == "raw" && !slices.Contains(e.NoProof, s.Channel) {
			j.unbroken(s)
		}
	}
	if have < 0 {
		return
	}
	loss.WaveformsHave = have
	if e.Unjudged {
		return
	}
	captured := int64(0)
	for _, run := range e.Unit.Runs {
		captured += run.Waveforms
	}
	if captured > 0 && have > captured {
		j.wrong("%s: %d waveforms are recorded, the unit captured %d", e.Name, have, captured)
	}
}

// unbroken wants each waveform to be one stretch of the signal.
func (j *Judgement) unbroken(s *Stream) {
	p, err := s.proof()
	if err != nil {
		j.wrong("%s: %v", s.Name, err)
		return
	}
	next, newest := s.First(), s.First() // by then so many were recorded, and may have been removed again
	for _, c := range s.Captures {
		samples, err := s.Samples(c.Start, s.Waveform)
		if err != nil {
			j.wrong("%s: %v", s.Name, err)
			return
		}
		head := samples[:min(look, len(samples))]
		at, ok := p.Locate(head, next, 0)
		if !ok { // a new start, or waveforms in between that were lost
			if at, ok = p.Locate(head, 0, 0); !ok {
				at, ok = p.Locate(head, newest, 200*s.Waveform)
			}
		}
		if !ok {
			j.wrong("%s: the waveform at sample %d is at no place of the signal", s.Name, c.Start)
			return
		}
		for i, v := range samples {
			if v != p.At(at+int64(i)) {
				j.wrong("%s: sample %d of the waveform at %d is not the one that follows", s.Name, i, c.Start)
				return
			}
		}
		next = at + s.Waveform
		newest = next
	}
}
