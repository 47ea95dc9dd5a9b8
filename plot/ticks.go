package plot

import (
	"math"
	"strconv"
	"strings"
)

// niceStep returns 1, 2 or 5 times a power of ten, such that size has no more than most steps.
func niceStep(size float64, most int) float64 {
	rough := size / float64(max(1, most))
	if !(rough > 0) || math.IsInf(rough, 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, f := range []float64{1, 2, 5} {
		if f*power >= rough*(1-1e-9) {
			return f * power
		}
	}
	return 10 * power
}

// decimals returns how many digits behind the point a multiple of step needs.
func decimals(step float64) int {
	if d := -int(math.Floor(math.Log10(step) + 1e-9)); d > 0 {
		return d
	}
	return 0
}

// multiples returns the multiples of step from lo to hi.
func multiples(lo, hi, step float64) []float64 {
	var list []float64
	for k := math.Ceil(lo/step - 1e-6); k*step <= hi+1e-6*step && len(list) < 1000; k++ {
		list = append(list, k*step)
	}
	return list
}

// fixedPoint prints a number with so many decimals, and never "-0".
func fixedPoint(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// farDigits is how many digits a label may have before what is common to all of them is written once.
const farDigits = 6

// scaled returns the ticker of an axis whose values are shown divided by factor, the worth of an SI prefix. Where all values share their first
// digits, as 5.000012 and 5.000013 do, these are written once, in the second result.
func scaled(factor float64) func(lo, hi float64, most int) ([]tick, string) {
	return func(lo, hi float64, most int) ([]tick, string) {
		lo, hi = lo/factor, hi/factor
		step := niceStep(hi-lo, most)
		base, extra := 0.0, ""
		if big := max(math.Abs(lo), math.Abs(hi)); big/step >= math.Pow(10, farDigits) {
			unit := math.Pow(10, math.Ceil(math.Log10(hi-lo)))
			base = math.Round((lo/2+hi/2)/unit) * unit
			if extra = fixedPoint(base, decimals(unit)); base >= 0 {
				extra = "+" + extra
			}
			if base == 0 || big > 1e15 {
				base, extra = 0, ""
			}
		}
		digits := decimals(step)
		var list []tick
		for _, v := range multiples(lo-base, hi-base, step) {
			text := fixedPoint(v, digits)
			if step >= 1e6 || digits > 9 {
				text = strconv.FormatFloat(v, 'g', 4, 64)
			}
			list = append(list, tick{at: (v + base) * factor, text: text})
		}
		return list, extra
	}
}

// logTicks is the ticker of a logarithmic axis: powers of ten, and multiples between them where there are few powers.
func logTicks(lo, hi float64, most int) ([]tick, string) {
	first, last := math.Floor(math.Log10(lo)), math.Ceil(math.Log10(hi))
	decades := last - first
	every := math.Max(1, math.Ceil(decades/float64(most)))
	between := []float64{1}
	switch {
	case 3*decades <= float64(most):
		between = []float64{1, 2, 5}
	case every > 1:
		between = []float64{1}
	}
	var list []tick
	for d := first; d <= last; d++ {
		named := math.Mod(d-first, every) == 0
		for _, f := range between {
			text := ""
			if named {
				text = siNumber(f * math.Pow(10, d))
			}
			list = append(list, tick{at: f * math.Pow(10, d), text: text})
		}
	}
	return list, ""
}
