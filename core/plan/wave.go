package plan

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// maxWave bounds the samples of a user's wave; wavePoints is how many an expression makes.
const (
	maxWave    = 1 << 20
	wavePoints = 4096
)

// arbitrary reads a user's wave from exactly one of file, values and expression.
func (k *block) arbitrary() *driver.ArbitraryWave {
	w := &driver.ArbitraryWave{}
	k.exclusive("A wave comes from one of them. Keep one.", "file", "values", "expression")
	switch {
	case k.has("file"):
		w.Values = k.waveFile()
	case k.has("values"):
		w.Values = k.waveValues()
	case k.has("expression"):
		w.Values = k.waveExpression()
	default:
		k.failBlock("The wave is missing", `Write values = [0, 1, 0, -1], file = "wave.csv" or expression = "sin(2 * pi * x)".`)
	}
	if rate, ok := quantity(k, "sample_rate", "", units.ParseRate); ok {
		w.SampleRate = rate
	}
	return w
}

// checkWave reports a wave that is too short, too long or too high.
func (k *block) checkWave(name string, values []float64) []float64 {
	switch n := len(values); {
	case n < 2:
		k.fail(name, "The wave is too short", fmt.Sprintf("It has %s; there must be 2 or more.", samplesText(int64(n))))
		return nil
	case n > maxWave:
		k.fail(name, "The wave is too long", fmt.Sprintf("It has %s; no unit takes more than %s.", samplesText(int64(n)), grouped(maxWave)))
		return nil
	}
	for i, v := range values {
		if math.Abs(v) > 1 && math.Abs(v) < 1+1e-9 { // the rounding of an expression or of a table
			v = math.Copysign(1, v)
			values[i] = v
		}
		if math.IsNaN(v) || v < -1 || v > 1 {
			k.fail(name, "The wave leaves the range from -1 to 1", fmt.Sprintf("Sample %d does. Scale it; amplitude says how high it becomes.", i))
			return nil
		}
	}
	return values
}

func (k *block) waveValues() []float64 {
	v, secret, ok := k.value("values")
	if !ok {
		return nil
	}
	l, err := convert.Convert(v, cty.List(cty.Number))
	if err != nil {
		k.wrong("values", v, secret, "a list of numbers", examples["values"])
		return nil
	}
	values := make([]float64, 0, l.LengthInt())
	for it := l.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsNull() {
			k.wrong("values", v, secret, "a list of numbers without null", examples["values"])
			return nil
		}
		f, _ := e.AsBigFloat().Float64()
		values = append(values, f)
	}
	k.record("values", values)
	return k.checkWave("values", values)
}

// waveFile reads numbers from a text file: one a line, or separated by commas or blanks; # begins a comment.
func (k *block) waveFile() []float64 {
	path, ok := k.text("file")
	if !ok {
		return nil
	}
	src, err := k.d.read(k.d.beside(path))
	if err != nil {
		k.fail("file", "The wave cannot be read", sentence(reasonOf(err)))
		return nil
	}
	var values []float64
	for i, line := range strings.Split(string(src), "\n") {
		line, _, _ = strings.Cut(line, "#")
		for _, field := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",; \t\r", r) }) {
			v, err := strconv.ParseFloat(field, 64)
			if err != nil {
				k.fail("file", "The wave cannot be read", fmt.Sprintf("Line %d of the file holds something that is not a number. It must hold numbers from -1 to 1, separated by commas or newlines.", i+1))
				return nil
			}
			values = append(values, v)
		}
	}
	return k.checkWave("file", values)
}

// waveExpression computes a wave from an expression over x, which runs from 0 to 1 within one period.
func (k *block) waveExpression() []float64 {
	text, ok := k.text("expression")
	if !ok {
		return nil
	}
	fail := func(detail string) []float64 {
		k.fail("expression", "The wave cannot be computed", detail)
		return nil
	}
	f, why := parseFormula(text, "x", "which runs from 0 to 1", `"sin(2 * pi * x)"`)
	if why != "" {
		return fail(why)
	}
	values := make([]float64, wavePoints)
	for i := range values {
		values[i] = float64(i) / wavePoints
	}
	f.Apply(values, values)
	for i, y := range values {
		if math.IsNaN(y) {
			return fail(fmt.Sprintf("At x = %g it has no finite result.", float64(i)/wavePoints))
		}
	}
	return k.checkWave("expression", values)
}
