package spectrum

import (
	"math"
	"math/cmplx"

	"github.com/scopelog/scopelog/analysis/internal/fft"
)

// single computes the power spectrum of one segment apart from all others: what is not finite in one, or large, does not touch its
// neighbour. Even lengths are transformed as n/2 complex values. One goroutine may use it at a time.
type single struct {
	detrend Detrend
	window  []float64
	n       int // of the transform
	factor  float64
	plan    *fft.Plan    // of n/2 values, or n where n is odd
	turn    []complex128 // exp(-2 pi i k/n) for k up to n/4, where n is even
	z       []complex128
}

func newSingle(detrend Detrend, window []float64, n int, factor float64) *single {
	s := &single{detrend: detrend, window: window, n: n, factor: factor}
	if n%2 == 1 {
		s.plan = fft.NewPlan(n)
	} else {
		s.plan = fft.NewPlan(n / 2)
		s.turn = make([]complex128, n/4+1)
		for k := range s.turn {
			s.turn[k] = cmplx.Rect(1, -2*math.Pi*float64(k)/float64(n))
		}
	}
	s.z = make([]complex128, s.plan.Len())
	return s
}

// clone returns one for another goroutine.
func (s *single) clone() *single {
	c := *s
	c.plan, c.z = s.plan.Clone(), make([]complex128, len(s.z))
	return &c
}

// power computes the one-sided spectrum of the segment x, n/2+1 values.
func (s *single) power(dst, x []float64) {
	x = x[:len(s.window)]
	t := trendOf(s.detrend, x)
	at := func(i int) float64 { return s.window[i] * (x[i] - (t.at + t.slope*float64(i))) }
	clear(s.z)
	if s.n%2 == 1 {
		for i := range x {
			s.z[i] = complex(at(i), 0)
		}
		s.plan.Forward(s.z)
		for k := range dst {
			dst[k] = 2 * s.factor * square(s.z[s.plan.Index(k)])
		}
		dst[0] /= 2
		return
	}
	for i := 0; i+1 < len(x); i += 2 {
		s.z[i/2] = complex(at(i), at(i+1))
	}
	if i := len(x) - 1; i%2 == 0 {
		s.z[i/2] = complex(at(i), 0)
	}
	s.plan.Forward(s.z)
	s.split(dst)
}

// split makes the spectrum of n real values of the transform of n/2 complex ones, whose real parts were the even values.
func (s *single) split(dst []float64) {
	h := s.n / 2
	first := s.z[s.plan.Index(0)]
	low, high := real(first)+imag(first), real(first)-imag(first)
	dst[0], dst[h] = s.factor*low*low, s.factor*high*high
	for k := 1; k <= h-k; k++ {
		a, b := s.z[s.plan.Index(k)], cmplx.Conj(s.z[s.plan.Index(h-k)])
		even, odd := (a+b)/2, (a-b)/2
		odd = complex(imag(odd), -real(odd)) * s.turn[k]
		dst[k] = 2 * s.factor * square(even+odd)
		dst[h-k] = 2 * s.factor * square(even-odd)
	}
}

func square(z complex128) float64 { return real(z)*real(z) + imag(z)*imag(z) }
