package series

import (
	"math"
	"math/big"
	"slices"
	"sort"
	"strconv"
	"strings"

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

// AtIndex returns the bound at a device index, in block modes at the number of a waveform.
func AtIndex(index int64) Bound { return Bound{kind: boundIndex, index: index} }

// AtTime returns the bound at a moment.
func AtTime(utc recording.Timestamp) Bound { return Bound{kind: boundUTC, utc: utc} }

// Index returns the device index, or the number of a waveform, of a bound that was given as one.
func (b Bound) Index() (index int64, ok bool) { return b.index, b.kind == boundIndex }

// IsNone tells that the bound is none.
func (b Bound) IsNone() bool { return b.kind == boundNone }

// Reversed tells that a range from b to until is empty for every series: both are of the same kind, and until is not behind b.
func (b Bound) Reversed(until Bound) bool {
	if b.kind != until.kind {
		return false
	}
	switch b.kind {
	case boundIndex:
		return until.index <= b.index
	case boundAfter:
		return until.after.Cmp(b.after.Rational) <= 0
	case boundUTC:
		return until.utc <= b.utc
	}
	return false
}

// ParseBound reads a place: a sample ("1000000", "10MS"), in block modes a waveform's number; a time since the device's first sample ("90s");
// a moment ("2026-11-20T08:00:00Z", also with a blank instead of the T). Empty is none. The error is a [*BoundError]. A time of the day needs [Dated] first.
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
	if t, is, err := parseMoment(text); err != nil {
		return Bound{}, err
	} else if is {
		return Bound{kind: boundUTC, utc: recording.Timestamp(t.UnixNano())}, nil
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil && strings.Trim(text, "0123456789.") == "" {
		return Bound{}, &BoundError{text, `has no unit; write "` + text + `s" for a time from the start, or a whole number of samples`}
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

// Sample returns the device index of the first sample of a series at or behind the bound. none is for a bound that is none.
func (b Bound) Sample(s *Series, none int64) int64 {
	switch b.kind {
	case boundIndex:
		return b.index
	case boundAfter:
		return ceil(new(big.Rat).Quo(b.after.Big(), s.Interval.Rat()))
	case boundUTC:
		for i := range s.Spans {
			if p := &s.Spans[i]; s.samplesUntil(p.Start, b.utc) < p.Told {
				return p.Device + max(s.samplesUntil(p.Start, b.utc), 0)
			}
		}
		return math.MaxInt64
	}
	return none
}

// Wave returns the place of the first of the waves at or behind the bound: by their number, which may have holes, or by the time since the
// device's first sample, at began; where that is not known, since the first waveform. none is for a bound that is none.
func (b Bound) Wave(waves []Wave, began recording.Timestamp, none int64) int64 {
	n := int64(len(waves))
	from := func(at recording.Timestamp) int64 {
		if i := slices.IndexFunc(waves, func(w Wave) bool { return w.Start >= at }); i >= 0 {
			return int64(i)
		}
		return n
	}
	switch {
	case b.kind == boundIndex:
		return int64(sort.Search(len(waves), func(i int) bool { return waves[i].Number >= b.index }))
	case b.kind == boundUTC:
		return from(b.utc)
	case b.kind == boundAfter && n > 0:
		if began == 0 || began > waves[0].Start {
			began = waves[0].Start
		}
		after := recording.Timestamp(b.after.Duration())
		return from(began + min(after, math.MaxInt64-began))
	}
	return min(none, n)
}

// samplesUntil returns how many samples begin from one moment up to another.
func (s *Series) samplesUntil(from, to recording.Timestamp) int64 {
	if to <= from {
		return 0
	}
	r := new(big.Rat).SetFrac(new(big.Int).Sub(big.NewInt(int64(to)), big.NewInt(int64(from))), big.NewInt(1e9))
	return ceil(r.Quo(r, s.Interval.Rat()))
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
