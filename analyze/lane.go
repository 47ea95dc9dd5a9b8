package analyze

import (
	"math"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// lane is what a taker is fed with: one source, or two side by side, of one rate.
type lane struct {
	*source
	second *source // nil: one source
	shift  int64   // device index of the second at the first one's 0
	reader *reading
	short  []float64
}

// paired is a state that compares two sources: the one of a name with the other one.
type paired interface {
	with() string
}

// lanes sorts sources into what the takers of a state are fed with.
func lanes(list []*source, s state) ([]*lane, error) {
	p, ok := s.(paired)
	if !ok {
		var out []*lane
		for _, src := range list {
			out = append(out, &lane{source: src})
		}
		return out, nil
	}
	l, err := pair(list, p.with())
	if err != nil {
		return nil, err
	}
	return []*lane{l}, nil
}

// pair puts two sources side by side. Samples of one device belong together by their index, those of two by their time.
func pair(list []*source, with string) (*lane, error) {
	for _, src := range list {
		if src.part > 0 {
			return nil, optionError("the settings of %s changed: choose a stretch under the same settings with --from and --until", src.Stream.Name())
		}
	}
	if len(list) == 1 {
		return nil, optionError("stream %s cannot be compared with itself, or the other one has no samples there", list[0].Stream.Name())
	}
	if len(list) != 2 {
		return nil, optionError("two streams are compared, and %d were chosen: one with --stream and the other with --with", len(list))
	}
	l := &lane{source: list[0], second: list[1]}
	if list[0].Stream.Name() == with {
		l.source, l.second = list[1], list[0]
	}
	for _, src := range list {
		if src.Digital() {
			return nil, &DigitalError{src.Stream.Name()}
		}
	}
	if l.Interval != l.second.Interval {
		return nil, optionError("the streams %s and %s have different rates: analyze resample makes them equal", l.Stream.Name(), l.second.Stream.Name())
	}
	if (l.Waveform() > 0) != (l.second.Waveform() > 0) || l.Waveform() > 0 && l.Global.Device != l.second.Global.Device {
		return nil, optionError("the waveforms of two devices cannot be compared")
	}
	if l.Global.Device != l.second.Global.Device {
		first, second := timeOfIndex0(l.source), timeOfIndex0(l.second)
		l.shift = int64(math.Round(float64(first-second) * 1e-9 * l.rate()))
	}
	return l, nil
}

// timeOfIndex0 returns when the sample of device index 0 was taken, or would have been.
func timeOfIndex0(s *source) recording.Timestamp {
	p := &s.Spans[0]
	return p.Start - recording.Timestamp(s.Interval.NS(p.Device))
}

// pieces lists what there is to read, in order: of two sources where both have samples.
func (l *lane) pieces() []piece {
	list := l.source.pieces()
	if l.second == nil {
		return list
	}
	var out []piece
	others := l.second.pieces()
	k := 0
	for _, p := range list {
		if p.wave != nil {
			for k < len(others) && others[k].wave.Number < p.wave.Number {
				k++
			}
			if k < len(others) && others[k].wave.Number == p.wave.Number {
				p.other = others[k].wave
				out = append(out, p)
			}
			continue
		}
		for ; k < len(others); k++ {
			from, to := others[k].from-l.shift, others[k].from+others[k].samples-l.shift
			lo, hi := max(from, p.from), min(to, p.from+p.samples)
			if lo < hi {
				gap := p.gap
				if lo > p.from {
					gap = others[k].gap
				}
				out = append(out, piece{from: lo, samples: hi - lo, gap: gap})
			}
			if to > p.from+p.samples {
				break
			}
		}
	}
	return out
}

// width is how many values there are for each sample.
func (l *lane) width() int64 {
	if l.second != nil {
		return 2
	}
	return 1
}

// reading reads the pieces of a lane.
type reading struct {
	l             *lane
	first, second *series.Reader
}

func (l *lane) reading() *reading {
	r := &reading{l: l, first: l.Reader()}
	if l.second != nil {
		r.second = l.second.Reader()
	}
	return r
}

// read fills dst from a place in a piece on: of two sources half with the values of the first, then as many of the second.
func (r *reading) read(dst []float64, p piece, at int64) error {
	if r.second == nil {
		return readPiece(r.first, r.l.source, dst, p.wave, p.from, at)
	}
	n := len(dst) / 2
	if err := readPiece(r.first, r.l.source, dst[:n], p.wave, p.from, at); err != nil {
		return err
	}
	return readPiece(r.second, r.l.second, dst[n:], p.other, p.from+r.l.shift, at)
}

func readPiece(r *series.Reader, s *source, dst []float64, w *series.Wave, from, at int64) error {
	if w != nil {
		span := &s.Spans[w.Spans[0]]
		return r.ReadSpan(dst, span, span.Stream+at)
	}
	_, err := r.Read(dst, from+at)
	return err
}
