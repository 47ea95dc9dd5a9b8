package spectrum

import "math"

// PowerUnit names the unit of a spectrum of a signal in a unit: "V²/Hz" for densities, "V²" for lines. Of a signal without one it is "1/Hz", or none.
func PowerUnit(unit string, s Scaling) string {
	switch {
	case s == Density && unit == "":
		return "1/Hz"
	case s == Density:
		return unit + "²/Hz"
	case unit == "":
		return ""
	}
	return unit + "²"
}

// DecibelUnit names the unit of [Decibels] of a spectrum of a signal in a unit: "dBV" and "dB re 1 A" for lines, "dB re 1 V²/Hz" for densities. The
// latter are the numbers that spectrum analysers call dBV/√Hz.
func DecibelUnit(unit string, s Scaling) string {
	switch {
	case s == Density && unit == "":
		return "dB re 1/Hz"
	case s == Density:
		return "dB re 1 " + PowerUnit(unit, s)
	case unit == "V":
		return "dBV"
	case unit == "":
		return "dB"
	}
	return "dB re 1 " + unit
}

// Decibels writes 10·log10 of powers to dst, which may be x: 0 dB is 1 unit² or 1 unit²/Hz, so that a sine of 1 V rms has 0 dBV. A power of 0 is -Inf. A
// nil dst is allocated; else it panics where the lengths differ. It returns dst.
func Decibels(dst, x []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(x))
	}
	if len(dst) != len(x) {
		panic("spectrum: Decibels: lengths differ")
	}
	for i, v := range x {
		dst[i] = decibel(v)
	}
	return dst
}

// Powers is the inverse of [Decibels].
func Powers(dst, x []float64) []float64 {
	if dst == nil {
		dst = make([]float64, len(x))
	}
	if len(dst) != len(x) {
		panic("spectrum: Powers: lengths differ")
	}
	for i, v := range x {
		dst[i] = math.Pow(10, v/10)
	}
	return dst
}
