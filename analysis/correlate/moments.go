package correlate

// moments are the number of samples, their sum and that of their squares.
type moments struct{ n, sum, square float64 }

func (m *moments) add(x float64) {
	m.n++
	m.sum += x
	m.square += x * x
}

func (m *moments) join(o moments) {
	m.n += o.n
	m.sum += o.sum
	m.square += o.square
}

func (m *moments) without(o moments) moments {
	return moments{m.n - o.n, m.sum - o.sum, m.square - o.square}
}

// centred returns the sum of squares about a mean.
func (m *moments) centred(mean float64) float64 {
	return max(0, m.square-2*mean*m.sum+m.n*mean*mean)
}
