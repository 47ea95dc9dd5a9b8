package fft

import (
	"fmt"
	"math"
	"math/cmplx"
)

// smooth transforms slices of a length that has no prime factors but 2, 3 and 5, as [Radix4] does: a polynomial modulo z^m-c is taken apart into
// factors, again and again, by fives, threes, at most one two, and fours. It does not change and may be used from any goroutine.
type smooth struct {
	n      int
	stages []stage
	index  []int32 // where each coefficient is
}

// stage takes each of its factors apart into a number of others, the radix.
type stage struct {
	radix int
	tw    []complex128 // radix-1 for each factor, if the radix is odd or 2
	four  []twiddle    // one for each factor, if the radix is 4
}

// isSmooth tells that n has no prime factor above 5.
func isSmooth(n int) bool {
	for _, p := range []int{2, 3, 5} {
		for n%p == 0 {
			n /= p
		}
	}
	return n == 1
}

func newSmooth(n int) *smooth {
	f := &smooth{n: n, index: make([]int32, n)}
	turns := []int{0} // of factor b, with p factors: c = exp(-2 pi i turns[b]/p)
	for _, radix := range radices(n) {
		p := len(turns)
		s, next := stage{radix: radix}, make([]int, 0, p*radix)
		for _, t := range turns {
			w := func(k int) complex128 { return cmplx.Rect(1, -2*math.Pi*float64(t*k)/float64(p*radix)) }
			if radix == 4 {
				a, b, c := w(1), w(2), w(3)
				s.four = append(s.four, twiddle{real(a), imag(a), real(b), imag(b), real(c), imag(c)})
				next = append(next, t, t+2*p, t+p, t+3*p) // the order of forward4
				continue
			}
			for k := range radix {
				if k > 0 {
					s.tw = append(s.tw, w(k))
				}
				next = append(next, t+k*p)
			}
		}
		f.stages = append(f.stages, s)
		turns = next
	}
	for place, k := range turns {
		f.index[k] = int32(place)
	}
	return f
}

// radices returns the radices of the stages. The fours come last: they have the fastest end.
func radices(n int) (all []int) {
	for _, p := range []int{5, 3} {
		for n%p == 0 {
			all = append(all, p)
			n /= p
		}
	}
	fours := 0
	for ; n%4 == 0; n /= 4 {
		fours++
	}
	if n == 2 {
		all = append(all, 2)
	}
	for range fours {
		all = append(all, 4)
	}
	return all
}

func (f *smooth) forward(x []complex128) {
	if len(x) != f.n {
		panic(fmt.Sprintf("fft: slice has %d values and the transform %d", len(x), f.n))
	}
	f.part(x, 0, 0)
}

// part transforms factor b of a stage, long ones part by part and short ones stage by stage.
func (f *smooth) part(x []complex128, number, b int) {
	if number == len(f.stages) {
		return
	}
	s := &f.stages[number]
	if len(x) > leaf {
		s.split(x, b)
		q := len(x) / s.radix
		for i := range s.radix {
			f.part(x[i*q:(i+1)*q], number+1, b*s.radix+i)
		}
		return
	}
	for n := len(x); number < len(f.stages); number++ {
		s := &f.stages[number]
		if n == 4 {
			forwardLast(x, s.four[b:])
			return
		}
		for i := 0; i < len(x)/n; i++ {
			s.split(x[i*n:(i+1)*n], b+i)
		}
		n /= s.radix
		b *= s.radix
	}
}

// split takes factor b apart.
func (s *stage) split(x []complex128, b int) {
	q := len(x) / s.radix
	switch s.radix {
	case 2:
		forward2(x[:q], x[q:], s.tw[b])
	case 3:
		forward3(x[:q], x[q:2*q], x[2*q:], s.tw[2*b:2*b+2])
	case 4:
		forward4(x[:q], x[q:2*q], x[2*q:3*q], x[3*q:], &s.four[b])
	case 5:
		forward5(x, s.tw[4*b:4*b+4])
	}
}

func forward2(x0, x1 []complex128, w complex128) {
	x1 = x1[:len(x0)]
	for j, a := range x0 {
		b := x1[j] * w
		x0[j], x1[j] = a+b, a-b
	}
}

func forward3(x0, x1, x2 []complex128, w []complex128) {
	const sin = 0.86602540378443864676372317075293618 // of 120 degrees
	x1, x2 = x1[:len(x0)], x2[:len(x0)]
	w1, w2 := w[0], w[1]
	for j, a := range x0 {
		b, c := x1[j]*w1, x2[j]*w2
		s, d := b+c, b-c
		mr, mi := real(a)-real(s)/2, imag(a)-imag(s)/2
		nr, ni := sin*real(d), sin*imag(d)
		x0[j] = a + s
		x1[j] = complex(mr+ni, mi-nr)
		x2[j] = complex(mr-ni, mi+nr)
	}
}

func forward5(x, w []complex128) {
	const ( // of 72 and 144 degrees
		cos1, sin1 = 0.30901699437494742410229341718281906, 0.95105651629515357211643933337938214
		cos2, sin2 = -0.80901699437494742410229341718281906, 0.58778525229247312916870595463907277
	)
	q := len(x) / 5
	x0, x1, x2, x3, x4 := x[:q], x[q:][:q], x[2*q:][:q], x[3*q:][:q], x[4*q:][:q]
	w1, w2, w3, w4 := w[0], w[1], w[2], w[3]
	for j, a := range x0 {
		b, c, d, e := x1[j]*w1, x2[j]*w2, x3[j]*w3, x4[j]*w4
		s, t, u, v := b+e, c+d, b-e, c-d
		m1r, m1i := real(a)+cos1*real(s)+cos2*real(t), imag(a)+cos1*imag(s)+cos2*imag(t)
		m2r, m2i := real(a)+cos2*real(s)+cos1*real(t), imag(a)+cos2*imag(s)+cos1*imag(t)
		n1r, n1i := sin1*real(u)+sin2*real(v), sin1*imag(u)+sin2*imag(v)
		n2r, n2i := sin2*real(u)-sin1*real(v), sin2*imag(u)-sin1*imag(v)
		x0[j] = a + s + t
		x1[j], x4[j] = complex(m1r+n1i, m1i-n1r), complex(m1r-n1i, m1i+n1r)
		x2[j], x3[j] = complex(m2r+n2i, m2i-n2r), complex(m2r-n2i, m2i+n2r)
	}
}
