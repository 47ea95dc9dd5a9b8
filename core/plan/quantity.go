package plan

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// quantity reads a text with a unit. def is the default's text, empty: none.
func quantity[T any](b *block, name, def string, parse func(string) (T, error)) (T, bool) {
	var zero T
	v, secret, ok := b.value(name)
	if !ok {
		if def == "" || b.has(name) {
			return zero, false
		}
		b.out.set(name, def)
		q, err := parse(def)
		return q, err == nil
	}
	if v.Type() == cty.Number {
		b.fail(name, fmt.Sprintf("%s needs a unit", name), b.unitAdvice(name, v, secret, func(text string) error {
			_, err := parse(text)
			return err
		}))
		return zero, false
	}
	s, err := convert.Convert(v, cty.String)
	if err != nil || v.Type() != cty.String {
		b.wrong(name, v, secret, "a text with a unit", b.example(name))
		return zero, false
	}
	q, err := parse(s.AsString())
	if err != nil {
		b.fail(name, fmt.Sprintf("%s cannot be read", name), b.parseError(s.AsString(), secret, err, func(text string) bool {
			_, err := parse(text)
			return err == nil
		}))
		return zero, false
	}
	b.record(name, s.AsString())
	return q, true
}

// unitAdvice tells how to write a bare number with its unit.
func (b *block) unitAdvice(name string, v cty.Value, secret bool, parse func(string) error) string {
	if secret {
		return fmt.Sprintf("The value %s is a bare number. Write a text with a unit, such as %s.", hidden, b.example(name))
	}
	number := v.AsBigFloat().Text('g', 12)
	for _, unit := range []string{"V", "S/s", "Hz", "s", "B", "bit"} {
		if parse(number+unit) == nil {
			return fmt.Sprintf("%s is a bare number. If you mean %s %s, write %s = %q.", number, number, unit, name, number+unit)
		}
	}
	if example := b.example(name); example != "" {
		return fmt.Sprintf("%s is a bare number. Write %s = %s.", number, name, example)
	}
	return fmt.Sprintf("%s is a bare number. %s", number, sentence(fmt.Sprint(parse(number))))
}

// parseError words the error of a quantity's parser. fits tells whether another text would do.
func (b *block) parseError(text string, secret bool, err error, fits func(string) bool) string {
	var se *units.SyntaxError
	switch {
	case !errors.As(err, &se):
		if secret {
			return "The value " + hidden + " cannot be used here."
		}
		return sentence(err.Error())
	case secret:
		return fmt.Sprintf("The value %s is not %s; write %s.", hidden, se.Want, se.Accepted)
	}
	for _, slip := range slips {
		if better := slip.wrong.ReplaceAllString(text, slip.right); better != text && fits(better) {
			return fmt.Sprintf("%s Did you mean %q?", sentence(se.Error()), better)
		}
	}
	return sentence(se.Error())
}

// sentence makes an error's text a sentence.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

// slips are wrong spellings of units that people write, with the right ones.
var slips = []struct {
	wrong *regexp.Regexp
	right string
}{
	{regexp.MustCompile(`(?i)\s*k(s/s|sps|sa/s)$`), "kS/s"},
	{regexp.MustCompile(`(?i)\s*m(s/s|sps|sa/s)$`), "MS/s"},
	{regexp.MustCompile(`(?i)\s*g(s/s|sps|sa/s)$`), "GS/s"},
	{regexp.MustCompile(`(?i)\s*(s/s|sps|sa/s|samples?/s(ec)?|samples per second)$`), "S/s"},
	{regexp.MustCompile(`(?i)\s*khz$`), "kHz"},
	{regexp.MustCompile(`(?i)\s*mhz$`), "MHz"},
	{regexp.MustCompile(`(?i)\s*ghz$`), "GHz"},
	{regexp.MustCompile(`(?i)\s*hz$`), "Hz"},
	{regexp.MustCompile(`(?i)\s*mv$`), "mV"},
	{regexp.MustCompile(`(?i)\s*uv$`), "uV"},
	{regexp.MustCompile(`(?i)\s*kv$`), "kV"},
	{regexp.MustCompile(`(?i)\s*(v|volts?)$`), "V"},
	{regexp.MustCompile(`(?i)\s*(hours?|hrs?|h)$`), "h"},
	{regexp.MustCompile(`(?i)\s*(minutes?|mins?)$`), "m"},
	{regexp.MustCompile(`(?i)\s*(ms|msecs?|milliseconds?)$`), "ms"},
	{regexp.MustCompile(`(?i)\s*(us|[uµμ]secs?|microseconds?)$`), "us"},
	{regexp.MustCompile(`(?i)\s*(ns|nsecs?|nanoseconds?)$`), "ns"},
	{regexp.MustCompile(`(?i)\s*(seconds?|secs?|s)$`), "s"},
	{regexp.MustCompile(`(?i)\s*(days?|d)$`), "d"},
	{regexp.MustCompile(`\s+`), ""},
	{regexp.MustCompile(`(?i)\s*gi?b?$`), "GiB"},
	{regexp.MustCompile(`(?i)\s*mi?b?$`), "MiB"},
	{regexp.MustCompile(`(?i)\s*ki?b?$`), "KiB"},
	{regexp.MustCompile(`(?i)\s*-?bits?$`), "bit"},
	{regexp.MustCompile(`^(\d+)$`), "${1}bit"},
	{regexp.MustCompile(`(?i)^\s*([\d.]+)\s*x$`), "x${1}"},
	{regexp.MustCompile(`(?i)^\s*([\d.]+):1$`), "x${1}"},
	{regexp.MustCompile(`,`), "."},
}

func (b *block) voltage(name string) (units.Voltage, bool) {
	return quantity(b, name, "", units.ParseVoltage)
}

// interval reads a time above 0.
func (b *block) interval(name string) (units.Interval, bool) {
	return quantity(b, name, "", func(text string) (units.Interval, error) {
		i, err := units.ParseInterval(text)
		if err == nil && i.Sign() <= 0 {
			err = errors.New("it must be above 0")
		}
		return i, err
	})
}

// duration reads a length of time between low and high; def is the default's text.
func (b *block) duration(name, def string, low, high time.Duration) time.Duration {
	t, ok := quantity(b, name, def, units.ParseDuration)
	if !ok {
		t, _ = units.ParseDuration(def)
		return t
	}
	if t < low || t > high {
		detail := fmt.Sprintf("Write %s = \"%s\" or more.", name, units.FormatDuration(low))
		if t > high {
			detail = fmt.Sprintf("Write %s = \"%s\" or less.", name, units.FormatDuration(high))
		}
		word := map[bool]string{true: "long", false: "short"}[t > high]
		b.fail(name, fmt.Sprintf("%s is too %s", name, word), detail)
	}
	return t
}

// samples reads a number of samples: a whole number, or a text like "10MS".
func (b *block) samples(name string, low int64) (int64, bool) {
	v, secret, ok := b.value(name)
	if !ok {
		return 0, false
	}
	n, whole := wholeOf(v)
	shown := any(n)
	if v.Type() == cty.String {
		var err error
		n, err = units.ParseSamples(v.AsString())
		whole, shown = err == nil, v.AsString()
	}
	if !whole || n < low {
		b.wrong(name, v, secret, "a number of samples", "")
		return 0, false
	}
	b.record(name, shown)
	return n, true
}

// span reads a stretch: a number of samples, or a time.
func (b *block) span(name string) (driver.Span, bool) {
	v, secret, ok := b.value(name)
	if !ok {
		return driver.Span{}, false
	}
	if v.Type() == cty.Number {
		if n, ok := wholeOf(v); ok && n >= 0 {
			b.record(name, n)
			return driver.Span{Samples: n}, true
		}
	}
	if v.Type() != cty.String {
		b.wrong(name, v, secret, "a number of samples or a time", b.example(name))
		return driver.Span{}, false
	}
	s, err := parseSpan(v.AsString())
	if err != nil {
		b.fail(name, fmt.Sprintf("%s cannot be read", name), b.parseError(v.AsString(), secret, err, func(text string) bool {
			_, err := parseSpan(text)
			return err == nil
		}))
		return driver.Span{}, false
	}
	b.record(name, v.AsString())
	return s, true
}

func parseSpan(text string) (driver.Span, error) {
	if n, err := units.ParseSamples(text); err == nil {
		return driver.Span{Samples: n}, nil
	}
	i, err := units.ParseInterval(text)
	if err != nil || i.Sign() < 0 {
		return driver.Span{}, &units.SyntaxError{Text: text, Want: "a number of samples or a time", Accepted: `1000, "10kS" or "10us"`}
	}
	return driver.Span{Time: i}, nil
}

// compact prints a quantity as plans write it, without the blank.
func compact(q fmt.Stringer) string { return strings.ReplaceAll(q.String(), " ", "") }
