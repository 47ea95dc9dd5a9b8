package spectrum

import "github.com/scopelog/scopelog/analysis/internal/fft"

// pairSum adds up the powers of many segments. Two segments a and b are transformed as one, z = a + ib: the coefficients k and -k of
// z have together the power that a and b have at k. So nothing but powers is added, in the order of the transform, and taken apart at
// the end. One goroutine may use it at a time.
type pairSum struct {
	detrend Detrend
	window  []float64
	plan    *fft.Plan
	z       []complex128
}

func newPairSum(detrend Detrend, window []float64, plan *fft.Plan) *pairSum {
	return &pairSum{detrend, window, plan, make([]complex128, plan.Len())}
}

// add adds the powers of the segments a and b to sum, which has as many values as the transform. b may be nil.
func (p *pairSum) add(sum, a, b []float64) {
	p.load(a, b)
	p.plan.Forward(p.z)
	sum = sum[:len(p.z)]
	for i, z := range p.z {
		sum[i] += square(z)
	}
}

func (p *pairSum) load(a, b []float64) {
	w := p.window
	z, a := p.z[:len(w)], a[:len(w)]
	clear(p.z[len(w):])
	ta := trendOf(p.detrend, a)
	if b == nil {
		for i, v := range a {
			z[i] = complex(w[i]*(v-(ta.at+ta.slope*float64(i))), 0)
		}
		return
	}
	b = b[:len(w)]
	tb := trendOf(p.detrend, b)
	if p.detrend != Linear {
		for i, v := range w {
			z[i] = complex(v*(a[i]-ta.at), v*(b[i]-tb.at))
		}
		return
	}
	for i, v := range w {
		t := float64(i)
		z[i] = complex(v*(a[i]-(ta.at+ta.slope*t)), v*(b[i]-(tb.at+tb.slope*t)))
	}
}

// fold turns a sum of powers into one side of a spectrum: dst has the frequencies from 0 to half the rate, and all is multiplied by
// factor.
func fold(dst, sum []float64, plan *fft.Plan, factor float64) {
	n := plan.Len()
	dst[0] = sum[plan.Index(0)] * factor
	for k := 1; k < len(dst); k++ {
		if 2*k == n {
			dst[k] = sum[plan.Index(k)] * factor
			continue
		}
		// Half of both is the power of the segments at k, and the other side of the spectrum has as much.
		dst[k] = (sum[plan.Index(k)] + sum[plan.Index(n-k)]) * factor
	}
}
