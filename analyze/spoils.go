package analyze

import (
	"fmt"

	"github.com/scopelog/scopelog/analysis/spectrum"
)

// What values that are no numbers do to the results of each operation, for the notes.

func (s *statState) spoils(int) string { return "left out" }

func (s *histogramState) spoils(i int) string {
	switch p := s.parts[i]; {
	case p.meter != nil:
		return "each is taken as a gap"
	case p.op.Of == OfPeakToPeak:
		return "waveforms with one are left out"
	}
	return "left out"
}

func (s *measureState) spoils(int) string { return "each is taken as a gap" }
func (s *phaseState) spoils(int) string   { return "each is taken as a gap" }
func (s *averageState) spoils(int) string { return "left out of the means" }
func (s *peakState) spoils(int) string    { return "no peak touches one" }
func (s *eventState) spoils(int) string {
	return "passed over, as if the samples beside them were neighbours"
}

func (s *xcorrState) spoils(int) string {
	return "the correlation is null with one of them, as scipy.signal.correlate has it; --from and --until leave them out"
}

func (s *psdState) spoils(i int) string {
	p := s.parts[i]
	return fmt.Sprintf("they lie in %s of %d samples, and one makes the whole spectrum null, as in scipy.signal.welch; --from and --until leave them out",
		count(p.spoiled.segments(), "segment"), p.spoiled.length)
}

func (s *spectrogramState) spoils(int) string {
	return fmt.Sprintf("they lie in the segments of %d of %s, whose spectra are null", s.spoiled, count(s.spectra, "time"))
}

// spoils is of all signals: how many values of it are none either.
func (s *processed) spoils(i int) string {
	p := s.parts[i]
	return fmt.Sprintf("%s; so are %d of %s of the result", s.reach, p.sum.NaN(), count(p.sum.N()+p.sum.NaN(), "value"))
}

// spoiledSegments counts the segments of a spectrum that hold a value which is no number. Segments begin at multiples of step in each stretch.
type spoiledSegments struct {
	length, step int64
	whole        int64 // of the stretches before
	at           int64 // place in the present stretch
	counted      int64 // segments of it that are counted, whole or not
	behind       int64 // number behind the last one of these
}

func newSpoiledSegments(o spectrum.Options) spoiledSegments {
	s := spoiledSegments{length: int64(o.Segment), step: int64(o.Segment - o.Overlap)}
	switch o.Overlap {
	case 0:
		s.step = s.length - s.length/2
	case spectrum.NoOverlap:
		s.step = s.length
	}
	return s
}

func (s *spoiledSegments) open() { s.whole, s.at, s.counted, s.behind = s.segments(), 0, 0, 0 }

func (s *spoiledSegments) take(x []float64) {
	for i, v := range x {
		if v-v == 0 {
			continue
		}
		at := s.at + int64(i)
		first := max(s.behind, (at-s.length+s.step)/s.step) // the first one that reaches over it
		if at < s.length {
			first = s.behind
		}
		if last := at / s.step; first <= last {
			s.counted, s.behind = s.counted+last-first+1, last+1
		}
	}
	s.at += int64(len(x))
}

// segments counts those that are whole.
func (s *spoiledSegments) segments() int64 {
	whole := int64(0)
	if s.at >= s.length {
		whole = (s.at-s.length)/s.step + 1
	}
	return s.whole + s.counted - max(0, min(s.counted, s.behind-whole))
}
