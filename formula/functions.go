package formula

import (
	"math"
	"slices"
	"strings"
)

// fn is a function that formulas can call.
type fn struct {
	one  func(a float64) float64
	two  func(a, b float64) float64
	many func(a, b float64) float64 // applied from left to right; one argument stays as it is
}

var functions = map[string]fn{
	"abs": {one: math.Abs}, "acos": {one: math.Acos}, "asin": {one: math.Asin}, "atan": {one: math.Atan}, "atan2": {two: math.Atan2},
	"ceil": {one: math.Ceil}, "cos": {one: math.Cos}, "cosh": {one: math.Cosh}, "exp": {one: math.Exp}, "floor": {one: math.Floor},
	"ln": {one: math.Log}, "log10": {one: math.Log10}, "max": {many: math.Max}, "min": {many: math.Min}, "pow": {two: pow},
	"signum": {one: signum}, "sin": {one: math.Sin}, "sinh": {one: math.Sinh}, "sqrt": {one: math.Sqrt}, "tan": {one: math.Tan},
	"tanh": {one: math.Tanh},
}

// Functions lists the names of all functions, sorted. The result is the caller's.
func Functions() []string {
	names := make([]string, 0, len(functions))
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// pow is the usual one; the square, which most calls want, is one multiplication.
func pow(a, b float64) float64 {
	if b == 2 {
		return a * a
	}
	return math.Pow(a, b)
}

func signum(a float64) float64 {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	}
	return a // 0 and NaN
}

// otherNames are what functions are called elsewhere.
var otherNames = map[string]string{
	"log": "ln or log10", "lg": "log10", "sign": "signum", "power": "pow", "arctan": "atan", "arcsin": "asin", "arccos": "acos", "fabs": "abs",
	"sqr": "pow(..., 2)", "log2": "ln(...) / ln(2)", "arctan2": "atan2", "round": "floor(... + 0.5)",
}

// meant is what an unknown function was probably meant to be, empty when nothing comes close.
func meant(name string) string {
	if other := otherNames[strings.ToLower(name)]; other != "" {
		return other
	}
	for _, f := range Functions() {
		if strings.EqualFold(f, name) {
			return f
		}
	}
	return ""
}
