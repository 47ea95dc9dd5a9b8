package filter

// extension continues a stretch of samples beyond its ends by turning it around the end point: 2 x[0] - x[i] on the left, 2 x[n-1] - x[n-1-i]
// on the right, for i from 1 to edge. It is the odd_ext of SciPy for streams, and keeps the edge+1 samples at either end.
type extension struct {
	edge int
	head []float64 // up to edge+1 samples from the start
	last []float64 // up to edge+1 samples before the end
	seen int64
	out  []float64
}

func newExtension(edge int) extension {
	return extension{
		edge: edge, head: make([]float64, 0, edge+1), last: make([]float64, 0, edge+1), out: make([]float64, 0, edge),
	}
}

func (e *extension) reset() {
	e.head, e.last, e.seen = e.head[:0], e.last[:0], 0
}

// collect takes from src what is missing from the head, and returns the rest. Nothing may be filtered before the head is complete.
func (e *extension) collect(src []float64) (rest []float64, complete bool) {
	m := min(len(src), cap(e.head)-len(e.head))
	e.head = append(e.head, src[:m]...)
	return src[m:], len(e.head) == cap(e.head)
}

// note remembers the end of src.
func (e *extension) note(src []float64) {
	e.seen += int64(len(src))
	if over := len(e.last) + len(src) - cap(e.last); over > 0 {
		drop := min(over, len(e.last))
		e.last = e.last[:copy(e.last, e.last[drop:])]
		src = src[over-drop:]
	}
	e.last = append(e.last, src...)
}

// left is what comes before the head, valid until the next call of left or right.
func (e *extension) left() []float64 {
	e.out = e.out[:0]
	for i := e.edge; i > 0; i-- {
		e.out = append(e.out, 2*e.head[0]-e.head[i])
	}
	return e.out
}

// right is what comes after the last sample, valid until the next call of left or right.
func (e *extension) right() []float64 {
	e.out = e.out[:0]
	for i := 1; i <= e.edge; i++ {
		e.out = append(e.out, 2*e.last[e.edge]-e.last[e.edge-i])
	}
	return e.out
}

// short is the error of a stretch that ended before it could be extended.
func (e *extension) short() error { return &ShortError{Samples: e.seen, Least: int64(e.edge) + 1} }
