package plan

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/scopelog/scopelog/units"
)

// text reads a string. Numbers and truths are taken as their text.
func (b *block) text(name string) (string, bool) {
	v, secret, ok := b.value(name)
	if !ok {
		return "", false
	}
	s, err := convert.Convert(v, cty.String)
	if err != nil || !s.Type().Equals(cty.String) {
		b.wrong(name, v, secret, "a text", b.example(name))
		return "", false
	}
	b.record(name, s.AsString())
	return s.AsString(), true
}

// stored reads a string that is written into the recording, and so may not be secret.
func (b *block) stored(name string) (string, bool) {
	s, ok := b.text(name)
	if ok && !b.storable(name) {
		return "", false
	}
	return s, ok
}

// told reads a text that only people read. A secret is replaced by its expression, with a warning: the text is written
// into the recording.
func (b *block) told(name string) string {
	s, _ := b.text(name)
	if expr, secret := b.secretExpression(name); secret {
		return expr
	}
	return s
}

// secretExpression returns what stands in the recording for a secret text, and warns of it.
func (b *block) secretExpression(name string) (string, bool) {
	expr, secret := b.d.plan.places.secret[under(b.path, name)]
	if !secret {
		return "", false
	}
	b.d.p.add(warningAt(b.place(name), fmt.Sprintf("The recording will not hold the value of %s", name),
		fmt.Sprintf("Its value is not stored, since %s: the recording holds the expression instead. To store the value use a variable (--var, --var-file) that is not sensitive.", whySecret)))
	return "${" + expr + "}", true
}

// storable refuses a secret for an attribute that is written into the recording.
func (b *block) storable(name string) bool {
	if _, secret := b.d.plan.places.secret[under(b.path, name)]; !secret {
		return true
	}
	b.fail(name, fmt.Sprintf("A secret may not be the %s", name),
		fmt.Sprintf("It would be written into the recording, and this value may not be, since %s. Use a variable (--var, --var-file) that is not sensitive.", whySecret))
	return false
}

// wrong reports a value of the wrong type.
func (b *block) wrong(name string, v cty.Value, secret bool, want, example string) {
	given := shown(v)
	if given == "A list" && strings.HasPrefix(want, "a list") {
		given += fmt.Sprintf(" of %d element%s", v.LengthInt(), plural(v.LengthInt()))
	}
	if secret {
		given = "The value " + hidden
	}
	detail := fmt.Sprintf("%s is not %s.", given, want)
	if example != "" {
		detail += fmt.Sprintf(" Write %s = %s.", name, example)
	}
	b.fail(name, fmt.Sprintf("%s must be %s", name, want), detail)
}

// shown prints a value for an error.
func shown(v cty.Value) string {
	switch {
	case v.IsNull():
		return "null"
	case v.Type() == cty.String:
		s := v.AsString()
		if len(s) > 60 {
			s = s[:60] + "..."
		}
		return fmt.Sprintf("%q", s)
	case v.Type() == cty.Number:
		return v.AsBigFloat().Text('g', 12)
	case v.Type() == cty.Bool:
		return fmt.Sprint(v.True())
	}
	return upperFirst(kindName(v.Type()))
}

// kindName names a type of several values as people do.
func kindName(t cty.Type) string {
	if t.IsObjectType() || t.IsMapType() {
		return "an object"
	}
	return "a list"
}

// boolean reads true or false.
func (b *block) boolean(name string, def bool) bool {
	v, secret, ok := b.value(name)
	if !ok {
		b.out.set(name, def)
		return def
	}
	t, err := convert.Convert(v, cty.Bool)
	if err != nil {
		b.wrong(name, v, secret, "true or false", "true")
		return def
	}
	b.record(name, t.True())
	return t.True()
}

// number reads an exact number: a number, or a text like "1/3".
func (b *block) number(name string) (units.Rational, bool) {
	v, secret, ok := b.value(name)
	if !ok {
		return units.Rational{}, false
	}
	r, ok := rationalOf(v)
	if !ok {
		b.wrong(name, v, secret, "a number", b.example(name))
		return units.Rational{}, false
	}
	b.record(name, numberText(r))
	return r, true
}

// integer reads a whole number between low and high.
func (b *block) integer(name string, low, high int64) (int64, bool) {
	v, secret, ok := b.value(name)
	if !ok {
		return 0, false
	}
	n, ok := wholeOf(v)
	if !ok || n < low || n > high {
		want := fmt.Sprintf("a whole number from %d to %d", low, high)
		switch {
		case low == -maxInt:
			want = "a whole number"
		case high == maxInt:
			want = fmt.Sprintf("a whole number of %d or more", low)
		}
		b.wrong(name, v, secret, want, "")
		return 0, false
	}
	b.record(name, n)
	return n, true
}

const maxInt = 1<<63 - 1

// wholeOf returns the value as a whole number.
func wholeOf(v cty.Value) (int64, bool) {
	n, err := convert.Convert(v, cty.Number)
	if err != nil || n.IsNull() {
		return 0, false
	}
	i, acc := n.AsBigFloat().Int64()
	return i, acc == big.Exact
}

// choice reads one word of a list. The first is the default.
func choice[T ~string](b *block, name string, words ...T) T {
	s, ok := b.text(name)
	if !ok {
		if !b.has(name) && !b.isRequired(name) && words[0] != "" {
			b.out.set(name, string(words[0]))
		}
		return words[0]
	}
	names := make([]string, 0, len(words))
	for _, w := range words {
		if string(w) == s {
			return w
		}
		if w != "" {
			names = append(names, string(w))
		}
	}
	given := fmt.Sprintf("%q", s)
	if _, secret := b.d.plan.places.secret[under(b.path, name)]; secret {
		given = hidden
	}
	detail := fmt.Sprintf("Write one of %s.", list(quoted(names), "or"))
	if near := nearestName(s, names); near != "" && given != hidden {
		detail = fmt.Sprintf("Did you mean %q? ", near) + detail
	}
	b.fail(name, fmt.Sprintf("%s cannot be %s", name, given), detail)
	return words[0]
}

// texts reads a list of strings.
func (b *block) texts(name string) ([]string, bool) {
	v, secret, ok := b.value(name)
	if !ok {
		return nil, false
	}
	l, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || !l.Type().IsListType() {
		b.wrong(name, v, secret, "a list of texts", `["a", "b"]`)
		return nil, false
	}
	out := []string{}
	for it := l.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsNull() {
			b.wrong(name, v, secret, "a list of texts without null", `["a", "b"]`)
			return nil, false
		}
		out = append(out, e.AsString())
	}
	b.record(name, out)
	return out, true
}
