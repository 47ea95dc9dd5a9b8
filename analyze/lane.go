package analyze

import (
	"context"
	"math"
	"strings"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// lane is what a taker is fed with: one source, or two side by side. The second one is resampled where it has a higher rate.
type lane struct {
	*source
	second *source // nil: one source
	shift  int64   // device index of the second at the first one's 0
	ratio  *ratio  // of the second's rate; nil: both have the same
	turned bool    // the second is the one whose values come first
	reader *reading
	short  []float64
	turn   chan struct{} // held by the lane that reads a disk, of capacity 1; nil: no other one reads it

	blanks   [2]blanks // of both
	watching [2]bool   // which can have some
	watched  bool      // that is known
}

// paired is a state that compares two sources: the one of a name with the other one. Without a name it compares one source with itself.
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

// someOf names the first of some sources: a pattern, or a label that several pins have, may name more than were thought of.
func someOf(list []*source) string {
	const most = 4
	var names []string
	for i, src := range list {
		if i == most {
			names = append(names, "...")
			break
		}
		names = append(names, src.Stream.Name())
	}
	return strings.Join(names, ", ")
}

// pair puts two sources side by side. Samples of one device belong together by their index, those of two by their time.
func pair(list []*source, with string) (*lane, error) {
	for _, src := range list {
		if src.part > 0 {
			return nil, optionError("the settings of %s changed: choose a stretch under the same settings with --from and --until", src.Stream.Name())
		}
	}
	if len(list) == 1 && with == "" {
		same := *list[0]
		list = []*source{list[0], &same}
	}
	if len(list) == 1 {
		return nil, optionError("of the two streams only %s has samples in what was chosen, or both names are its", list[0].Stream.Name())
	}
	if len(list) != 2 {
		return nil, optionError("two streams are compared, and %d were chosen (%s): name one with --stream and the other with --with", len(list), someOf(list))
	}
	l := &lane{source: list[0], second: list[1]}
	if list[0].isNamed(with, list[1]) {
		l.source, l.second = list[1], list[0]
	}
	for _, src := range list {
		if src.Digital() {
			return nil, src.portError()
		}
	}
	if (l.Waveform() > 0) != (l.second.Waveform() > 0) || l.Waveform() > 0 && l.Global.Device != l.second.Global.Device {
		return nil, optionError("the waveforms of two devices cannot be compared")
	}
	if l.Interval != l.second.Interval {
		if err := l.equalize(); err != nil {
			return nil, err
		}
	}
	if l.Global.Device != l.second.Global.Device {
		first, second := timeOfIndex0(l.source), timeOfIndex0(l.second)
		l.shift = int64(math.Round(float64(first-second) * 1e-9 * l.second.rate()))
	}
	return l, nil
}

// isNamed tells that a name, which may be a pattern or a label, is that of the source rather than of the other one.
func (s *source) isNamed(name string, other *source) bool {
	if is := s.Stream.Name() == name; is || other.Stream.Name() == name {
		return is
	}
	return s.Stream.NamedBy(name) && !other.Stream.NamedBy(name)
}

// equalize makes the source with the higher rate the second one, which is resampled.
func (l *lane) equalize() (err error) {
	if l.Waveform() > 0 {
		return optionError("the waveforms of %s and %s have different rates: they cannot be compared", l.Stream.Name(), l.second.Stream.Name())
	}
	if l.source.rate() > l.second.rate() {
		l.source, l.second, l.turned = l.second, l.source, true
	}
	l.ratio, err = ratioOf(l.source, l.second)
	return err
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
	others, shift := l.second.pieces(), l.shift
	if l.ratio != nil {
		others, shift = l.ratio.pieces(others, l.shift), 0
	}
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
			from, to := others[k].from-shift, others[k].from+others[k].samples-shift
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
	rated         *ratedReader // in place of second, where that has a higher rate
}

func (l *lane) reading() (*reading, error) {
	r := &reading{l: l, first: l.Reader()}
	var err error
	switch {
	case l.ratio != nil:
		r.rated, err = newRatedReader(l.second, *l.ratio, l.shift)
	case l.second != nil:
		r.second = l.second.Reader()
	}
	return r, err
}

// fetchSamples is how many samples are fetched in a turn at the disk: they last for some tens of milliseconds of reading, and the way to them for
// some milliseconds on a disk that turns.
const fetchSamples = 8 * chunkSamples

// fetch reads what follows in a piece when it is the lane's turn, or ends with ctx.
func (r *reading) fetch(ctx context.Context, p piece, at int64) {
	if r.l.turn == nil || p.wave != nil || at%fetchSamples != 0 {
		return
	}
	select {
	case <-ctx.Done():
	case r.l.turn <- struct{}{}:
		r.first.Fetch(p.from+at, min(fetchSamples, p.samples-at))
		<-r.l.turn
	}
}

// read fills dst from a place in a piece on: of two sources half with the values of the first, then as many of the second, or turned.
func (r *reading) read(dst []float64, p piece, at int64) error {
	if r.l.second == nil {
		return readPiece(r.first, r.l.source, dst, p.wave, p.from, at)
	}
	n := len(dst) / 2
	first, second := dst[:n], dst[n:]
	if r.l.turned {
		first, second = second, first
	}
	if err := readPiece(r.first, r.l.source, first, p.wave, p.from, at); err != nil {
		return err
	}
	if r.rated != nil {
		return r.rated.read(second, p.from+at, at == 0)
	}
	return readPiece(r.second, r.l.second, second, p.other, p.from+r.l.shift, at)
}

func readPiece(r *series.Reader, s *source, dst []float64, w *series.Wave, from, at int64) error {
	if w != nil {
		span := &s.Spans[w.Spans[0]]
		return r.ReadSpan(dst, span, span.Stream+at)
	}
	_, err := r.Read(dst, from+at)
	return err
}
