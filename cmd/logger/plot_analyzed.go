package main

import (
	"context"
	"fmt"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/plot"
)

// The lengths of segments that are taken for pictures by themselves: as many samples as give about so many segments.
const (
	psdSegments     = 8
	spectraSegments = 300
	mostSegment     = 65536
	leastSegment    = 64
)

// selection is what a job draws, for an operation.
func (j *plotJob) selection() analyze.Selection {
	return analyze.Selection{Streams: j.names(), From: j.o.first, Until: j.o.last, Quantity: j.o.quantity, Progress: j.o.progress}
}

// segment returns the length of a segment that divides what is drawn of the first stream into so many parts, a power of two.
func (j *plotJob) segment(parts int64) (int, error) {
	e, err := analyze.ExtentOf(j.r, j.selection())
	if err != nil {
		return 0, err
	}
	length := int64(leastSegment)
	for length < mostSegment && length*2*parts <= e.Samples {
		length *= 2
	}
	return int(length), nil
}

// caption tells what is drawn.
func (j *plotJob) caption() (plot.Caption, error) {
	e, err := analyze.ExtentOf(j.r, j.selection())
	return plot.CaptionOf(j.r, j.names(), e.First, e.Last), err
}

func plotPSD(ctx context.Context, j *plotJob) (*plot.Figure, error) {
	segment, err := j.segment(psdSegments)
	if err != nil {
		return nil, err
	}
	t, err := analyze.Run(ctx, j.r, j.selection(), &analyze.PSD{Options: spectrum.Options{Segment: segment}})
	if err != nil {
		return nil, err
	}
	var list []plot.Spectrum
	for i, s := range j.streams {
		c := t.Columns[1+i]
		list = append(list, plot.Spectrum{Name: s.Name(), Freq: t.Columns[0].Values, Density: c.Values, Unit: unitOf(c.Unit)})
	}
	j.notes = t.Notes
	caption, err := j.caption()
	if err != nil {
		return nil, err
	}
	return plot.PSD(caption, list, plot.PSDOptions{})
}

// unitOf takes the unit of a signal out of that of its spectrum.
func unitOf(unit string) string {
	for i, r := range unit {
		if r == '²' {
			return unit[:i]
		}
	}
	return unit
}

func plotSpectrogram(ctx context.Context, j *plotJob) (*plot.Figure, error) {
	if len(j.streams) != 1 {
		return nil, usageError(fmt.Errorf("a spectrogram is of one stream, and there are %d", len(j.streams)), "choose it with --stream")
	}
	segment, err := j.segment(spectraSegments)
	if err != nil {
		return nil, err
	}
	t, err := analyze.Run(ctx, j.r, j.selection(), &analyze.Spectrogram{Options: spectrum.Options{Segment: segment}})
	if err != nil {
		return nil, err
	}
	e, err := analyze.ExtentOf(j.r, j.selection())
	if err != nil {
		return nil, err
	}
	j.notes = t.Notes
	s := plot.Spectra{Name: j.streams[0].Name(), Times: t.Heat.Times, Freq: t.Heat.Freqs, Unit: unitOf(t.Heat.Unit), Start: e.Zero}
	for _, row := range t.Heat.Power {
		s.Density = append(s.Density, row...)
	}
	return plot.Spectrogram(plot.CaptionOf(j.r, j.names(), e.First, e.Last), s, plot.SpectrogramOptions{Elapsed: j.o.seconds})
}

func plotHistogram(ctx context.Context, j *plotJob) (*plot.Figure, error) {
	t, err := analyze.Run(ctx, j.r, j.selection(), &analyze.Histogram{Bins: 512})
	if err != nil {
		return nil, err
	}
	var list []plot.Bins
	for k := range t.Rows {
		name := t.Columns[0].Texts[k]
		if n := len(list); n == 0 || list[n-1].Name != name {
			list = append(list, plot.Bins{Name: name, Edges: []float64{t.Columns[1].Values[k]}, Unit: t.Columns[1].Unit})
		}
		b := &list[len(list)-1]
		b.Edges, b.Counts = append(b.Edges, t.Columns[2].Values[k]), append(b.Counts, int64(t.Columns[3].Values[k]))
	}
	j.notes = t.Notes
	caption, err := j.caption()
	if err != nil {
		return nil, err
	}
	return plot.Histogram(caption, list, plot.HistogramOptions{})
}
