package analyze

import "github.com/scopelog/scopelog/series"

// missing tells what files have lost of a source, nil: nothing.
func (s *source) missing() *series.MissingError {
	if s.Waveform() > 0 {
		return s.lost
	}
	return s.Missing(s.from, s.to)
}
