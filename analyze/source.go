package analyze

import (
	"math"
	"slices"
	"strconv"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// Selection says what of a recording is looked at. The zero value is all of it, in the channels' units.
type Selection struct {
	Streams     []string // patterns, as [series.Choose] reads them
	From, Until series.Bound
	Quantity    convert.Quantity
	Damaged     bool // what is left where files have lost samples is looked at too; else it is refused

	// Progress is told how many samples are done, of all streams together, and how many there are to do; nil: nobody. It is called from the goroutine that
	// called [Run], which returns when it has. [Follow] tells it for looks that are long, as the first one may be.
	Progress func(done, total int64)

	growing bool     // more may come
	gone    []string // what to tell of streams that were chosen and of which no sample is left
}

// chunkSamples is how many samples are read at a time.
const chunkSamples = 1 << 18

// source is a series between two places.
type source struct {
	*series.Series
	from, to int64 // device indexes; of waveforms their places
	beyond   int64 // device index that was asked for as the end; it may lie behind the last sample
	waves    []series.Wave
	growing  bool   // more may come
	reached  bool   // there is all up to the place where it ends: nothing more comes before it
	name     string // the stream's; of a part of it with the part's number
	part     int    // of those that the changes of its settings made of a stream, from 1 on; 0: it is all of it

	lost *series.MissingError // waveforms that files have lost between the places; nil: none
}

// seconds returns the time between samples.
func (s *source) seconds() float64 { return float64(s.Interval.Num) / float64(s.Interval.Den) }

// rate returns samples per second.
func (s *source) rate() float64 { return s.Interval.Rate() }

// sources opens what is selected.
func sources(r *recording.Recording, sel *Selection) ([]*source, error) {
	streams, err := series.Choose(r, sel.Streams)
	if err != nil {
		return nil, err
	}
	all, err := series.Of(streams, sel.Quantity)
	if err != nil {
		return nil, err
	}
	sel.gone = nil
	for _, e := range series.Vanished(r, sel.Streams) {
		if !sel.Damaged {
			return nil, e
		}
		sel.gone = append(sel.gone, e.Error())
	}
	var list []*source
	for _, s := range all {
		src := &source{Series: s, name: s.Stream.Name(), growing: sel.growing}
		if s.Waveform() > 0 {
			src.cutWaves(sel, series.Began(r, s.Global.Device))
		} else {
			src.from, src.to = s.Within(sel.From, sel.Until)
			src.beyond = sel.Until.Sample(s, math.MaxInt64)
			src.reached = len(s.Spans) > 0 && src.beyond <= s.Spans[len(s.Spans)-1].Until()
		}
		missing := src.missing()
		switch {
		case missing != nil && !sel.Damaged:
			return nil, missing
		case src.from < src.to && len(src.pieces()) > 0: // all of it may be a gap
			list = append(list, src)
		case missing != nil:
			sel.gone = append(sel.gone, missing.Error())
		}
	}
	if len(list) == 0 {
		return nil, series.Nothing(all)
	}
	numberParts(list)
	return list, nil
}

// is tells that both are the same part of the same stream.
func (s *source) is(o *source) bool {
	return s.Stream.Name() == o.Stream.Name() && s.Era == o.Era && s.Interval == o.Interval && s.Waveform() == o.Waveform()
}

// numberParts numbers the sources of each stream that has several, in their names too: rows of two settings are not rows of one stream.
func numberParts(list []*source) {
	for i, s := range list {
		if i > 0 && list[i-1].Stream == s.Stream {
			list[i-1].part = max(1, list[i-1].part)
			s.part = list[i-1].part + 1
		}
	}
	for _, s := range list {
		if s.part > 0 {
			s.name = s.Stream.Name() + "." + strconv.Itoa(s.part)
		}
	}
}

// cutWaves takes the waveforms between the bounds that can be read.
func (s *source) cutWaves(sel *Selection, began recording.Timestamp) {
	waves := series.Waves([]*series.Series{s.Series})
	from, to := sel.From.Wave(waves, began, 0), sel.Until.Wave(waves, began, int64(len(waves)))
	s.reached = to < int64(len(waves))
	waves = waves[min(from, to):to]
	s.lost = series.MissingWaves([]*series.Series{s.Series}, waves)
	s.waves = slices.DeleteFunc(waves, func(w series.Wave) bool { return w.Lost > 0 })
	s.to = int64(len(s.waves))
}

// piece is a run of samples that follow each other without loss: a stretch, or a waveform.
type piece struct {
	from    int64 // device index of the first one
	samples int64
	gap     *recording.Gap // before it; nil: none, or not known
	wave    *series.Wave   // nil: no block mode
	other   *series.Wave   // of the second source of a pair
}

// place returns where a piece begins, as a [reach] counts.
func (p piece) place() int64 {
	if p.wave != nil {
		return p.wave.Number
	}
	return p.from
}

// pieces lists what there is to read, in order.
func (s *source) pieces() []piece {
	var list []piece
	for _, p := range s.Stretches(s.from, s.to) {
		if s.Waveform() > 0 {
			break
		}
		list = append(list, piece{from: p.From, samples: p.Samples(), gap: p.Gap})
	}
	for i := range s.waves {
		w := &s.waves[i]
		list = append(list, piece{from: s.Spans[w.Spans[0]].Device, samples: s.Waveform(), wave: w})
	}
	return list
}

// longest is how long the longest piece is, or can become: of a stream that grows there is no end.
func (s *source) longest() int64 {
	if s.growing && s.Waveform() == 0 {
		return math.MaxInt64
	}
	return s.longestNow()
}

// longestNow is how long the longest piece is.
func (s *source) longestNow() (n int64) {
	if s.Waveform() > 0 {
		return s.Waveform()
	}
	for _, p := range s.Stretches(s.from, s.to) {
		n = max(n, p.Samples())
	}
	return n
}

// time returns the seconds since the device's first sample of a place in a piece, in samples that need not be whole.
func (s *source) time(p piece, at float64) float64 {
	if p.wave != nil {
		return p.wave.Time(at, s.Interval)
	}
	whole, part := math.Modf(at)
	return secondsOf(s.Interval, p.from+int64(whole)) + part*s.seconds()
}

// secondsOf returns n intervals in seconds, without the rounding of a large product.
func secondsOf(f recording.Fraction, n int64) float64 {
	return float64(n/f.Den)*float64(f.Num) + float64(n%f.Den)*float64(f.Num)/float64(f.Den)
}

// utc returns when a sample of a piece was taken, 0 where that is not known.
func (s *source) utc(p piece, sample int64) recording.Timestamp {
	if p.wave != nil {
		return p.wave.Start + recording.Timestamp(s.Interval.NS(sample))
	}
	return s.TimeOf(p.from + sample)
}
