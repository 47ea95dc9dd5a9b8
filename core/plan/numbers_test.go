package plan

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestRationalOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		expr string
		want units.Rational
		ok   bool
	}{
		{"0", units.Rational{}, true},
		{"1", units.Rat(1, 1), true},
		{"-7", units.Rat(-7, 1), true},
		{"0.1", units.Rat(1, 10), true},
		{"0.1 + 0.2", units.Rat(3, 10), true},
		{"1 / 3", units.Rat(1, 3), true},
		{"-22 / 7", units.Rat(-22, 7), true},
		{"1e-9", units.Rat(1, 1e9), true},
		{"12345678901234567", units.Rat(12345678901234567, 1), true},
		{"0.000123456789", units.Rat(123456789, 1e12), true},
		{`"1/3"`, units.Rat(1, 3), true},
		{`"2.5e-3"`, units.Rat(1, 400), true},
		{`" -4 "`, units.Rat(-4, 1), true},
		{"1e30", units.Rational{}, false},
		{"1e-60", units.Rational{}, false},
		{`"x"`, units.Rational{}, false},
		{`"1/0"`, units.Rational{}, false},
		{`"0x10"`, units.Rational{}, false},
		{"true", units.Rational{}, false},
		{"null", units.Rational{}, false},
		{"[1]", units.Rational{}, false},
		{"9223372036854775807", units.Rat(9223372036854775807, 1), true},
		{"9223372036854775808", units.Rational{}, false},
	} {
		t.Run(c.expr, func(t *testing.T) {
			t.Parallel()
			expr, diags := hclsyntax.ParseExpression([]byte(c.expr), "", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			v, _ := expr.Value(nil)
			got, ok := rationalOf(v)
			if ok != c.ok || ok && got.Cmp(c.want) != 0 {
				t.Errorf("%v, %v; want %v, %v", got, ok, c.want, c.ok)
			}
		})
	}
	if _, ok := rationalOf(cty.UnknownVal(cty.Number)); ok {
		t.Error("an unknown value is a number")
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want driver.Span
		ok   bool
	}{
		{"10MS", driver.Span{Samples: 10_000_000}, true},
		{"10ms", driver.Span{Time: units.Seconds(1, 100)}, true},
		{"10m", driver.Span{Time: units.Seconds(600, 1)}, true},
		{"4096S", driver.Span{Samples: 4096}, true},
		{"1/3us", driver.Span{Time: units.Seconds(1, 3e6)}, true},
		{"0s", driver.Span{}, true},
		{"-1s", driver.Span{}, false},
		{"10", driver.Span{}, false},
		{"", driver.Span{}, false},
		{"1.5S", driver.Span{}, false},
	} {
		got, err := parseSpan(c.text)
		if (err == nil) != c.ok || got.Samples != c.want.Samples || got.Time.Cmp(c.want.Time.Rational) != 0 {
			t.Errorf("%q: %+v, %v; want %+v", c.text, got, err, c.want)
		}
	}
}

func TestNearestName(t *testing.T) {
	t.Parallel()
	words := []string{"range", "coupling", "offset", "ac", "dc", "dc50", "sim"}
	for given, want := range map[string]string{
		"rnage": "range", "Range": "range", "coupeling": "coupling", "ofset": "offset", "acc": "ac", "simm": "sim",
		"xyz": "", "e": "", "AC": "ac", "": "", "completely-different-and-very-long-name-that-is-longer-than-sixty-four-letters": "",
	} {
		if got := nearestName(given, words); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func TestTrimmedLists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names []string
		want  string
	}{{nil, "none"}, {[]string{"a"}, "a"}, {[]string{"a", "b"}, "a or b"}, {[]string{"a", "b", "c"}, "a, b or c"}} {
		if got := list(c.names, "or"); got != c.want {
			t.Errorf("%v: %q, want %q", c.names, got, c.want)
		}
	}
}
