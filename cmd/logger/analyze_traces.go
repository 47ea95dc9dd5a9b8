package main

import (
	"context"
	"errors"
	"slices"

	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/plot"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// errMixed is for pictures of several streams that have no axis in common.
var errMixed = errors.New("waveforms and streams without a trigger have no axis in common: choose some of them with --stream")

// drawTraces draws streams with what was computed of them: over time, and waveforms on top of each other.
func drawTraces(ctx context.Context, r *recording.Recording, sel analyze.Selection, t *analyze.Table, e analyze.Extent) (*plot.Figure, error) {
	var streams []series.Choice
	var list []plot.Computed
	blocks := 0
	for _, trace := range t.Traces {
		found, err := series.Choose(r, []string{trace.Stream})
		if err != nil {
			return nil, err
		}
		stream := found[0]
		c := plot.Computed{Of: stream.Stream, Pin: stream.Pin, Name: trace.Name}
		for _, k := range trace.Ranges {
			c.Ranges = append(c.Ranges, plot.Range(k))
		}
		for _, k := range trace.Marks {
			c.Markers = append(c.Markers, plot.Marker(k))
		}
		list = append(list, c)
		if !slices.Contains(streams, stream) {
			streams = append(streams, stream)
			if g := stream.Global(); g.Mode.Block() {
				blocks++
			}
		}
	}
	switch blocks {
	case 0:
		return plot.Time(ctx, r, plot.TimeOptions{
			Streams: whole(streams), Pins: pinsOf(streams), From: e.First, Until: e.Last, Quantity: sel.Quantity, Computed: list,
		})
	case len(streams):
		if err := refusePins(streams); err != nil {
			return nil, err
		}
		return plot.Persistence(ctx, r, plot.PersistenceOptions{Streams: whole(streams), From: e.First, Until: e.Last, Quantity: sel.Quantity, Computed: list})
	}
	return nil, errMixed
}
