package measure

import "github.com/scopelog/scopelog/analysis/stats"

// Of measures one waveform whose samples are interval seconds apart: its levels are found by [LevelsOf], then it goes through a
// [Meter]. Whoever measures many reuses an [stats.Adaptive] of [LevelBins] bins and a Meter, each with Reset, and gets the same.
func Of(x []float64, interval float64, o Options) (Result, error) {
	h, err := stats.NewAdaptive(LevelBins)
	if err != nil {
		return Result{}, err
	}
	h.Add(x)
	m, err := NewMeter(LevelsOf(h), interval, o)
	if err != nil {
		return Result{}, err
	}
	m.Add(x)
	return m.Result(), nil
}
