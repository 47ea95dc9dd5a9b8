package units

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	voltages = kind{"a voltage", `"5V", with the unit V, mV, uV, nV or kV`, prefixed("V", "n", "u", "µ", "μ", "m", "", "k")}
	times    = kind{"a time", `"10us", with the unit fs, ps, ns, us, ms, s, m (minutes), h or d`, merged(
		prefixed("s", "f", "p", "n", "u", "µ", "μ", "m", ""),
		map[string]*big.Rat{"m": ratio(60, 1), "min": ratio(60, 1), "h": ratio(3600, 1), "d": ratio(86400, 1)})}
	rates = kind{
		"a sample rate", `"1MS/s", with the unit S/s, kS/s, MS/s or GS/s`,
		merged(prefixed("S/s", "", "k", "M", "G", "m"), prefixed("Hz", "", "k", "M", "G", "m")),
	}
	frequencies = kind{"a frequency", `"1kHz", with the unit Hz, mHz, kHz, MHz or GHz`, prefixed("Hz", "u", "µ", "μ", "m", "", "k", "M", "G")}
	sizes       = kind{"a size", `"2GiB", with the unit B, KiB, MiB, GiB, TiB, kB, MB, GB or TB`, merged(prefixed("B", "", "k", "M", "G", "T"),
		map[string]*big.Rat{"KiB": ratio(1<<10, 1), "MiB": ratio(1<<20, 1), "GiB": ratio(1<<30, 1), "TiB": ratio(1<<40, 1)})}
	counts = kind{"a number of samples", `"10MS", with the unit S, kS, MS or GS`, prefixed("S", "", "k", "M", "G")}
)

// Voltage is a voltage in nanovolts.
type Voltage int64

// Volts of the usual sizes.
const (
	Nanovolt  Voltage = 1
	Microvolt         = 1000 * Nanovolt
	Millivolt         = 1000 * Microvolt
	Volt              = 1000 * Millivolt
)

// ParseVoltage reads "5V", "-35mV" or "10uV". The error is a *SyntaxError.
func ParseVoltage(text string) (Voltage, error) {
	n, err := integral(voltages, text, 1e9, "finer than a nanovolt")
	return Voltage(n), err
}

// Volts returns the voltage as a double in volts.
func (v Voltage) Volts() float64 { return float64(v) / 1e9 }

// Rational returns the voltage in volts, exactly.
func (v Voltage) Rational() Rational { return Rat(int64(v), 1e9) }

// String prints the voltage with an SI prefix, such as "50 mV".
func (v Voltage) String() string { return scaled(v.Rational(), "V", "n,u,m,,k") }

// integral parses text as a whole number of 1/perBase of the kind's base unit.
func integral(k kind, text string, perBase int64, finer string) (int64, error) {
	b, err := k.parse(text)
	if err != nil {
		return 0, err
	}
	b.Mul(b, ratio(perBase, 1))
	if !b.IsInt() {
		return 0, &SyntaxError{Text: text, Want: k.want, Accepted: k.accepted, Reason: "it is " + finer}
	}
	if !b.Num().IsInt64() {
		return 0, &SyntaxError{Text: text, Want: k.want, Accepted: k.accepted, Reason: "it is too large"}
	}
	return b.Num().Int64(), nil
}

// Interval is an exact time in seconds, of any sign: a sample interval, a delay, a width.
type Interval struct{ Rational }

// Seconds returns the interval num/den seconds. It panics when it is not representable.
func Seconds(num, den int64) Interval { return Interval{Rat(num, den)} }

// ParseInterval reads "10us", "1/3ns" or "1h30m". The error is a *SyntaxError.
func ParseInterval(text string) (Interval, error) {
	sum, rest := new(big.Rat), strings.TrimSpace(text)
	for first := true; first || rest != ""; first = false {
		v, r, err := times.part(rest)
		switch {
		case err == nil && !first && v.Sign() < 0:
			err = &SyntaxError{Want: times.want, Accepted: times.accepted}
		case err == nil && r != "" && !number.MatchString(r):
			err = &SyntaxError{Want: times.want, Accepted: times.accepted, Reason: times.strange(rest, r)}
		}
		if err != nil {
			err.Text = text
			return Interval{}, err
		}
		sum.Add(sum, v)
		rest = r
	}
	r, err := fromBig(sum)
	if err != nil {
		return Interval{}, &SyntaxError{Text: text, Want: times.want, Accepted: times.accepted, Reason: err.Error()}
	}
	return Interval{r}, nil
}

// Rate returns 1/interval. It panics for an interval of 0.
func (i Interval) Rate() Rate { return Rate{Rat(i.Den(), i.Num())} }

// Duration returns the interval rounded to nanoseconds, saturated at time.Duration's ends.
func (i Interval) Duration() time.Duration {
	ns := new(big.Rat).Mul(i.Big(), ratio(1e9, 1))
	switch {
	case ns.Cmp(ratio(math.MaxInt64, 1)) >= 0:
		return math.MaxInt64
	case ns.Cmp(ratio(math.MinInt64, 1)) <= 0:
		return math.MinInt64
	}
	r, err := fromBig(ns)
	if err != nil {
		f, _ := ns.Float64()
		return time.Duration(f)
	}
	return time.Duration(r.Round())
}

// String prints the interval with an SI prefix, such as "10 us".
func (i Interval) String() string { return scaled(i.Rational, "s", "f,p,n,u,m,") }

// IntervalOf returns the duration as an interval.
func IntervalOf(d time.Duration) Interval { return Seconds(int64(d), 1e9) }

// ParseDuration reads a time as [ParseInterval] does, of whole nanoseconds and not negative.
func ParseDuration(text string) (time.Duration, error) {
	i, err := ParseInterval(text)
	if err != nil {
		return 0, err
	}
	bad := func(reason string) (time.Duration, error) {
		return 0, &SyntaxError{Text: text, Want: times.want, Accepted: times.accepted, Reason: reason}
	}
	ns := new(big.Rat).Mul(i.Big(), ratio(1e9, 1))
	switch {
	case ns.Sign() < 0:
		return bad("it is negative")
	case !ns.IsInt():
		return bad("it is finer than a nanosecond")
	case !ns.Num().IsInt64():
		return bad("it is longer than 292 years")
	}
	return time.Duration(ns.Num().Int64()), nil
}

// Rate is an exact number of samples per second.
type Rate struct{ Rational }

// PerSecond returns the rate num/den samples per second. It panics when it is not representable.
func PerSecond(num, den int64) Rate { return Rate{Rat(num, den)} }

// ParseRate reads "1MS/s" or "1/3S/s"; Hz is taken for S/s. The error is a *SyntaxError.
func ParseRate(text string) (Rate, error) {
	r, err := rates.rational(text)
	if err == nil && r.Sign() <= 0 {
		err = &SyntaxError{Text: text, Want: rates.want, Accepted: rates.accepted, Reason: "it must be above 0"}
	}
	return Rate{r}, err
}

// Interval returns 1/rate. It panics for a rate of 0.
func (r Rate) Interval() Interval { return Interval{Rat(r.Den(), r.Num())} }

// String prints the rate with an SI prefix, such as "1 MS/s".
func (r Rate) String() string { return scaled(r.Rational, "S/s", ",k,M,G") }

// Frequency is an exact frequency in hertz.
type Frequency struct{ Rational }

// Hertz returns num/den Hz. It panics when it is not representable.
func Hertz(num, den int64) Frequency { return Frequency{Rat(num, den)} }

// ParseFrequency reads "1kHz". The error is a *SyntaxError.
func ParseFrequency(text string) (Frequency, error) {
	r, err := frequencies.rational(text)
	return Frequency{r}, err
}

// String prints the frequency with an SI prefix, such as "1 kHz".
func (f Frequency) String() string { return scaled(f.Rational, "Hz", "u,m,,k,M,G") }

// Bytes is a size in bytes.
type Bytes int64

// ParseBytes reads "2GiB" or "100MB". The error is a *SyntaxError.
func ParseBytes(text string) (Bytes, error) {
	n, err := integral(sizes, text, 1, "not a whole number of bytes")
	if err == nil && n < 0 {
		err = &SyntaxError{Text: text, Want: sizes.want, Accepted: sizes.accepted, Reason: "it is negative"}
	}
	return Bytes(n), err
}

// String prints the size with a binary prefix and at most one decimal, such as "1.5 GiB".
func (b Bytes) String() string {
	v, i := float64(b), 0
	names := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for math.Abs(v) >= 1024 && i < len(names)-1 {
		v, i = v/1024, i+1
	}
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0") + " " + names[i]
}

// ParseSamples reads a number of samples, "10MS" or "4096S".
func ParseSamples(text string) (int64, error) {
	n, err := integral(counts, text, 1, "not a whole number of samples")
	if err == nil && n < 0 {
		err = &SyntaxError{Text: text, Want: counts.want, Accepted: counts.accepted, Reason: "it is negative"}
	}
	return n, err
}

// ParseBits reads a resolution, "14bit".
func ParseBits(text string) (int, error) {
	digits, ok := strings.CutSuffix(strings.TrimSpace(text), "bit")
	n, err := strconv.Atoi(strings.TrimSpace(digits))
	if !ok || err != nil || n < 1 || n > 32 {
		return 0, &SyntaxError{Text: text, Want: "a resolution", Accepted: `"14bit"`}
	}
	return n, nil
}

// ParseProbe reads a probe factor, "x10" or "x0.1": volts at the tip per volt at the input.
func ParseProbe(text string) (Rational, error) {
	bad := func() (Rational, error) {
		return Rational{}, &SyntaxError{Text: text, Want: "a probe factor", Accepted: `"x1", "x10" or "x0.1"`}
	}
	digits, ok := strings.CutPrefix(strings.TrimSpace(text), "x")
	if !ok || len(digits) > maxText || number.FindString(digits) != digits {
		return bad()
	}
	b, ok := new(big.Rat).SetString(digits)
	if !ok || b.Sign() <= 0 {
		return bad()
	}
	r, err := fromBig(b)
	if err != nil {
		return bad()
	}
	return r, nil
}

var scaleText = regexp.MustCompile(`^([^\s/]*)\s*/\s*V$`)

// ParseScale reads a sensor's scale, "100A/V", as its value and the unit before "/V" as written ("A").
func ParseScale(text string) (value Rational, unit string, err error) {
	bad := func() (Rational, string, error) {
		return Rational{}, "", &SyntaxError{Text: text, Want: "a scale", Accepted: `"100A/V": a number, the unit, and /V`}
	}
	text = strings.TrimSpace(text)
	m := number.FindString(text)
	if m == "" || len(text) > maxText {
		return bad()
	}
	u := scaleText.FindStringSubmatch(text[len(m):])
	b, ok := new(big.Rat).SetString(strings.TrimSpace(m))
	if u == nil || u[1] == "" || !ok || b.Sign() == 0 {
		return bad()
	}
	if value, err = fromBig(b); err != nil {
		return bad()
	}
	return value, u[1], nil
}

// FormatDuration prints a duration without trailing zero units, such as "8h" or "1m30s".
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

var _ fmt.Stringer = Voltage(0)
