package main

import (
	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analyze"
)

// mostRowsKept is how many rows an operation keeps that finds things.
const mostRowsKept = 1_000_000

// tableOperations lists the operations whose result is a table.
func tableOperations() []operation {
	return []operation{
		{
			name: "stats", short: "extremes, mean, rms, standard deviation",
			long:    "Extremes with the time of their first sample, mean, rms (the mean counts in)\nand standard deviation about the mean of each stream.",
			example: "--stream cell.A --percentile 1 --percentile 99",
			flags: func(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
				op := &analyze.Stats{}
				f.Float64SliceVar(&op.Percentiles, "percentile", nil, "the value below which so many `PERCENT` of the samples lie, too; may be repeated")
				return func(*analyzeOptions) (analyze.Operation, error) { return op, nil }
			},
		},
		{
			name: "events", short: "find a fault in hours of recording",
			long: `Find where a signal meets a condition: a level (--level), a window (--lower,
--upper), a runt (a pulse through one of --lower and --upper and not the other), a
dropout (no crossing of --level for longer than --longer), a pulse or an interval
between edges that is longer or shorter than a time, a slope (a change per second).
Nothing is found over a gap; what a gap cuts is marked.`,
			example: "--find pulse --level 1V --shorter 10us",
			flags:   eventFlags,
		},
	}
}

func eventFlags(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
	op := &analyze.Events{}
	var direction string
	f.StringVar(&op.Find, "find", "level", "what to look for: level, window, runt, dropout, pulse, interval or slope")
	f.StringVar(&direction, "direction", "", "level: rising, falling, either, above, below; window: enter, exit, enter_or_exit, inside, outside; runt and pulse: above, below; interval and slope: rising, falling; slope: either")
	f.value(&op.Level, "level", "the level")
	f.value(&op.Hysteresis, "hysteresis", "how far the signal has to go back before the next event")
	f.value(&op.Lower, "lower", "lower level of a window or a runt")
	f.value(&op.Upper, "upper", "upper level of a window or a runt")
	f.time(&op.Longer, "longer", "only what is longer")
	f.time(&op.Shorter, "shorter", "only what is shorter")
	f.value(&op.Slope, "slope", "least change per second")
	f.time(&op.Over, "over", "distance of the samples that a slope compares (default one sample)")
	f.time(&op.HoldOff, "hold-off", "least time between two events")
	f.IntVar(&op.MaxRows, "max-rows", mostRowsKept, "keep so many events")
	return func(*analyzeOptions) (analyze.Operation, error) {
		op.Direction = events.Direction(direction)
		return op, nil
	}
}
