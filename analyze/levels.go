package analyze

import (
	"math"

	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analysis/stats"
)

// levelTolerance is how far levels may move before edges are looked for anew, as a part of the amplitude.
const levelTolerance = 0.01

// levelsTaker finds base and top of each source of a lane.
type levelsTaker struct {
	bins []*stats.Adaptive // one each
	used []measure.Levels  // that were made use of; nil: none yet
	said *measure.Levels   // what the user says they are; nil: they are found
}

// States are the levels of the two states of a signal, where the user knows them: in the unit of its values. nil: they are found.
type States struct{ Base, Top *Value }

// levels makes what finds the levels of a source, or knows them.
func (s *States) levels(src *source) (*levelsTaker, error) {
	t, err := newLevelsTaker(1)
	if err != nil || s.Base == nil && s.Top == nil {
		return t, err
	}
	if s.Base == nil || s.Top == nil {
		return nil, optionError("a signal has two states: write --base and --top, or none of them")
	}
	t.said = &measure.Levels{}
	if t.said.Base, err = s.Base.in(src); err != nil {
		return nil, err
	}
	if t.said.Top, err = s.Top.in(src); err != nil {
		return nil, err
	}
	if !(t.said.Base < t.said.Top) {
		return nil, optionError("--base %s is not below --top %s", s.Base.text, s.Top.text)
	}
	t.said.Min, t.said.Max = t.said.Base, t.said.Top
	return t, nil
}

// first returns what takes the values of a source first, nil where the levels are known.
func (t *levelsTaker) first() taker {
	if t == nil || t.said != nil {
		return nil
	}
	return t
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

// use returns the levels as they are now.
func (t *levelsTaker) use() []measure.Levels {
	t.used = t.levels()
	return t.used
}

func (t *levelsTaker) levels() []measure.Levels {
	if t.said != nil {
		return []measure.Levels{*t.said}
	}
	var list []measure.Levels
	for _, b := range t.bins {
		list = append(list, measure.LevelsOf(b))
	}
	return list
}

// moved tells that levels are elsewhere than those that were made use of.
func (t *levelsTaker) moved() bool {
	if t == nil || t.used == nil {
		return false
	}
	for i, is := range t.levels() {
		limit := levelTolerance * is.Amplitude()
		if was := t.used[i]; math.Abs(was.Base-is.Base) > limit || math.Abs(was.Top-is.Top) > limit || math.IsNaN(was.Base) && !math.IsNaN(is.Base) {
			return true
		}
	}
	return false
}
