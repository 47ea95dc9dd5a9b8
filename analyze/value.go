package analyze

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/scopelog/scopelog/units"
)

// Value is a number in the unit of a stream, as users write it: "1.5", "1.5V", "300mA". The zero value is 0, and
// stands for none where one has to be given.
type Value struct {
	number float64
	unit   string // with a prefix; empty: that of the stream
	text   string
}

var valueForm = regexp.MustCompile(`^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*([^0-9.+\-\s].*)?$`)

// ParseValue reads a number with or without a unit. Whether the unit is the stream's is seen when it is used. The error is an [*OptionError].
func ParseValue(text string) (Value, error) {
	m := valueForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return Value{}, optionError("%q is no value; write a number in the stream's unit, such as 1.5, 1.5V or 300mV", text)
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil || math.IsInf(n, 0) {
		return Value{}, optionError("%q is out of range", text)
	}
	return Value{n, strings.TrimSpace(m[2]), text}, nil
}

// Number is a value without a unit.
func Number(v float64) Value { return Value{number: v, text: trim(v)} }

// given tells that the value was written: it is not the zero value.
func (v Value) given() bool { return v.text != "" }

// prefixes are the SI prefixes that values may have.
var prefixes = map[string]float64{"": 1, "p": 1e-12, "n": 1e-9, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9}

// in returns the value in the unit of a source.
func (v Value) in(src *source) (float64, error) {
	return v.inUnit(src.Unit(), "stream "+src.Stream.Name())
}

// inUnit returns the value in a unit, that of something.
func (v Value) inUnit(unit, of string) (float64, error) {
	if v.unit == "" {
		return v.number, nil
	}
	if p, ok := strings.CutSuffix(v.unit, unit); ok && unit != "" {
		if f, ok := prefixes[p]; ok {
			return v.number * f, nil
		}
	}
	if unit == "" {
		return 0, optionError("%s has a unit, and %s has none: write the number alone", v.text, of)
	}
	return 0, optionError("%s is not in %s, the unit of %s", v.text, unit, of)
}

// samplesIn counts how many whole samples of a source a time has; up rounds up.
func samplesIn(t units.Interval, src *source, up bool) int64 {
	if t.Sign() <= 0 {
		return 0
	}
	r := new(big.Rat).Quo(t.Big(), src.Interval.Rat())
	q, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if up && rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	if !q.IsInt64() {
		return math.MaxInt64
	}
	return q.Int64()
}

// inSamples returns a time in samples of a source, with a fraction.
func inSamples(t units.Interval, src *source) float64 {
	v, _ := new(big.Rat).Quo(t.Big(), src.Interval.Rat()).Float64()
	return v
}
