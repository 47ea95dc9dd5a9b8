package plot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"sync"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// The cells of a picture in which the colour tells how often they are met.
const (
	densityColumns = 800
	densityRows    = 320
)

// PersistenceOptions say what a picture of waveforms shows. The zero value of each field is legal, but for Streams.
type PersistenceOptions struct {
	Streams  []*recording.Stream // of block modes, and no digital ports; each gets a panel
	From     recording.Timestamp // waveforms that begin earlier are left out; 0: none
	Until    recording.Timestamp // waveforms that begin then or later are left out; 0: none
	Quantity convert.Quantity
	Computed []Computed // what is drawn on top of streams, of all waveforms
}

// Persistence draws all waveforms of a block mode on top of each other, aligned at their triggers (at their first samples where there is no
// trigger): the colour tells how many pass a place. All samples are read. The errors are those of [Time], and a [*KindError] for streams that are
// not of a block mode.
func Persistence(ctx context.Context, r *recording.Recording, o PersistenceOptions) (*Figure, error) {
	f := &Figure{}
	var names []string
	var tracks []*track
	var first, last recording.Timestamp
	var waves int64
	var time extent
	for _, s := range o.Streams {
		if g := s.Global(); !g.Mode.Block() || digital(&g) {
			return nil, &KindError{s.Name(), "has no waveforms of values; choose analog streams of a block mode, or draw it over time"}
		}
		t := waveTrack(s, o.From, o.Until)
		if len(t.spans) == 0 {
			continue
		}
		for i := range t.spans {
			one := &t.spans[i]
			time.add(one.aligned(one.from), one.aligned(one.to))
			if begin := one.capture.Datetime; first == 0 || begin < first {
				first = begin
			}
			last = max(last, one.capture.Datetime+recording.Timestamp(one.segment.Global.SampleInterval.NS(one.to-one.from)))
		}
		waves = max(waves, int64(len(t.spans)))
		tracks, names = append(tracks, t), append(names, s.Name())
	}
	if len(tracks) == 0 {
		return nil, ErrEmpty
	}
	f.x = axis{min: time.lo, max: time.hi, label: "time from the trigger", ticks: elapsedTicks}
	f.title, f.subtitle = titleOf(r, names), spanText(first, 0, float64(last-first)/1e9)+", "+units.FormatCount(waves)+" waveforms"
	for _, t := range tracks {
		p, err := overlaid(ctx, t, f.x, &o, first)
		if err != nil {
			return nil, err
		}
		f.panels = append(f.panels, p)
	}
	return f, nil
}

// waveTrack is a track of whole waveforms.
func waveTrack(s *recording.Stream, from, until recording.Timestamp) *track {
	t := newTrack(s, 0, 0)
	kept := t.spans[:0]
	for _, one := range t.spans {
		if begin := one.capture.Datetime; begin >= from && (until == 0 || begin < until) {
			kept = append(kept, one)
		}
	}
	t.spans = kept
	return t
}

// aligned returns the time of a sample of a waveform from its trigger, in seconds.
func (s *span) aligned(device int64) float64 {
	x := float64(device - s.capture.GlobalIndex)
	if p := s.capture.TriggerPosition; p != nil {
		x -= float64(*p)
	}
	x *= s.dt
	if f := s.capture.TriggerOffsetFS; f != nil {
		x -= float64(*f) * 1e-15
	}
	return x
}

// overlaid makes the panel of a stream.
func overlaid(ctx context.Context, t *track, x axis, o *PersistenceOptions, zero recording.Timestamp) (*panel, error) {
	if err := t.oneUnit(o.Quantity); err != nil {
		return nil, err
	}
	columns, err := envelopeOf(ctx, t, o.Quantity, zero, math.Inf(1), map[string]bool{})
	if err != nil {
		return nil, err
	}
	name := t.global.Label
	if name == "" {
		name = t.source.Name()
	}
	above := layersOf(o.Computed, t, overlayInk, (*span).aligned)
	values := (&trace{stretches: columns}).values()
	values.with(above.values)
	y := valueAxis(name, unitOf(t, o.Quantity), values)
	sum := newDensity(densityColumns, densityRows, x, y)
	workers := min(runtime.GOMAXPROCS(0), len(t.spans))
	parts := make([]*density, workers)
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		parts[w] = newDensity(densityColumns, densityRows, x, y)
		wait.Go(func() {
			errs[w] = overlay(ctx, parts[w], t, o.Quantity, len(t.spans)*w/workers, len(t.spans)*(w+1)/workers)
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for _, d := range parts {
		sum.with(d)
	}
	h, scale := sum.heat("waveforms")
	legend := entry{text: legendText(&source{tracks: []*track{t}, name: t.source.Name()}), color: heatColor(0.5), fill: true}
	return &panel{y: y, layers: append([]layer{h}, above.layers...), scale: scale, legend: append([]entry{legend}, above.legend...)}, nil
}

// overlay draws some of the waveforms of a track.
func overlay(ctx context.Context, d *density, t *track, q convert.Quantity, from, to int) error {
	r := valueReader{stream: t.source, quantity: q}
	for i := from; i < to; i++ {
		s := &t.spans[i]
		err := r.each(ctx, s, s.from, s.to, func(at int64, values []float64) {
			for k, v := range values {
				d.to(s.aligned(at+int64(k)), v)
			}
		})
		if err != nil {
			return err
		}
		d.end()
	}
	return nil
}

// valueReader reads values of a stream, for one goroutine.
type valueReader struct {
	stream   *recording.Stream
	quantity convert.Quantity
	of       *recording.Segment
	conv     *convert.Converter
	buf      []byte
	values   []float64
}

// each gives visit the values of a span from a device index up to another, some at a time.
func (r *valueReader) each(ctx context.Context, s *span, from, to int64, visit func(at int64, values []float64)) error {
	for from < to {
		n := min(to-from, readSamples)
		values, err := r.read(ctx, s, from, n)
		if err != nil {
			return err
		}
		visit(from, values)
		from += n
	}
	return nil
}

// read reads n values, at most readSamples. The result is valid until the next call.
func (r *valueReader) read(ctx context.Context, s *span, from, n int64) ([]float64, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.segment != r.of {
		conv, err := convert.New(&s.segment.Global)
		if err != nil {
			return nil, err
		}
		r.conv, r.of = conv, s.segment
	}
	size := int64(s.segment.Global.Datatype.Size())
	if int64(len(r.buf)) < n*size {
		r.buf = make([]byte, n*size)
	}
	if int64(len(r.values)) < n {
		r.values = make([]float64, n)
	}
	b := r.buf[:n*size]
	if got, err := r.stream.ReadAt(b, s.stream(from)); int64(got) < n {
		return nil, fmt.Errorf("read samples of %s: %w", r.stream.Name(), errors.Join(err, io.ErrUnexpectedEOF))
	}
	values := r.values[:n]
	r.conv.Convert(values, b, r.quantity, s.capture)
	return values, nil
}
