package export

import (
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// Bound is a place in a recording. The zero value is none.
type Bound struct {
	kind  boundKind
	index int64
	after units.Interval
	utc   recording.Timestamp
}

type boundKind uint8

const (
	boundNone  boundKind = iota
	boundIndex           // device index; in block modes the number of a waveform
	boundAfter           // time since the device's first sample
	boundUTC
)

// ParseBound reads a place: a sample ("1000000", "10MS"), in block modes a waveform's number; a time since the device's first sample ("90s");
// a moment ("2026-11-20T08:00:00Z"). Empty is none. The error is a [*BoundError].
func ParseBound(text string) (Bound, error) {
	if text == "" {
		return Bound{}, nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		if n < 0 {
			return Bound{}, &BoundError{text, "is negative; samples count from 0"}
		}
		return Bound{kind: boundIndex, index: n}, nil
	}
	if n, err := units.ParseSamples(text); err == nil {
		return Bound{kind: boundIndex, index: n}, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		if y := t.UTC().Year(); y < 1678 || y > 2261 {
			return Bound{}, &BoundError{text, "is a year without recordings"}
		}
		return Bound{kind: boundUTC, utc: recording.Timestamp(t.UnixNano())}, nil
	}
	i, err := units.ParseInterval(text)
	if err == nil && i.Sign() < 0 {
		return Bound{}, &BoundError{text, "is negative; times count from the device's first sample"}
	}
	if err != nil {
		return Bound{}, &BoundError{text, `is no place in a recording; write a sample ("1000000", "10MS"), a time from the start ("90s") or a moment ("2026-11-20T08:00:00Z")`}
	}
	return Bound{kind: boundAfter, after: i}, nil
}

// sample returns the device index of the first sample at or behind the bound in one stretch of settings. none is for a bound that is none.
func (b Bound) sample(c *column, spans []span, none int64) int64 {
	switch b.kind {
	case boundIndex:
		return b.index
	case boundAfter:
		return ceil(new(big.Rat).Quo(b.after.Big(), c.interval.Rat()))
	case boundUTC:
		for _, s := range spans {
			if n := c.samplesUntil(s.start, b.utc); n < s.told {
				return s.device + max(n, 0)
			}
		}
		return math.MaxInt64
	}
	return none
}

// samplesUntil returns how many samples begin from one moment up to another.
func (c *column) samplesUntil(from, to recording.Timestamp) int64 {
	if to <= from {
		return 0
	}
	r := new(big.Rat).SetFrac(new(big.Int).Sub(big.NewInt(int64(to)), big.NewInt(int64(from))), big.NewInt(1e9))
	return ceil(r.Quo(r, c.interval.Rat()))
}

// ceil rounds up, limited to the range of int64.
func ceil(r *big.Rat) int64 {
	q, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	if !q.IsInt64() {
		return math.MaxInt64
	}
	return q.Int64()
}
