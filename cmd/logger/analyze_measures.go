package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analyze"
)

// measureOperations lists the operations that measure signals of two states and compare streams.
func measureOperations() []operation {
	return []operation{
		{
			name: "measure", short: "frequency, duty, rise time, phase, ...",
			long: `What an oscilloscope measures: base and top, amplitude, frequency, period, duty
cycle, pulse widths, rise and fall time, overshoot, slew rate; with --with delay
and phase of another stream. Levels are those of all that is looked at, or
of --base and --top; with --follow they move with the signal.`,
			example: "--stream cell.A --with cell.B",
			flags:   measureFlags,
		},
		{
			name: "xcorr", short: "cross-correlation of two streams", drawn: true,
			long: `Cross-correlation of two streams up to a greatest lag. A positive lag is by how
much the stream of --stream is later than that of --with; the same stream twice
gives its autocorrelation. Of two rates the higher one is resampled to the
other.`,
			example: "--stream cell.A --with cell.B --max-lag 10ms",
			flags:   xcorrFlags,
		},
		{
			name: "histogram", short: "how often values or measurements occur", drawn: true,
			long: `How often values occur, or what --of names: peak_to_peak and dead_time of
waveforms, or period, positive_width, rise_time and the other quantities of
measure.`,
			example: "--stream cell.A --of period --bins 100",
			flags:   histogramFlags,
		},
		{
			name: "average", short: "average of waveforms", drawn: true,
			long:    "Mean and standard deviation of the waveforms of block and rapid block, sample by\nsample, with the trigger at time 0. Those without one are left out, with a note.",
			example: "--stream cell.A --to average.csv",
			flags: func(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
				op := &analyze.Average{}
				f.BoolVar(&op.Align, "align", true, "by the place of the trigger between samples, too")
				f.BoolVar(&op.Untriggered, "untriggered", false, "waveforms without a trigger too, from their first sample")
				return func(*analyzeOptions) (analyze.Operation, error) { return op, nil }
			},
		},
	}
}

func measureFlags(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
	op := &analyze.Measure{}
	levelFlags(f, &op.Options, &op.States)
	f.StringVar(&op.With, "with", "", "delay and phase of this `STREAM` against the other one")
	return func(o *analyzeOptions) (analyze.Operation, error) {
		if op.With == "" {
			return op, nil
		}
		for _, name := range []string{"lower-level", "upper-level"} {
			if f.Changed(name) {
				return nil, fmt.Errorf("--%s is for the rise and fall times of one signal: delays of --with are measured at --middle-level", name)
			}
		}
		return op, o.pair(op.With)
	}
}

func xcorrFlags(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
	op := &analyze.XCorr{}
	var norm string
	f.StringVar(&op.With, "with", "", "the other `STREAM`, or the same one for its autocorrelation; needed")
	f.time(&op.MaxLag, "max-lag", "look so far to both sides; needed")
	f.BoolVar(&op.Options.RemoveMean, "remove-mean", true, "take away the mean of each stream first")
	f.StringVar(&norm, "norm", "energy", "energy (coefficient from -1 to 1), overlap (the same by what overlaps at each lag) or raw (sums of products)")
	return func(o *analyzeOptions) (_ analyze.Operation, err error) {
		if op.With == "" || op.MaxLag.Sign() == 0 {
			return nil, errors.New("xcorr needs --with and --max-lag")
		}
		op.Options.Norm, err = oneOf("--norm", norm, map[string]correlate.Norm{"energy": correlate.Energy, "overlap": correlate.Overlap, "raw": correlate.Raw})
		if err != nil {
			return nil, err
		}
		if slices.Equal(o.Streams, []string{op.With}) {
			op.With = ""
			return op, nil
		}
		return op, o.pair(op.With)
	}
}

// pair adds the other stream to the one that is chosen.
func (o *analyzeOptions) pair(with string) error {
	if len(o.Streams) != 1 {
		return errors.New("--with compares with one stream: name it with --stream")
	}
	if o.Streams[0] == with {
		return fmt.Errorf("--with %s is the stream of --stream: it has no delay to itself", with)
	}
	o.Streams = append(o.Streams, with)
	return nil
}

// levelFlags adds the flags of edges.
func levelFlags(f *flagSet, o *measure.Options, s *analyze.States) {
	f.given(&s.Base, "base", "level of the lower state (default found in the signal)")
	f.given(&s.Top, "top", "level of the upper state (default found in the signal)")
	f.Float64Var(&o.Lower, "lower-level", 0.1, "lower reference level, as a part of the amplitude above the base")
	f.Float64Var(&o.Middle, "middle-level", 0.5, "middle reference level")
	f.Float64Var(&o.Upper, "upper-level", 0.9, "upper reference level")
	f.Float64Var(&o.Hysteresis, "hysteresis", 0.1, "how far a signal has to go around the middle, as a part of the amplitude")
}

func histogramFlags(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
	op := &analyze.Histogram{}
	f.StringVar(&op.Of, "of", "", "a `QUANTITY` instead of the values")
	f.IntVar(&op.Bins, "bins", 256, fmt.Sprintf("how many bins, up to %s of all streams together; without a range 2 or more, up to so many, each with as many steps of the converter", formatCount(analyze.MostRows)))
	f.given(&op.Low, "low", "lower end of the range")
	f.given(&op.Top, "high", "upper end of the range")
	levelFlags(f, &op.Options, &op.States)
	return func(*analyzeOptions) (analyze.Operation, error) {
		counted := op.Of
		if counted == analyze.OfValues {
			counted = "values"
		}
		return op, f.unused("of", counted, countedKinds())
	}
}

// countedKinds lists what a histogram counts, with the flags that are for the edges of signals.
func countedKinds() []choice {
	list := []choice{{word: "values"}, {word: analyze.OfPeakToPeak}, {word: analyze.OfDeadTime}}
	for q := range measure.Quantities {
		list = append(list, choice{measure.Quantity(q).String(), []string{"base", "top", "lower-level", "middle-level", "upper-level", "hysteresis"}})
	}
	return list
}
