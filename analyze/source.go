package analyze

import (
	"context"
	"errors"
	"math"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// ErrEmpty is returned when what was chosen holds no samples.
var ErrEmpty = errors.New("there are no samples")

// Selection says what of a recording is looked at. The zero value is all of it, in the channels' units.
type Selection struct {
	Streams     []string // patterns, as [series.Choose] reads them
	From, Until series.Bound
	Quantity    convert.Quantity

	// Progress is told how many samples are done and how many there are to do; nil: nobody.
	Progress func(done, total int64)
}

// chunkSamples is how many samples are read at a time.
const chunkSamples = 1 << 18

// source is a series between two places.
type source struct {
	*series.Series
	from, to int64 // device indexes; of waveforms their places
	waves    []series.Wave
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
	var list []*source
	for _, s := range all {
		src := &source{Series: s}
		if s.Waveform() > 0 {
			src.cutWaves(sel, series.Began(r, s.Global.Device))
		} else {
			src.from, src.to = s.Within(sel.From, sel.Until)
		}
		if src.from < src.to {
			list = append(list, src)
		}
	}
	if len(list) == 0 {
		return nil, ErrEmpty
	}
	return list, nil
}

// cutWaves takes the waveforms between the bounds that can be read.
func (s *source) cutWaves(sel *Selection, began recording.Timestamp) {
	waves := series.Waves([]*series.Series{s.Series})
	from, to := sel.From.Wave(waves, began, 0), sel.Until.Wave(waves, began, int64(len(waves)))
	for _, w := range waves[min(from, to):to] {
		if w.Lost == 0 {
			s.waves = append(s.waves, w)
		}
	}
	s.to = int64(len(s.waves))
}

// samples counts what there is to read.
func (s *source) samples() (n int64) {
	if s.Waveform() > 0 {
		return int64(len(s.waves)) * s.Waveform()
	}
	for _, p := range s.Stretches(s.from, s.to) {
		n += p.Samples()
	}
	return n
}

// piece is a run of samples that follow each other without loss: a stretch, or a waveform.
type piece struct {
	from    int64 // device index of the first one
	samples int64
	gap     *recording.Gap // before it; nil: none, or not known
	wave    *series.Wave   // nil: no block mode
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

// meter counts what is done, for Progress.
type meter struct {
	tell        func(done, total int64)
	done, total int64
}

func (m *meter) add(n int64) {
	if m == nil || m.tell == nil {
		return
	}
	m.done += n
	m.tell(m.done, m.total)
}

// meterOf makes a meter for several passes over sources.
func meterOf(sel *Selection, passes int64, list ...*source) *meter {
	m := &meter{tell: sel.Progress}
	for _, s := range list {
		m.total += passes * s.samples()
	}
	return m
}

// chunk is some samples that follow each other.
type chunk struct {
	values []float64
	err    error
}

// read gives the values of a piece in order to f, in chunks of at most chunkSamples. They belong to f until it returns. The next chunk is read
// meanwhile.
func (s *source) read(ctx context.Context, p piece, m *meter, f func(x []float64) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	free, full := make(chan []float64, 3), make(chan chunk)
	size := min(p.samples, chunkSamples)
	for range cap(free) {
		free <- make([]float64, size)
	}
	go func() {
		defer close(full)
		s.fill(ctx, p, free, full)
	}()
	for c := range full {
		if c.err != nil {
			return c.err
		}
		if err := f(c.values); err != nil {
			return err
		}
		m.add(int64(len(c.values)))
		free <- c.values[:cap(c.values)]
	}
	return ctx.Err()
}

// fill reads a piece.
func (s *source) fill(ctx context.Context, p piece, free <-chan []float64, full chan<- chunk) {
	r := s.Reader()
	var span *series.Span
	if p.wave != nil {
		span = &s.Spans[p.wave.Spans[0]]
	}
	for at := int64(0); at < p.samples; {
		var c chunk
		select {
		case <-ctx.Done():
			return
		case b := <-free:
			c.values = b[:min(int64(len(b)), p.samples-at)]
		}
		if span != nil {
			c.err = r.ReadSpan(c.values, span, span.Stream+at)
		} else {
			_, c.err = r.Read(c.values, p.from+at)
		}
		select {
		case <-ctx.Done():
			return
		case full <- c:
		}
		if c.err != nil {
			return
		}
		at += int64(len(c.values))
	}
}

// whole reads all of a piece at once; a waveform above all.
func (s *source) whole(ctx context.Context, dst []float64, p piece) ([]float64, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if int64(cap(dst)) < p.samples {
		dst = make([]float64, p.samples)
	}
	dst = dst[:p.samples]
	r := s.Reader()
	if p.wave != nil {
		span := &s.Spans[p.wave.Spans[0]]
		return dst, r.ReadSpan(dst, span, span.Stream)
	}
	_, err := r.Read(dst, p.from)
	return dst, err
}

// time returns the seconds since the device's first sample of a place in a piece, in samples that need not be whole.
func (s *source) time(p piece, at float64) float64 {
	if p.wave != nil {
		return (at-float64(p.wave.Position))*s.seconds() - float64(p.wave.OffsetFS)*1e-15
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
