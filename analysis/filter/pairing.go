package filter

import (
	"cmp"
	"math"
	"math/cmplx"
	"slices"
)

// sections joins poles and zeros of a digital filter to sections, as scipy.signal.zpk2sos(pairing="nearest") does: the pole nearest to the unit
// circle takes the zero nearest to it, its conjugates go with both, and the section comes last, if [SOS.ordered] lets it. The whole gain stands in the first. It returns nil
// where roots are no numbers, or have lost their conjugates.
func (f zpk) sections() SOS {
	zeros, ok := paired(f.zeros)
	poles, also := paired(f.poles)
	if !ok || !also {
		return nil
	}
	if len(f.poles)%2 == 1 {
		zeros, poles = append(zeros, 0), append(poles, 0)
	}
	sos := make(SOS, (len(f.poles)+1)/2)
	for i := len(sos) - 1; i >= 0; i-- {
		var p, q, z, y complex128
		p = taken(&poles, worst(poles, anyRoot))
		switch {
		case isReal(p) && !slices.ContainsFunc(poles, isReal): // nothing left to join it with
			z = taken(&zeros, nearest(zeros, p, isReal))
		case !isReal(p) && realsIn(poles) == 1 && realsIn(zeros) == 1 && len(poles)+1 == len(zeros):
			// The real ones have to be left for each other.
			z, q = taken(&zeros, nearest(zeros, p, isNotReal)), cmplx.Conj(p)
			y = cmplx.Conj(z)
		default:
			q = cmplx.Conj(p)
			if isReal(p) {
				q = taken(&poles, worst(poles, isReal))
			}
			z = taken(&zeros, nearest(zeros, p, anyRoot))
			y = cmplx.Conj(z)
			if isReal(z) {
				y = taken(&zeros, nearest(zeros, p, isReal))
			}
		}
		b1, b2 := quadratic(z, y)
		a1, a2 := quadratic(p, q)
		sos[i] = Section{B0: 1, B1: b1, B2: b2, A1: a1, A2: a2}
	}
	sos = sos.ordered(f.gain)
	sos.scale(f.gain)
	return sos
}

// scale multiplies the first section.
func (s SOS) scale(by float64) {
	s[0].B0 *= by
	s[0].B1 *= by
	s[0].B2 *= by
}

// quadratic returns c1 and c2 of (x - p)(x - q) = x^2 + c1 x + c2.
func quadratic(p, q complex128) (c1, c2 float64) {
	return -real(p) - real(q), real(product(p, q))
}

func isReal(r complex128) bool    { return imag(r) == 0 }
func isNotReal(r complex128) bool { return imag(r) != 0 }
func anyRoot(complex128) bool     { return true }

func realsIn(roots []complex128) int {
	n := 0
	for _, r := range roots {
		if isReal(r) {
			n++
		}
	}
	return n
}

// taken removes a root from a list, and returns it.
func taken(list *[]complex128, i int) complex128 {
	r := (*list)[i]
	*list = slices.Delete(*list, i, i+1)
	return r
}

// worst returns which pole of those that are meant is nearest to the unit circle, the first of equal ones.
func worst(poles []complex128, meant func(complex128) bool) int {
	return leastOf(poles, meant, func(p complex128) float64 { return math.Abs(1 - absolute(p)) })
}

// nearest returns which zero of those that are meant is nearest to a pole.
func nearest(zeros []complex128, p complex128, meant func(complex128) bool) int {
	return leastOf(zeros, meant, func(z complex128) float64 { return absolute(z - p) })
}

// leastOf returns which of the roots that are meant has the least size; there is one.
func leastOf(roots []complex128, meant func(complex128) bool, size func(complex128) float64) int {
	best, smallest := -1, 0.0
	for i, r := range roots {
		if !meant(r) {
			continue
		}
		if v := size(r); best < 0 || v < smallest {
			best, smallest = i, v
		}
	}
	return best
}

// paired returns one root, that with a positive imaginary part, of each pair of conjugates, the least real part first, and then the real roots,
// the least first. The roots of a pair may differ by rounding. It returns false where a root has no conjugate or is no number.
func paired(roots []complex128) ([]complex128, bool) {
	const tolerance = 100.0 / (1 << 52)
	var reals, upper, lower []complex128
	for _, r := range roots {
		switch {
		case cmplx.IsNaN(r) || cmplx.IsInf(r):
			return nil, false
		case math.Abs(imag(r)) <= tolerance*absolute(r):
			reals = append(reals, complex(real(r), 0))
		case imag(r) > 0:
			upper = append(upper, r)
		default:
			lower = append(lower, cmplx.Conj(r))
		}
	}
	if len(upper) != len(lower) {
		return nil, false
	}
	slices.SortStableFunc(reals, byParts)
	sortPairs(upper, tolerance)
	sortPairs(lower, tolerance)
	for i, u := range upper {
		l := lower[i]
		if absolute(u-l) > tolerance*absolute(l) {
			return nil, false
		}
		upper[i] = complex((real(u)+real(l))/2, (imag(u)+imag(l))/2)
	}
	return append(upper, reals...), true
}

func byParts(p, q complex128) int {
	return cmp.Or(cmp.Compare(real(p), real(q)), cmp.Compare(imag(p), imag(q)))
}

// sortPairs sorts by the real part, and those with nearly the same by the imaginary part.
func sortPairs(roots []complex128, tolerance float64) {
	slices.SortStableFunc(roots, byParts)
	for from := 0; from < len(roots); {
		to := from + 1
		for to < len(roots) && real(roots[to])-real(roots[to-1]) <= tolerance*absolute(roots[to-1]) {
			to++
		}
		slices.SortStableFunc(roots[from:to], func(p, q complex128) int { return cmp.Compare(imag(p), imag(q)) })
		from = to
	}
}
