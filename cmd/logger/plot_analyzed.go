package main

import (
	"context"
	"fmt"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/plot"
	"github.com/scopelog/scopelog/series"
)

// How many segments, about, spectra are made of that are drawn without more being said.
const (
	psdSegments     = 8
	spectraSegments = 300
)

// The cells of the picture of a spectrogram: about as many as it has pixels.
const (
	mostTimes       = 1200
	mostFrequencies = 600
)

// selection is what a job draws, for an operation.
func (j *plotJob) selection() analyze.Selection {
	return analyze.Selection{Streams: j.names(), From: j.o.first, Until: j.o.last, Quantity: j.o.quantity, Damaged: j.o.damaged, Progress: j.o.progress}
}

// segment returns the length of a segment that divides what is drawn into so many parts.
func (j *plotJob) segment(parts int64) (int, error) {
	e, err := analyze.ExtentOf(j.r, j.selection())
	return e.Segment(parts), err
}

// draw draws what an operation found in what the job shows.
func (j *plotJob) draw(ctx context.Context, op analyze.Operation) (*plot.Figure, error) {
	t, err := analyze.Run(ctx, j.r, j.selection(), op)
	if err != nil {
		return nil, err
	}
	j.notes = t.Notes
	return drawTable(ctx, j.r, j.selection(), t, j.o.seconds)
}

// plotPSD draws the spectra of streams of any rates, those of one rate with the same segment.
func plotPSD(ctx context.Context, j *plotJob) (*plot.Figure, error) {
	var list []plot.Spectrum
	var names []string
	for _, streams := range series.ByRate(j.streams) {
		some := *j
		some.streams = streams
		segment, err := some.segment(psdSegments)
		if err != nil {
			return nil, err
		}
		t, err := analyze.Run(ctx, j.r, some.selection(), &analyze.PSD{Options: spectrum.Options{Segment: segment}})
		if err != nil {
			return nil, err
		}
		spectra, of := spectraOf(t)
		list, names = append(list, spectra...), append(names, of...)
		j.notes = append(j.notes, t.Notes...)
	}
	e, err := analyze.ExtentOf(j.r, j.selection())
	if err != nil {
		return nil, err
	}
	return plot.PSD(plot.CaptionOf(j.r, names, e.First, e.Last), list, plot.PSDOptions{DB: j.o.db})
}

func plotSpectrogram(ctx context.Context, j *plotJob) (*plot.Figure, error) {
	if len(j.streams) != 1 {
		return nil, usageError(fmt.Errorf("a spectrogram is of one stream, and there are %d", len(j.streams)), "choose it with --stream")
	}
	segment, err := j.segment(spectraSegments)
	if err != nil {
		return nil, err
	}
	return j.draw(ctx, &analyze.Spectrogram{Options: spectrum.Options{Segment: segment}, MostTimes: mostTimes, MostFrequencies: mostFrequencies})
}

func plotHistogram(ctx context.Context, j *plotJob) (*plot.Figure, error) {
	if err := analyze.OneUnit(j.r, j.selection()); err != nil { // told before minutes of reading
		return nil, err
	}
	return j.draw(ctx, &analyze.Histogram{Bins: 512})
}
