package plan

import (
	"fmt"
	"math/big"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

var nanovolts = big.NewRat(1e9, 1)

// option reads one attribute of a driver's block.
func (k *block) option(a driver.OptionAttribute) (driver.OptionValue, bool) {
	o := driver.OptionValue{Name: a.Name, Kind: a.Kind}
	ok := false
	number := func(r units.Rational, good bool) { o.Number, ok = r, good }
	switch a.Kind {
	case driver.OptionString:
		o.Text, ok = k.text(a.Name)
		ok = ok && k.inEnum(a, []string{o.Text})
	case driver.OptionPath:
		if o.Text, ok = k.text(a.Name); ok && o.Text != "" {
			path, err := filepath.Abs(k.d.beside(o.Text))
			if err == nil {
				o.Text = path
			}
		}
	case driver.OptionBool:
		o.Bool, ok = k.boolean(a.Name, false), !k.isBad(a.Name)
	case driver.OptionInteger:
		n, good := k.integer(a.Name, -maxInt, maxInt)
		number(units.Rat(n, 1), good)
	case driver.OptionNumber:
		number(k.number(a.Name))
	case driver.OptionVoltage:
		v, good := k.voltage(a.Name)
		number(v.Rational(), good)
	case driver.OptionInterval:
		i, good := quantity(k, a.Name, "", units.ParseInterval)
		number(i.Rational, good)
	case driver.OptionRate:
		r, good := quantity(k, a.Name, "", units.ParseRate)
		number(r.Rational, good)
	case driver.OptionFrequency:
		f, good := quantity(k, a.Name, "", units.ParseFrequency)
		number(f.Rational, good)
	case driver.OptionSamples:
		n, good := k.samples(a.Name, 0)
		number(units.Rat(n, 1), good)
	case driver.OptionNumbers:
		o.Numbers, ok = k.numbers(a.Name)
	case driver.OptionStrings:
		o.Texts, ok = k.texts(a.Name)
		ok = ok && k.inEnum(a, o.Texts)
	default:
		k.fail(a.Name, fmt.Sprintf("%s cannot be used", a.Name), "The driver describes it with a kind that this program does not know. Update the program.")
	}
	if !ok {
		return o, false
	}
	for _, n := range append(slices.Clone(o.Numbers), o.Number) {
		if isNumeric(a.Kind) && !k.inBounds(a, n) {
			return o, false
		}
	}
	return o, true
}

func isNumeric(kind driver.OptionKind) bool {
	switch kind {
	case driver.OptionString, driver.OptionBool, driver.OptionPath, driver.OptionStrings, driver.OptionNumbers:
		return false
	}
	return true
}

// numbers reads a list of exact numbers.
func (k *block) numbers(name string) ([]units.Rational, bool) {
	v, secret, ok := k.value(name)
	if !ok {
		return nil, false
	}
	l, err := convert.Convert(v, cty.List(cty.Number))
	if err != nil {
		k.wrong(name, v, secret, "a list of numbers", "[1, 2, 3]")
		return nil, false
	}
	var out []units.Rational
	var shown []any
	for it := l.ElementIterator(); it.Next(); {
		_, e := it.Element()
		r, ok := rationalOf(e)
		if !ok {
			k.wrong(name, v, secret, "a list of numbers that fit 64-bit fractions", "[1, 2, 3]")
			return nil, false
		}
		out, shown = append(out, r), append(shown, numberText(r))
	}
	k.record(name, shown)
	return out, true
}

// inEnum checks texts against the words that the driver knows.
func (k *block) inEnum(a driver.OptionAttribute, texts []string) bool {
	if len(a.Enum) == 0 {
		return true
	}
	for _, t := range texts {
		if slices.Contains(a.Enum, t) {
			continue
		}
		shown := fmt.Sprintf("%q", t)
		detail := ""
		if k.isSecret(a.Name) {
			shown = hidden
		} else if near := nearestName(t, a.Enum); near != "" {
			detail = fmt.Sprintf("Did you mean %q? ", near)
		}
		k.fail(a.Name, fmt.Sprintf("%s cannot be %s", a.Name, shown), detail+fmt.Sprintf("Write one of %s.", list(quoted(a.Enum), "or")))
		return false
	}
	return true
}

// inBounds checks a number against the driver's bounds.
func (k *block) inBounds(a driver.OptionAttribute, n units.Rational) bool {
	var word, bound string
	switch {
	case a.Min != nil && n.Cmp(*a.Min) < 0:
		word, bound = "small", optionText(a.Kind, *a.Min)
	case a.Max != nil && n.Cmp(*a.Max) > 0:
		word, bound = "large", optionText(a.Kind, *a.Max)
	default:
		return true
	}
	k.fail(a.Name, fmt.Sprintf("%s is too %s", a.Name, word), fmt.Sprintf("The limit is %s: write %s = %s.", bound, a.Name, bound))
	return false
}

// optionText prints a number of a kind as plans write it.
func optionText(kind driver.OptionKind, n units.Rational) string {
	switch kind {
	case driver.OptionVoltage:
		return strconv.Quote(compact(roundVoltage(new(big.Rat).Mul(n.Big(), nanovolts))))
	case driver.OptionInterval:
		return strconv.Quote(compact(units.Interval{Rational: n}))
	case driver.OptionRate:
		return strconv.Quote(compact(units.Rate{Rational: n}))
	case driver.OptionFrequency:
		return strconv.Quote(compact(units.Frequency{Rational: n}))
	}
	return n.String()
}

// literal is a default that is a value and not a description.
var literal = regexp.MustCompile(`^("[^"]*"|-?[0-9.]+|true|false)$`)

// optionExample is a value for an error to show.
func optionExample(a driver.OptionAttribute) string {
	switch {
	case literal.MatchString(a.Default):
		return a.Default
	case len(a.Enum) > 0:
		return strconv.Quote(a.Enum[0])
	}
	switch a.Kind {
	case driver.OptionVoltage:
		return `"1V"`
	case driver.OptionInterval:
		return `"10us"`
	case driver.OptionRate:
		return `"1MS/s"`
	case driver.OptionFrequency:
		return `"1kHz"`
	case driver.OptionBool:
		return "true"
	case driver.OptionInteger, driver.OptionNumber, driver.OptionSamples:
		return "1"
	case driver.OptionNumbers:
		return "[1, 2]"
	case driver.OptionStrings:
		return `["a"]`
	}
	return `"..."`
}

// isSecret tells whether the attribute's value may not be shown.
func (b *block) isSecret(name string) bool {
	_, secret := b.d.plan.places.secret[under(b.path, name)]
	return secret
}
