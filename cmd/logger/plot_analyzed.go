package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/plot"
	"github.com/scopelog/scopelog/series"
)

// The lengths of segments that are taken for pictures by themselves: as many samples as give about so many segments.
const (
	psdSegments     = 8
	spectraSegments = 300
	mostSegment     = 65536
	leastSegment    = 64
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

// segment returns the length of a segment that divides what is drawn of the first stream into so many parts: a power of two that fits into the longest
// stretch, or a whole waveform where there are as many.
func (j *plotJob) segment(parts int64) (int, error) {
	e, err := analyze.ExtentOf(j.r, j.selection())
	if err != nil {
		return 0, err
	}
	length := min(leastSegment, e.Longest)
	for length < mostSegment && length*2*parts <= e.Samples && length*2 <= e.Longest {
		length *= 2
	}
	if g := j.streams[0].Global(); g.Mode.Block() && e.Longest <= mostSegment && e.Longest*parts <= e.Samples {
		length = e.Longest
	}
	return int(length), nil
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
	for _, streams := range byRate(j.streams) {
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

// byRate groups streams by the interval of their samples.
func byRate(streams []series.Choice) [][]series.Choice {
	var groups [][]series.Choice
	for _, s := range streams {
		i := slices.IndexFunc(groups, func(g []series.Choice) bool { return g[0].Global().SampleInterval == s.Global().SampleInterval })
		if i < 0 {
			i, groups = len(groups), append(groups, nil)
		}
		groups[i] = append(groups[i], s)
	}
	return groups
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
	if err := haveOneUnit(j.r, j.selection()); err != nil { // told before minutes of reading
		return nil, err
	}
	return j.draw(ctx, &analyze.Histogram{Bins: 512})
}
