package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/plot"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// plotJob is what a picture is made of: streams, and the moments between which they are shown.
type plotJob struct {
	r           *recording.Recording
	o           *plotOptions
	kind        string
	streams     []series.Choice
	from, until recording.Timestamp
	notes       []string
}

// plotKinds are the kinds of pictures.
var plotKinds = map[string]func(context.Context, *plotJob) (*plot.Figure, error){
	"time": func(ctx context.Context, j *plotJob) (*plot.Figure, error) {
		return plot.Time(ctx, j.r, plot.TimeOptions{
			Streams: whole(j.streams), Pins: pinsOf(j.streams), From: j.from, Until: j.until, Elapsed: j.o.seconds, Quantity: j.o.quantity, Columns: j.o.pixels.Width,
		})
	},
	"persistence": func(ctx context.Context, j *plotJob) (*plot.Figure, error) {
		if err := refusePins(j.streams); err != nil {
			return nil, err
		}
		return plot.Persistence(ctx, j.r, plot.PersistenceOptions{Streams: whole(j.streams), From: j.from, Until: j.until, Quantity: j.o.quantity})
	},
	"psd":         plotPSD,
	"spectrogram": plotSpectrogram,
	"histogram":   plotHistogram,
	"xy": func(ctx context.Context, j *plotJob) (*plot.Figure, error) {
		if err := refusePins(j.streams); err != nil {
			return nil, err
		}
		return plot.XY(ctx, j.r, plot.XYOptions{X: j.streams[0].Stream, Y: j.streams[1].Stream, From: j.from, Until: j.until, Quantity: j.o.quantity})
	},
}

func plotKindNames() []string { return slices.Sorted(maps.Keys(plotKinds)) }

func newPlotJob(r *recording.Recording, o *plotOptions) (*plotJob, error) {
	j := &plotJob{r: r, o: o, kind: o.kind}
	if err := j.choose(); err != nil {
		return nil, err
	}
	if j.kind == "" {
		j.kind = "time"
		if !slices.ContainsFunc(j.streams, func(s series.Choice) bool { return !s.Global().Mode.Block() || s.IsPort() || s.IsPin() }) {
			j.kind = "persistence"
		}
	}
	if err := j.unused(); err != nil {
		return nil, err
	}
	of, err := firstWithSamples(j.streams)
	if err != nil {
		return nil, err
	}
	began := series.Began(r, of[0].Global.Device)
	j.from = o.first.Moment(of, began, 0, math.MaxInt64)
	j.until = o.last.Moment(of, began, 0, 0)
	return j, nil
}

// unused refuses flags of an axis that the kind has not.
func (j *plotJob) unused() error {
	flag := "--utc"
	switch {
	case j.kind == "time", j.kind == "spectrogram", !j.o.utc && !j.o.seconds:
		return nil
	case j.o.seconds:
		flag = "--seconds"
	}
	return usageError(fmt.Errorf("%s is for --kind time or spectrogram, and not for %s", flag, j.kind), "leave it out: the picture has no axis of the time of the run")
}

// firstWithSamples returns the series of the first stream that has samples, which places are counted in. The error is [plot.ErrEmpty] where none has.
func firstWithSamples(streams []series.Choice) ([]*series.Series, error) {
	for _, s := range streams {
		of, err := series.Of([]series.Choice{s}, convert.Counts)
		if err != nil || len(of) > 0 {
			return of, err
		}
	}
	return nil, plot.ErrEmpty
}

// names lists the streams.
func (j *plotJob) names() []string {
	var list []string
	for _, s := range j.streams {
		list = append(list, s.Name())
	}
	return list
}

// empty is the error where nothing can be drawn of what is chosen. It tells whether there is anything.
func (j *plotJob) empty() error {
	if e, err := analyze.ExtentOf(j.r, j.selection()); err == nil && e.Samples > 0 {
		return usageError(errors.New("what was chosen has samples, and none that this kind of picture can show: values that are no numbers, or for spectra no power at all"), "see them with analyze stats")
	} else if errors.Is(err, series.ErrEmpty) {
		return err
	}
	return plot.ErrEmpty
}

// ofValues tells that the kind cannot show the pins of a port.
func (j *plotJob) ofValues() bool {
	return j.kind == "psd" || j.kind == "histogram" || j.kind == "spectrogram" || j.kind == "persistence"
}

// choose settles the streams. Of those that are not named, what is downsampled beside its raw stream is left out, and ports where they cannot be shown; of two that are drawn against each
// other the first one named is horizontal.
func (j *plotJob) choose() error {
	if j.kind == "xy" {
		if len(j.o.streams) != 2 {
			return usageError(errors.New("--kind xy needs two streams"), "write --stream twice: the horizontal one, then the vertical one")
		}
		for _, name := range j.o.streams {
			list, err := series.Choose(j.r, []string{name})
			if err != nil {
				return err
			}
			if len(list) != 1 {
				return usageError(fmt.Errorf("--stream %s names %s", name, plural(len(list), "stream")), "--kind xy needs one stream each")
			}
			j.streams = append(j.streams, list[0])
		}
		return nil
	}
	list, err := series.Choose(j.r, j.o.streams)
	if err != nil {
		return err
	}
	if len(j.o.streams) == 0 {
		raw := map[string]bool{}
		place := func(g recording.Global) string { return g.Device + "." + g.Channel }
		for _, s := range list {
			if g := s.Global(); g.Kind == recording.KindRaw {
				raw[place(g)] = true
			}
		}
		list = slices.DeleteFunc(slices.Clone(list), func(s series.Choice) bool {
			g := s.Global()
			return g.Kind != recording.KindRaw && raw[place(g)] || j.ofValues() && s.IsPort()
		})
	}
	if len(list) == 0 {
		return plot.ErrEmpty
	}
	j.streams = list
	return nil
}

// whole lists what was chosen as streams, without the pins.
func whole(chosen []series.Choice) []*recording.Stream {
	var list []*recording.Stream
	for _, c := range chosen {
		if !c.IsPin() {
			list = append(list, c.Stream)
		}
	}
	return list
}

// pinsOf lists the pins that were chosen.
func pinsOf(chosen []series.Choice) []series.Choice {
	return slices.DeleteFunc(slices.Clone(chosen), func(c series.Choice) bool { return !c.IsPin() })
}

// refusePins refuses pins where values are drawn.
func refusePins(chosen []series.Choice) error {
	for _, p := range pinsOf(chosen) {
		return &plot.KindError{Stream: p.Name(), Reason: "is a pin of a digital port; choose analog streams, or draw it with --kind time"}
	}
	return nil
}
