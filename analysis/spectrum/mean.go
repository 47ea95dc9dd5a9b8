package spectrum

import (
	"slices"

	"github.com/scopelog/scopelog/analysis/internal/fft"
	"github.com/scopelog/scopelog/analysis/internal/parallel"
)

// meanOf averages by the mean. Segments are added up in groups of a fixed number, each by one core, and the groups in their order: so the
// result does not depend on how many cores there are.
type meanOf struct {
	group  int // segments
	factor float64
	plan   *fft.Plan
	cores  []*pairSum
	groups [][]float64 // sums of the groups of a batch
	sum    []float64

	cut  *stretches          // while groups are added up
	turn func(worker, g int) // adds group g up; made once, since each would be an allocation
}

func newMeanOf(o Options, window []float64, group int) *meanOf {
	m := &meanOf{group: group, factor: o.factor(window), plan: fft.NewPlan(o.FFT), sum: make([]float64, o.FFT)}
	for i := range o.Workers {
		plan := m.plan
		if i > 0 {
			plan = m.plan.Clone()
		}
		m.cores = append(m.cores, newPairSum(o.Detrend, window, plan))
	}
	m.turn = func(worker, g int) {
		sum := m.groups[g]
		clear(sum)
		end := min((g+1)*m.group, len(m.cut.pending))
		for i := g * m.group; i < end; i += 2 {
			var second []float64
			if i+1 < end {
				second = m.cut.at(i + 1)
			}
			m.cores[worker].add(sum, m.cut.at(i), second)
		}
	}
	return m
}

func (m *meanOf) add(s *stretches) error {
	m.addTo(m.sum, s)
	return nil
}

// addTo adds the powers of the pending segments to sum.
func (m *meanOf) addTo(sum []float64, s *stretches) {
	n := (len(s.pending) + m.group - 1) / m.group
	for len(m.groups) < n {
		m.groups = append(m.groups, make([]float64, len(sum)))
	}
	m.cut = s
	parallel.For(len(m.cores), n, m.turn)
	m.cut = nil
	for _, g := range m.groups[:n] {
		for k, v := range g {
			sum[k] += v
		}
	}
}

func (m *meanOf) result(dst []float64, s *stretches) error {
	sum := slices.Clone(m.sum)
	m.addTo(sum, s)
	fold(dst, sum, m.plan, m.factor/float64(s.segments+int64(len(s.pending))))
	return nil
}

func (m *meanOf) reset() { clear(m.sum) }
