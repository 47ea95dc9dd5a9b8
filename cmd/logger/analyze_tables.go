package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/analysis/peaks"
	"github.com/scopelog/scopelog/analysis/spectrum"
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
			flags:   statFlags,
		},
		{
			name: "psd", short: "power spectra (Welch)", drawn: true,
			long: `Power spectra by Welch's method: overlapping segments through a window,
averaged. No segment reaches over a gap. RMS is that of a sine with the power of
a line, wherever it lies between two frequencies.`,
			example: "--stream cell.A --segment 65536 --to psd.csv",
			flags: func(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
				options := spectrumFlags(f, true)
				db := f.Bool("db", false, "decibels: 10·log10 of the power, re 1 unit²/Hz, or of --scaling spectrum re 1 unit² (dBV of volts: 0 dBV is a sine of 1 V rms)")
				return func(*analyzeOptions) (analyze.Operation, error) {
					o, err := options()
					return &analyze.PSD{Options: o, DB: *db}, err
				}
			},
		},
		{
			name: "spectrogram", short: "power spectra over time", drawn: true,
			long:    "Power spectra of one segment after the other. plot draws it.",
			example: "--stream cell.A --segment 4096 --to x.npy",
			flags: func(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
				options := spectrumFlags(f, false)
				return func(all *analyzeOptions) (analyze.Operation, error) {
					o, err := options()
					op := &analyze.Spectrogram{Options: o}
					if analyze.IsText(all.to) {
						op.MaxRows = all.mostRows()
					}
					return op, err
				}
			},
		},
		{
			name: "peaks", short: "peaks by height, distance, prominence, width", drawn: true,
			long: `Peaks, as find_peaks of SciPy finds them: samples, or plateaus of equal ones,
that are higher than their neighbours. Prominence and width look for the bases
of a peak up to the next higher sample, or as far as --window says.`,
			example: "--stream cell.A --height 1V --distance 1ms",
			flags:   peakFlags,
		},
		{
			name: "events", short: "find a fault in hours of recording", drawn: true,
			long: `Find where a signal meets a condition: a level (--level), a window (--lower,
--upper), a runt (a pulse through one of --lower and --upper and not the other),
a dropout (no crossing of --level for longer than --longer), a pulse or an
interval between edges (of --level) that is longer or shorter than a time, a
slope (--slope, a change per second). Nothing is found over a gap; what a gap
cuts is marked.`,
			example: "--find pulse --level 1V --shorter 10us",
			flags:   eventFlags,
		},
	}
}

func statFlags(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
	op := &analyze.Stats{}
	f.Float64SliceVar(&op.Percentiles, "percentile", nil, "the value below which so many `PERCENT` of the samples lie, too; may be repeated")
	return func(*analyzeOptions) (analyze.Operation, error) { return op, nil }
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
	f.time(&op.HoldOff, "hold-off", "least time between two events; each waveform starts anew")
	f.IntVar(&op.MaxRows, "max-rows", mostRowsKept, fmt.Sprintf("keep so many events, up to %s", formatCount(analyze.MostRows)))
	return func(o *analyzeOptions) (analyze.Operation, error) {
		op.Draw = o.picture != ""
		op.Direction = events.Direction(direction)
		return op, nil
	}
}

// spectrumFlags adds the flags of spectra; welch those that averaging has beside.
func spectrumFlags(f *flagSet, welch bool) func() (spectrum.Options, error) {
	var o spectrum.Options
	var window, detrend, scaling, average string
	overlap := -1
	f.IntVar(&o.Segment, "segment", 0, fmt.Sprintf("samples of a segment (default %d, or as many as the longest stretch or waveform has)", analyze.DefaultSegment))
	f.IntVar(&overlap, "overlap", -1, "samples that neighbouring segments share (default half a segment)")
	f.Lookup("overlap").DefValue = "0" // pflag shows no other default beside that
	f.IntVar(&o.FFT, "fft", 0, "length of the transform; zeros fill it up (default a segment)")
	f.StringVar(&window, "window", "hann", "window: "+strings.Join(spectrum.WindowNames(), ", "))
	f.StringVar(&detrend, "detrend", "constant", "take away from each segment: constant (its mean), linear (a line) or none")
	f.StringVar(&scaling, "scaling", "density", "density (power per hertz) or spectrum (power of lines)")
	if welch {
		f.StringVar(&average, "average", "mean", "mean or median; the median keeps all segments and is refused above 1 GiB")
	}
	return func() (spectrum.Options, error) {
		var err error
		for _, c := range []struct {
			name         string
			value, least int
		}{{"segment", o.Segment, 1}, {"overlap", overlap, 0}, {"fft", o.FFT, 1}} {
			if f.Changed(c.name) && c.value < c.least {
				return o, fmt.Errorf("--%s %d: it has to be %d or more", c.name, c.value, c.least)
			}
		}
		if o.Window, err = spectrum.ParseWindow(window); err != nil {
			return o, err
		}
		switch {
		case overlap == 0:
			o.Overlap = spectrum.NoOverlap
		case overlap > 0:
			o.Overlap = overlap
		}
		o.Detrend, err = oneOf("--detrend", detrend, map[string]spectrum.Detrend{"constant": spectrum.Constant, "linear": spectrum.Linear, "none": spectrum.NoDetrend})
		if err != nil {
			return o, err
		}
		if o.Scaling, err = oneOf("--scaling", scaling, map[string]spectrum.Scaling{"density": spectrum.Density, "spectrum": spectrum.Power}); err != nil || !welch {
			return o, err
		}
		o.Average, err = oneOf("--average", average, map[string]spectrum.Average{"mean": spectrum.Mean, "median": spectrum.Median})
		return o, err
	}
}

// oneOf returns what a word stands for.
func oneOf[T any](flag, word string, known map[string]T) (T, error) {
	v, ok := known[word]
	if !ok {
		return v, fmt.Errorf("%s cannot be %q: write %s", flag, word, strings.Join(slices.Sorted(maps.Keys(known)), " or "))
	}
	return v, nil
}

func peakFlags(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
	op := &analyze.Peaks{}
	var plateau int64
	var ties string
	f.limits(&op.Height, "height", "height")
	f.limits(&op.Threshold, "threshold", "distance to the two samples beside it")
	f.limits(&op.Prominence, "prominence", "height above the higher of the two bases")
	f.time(&op.Distance, "distance", "least time between two peaks; lower ones are left out first")
	f.time(&op.MinWidth, "width", "least width")
	f.time(&op.MaxWidth, "max-width", "largest width")
	f.Float64Var(&op.RelHeight, "rel-height", 0.5, "where the width is measured, as a part of the prominence below the top")
	f.time(&op.Window, "window", "how far the bases of a peak are looked for, both sides together")
	f.Int64Var(&plateau, "plateau", 0, "least number of equal samples at the top")
	f.BoolVar(&op.Valleys, "valleys", false, "find the lowest places instead: conditions on heights are then about the signal with its sign turned, and HEIGHT has the values as they are")
	f.StringVar(&ties, "ties", "later", "which of two equal peaks within --distance is kept: later, or numpy (as SciPy with NumPy up to 1.24, which has to know all peaks of a stretch)")
	f.IntVar(&op.MaxRows, "max-rows", mostRowsKept, fmt.Sprintf("keep so many peaks, up to %s", formatCount(analyze.MostRows)))
	return func(o *analyzeOptions) (_ analyze.Operation, err error) {
		op.Draw = o.picture != ""
		if op.Ties, err = oneOf("--ties", ties, map[string]peaks.Ties{"later": peaks.Later, "numpy": peaks.NumPyOrder}); err != nil {
			return nil, err
		}
		switch {
		case f.Changed("ties") && !f.Changed("distance"):
			return nil, errors.New("--ties is for peaks that are nearer than --distance, which is not given")
		case f.Changed("rel-height") && !f.Changed("width") && !f.Changed("max-width"):
			return nil, errors.New("--rel-height says where the width is measured, which --width or --max-width ask for")
		}
		if plateau < 0 {
			return nil, fmt.Errorf("--plateau %d: a number of samples is 0 or more", plateau)
		}
		if plateau > 0 {
			op.PlateauSize = peaks.AtLeast(float64(plateau))
		}
		return op, nil
	}
}
