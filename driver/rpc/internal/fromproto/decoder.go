package fromproto

import (
	"errors"
	"fmt"

	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/units"
)

// ErrMalformed says that a message breaks the protocol.
var ErrMalformed = errors.New("malformed message")

// decoder keeps the first error, so that conversions read as plain literals.
type decoder struct {
	err   error
	depth int // of nested option blocks
}

// maxDepth bounds nested option blocks, far above what a plan can want.
const maxDepth = 32

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %w", ErrMalformed, fmt.Errorf(format, args...))
	}
}

func decode[In, Out any](in In, each func(*decoder, In) Out) (Out, error) {
	var d decoder
	out := each(&d, in)
	if d.err != nil {
		var none Out
		return none, d.err
	}
	return out, nil
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

func words[T ~string](in []string) []T {
	return list(in, func(s string) T { return T(s) })
}

func voltage(nanovolts int64) units.Voltage { return units.Voltage(nanovolts) }

func widen(n int32) int { return int(n) }

func (d *decoder) rational(r *driverpb.Rational) units.Rational {
	if r == nil {
		return units.Rational{}
	}
	if r.GetDen() <= 0 {
		d.fail("fraction %d/%d", r.GetNum(), r.GetDen())
		return units.Rational{}
	}
	v, err := units.NewRational(r.GetNum(), r.GetDen())
	if err != nil {
		d.fail("fraction %d/%d: %w", r.GetNum(), r.GetDen(), err)
	}
	return v
}

func (d *decoder) rationalPointer(r *driverpb.Rational) *units.Rational {
	if r == nil {
		return nil
	}
	v := d.rational(r)
	return &v
}

func (d *decoder) interval(r *driverpb.Rational) units.Interval {
	return units.Interval{Rational: d.rational(r)}
}

func (d *decoder) frequency(r *driverpb.Rational) units.Frequency {
	return units.Frequency{Rational: d.rational(r)}
}

func (d *decoder) rate(r *driverpb.Rational) units.Rate {
	return units.Rate{Rational: d.rational(r)}
}

// count fits a number to int, which has 32 bits on some systems.
func (d *decoder) count(n int64) int {
	if int64(int(n)) != n {
		d.fail("count %d does not fit", n)
	}
	return int(n)
}
