package judge

import "slices"

// armed is how often, in ns, an instrument in a block mode is armed at most.
const armed = 20e6

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
	var err error
	if loss.WaveformsLost, err = r.lostWaveforms(e.Name); err != nil {
		j.wrong("%s: %v", e.Name, err)
	}
	captured := int64(0)
	for _, run := range e.Unit.Runs {
		captured += run.Waveforms
	}
	if captured > 0 && have > captured {
		j.wrong("%s: %d waveforms are recorded, the unit captured %d", e.Name, have, captured)
	}
	// An arming of which nothing had come is done again; where the run ends it is left.
	arming := max(e.Unit.Arming, 1)
	untold := arming * (int64(max(len(d.Epochs), 1)) + int64(e.UntoldNS/armed))
	if missing := captured - have - loss.WaveformsLost; missing > untold {
		j.wrong("%s: of %d waveforms that the unit captured %d are recorded and %d told to be lost; at most %d may be missing", e.Name, captured, have, loss.WaveformsLost, untold)
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
	epoch := -1
	for _, c := range s.Captures {
		v := s.Vouched(c.Start, c.Start+s.Waveform)
		if len(v) == 0 || v[0][0] != c.Start {
			continue // it cannot be told by its samples
		}
		samples, err := s.Samples(c.Start, v[0][1]-c.Start)
		if err != nil {
			j.wrong("%s: %v", s.Name, err)
			return
		}
		head := samples[:min(look, len(samples))]
		at, ok := p.Locate(head, next, 0)
		anew := c.Epoch != epoch
		epoch = c.Epoch
		if !ok && anew {
			at, ok = p.Locate(head, 0, 0)
		}
		if !ok { // waveforms in between were lost
			at, ok = p.Locate(head, newest, 200*s.Waveform)
		}
		if !ok {
			j.wrong("%s: the waveform at sample %d is at no place of the signal", s.Name, c.Start)
			return
		}
		if !anew && at < next {
			j.wrong("%s: the waveform at sample %d begins at %d of the signal, the one before ends at %d: it is there twice", s.Name, c.Start, at, next)
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
