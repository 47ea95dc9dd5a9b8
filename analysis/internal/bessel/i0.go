package bessel

import "math"

// asymptotic is from where on the asymptotic series has terms that fall below 1e-17 before they grow again.
const asymptotic = 30

// I0 returns the modified Bessel function of the first kind and order 0: scipy.special.i0(x). It overflows from |x| = 713 on.
func I0(x float64) float64 {
	// The power series, sum((x/2)^2k / k!^2): all terms are positive, so nothing cancels.
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-17; k++ {
		half := x / 2 / k
		term *= half * half
		sum += term
	}
	return sum
}

// I0Scaled returns exp(-x) I0(x) for x >= 0, which does not overflow: scipy.special.i0e(x).
func I0Scaled(x float64) float64 {
	if x < asymptotic {
		return I0(x) * math.Exp(-x)
	}
	sum, term := 1.0, 1.0
	for k := 1.0; k < 60; k++ {
		next := term * (2*k - 1) * (2*k - 1) / (8 * x * k)
		if next >= term || next < sum*1e-18 {
			break
		}
		term = next
		sum += term
	}
	return sum / math.Sqrt(2*math.Pi*x)
}
