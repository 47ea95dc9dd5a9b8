package units

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParseAndPrint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, want string
		parse            func(string) (interface{ String() string }, error)
	}{
		{"volt", "5V", "5 V", voltage},
		{"negative", "-35mV", "-35 mV", voltage},
		{"micro sign", "10µV", "10 uV", voltage},
		{"space", " 2.5 kV ", "2.5 kV", voltage},
		{"exponent", "1e-3V", "1 mV", voltage},
		{"zero", "0V", "0 V", voltage},
		{"rate", "1MS/s", "1 MS/s", rate},
		{"third", "1/3S/s", "1/3 S/s", rate},
		{"hertz", "44100Hz", "44.1 kS/s", rate},
		{"slow", "500mS/s", "0.5 S/s", rate},
		{"interval", "10us", "10 us", interval},
		{"third of a ns", "1/3ns", "1000/3 ps", interval},
		{"minutes", "10m", "600 s", interval},
		{"compound", "1h30m", "5400 s", interval},
		{"frequency", "1kHz", "1 kHz", frequency},
		{"size", "2GiB", "2 GiB", size},
		{"decimal size", "1MB", "976.6 KiB", size},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != c.want {
				t.Errorf("%q: got %q, want %q", c.text, got, c.want)
			}
		})
	}
}

type stringer = interface{ String() string }

func voltage(s string) (stringer, error)   { return ParseVoltage(s) }
func rate(s string) (stringer, error)      { return ParseRate(s) }
func interval(s string) (stringer, error)  { return ParseInterval(s) }
func frequency(s string) (stringer, error) { return ParseFrequency(s) }
func size(s string) (stringer, error)      { return ParseBytes(s) }

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, want string
		parse            func(string) (stringer, error)
	}{
		{"no unit", "5", "unit is missing", voltage},
		{"wrong unit", "5A", `unknown unit "A"`, voltage},
		{"no number", "V", "does not begin with a number", voltage},
		{"too fine", "0.1nV", "finer than a nanovolt", voltage},
		{"too large", "1e40V", "too large", voltage},
		{"rate zero", "0S/s", "above 0", rate},
		{"rate unit", "1MV/s", "S/s", rate},
		{"trailing", "10us foo", `"foo" does not begin with a number`, interval},
		{"a longer unit", "2 sec", `unknown unit "sec"`, interval},
		{"a longer unit inside", "1hr 30min", `unknown unit "hr"`, interval},
		{"a longer unit at the end", "1h30mins", `unknown unit "mins"`, interval},
		{"a blank inside", "1h 30m", "a blank inside", interval},
		{"empty", "", "does not begin", interval},
		{"over a zero", "1/0s", "cannot be read", interval},
		{"long", strings.Repeat("9", 100) + "s", "too long", interval},
		{"minus inside", "1h-30m", "not a time", interval},
		{"half a byte", "0.5B", "whole number", size},
		{"negative size", "-1B", "negative", size},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.parse(c.text)
			var se *SyntaxError
			if !errors.As(err, &se) {
				t.Fatalf("%q: got error %v, want a *SyntaxError", c.text, err)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q: error %q lacks %q", c.text, err, c.want)
			}
		})
	}
}

func TestSmallParsers(t *testing.T) {
	t.Parallel()
	if n, err := ParseBits("14bit"); n != 14 || err != nil {
		t.Errorf("ParseBits: %d, %v", n, err)
	}
	if _, err := ParseBits("14"); err == nil {
		t.Error("ParseBits accepted a bare number")
	}
	if p, err := ParseProbe("x0.1"); p != Rat(1, 10) || err != nil {
		t.Errorf("ParseProbe: %v, %v", p, err)
	}
	for _, bad := range []string{"10", "x0", "x-1", "xx", "x", ""} {
		if _, err := ParseProbe(bad); err == nil {
			t.Errorf("ParseProbe accepted %q", bad)
		}
	}
	if v, u, err := ParseScale("100A/V"); v != Rat(100, 1) || u != "A" || err != nil {
		t.Errorf("ParseScale: %v %q %v", v, u, err)
	}
	for _, bad := range []string{"100", "100A", "A/V", "0A/V", "100/V"} {
		if _, _, err := ParseScale(bad); err == nil {
			t.Errorf("ParseScale accepted %q", bad)
		}
	}
	if n, err := ParseSamples("10MS"); n != 10_000_000 || err != nil {
		t.Errorf("ParseSamples: %d, %v", n, err)
	}
	if d, err := ParseDuration("8h"); d != 8*time.Hour || err != nil {
		t.Errorf("ParseDuration: %v, %v", d, err)
	}
	if got := FormatDuration(8 * time.Hour); got != "8h" {
		t.Errorf("FormatDuration: %q", got)
	}
	if _, err := ParseDuration("1ps"); err == nil {
		t.Error("ParseDuration accepted 1ps")
	}
}

func TestRational(t *testing.T) {
	t.Parallel()
	third := Rat(1, 3)
	if p, err := third.Mul(Rat(3, 1)); err != nil || p.Cmp(Rat(1, 1)) != 0 {
		t.Errorf("1/3 x 3 = %v, %v", p, err)
	}
	if _, err := Rat(1<<62, 1).Mul(Rat(4, 1)); !errors.Is(err, ErrOverflow) {
		t.Errorf("overflow: %v", err)
	}
	if _, err := third.Div(Rational{}); !errors.Is(err, ErrOverflow) {
		t.Errorf("division by zero: %v", err)
	}
	if got := Rat(-7, 2).Floor(); got != -4 {
		t.Errorf("floor(-7/2) = %d", got)
	}
	if got := Rat(-7, 2).Round(); got != -4 {
		t.Errorf("round(-7/2) = %d", got)
	}
	if got := Seconds(1, 3).Rate(); got.Cmp(Rat(3, 1)) != 0 {
		t.Errorf("rate of 1/3 s: %v", got)
	}
	if got := Seconds(1, 1_000_000).Duration(); got != time.Microsecond {
		t.Errorf("duration: %v", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"5V", "1/3ns", "1h30m", "1e999V", "..5V", "5µV"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if i, err := ParseInterval(s); err == nil {
			back, err := ParseInterval(i.Big().RatString() + "s")
			if err == nil && back.Cmp(i.Rational) != 0 {
				t.Errorf("%q: %v read back as %v", s, i, back)
			}
		}
		if v, err := ParseVoltage(s); err == nil {
			if back, err := ParseVoltage(v.String()); err != nil || back != v {
				t.Errorf("%q: %v read back as %v, %v", s, v, back, err)
			}
		}
	})
}
