package analyze

import (
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analysis/stats"
)

// levelTolerance is how far levels may move before edges are looked for anew, as a part of the amplitude.
const levelTolerance = 0.01

// levelsTaker finds base and top of each source of a lane.
type levelsTaker struct {
	bins []*counter        // one each
	used []measure.Levels  // that were made use of; nil: none yet
	said []*measure.Levels // one each, where they are known: the user says what they are, or the source is a pin; nil: they are found
}

// States are the levels of the two states of a signal, where the user knows them: in the unit of its values. nil: they are found.
type States struct{ Base, Top *Value }

// levels makes what finds the levels of a source, with so many goroutines, or knows them.
func (s *States) levels(src *source, workers int) (*levelsTaker, error) {
	t, err := newLevelsTaker(workers, src)
	if err != nil || s.Base == nil && s.Top == nil {
		return t, err
	}
	if src.Pin() {
		return nil, optionError("%s is a pin, whose states are 0 and 1: leave --base and --top out", src.name)
	}
	if s.Base == nil || s.Top == nil {
		return nil, optionError("a signal has two states: write --base and --top, or none of them")
	}
	base, err := s.Base.in(src)
	if err != nil {
		return nil, err
	}
	top, err := s.Top.in(src)
	if err != nil {
		return nil, err
	}
	if !(base < top) {
		return nil, optionError("--base %s is not below --top %s", s.Base.text, s.Top.text)
	}
	t.said[0] = &measure.Levels{Base: base, Top: top, Min: base, Max: top}
	return t, nil
}

// first returns what takes the values of a source first, nil where the levels are known.
func (t *levelsTaker) first() taker {
	if t == nil || !slices.Contains(t.said, nil) {
		return nil
	}
	return t
}

// newLevelsTaker makes what finds the levels of sources, with so many goroutines.
func newLevelsTaker(workers int, list ...*source) (*levelsTaker, error) {
	t := &levelsTaker{}
	for _, src := range list {
		bins, err := stats.NewAdaptive(measure.LevelBins)
		if err != nil {
			return nil, err
		}
		b := &counter{growing: bins}
		b.help(workers, measure.LevelBins)
		var said *measure.Levels
		if src.Pin() {
			said = &measure.Levels{Base: 0, Top: 1, Min: 0, Max: 1}
		}
		t.bins, t.said = append(t.bins, b), append(t.said, said)
	}
	return t, nil
}

func (t *levelsTaker) open(piece) error { return nil }
func (t *levelsTaker) done() error      { return nil }
func (t *levelsTaker) take(x []float64) error {
	n := len(x) / len(t.bins)
	for i, b := range t.bins {
		b.share(x[i*n : (i+1)*n])
	}
	return nil
}

// use returns the levels as they are now.
func (t *levelsTaker) use() []measure.Levels {
	t.used = t.levels()
	return t.used
}

func (t *levelsTaker) levels() []measure.Levels {
	var list []measure.Levels
	for i, b := range t.bins {
		if known := t.said[i]; known != nil {
			list = append(list, *known)
		} else {
			b.gather()
			list = append(list, measure.LevelsOf(b.growing))
		}
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
