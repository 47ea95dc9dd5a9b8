package filter

import (
	"math"
	"math/big"
)

// The functions below are right to the last bit: the float64 nearest to the exact value, which the ones of the package math are not, and not the
// same on all processors. The library that NumPy calls is right but for one argument in some hundreds. A design calls them some dozens of
// times; they take microseconds.

// wideBits is the precision of what they compute with.
const wideBits = 192

func wideReal(v float64) *big.Float { return newReal().SetFloat64(v) }

func newReal() *big.Float { return new(big.Float).SetPrec(wideBits) }

func rounded(v *big.Float) float64 {
	f, _ := v.Float64()
	return f
}

// roundedSinCos returns the sine and the cosine of x, |x| <= 4.
func roundedSinCos(x float64) (sin, cos float64) {
	s, c := wideSinCos(x)
	return rounded(s), rounded(c)
}

// roundedTan returns the tangent of x, |x| <= 4.
func roundedTan(x float64) float64 {
	s, c := wideSinCos(x)
	return rounded(s.Quo(s, c))
}

// wideSinCos sums the series of both.
func wideSinCos(x float64) (sin, cos *big.Float) {
	sin, cos = newReal(), wideReal(1)
	term, wide := wideReal(1), wideReal(x)
	for k := 1; term.Sign() != 0 && term.MantExp(nil) > -wideBits; k++ {
		term.Mul(term, wide).Quo(term, wideReal(float64(k)))
		switch k % 4 {
		case 0:
			cos.Add(cos, term)
		case 1:
			sin.Add(sin, term)
		case 2:
			cos.Sub(cos, term)
		case 3:
			sin.Sub(sin, term)
		}
	}
	return sin, cos
}

// wideExp returns e to the power of x, |x| < 2000.
func wideExp(x *big.Float) *big.Float {
	const halvings = 16
	small := newReal().SetMantExp(newReal().Set(x), -halvings)
	sum, term := wideReal(1), wideReal(1)
	for k := 1; term.Sign() != 0 && term.MantExp(nil) > -wideBits; k++ {
		term.Mul(term, small).Quo(term, wideReal(float64(k)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// wideLog returns the natural logarithm of x, which is above 0, by Newton's method on the exponential function.
func wideLog(x *big.Float) *big.Float {
	f := newReal()
	exponent := x.MantExp(f)
	v, _ := f.Float64()
	y := wideReal(math.Log(v) + float64(exponent)*math.Ln2)
	for range 3 {
		back := wideExp(newReal().Neg(y))
		back.Mul(back, x)
		y.Add(y, back.Sub(back, wideReal(1)))
	}
	return y
}

// roundedExp returns e to the power of x.
func roundedExp(x float64) float64 { return rounded(wideExp(wideReal(x))) }

// roundedExpm1 returns e to the power of x, less 1.
func roundedExpm1(x float64) float64 {
	e := wideExp(wideReal(x))
	return rounded(e.Sub(e, wideReal(1)))
}

// roundedPowerOf10 returns 10 to the power of x.
func roundedPowerOf10(x float64) float64 {
	l := wideLog(wideReal(10))
	return rounded(wideExp(l.Mul(l, wideReal(x))))
}

// roundedLog10 returns the decimal logarithm of x.
func roundedLog10(x float64) float64 {
	l := wideLog(wideReal(x))
	return rounded(l.Quo(l, wideLog(wideReal(10))))
}

// roundedPower returns x to the power of n, n >= 0.
func roundedPower(x float64, n int) float64 { return rounded(widePower(x, n)) }

func widePower(x float64, n int) *big.Float {
	y, wide := wideReal(1), wideReal(x)
	for range n {
		y.Mul(y, wide)
	}
	return y
}

// sinh is the hyperbolic sine as the C library of GNU computes it, for |x| < 22: the steps, and so the last bit, are the same.
func sinh(x float64) float64 {
	t := roundedExpm1(math.Abs(x))
	half := math.Copysign(0.5, x)
	if math.Abs(x) < 1 {
		return half * (2*t - float64(t*t)/(t+1))
	}
	return half * (t + t/(t+1))
}

// cosh is the hyperbolic cosine, likewise.
func cosh(x float64) float64 {
	x = math.Abs(x)
	if x < 0.5*math.Ln2 {
		t := roundedExpm1(x)
		w := 1 + t
		return 1 + float64(t*t)/(w+w)
	}
	t := roundedExp(x)
	return float64(0.5*t) + 0.5/t
}

// roundedAsinh returns the inverse hyperbolic sine of x, x >= 0: log(x + sqrt(x^2 + 1)).
func roundedAsinh(x float64) float64 {
	wide := wideReal(x)
	square := newReal().Mul(wide, wide)
	square.Add(square, wideReal(1)).Sqrt(square)
	return rounded(wideLog(square.Add(square, wide)))
}
