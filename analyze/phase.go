package analyze

import (
	"fmt"

	"github.com/scopelog/scopelog/analysis/measure"
)

// phaseState measures one stream against another.
type phaseState struct {
	op    *Measure
	list  []*source
	first *levelsTaker
	delay *measure.Delay
	begun bool
}

func (o *Measure) beginPair(list []*source) (state, error) {
	if o.States != (States{}) {
		return nil, optionError("--base and --top are of one signal: delays are measured between two, whose levels are found")
	}
	s := &phaseState{op: o, list: list}
	from, to := list[0], list[len(list)-1]
	if from.isNamed(o.With, to) {
		from, to = to, from // as values come
	}
	var err error
	if s.first, err = newLevelsTaker(workersFor(1), from, to); err != nil {
		return nil, err
	}
	s.delay, err = measure.NewDelay(measure.Levels{Top: 1}, measure.Levels{Top: 1}, slowest(list).seconds(),
		measure.DelayOptions{Middle: o.Options.Middle, Hysteresis: o.Options.Hysteresis})
	if err != nil {
		return nil, &OptionError{err.Error()}
	}
	return s, nil
}

func (s *phaseState) with() string      { return s.op.With }
func (s *phaseState) prepare(int) taker { return s.first.first() }
func (s *phaseState) outdated(int) bool { return s.first.moved() }
func (s *phaseState) forget(int)        { s.begun = false }
func (s *phaseState) of(int) taker      { return s }
func (s *phaseState) close()            {}

func (s *phaseState) open(at piece) error {
	if !s.begun {
		s.begun = true
		l := s.first.use()
		s.delay.Reset(l[0], l[1])
	}
	s.delay.Break(at.from)
	return nil
}

func (s *phaseState) take(x []float64) error {
	n := len(x) / 2
	s.delay.Add(x[:n], x[n:])
	return nil
}

func (s *phaseState) done() error { return nil }

func (s *phaseState) result() (*Table, error) {
	from, to := s.list[0], s.list[1]
	if from.isNamed(s.op.With, to) {
		from, to = to, from
	}
	t := measureTable()
	name := fmt.Sprintf("%s to %s", from.Stream.Name(), to.Stream.Name())
	if !s.begun {
		t.Notes = append(t.Notes, notMeasured(name))
		return t, nil
	}
	r := s.delay.Result()
	t.moments(name, "delay", "s", r.Delay)
	t.moments(name, "phase", "°", r.Phase)
	t.moments(name, "period", "s", r.Period)
	if r.Delay.N() > 0 {
		t.watch(name, quantity("delay", r.Delay.Mean(), "s"), quantity("phase", r.Phase.Mean(), "°"))
	} else {
		t.Notes = append(t.Notes, "no edges of both streams within a cycle were found")
	}
	if from.Global.Device != to.Global.Device {
		t.Notes = append(t.Notes, "the streams are of two devices: their clocks are compared by the host's; align says how well that is known")
	}
	return t, nil
}
