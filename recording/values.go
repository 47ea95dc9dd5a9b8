package recording

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"
)

// FormatVersion is the version of the format that this package writes. A reader refuses a higher major version.
const FormatVersion = "1.0"

// Timestamp is a moment in UTC, in nanoseconds since 1970. In JSON it is RFC 3339 text with nine digits and Z.
type Timestamp int64

const timestampLayout = "2006-01-02T15:04:05.000000000Z"

// Time returns t as a time.Time in UTC.
func (t Timestamp) Time() time.Time { return time.Unix(0, int64(t)).UTC() }

// String returns the text used in files.
func (t Timestamp) String() string { return t.Time().Format(timestampLayout) }

// MarshalText returns the text used in files.
func (t Timestamp) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads RFC 3339 with any number of digits. A moment that does not fit 64-bit nanoseconds (years 1678 to 2261 do) is an error.
func (t *Timestamp) UnmarshalText(b []byte) error {
	v, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("read time %q: %w", b, err)
	}
	if y := v.UTC().Year(); y < 1678 || y > 2261 {
		return fmt.Errorf("read time %q: the year is out of range", b)
	}
	*t = Timestamp(v.UnixNano())
	return nil
}

// Checksum is a CRC-32C (Castagnoli). In JSON it is eight lower-case hex digits.
type Checksum uint32

// String returns eight lower-case hex digits.
func (c Checksum) String() string { return string(appendHex(nil, uint32(c))) }

// MarshalText returns eight lower-case hex digits.
func (c Checksum) MarshalText() ([]byte, error) { return appendHex(nil, uint32(c)), nil }

// UnmarshalText reads exactly eight lower-case hex digits.
func (c *Checksum) UnmarshalText(b []byte) error {
	v, ok := parseHex(b)
	if !ok {
		return fmt.Errorf("read checksum %q: want eight lower-case hex digits", b)
	}
	*c = Checksum(v)
	return nil
}

func appendHex(dst []byte, v uint32) []byte {
	return hex.AppendEncode(dst, []byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

func parseHex(b []byte) (uint32, bool) {
	if len(b) != 8 || !bytes.Equal(b, bytes.ToLower(b)) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(b), 16, 32)
	return uint32(v), err == nil
}

// Fraction is an exact positive rational, here a number of seconds.
type Fraction struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// Valid reports whether both parts are positive.
func (f Fraction) Valid() bool { return f.Num > 0 && f.Den > 0 }

// Rat returns f as a new big.Rat. f must be valid.
func (f Fraction) Rat() *big.Rat { return big.NewRat(f.Num, f.Den) }

// Times returns n x f in lowest terms. It is an error when the result does not fit.
func (f Fraction) Times(n int64) (Fraction, error) {
	if !f.Valid() || n <= 0 {
		return Fraction{}, fmt.Errorf("interval %d/%d s times %d: not positive", f.Num, f.Den, n)
	}
	r := f.Rat()
	r.Mul(r, new(big.Rat).SetInt64(n))
	if !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return Fraction{}, fmt.Errorf("interval %d/%d s times %d: out of range", f.Num, f.Den, n)
	}
	return Fraction{r.Num().Int64(), r.Denom().Int64()}, nil
}

// NS returns n x f seconds as nanoseconds, rounded down and limited to the range of int64.
func (f Fraction) NS(n int64) int64 {
	if f.Den == 0 {
		return 0
	}
	v := new(big.Int).Mul(big.NewInt(n), big.NewInt(f.Num))
	v.Mul(v, big.NewInt(1e9))
	v.Div(v, big.NewInt(f.Den))
	switch {
	case v.IsInt64():
		return v.Int64()
	case v.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

// Rate returns the nearest double to 1/f, in samples per second.
func (f Fraction) Rate() float64 {
	if !f.Valid() {
		return 0
	}
	v, _ := big.NewRat(f.Den, f.Num).Float64()
	return v
}

// Bandwidth is a bandwidth limit in hertz that may be absent. The zero value is absent; Known with Hz 0 is full bandwidth, null in JSON.
type Bandwidth struct {
	Known bool
	Hz    float64
}

// IsZero reports that nothing is known; the key is then left out.
func (b Bandwidth) IsZero() bool { return !b.Known }

// MarshalJSON writes a number, or null for full bandwidth.
func (b Bandwidth) MarshalJSON() ([]byte, error) {
	if b.Hz == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(b.Hz)
}

// UnmarshalJSON reads a number or null.
func (b *Bandwidth) UnmarshalJSON(p []byte) error {
	*b = Bandwidth{Known: true}
	if bytes.Equal(p, []byte("null")) {
		return nil
	}
	return json.Unmarshal(p, &b.Hz)
}
