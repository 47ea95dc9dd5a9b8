package units

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// number is a decimal with an optional exponent, or a fraction of two integers.
var number = regexp.MustCompile(`^([+-]?)(\d+/\d+|\d+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?|\.\d+(?:[eE][+-]?\d{1,3})?)\s*`)

// maxText bounds the text of a quantity, so that hostile input cannot cost time.
const maxText = 64

// SyntaxError says that a text is not a quantity of the wanted kind. Error() names the accepted form and units.
type SyntaxError struct {
	Text     string // what was given
	Want     string // the kind, such as "a voltage"
	Accepted string // an example and the accepted units
	Reason   string // what is wrong, empty when the form as a whole is
}

func (e *SyntaxError) Error() string {
	text := e.Text
	if len(text) > maxText {
		text = text[:maxText] + "..."
	}
	s := fmt.Sprintf("%q is not %s", text, e.Want)
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	return s + "; write " + e.Accepted
}

// kind describes one sort of quantity: its units, each with its size in the base unit.
type kind struct {
	want     string
	accepted string
	units    map[string]*big.Rat
}

func ratio(num, den int64) *big.Rat { return big.NewRat(num, den) }

var si = map[string]*big.Rat{
	"f": ratio(1, 1e15), "p": ratio(1, 1e12), "n": ratio(1, 1e9), "u": ratio(1, 1e6), "µ": ratio(1, 1e6), "μ": ratio(1, 1e6),
	"m": ratio(1, 1e3), "": ratio(1, 1), "k": ratio(1e3, 1), "M": ratio(1e6, 1), "G": ratio(1e9, 1), "T": ratio(1e12, 1),
}

// prefixed returns the unit with each of the SI prefixes.
func prefixed(unit string, prefixes ...string) map[string]*big.Rat {
	m := make(map[string]*big.Rat, len(prefixes))
	for _, p := range prefixes {
		m[p+unit] = si[p]
	}
	return m
}

func merged(maps ...map[string]*big.Rat) map[string]*big.Rat {
	out := map[string]*big.Rat{}
	for _, m := range maps {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// parse reads one number and its unit and returns the value in the base unit.
func (k kind) parse(text string) (*big.Rat, error) {
	v, rest, err := k.part(strings.TrimSpace(text))
	if err != nil {
		err.Text = text
		return nil, err
	}
	if rest != "" {
		return nil, &SyntaxError{Text: text, Want: k.want, Accepted: k.accepted, Reason: fmt.Sprintf("unknown unit %q", rest)}
	}
	return v, nil
}

// part reads one number with its unit from the front of text; rest is what follows the longest known unit.
func (k kind) part(text string) (v *big.Rat, rest string, _ *SyntaxError) {
	bad := func(reason string) (*big.Rat, string, *SyntaxError) {
		return nil, "", &SyntaxError{Want: k.want, Accepted: k.accepted, Reason: reason}
	}
	if len(text) > maxText {
		return bad("it is too long")
	}
	m := number.FindStringSubmatch(text)
	if m == nil {
		return bad("it does not begin with a number")
	}
	v, ok := new(big.Rat).SetString(m[1] + m[2])
	if !ok {
		return bad("the number cannot be read")
	}
	unit := text[len(m[0]):]
	if unit == "" {
		if size, bare := k.units[""]; bare {
			return v.Mul(v, size), "", nil
		}
		return bad("the unit is missing")
	}
	best := ""
	for u := range k.units {
		if len(u) > len(best) && strings.HasPrefix(unit, u) {
			best = u
		}
	}
	if best == "" {
		return bad(fmt.Sprintf("unknown unit %q", unit))
	}
	return v.Mul(v, k.units[best]), unit[len(best):], nil
}

// strange says what is wrong with what follows a number and its unit, in text, when it is not another number: its end rest may belong to the unit, "sec".
func (k kind) strange(text, rest string) string {
	unit := strings.TrimLeft(text[len(number.FindString(text)):], " ")
	if i := strings.IndexAny(unit, " \t0123456789"); i >= 0 {
		unit = unit[:i]
	}
	rest = strings.TrimSpace(rest)
	switch {
	case k.units[unit] == nil:
		return fmt.Sprintf("unknown unit %q", unit)
	case number.MatchString(rest):
		return "there is a blank inside"
	}
	return fmt.Sprintf("%q does not begin with a number", rest)
}

func (k kind) rational(text string) (Rational, error) {
	b, err := k.parse(text)
	if err != nil {
		return Rational{}, err
	}
	r, err := fromBig(b)
	if err != nil {
		return Rational{}, &SyntaxError{Text: text, Want: k.want, Accepted: k.accepted, Reason: err.Error()}
	}
	return r, nil
}

// scaled prints value with the SI prefix that leaves one to three digits before the point.
func scaled(v Rational, unit string, prefixes string) string {
	if v.IsZero() {
		return "0 " + unit
	}
	abs := new(big.Rat).Abs(v.Big())
	best := ""
	for i, p := range strings.Split(prefixes, ",") {
		if i == 0 || abs.Cmp(si[p]) >= 0 {
			best = p
		}
	}
	r, err := fromBig(new(big.Rat).Quo(v.Big(), si[best]))
	if err != nil {
		return v.String() + " " + unit
	}
	return r.String() + " " + best + unit
}
