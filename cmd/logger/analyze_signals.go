package main

import (
	"errors"

	"github.com/scopelog/scopelog/analyze"
	"github.com/scopelog/scopelog/units"
)

// signalOperations lists the operations that make signals of signals.
func signalOperations() []operation {
	return []operation{
		{
			name: "resample", short: "signals at another rate", signal: true,
			long:    "Signals at another rate, through a polyphase filter that keeps out what lies above\nthe new Nyquist frequency. A file for each stretch without a gap.",
			example: "--stream cell.A --rate 10kS/s --to slow.npy",
			flags: func(f *flagSet) func(*analyzeOptions) (analyze.Operation, error) {
				op := &analyze.Resample{}
				f.Var(&quantity[units.Rate]{to: &op.Rate, parse: units.ParseRate, kind: "RATE"}, "rate", "the wanted rate, such as 10kS/s")
				f.IntVar(&op.Up, "up", 1, "or a factor to multiply the rate with")
				f.IntVar(&op.Down, "down", 1, "and one to divide it by")
				f.Float64Var(&op.Options.Beta, "beta", 5, "shape of the filter's Kaiser window: more damps more, over a wider edge")
				return func(o *analyzeOptions) (analyze.Operation, error) {
					if op.Rate.Sign() == 0 && op.Up == op.Down {
						return nil, errors.New("resample needs --rate, or --up and --down")
					}
					op.To = o.to
					return op, nil
				}
			},
		},
	}
}
