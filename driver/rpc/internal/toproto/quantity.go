package toproto

import (
	"math"
	"strings"

	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/units"
)

// Rational is nil for 0.
func Rational(r units.Rational) *driverpb.Rational {
	if r.IsZero() {
		return nil
	}
	return &driverpb.Rational{Num: r.Num(), Den: r.Den()}
}

// rationalPointer keeps nil and 0 apart: bounds of options may be 0.
func rationalPointer(r *units.Rational) *driverpb.Rational {
	if r == nil {
		return nil
	}
	return &driverpb.Rational{Num: r.Num(), Den: r.Den()}
}

func list[In, Out any](in []In, each func(In) Out) []Out {
	if len(in) == 0 {
		return nil
	}
	out := make([]Out, len(in))
	for i, v := range in {
		out[i] = each(v)
	}
	return out
}

func text[T ~string](s T) string { return strings.ToValidUTF8(string(s), "\uFFFD") }

func texts[T ~string](in []T) []string { return list(in, text[T]) }

func nanovolts(v units.Voltage) int64 { return int64(v) }

// narrow fits a count to the wire; counts of channels, bits and terms are far below.
func narrow(n int) int32 { return int32(min(max(n, math.MinInt32), math.MaxInt32)) }

// element is Rational for lists, whose entries cannot be nil.
func element(r units.Rational) *driverpb.Rational {
	return &driverpb.Rational{Num: r.Num(), Den: r.Den()}
}

func hertz(f units.Frequency) *driverpb.Rational { return element(f.Rational) }
