package analyze

import (
	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analysis/stats"
)

// levelsTaker finds base and top of each source of a lane.
type levelsTaker struct {
	bins []*stats.Adaptive // one each
}

func newLevelsTaker(n int) (*levelsTaker, error) {
	t := &levelsTaker{}
	for range n {
		b, err := stats.NewAdaptive(measure.LevelBins)
		if err != nil {
			return nil, err
		}
		t.bins = append(t.bins, b)
	}
	return t, nil
}

func (t *levelsTaker) open(piece) error { return nil }
func (t *levelsTaker) done() error      { return nil }
func (t *levelsTaker) take(x []float64) error {
	n := len(x) / len(t.bins)
	for i, b := range t.bins {
		b.Add(x[i*n : (i+1)*n])
	}
	return nil
}

func (t *levelsTaker) levels(i int) measure.Levels { return measure.LevelsOf(t.bins[i]) }
