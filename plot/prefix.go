package plot

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// prefixes are those of the SI, from 10^-15 to 10^15.
var prefixes = []string{"f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P"}

const noPrefix = 5 // its place among prefixes

// prefixed are the units that take a prefix. To others, as °C, % and dB, a power of ten is written beside them.
var prefixed = []string{"V", "A", "W", "Hz", "Ω", "Ohm", "F", "H", "N", "Pa", "m", "g", "s", "J", "C", "T", "S", "K", "bar", "m/s", "m/s²", "g/s", "l", "L", "lx", "lm", "cd", "mol", "eV", "VA", "var", "Wh", "Ah", "S/s", "Hz/s", "B", "bit"}

// power returns the exponent of the SI prefix, a multiple of three, with which a value has one to three digits before the point.
func power(v float64) int {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	e := int(math.Floor((math.Log10(math.Abs(v)) + 1e-9) / 3))
	return 3 * min(max(e, -noPrefix), len(prefixes)-1-noPrefix)
}

// unitFor returns the name of a unit with the prefix that fits values up to largest, and what values are divided by to be in it.
func unitFor(unit string, largest float64) (name string, factor float64) {
	p := power(largest)
	if p == 0 {
		return unit, 1
	}
	factor = math.Pow(10, float64(p))
	if slices.Contains(prefixed, unit) {
		return prefixes[noPrefix+p/3] + unit, factor
	}
	if p == -3 || p == 3 && largest < 1e5 { // digits are easier to read
		return unit, 1
	}
	return strings.TrimSpace(fmt.Sprintf("×1e%d %s", p, unit)), factor // the font has no superscript minus
}

// siNumber prints a number with a prefix behind it, as 20k or 5µ.
func siNumber(v float64) string {
	p := power(v)
	if v != 0 && (math.Abs(v) < 1e-15*0.999 || math.Abs(v) >= 1e18) {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v/math.Pow(10, float64(p)), 'g', 4, 64) + prefixes[noPrefix+p/3]
}

// withUnit puts a unit behind a name, as in "cell current (mA)".
func withUnit(name, unit string) string {
	if unit == "" {
		return name
	}
	return strings.TrimSpace(name + " (" + unit + ")")
}

// valueAxis returns the axis of values in a unit.
func valueAxis(name, unit string, e extent) axis {
	lo, hi := e.padded()
	shown, factor := unitFor(unit, max(math.Abs(lo), math.Abs(hi)))
	return axis{min: lo, max: hi, label: withUnit(name, shown), ticks: scaled(factor)}
}
