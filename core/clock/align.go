package clock

import "math"

// Alignment puts two devices of one host on a common axis of time: the host's monotonic clock. Unaided it is off by a
// constant of up to [Latency], which one edge that both devices saw removes. It is not changed by its methods.
type Alignment struct {
	a, b       *Timeline
	constantNS float64 // to be added to a's times to compare them with b's
	edgeErrNS  float64 // of the constant
}

// NewAlignment aligns two devices by their clock pairs alone.
func NewAlignment(a, b *Timeline) Alignment { return Alignment{a: a, b: b, edgeErrNS: Latency} }

// slowErrNS is the error that remains behind a shared edge: the constant wanders.
const slowErrNS = 50e3

// WithEdge returns the alignment in which the raw device indexes, in fractions of a sample, are of the same moment. It is
// good to one sample of the slower device and some slow error.
func (l Alignment) WithEdge(indexA, indexB float64) Alignment {
	ta, tb := l.a.exactly(indexA), l.b.exactly(indexB)
	l.constantNS = float64(tb.mono-ta.mono) + tb.rest - ta.rest
	l.edgeErrNS = max(l.a.intervalNS, l.b.intervalNS) + slowErrNS
	return l
}

// precise is a monotonic time with a fraction of a nanosecond and more.
type precise struct {
	mono int64
	rest float64
}

func (l *Timeline) exactly(index float64) precise {
	whole := math.Floor(index)
	return precise{l.At(int64(whole)).MonoNS, (index - whole) * l.intervalNS}
}

// ConstantNS is what an edge has shown b's times to be later by than a's; 0 without one.
func (l Alignment) ConstantNS() float64 { return l.constantNS }

// Other gives the raw device index of b, in fractions of a sample, that was taken at the same time as a sample of a, and
// how many nanoseconds it may be off.
func (l Alignment) Other(indexA int64) (indexB, errNS float64) {
	m := l.a.At(indexA)
	whole := math.Round(l.constantNS)
	indexB, errB := l.b.Index(m.MonoNS + int64(whole))
	return indexB + (l.constantNS-whole)/l.b.intervalNS, l.edgeErrNS + m.ErrNS + errB
}

// Offset is by how many nanoseconds b's device time, index by interval, is ahead of a's at the moment of a sample of a.
func (l Alignment) Offset(indexA int64) (offsetNS, errNS float64) {
	other, err := l.Other(indexA)
	return other*l.b.intervalNS - float64(indexA)*l.a.intervalNS, err
}

// Drift says by how many parts per million b's clock is faster than a's between two monotonic times, and what that may
// be off.
func (l Alignment) Drift(fromMonoNS, toMonoNS int64) (ppm, uncertainty float64) {
	a, ua := l.a.Drift(fromMonoNS, toMonoNS)
	b, ub := l.b.Drift(fromMonoNS, toMonoNS)
	return b - a, ua + ub
}

// Common returns the monotonic times between which both devices have clock pairs; false: there is no such time.
func (l Alignment) Common() (fromMonoNS, toMonoNS int64, ok bool) {
	fa, ta := l.a.Range()
	fb, tb := l.b.Range()
	from, to := max(fa, fb), min(ta, tb)
	return from, to, from < to
}
