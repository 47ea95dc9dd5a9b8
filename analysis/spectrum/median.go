package spectrum

import (
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/internal/parallel"
)

// medianOf averages by the median. It keeps the spectra of all segments.
type medianOf struct {
	bins  int
	limit int64
	cores []*single
	rows  [][]float64 // spectra of segments
}

func newMedianOf(o Options, window []float64) *medianOf {
	m := &medianOf{bins: o.bins(), limit: o.MemoryLimit}
	m.cores = newSingles(o, window)
	return m
}

// newSingles returns one for each core.
func newSingles(o Options, window []float64) []*single {
	all := []*single{newSingle(o.Detrend, window, o.FFT, o.factor(window))}
	for range o.Workers - 1 {
		all = append(all, all[0].clone())
	}
	return all
}

func (m *medianOf) add(s *stretches) error {
	rows, err := m.of(s)
	m.rows = append(m.rows, rows...)
	return err
}

// of returns the spectra of the pending segments.
func (m *medianOf) of(s *stretches) ([][]float64, error) {
	total := int64(len(m.rows) + len(s.pending))
	if need := 8 * int64(m.bins) * total; need > m.limit {
		return nil, &MemoryError{total, need, m.limit}
	}
	rows := make([][]float64, len(s.pending))
	parallel.For(len(m.cores), len(rows), func(worker, i int) {
		rows[i] = make([]float64, m.bins)
		m.cores[worker].power(rows[i], s.at(i))
	})
	return rows, nil
}

func (m *medianOf) result(dst []float64, s *stretches) error {
	rows, err := m.of(s)
	if err != nil {
		return err
	}
	rows = append(m.rows[:len(m.rows):len(m.rows)], rows...)
	bias := medianBias(len(rows))
	const block = 64 // neighbours in memory are read together
	columns := make([][]float64, len(m.cores))
	parallel.For(len(m.cores), (len(dst)+block-1)/block, func(worker, b int) {
		if columns[worker] == nil {
			columns[worker] = make([]float64, block*len(rows))
		}
		from, to := b*block, min((b+1)*block, len(dst))
		for i, r := range rows {
			for k, v := range r[from:to] {
				columns[worker][k*len(rows)+i] = v
			}
		}
		for k := range dst[from:to] {
			dst[from+k] = median(columns[worker][k*len(rows):(k+1)*len(rows)]) / bias
		}
	})
	return nil
}

func (m *medianOf) reset() { m.rows = nil }

// median returns the median of x, which it sorts: the mean of both in the middle where the number is even, NaN where one is NaN.
func median(x []float64) float64 {
	slices.Sort(x)
	if math.IsNaN(x[0]) {
		return math.NaN()
	}
	if h := len(x) / 2; len(x)%2 == 0 {
		return (x[h-1] + x[h]) / 2
	}
	return x[len(x)/2]
}

// medianBias returns the median of n powers of noise in units of their mean: 1 - 1/2 + 1/3 - ... (B. Allen et al., FINDCHIRP, appendix B).
func medianBias(n int) float64 {
	sum := 1.0
	for i := 2.0; i <= float64(n-1); i += 2 {
		sum += 1/(i+1) - 1/i
	}
	return sum
}
