package main

import (
	"errors"
	"fmt"

	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/units"
)

// signalOperations lists the operations that make signals of signals.
func signalOperations() []operation {
	return []operation{
		{
			name: "filter", short: "low-, high-, band-pass and band-stop", signal: true, drawn: true,
			long: `Signals through a digital filter: Butterworth, Chebyshev I and II, Bessel, FIR.
It begins each stretch as if its first sample had been there for ever. With
--zero-phase it runs forwards and backwards, as sosfiltfilt of SciPy does. A
file for each stretch without a gap.`,
			example: "--low 10kHz --zero-phase --to x.npy",
			flags:   filterFlags,
		},
		{
			name: "resample", short: "signals at another rate", signal: true, drawn: true,
			long:    "Signals at another rate, through a polyphase filter that keeps out what lies\nabove the new Nyquist frequency. A file for each stretch without a gap.",
			example: "--stream cell.A --rate 10kS/s --to slow.npy",
			flags: func(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
				op := &analyze.Resample{}
				f.Var(&quantity[units.Rate]{to: &op.Rate, parse: units.ParseRate, kind: "RATE"}, "rate", "the wanted rate, such as 10kS/s")
				f.IntVar(&op.Up, "up", 1, "or a factor to multiply the rate with")
				f.IntVar(&op.Down, "down", 1, "and one to divide it by")
				f.Float64Var(&op.Options.Beta, "beta", 5, "shape of the filter's Kaiser window: more damps more, over a wider edge")
				return func(o *analyzeOptions) (analyze.Operation, error) {
					if f.Changed("rate") && (f.Changed("up") || f.Changed("down")) {
						return nil, errors.New("--rate says which factors --up and --down would be: write --rate, or these")
					}
					if op.Rate.Sign() == 0 && op.Up == op.Down {
						return nil, errors.New("resample needs --rate, or --up and --down")
					}
					op.To, op.Replace, op.MaxRows, op.Draw = o.to, o.force, o.mostRows(), o.picture != ""
					return op, nil
				}
			},
		},
		{
			name: "eres", short: "enhanced resolution: bits for bandwidth", signal: true, drawn: true,
			long: `Enhanced resolution: the mean of 4^bits samples around each sample, which takes
white noise down by so many bits and the bandwidth to 0.44 / 4^bits of the rate.`,
			example: "--stream cell.A --bits 2 --to fine.npy",
			flags: func(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
				op := &analyze.ERes{}
				f.Float64Var(&op.Bits, "bits", 1, "by so many bits: 0.5 to 8, in steps of 0.5")
				return func(o *analyzeOptions) (analyze.Operation, error) {
					op.To, op.Replace, op.MaxRows, op.Draw = o.to, o.force, o.mostRows(), o.picture != ""
					return op, nil
				}
			},
		},
	}
}

// filterKinds lists the kinds of filters, with the flags that not all kinds have.
var filterKinds = []choice{
	{"butterworth", []string{"order"}},
	{"chebyshev1", []string{"order", "ripple"}},
	{"chebyshev2", []string{"order", "attenuation"}},
	{"bessel", []string{"order"}},
	{"fir", []string{"taps", "beta"}},
}

// filterFlags adds the flags of a digital filter.
func filterFlags(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
	var (
		op         analyze.Filter
		d          filter.Design
		kind       string
		low, high  float64
		band, stop [2]float64
		taps       int
		beta       float64
	)
	f.frequency(&low, "low", "low-pass: keep what is below")
	f.frequency(&high, "high", "high-pass: keep what is above")
	f.frequencies(&band, "band", "band-pass: keep what is between, as in 10Hz:1kHz")
	f.frequencies(&stop, "stop", "band-stop: keep what is not between, as in 49Hz:51Hz")
	f.StringVar(&kind, "kind", "butterworth", "butterworth, chebyshev1, chebyshev2, bessel or fir")
	f.IntVar(&d.Order, "order", 4, "order; band filters have twice as many poles")
	f.Float64Var(&d.Ripple, "ripple", 0, "`DB` in the pass-band of chebyshev1")
	f.Float64Var(&d.Attenuation, "attenuation", 0, "`DB` in the stop-band of chebyshev2")
	f.IntVar(&taps, "taps", 101, "taps of fir; odd for high-pass and band-stop")
	f.Float64Var(&beta, "beta", 0, "shape of a Kaiser window for fir (default a Hamming window)")
	f.BoolVar(&op.ZeroPhase, "zero-phase", false, "forwards and backwards: no delay, twice the attenuation")
	return func(o *analyzeOptions) (analyze.Operation, error) {
		given := 0
		for _, name := range []string{"low", "high", "band", "stop"} {
			if f.Changed(name) {
				given++
			}
		}
		if given != 1 {
			return nil, errors.New("filter needs one of --low, --high, --band and --stop")
		}
		switch {
		case f.Changed("low"):
			d.Band, d.Cutoff = filter.LowPass, low
		case f.Changed("high"):
			d.Band, d.Cutoff = filter.HighPass, high
		case f.Changed("band"):
			d.Band, d.Cutoff, d.UpperCutoff = filter.BandPass, band[0], band[1]
		default:
			d.Band, d.Cutoff, d.UpperCutoff = filter.BandStop, stop[0], stop[1]
		}
		if err := f.unused("kind", kind, filterKinds); err != nil {
			return nil, err
		}
		op.To, op.Replace, op.MaxRows, op.Draw = o.to, o.force, o.mostRows(), o.picture != ""
		kinds := map[string]filter.Kind{"butterworth": filter.Butterworth, "chebyshev1": filter.Chebyshev1, "chebyshev2": filter.Chebyshev2, "bessel": filter.Bessel}
		if kind == "fir" {
			op.FIR = &filter.FIRDesign{Band: d.Band, Taps: taps, Cutoff: d.Cutoff, UpperCutoff: d.UpperCutoff, Beta: beta}
			return &op, nil
		}
		k, ok := kinds[kind]
		if !ok {
			return nil, fmt.Errorf("there is no filter %q: write butterworth, chebyshev1, chebyshev2, bessel or fir", kind)
		}
		d.Kind, op.Design = k, &d
		return &op, nil
	}
}
