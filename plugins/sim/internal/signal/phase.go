package signal

import (
	"math/big"
	"math/bits"

	"github.com/scopelog/scopelog/units"
)

// phase is a fraction of a turn in units of 2^-128 turns. It wraps.
type phase struct{ hi, lo uint64 }

func (p phase) plus(o phase) phase {
	lo, carry := bits.Add64(p.lo, o.lo, 0)
	hi, _ := bits.Add64(p.hi, o.hi, carry)
	return phase{hi, lo}
}

// of returns in which of n equal parts of the turn the phase lies.
func (p phase) of(n int) int {
	part, low := bits.Mul64(p.hi, uint64(n))
	high, _ := bits.Mul64(p.lo, uint64(n))
	_, carry := bits.Add64(low, high, 0)
	return int(part + carry)
}

// turns returns r's fraction of a turn, rounded up: an edge that lies exactly on a sample must not slip behind it.
func turns(r *big.Rat) phase {
	n := new(big.Int).Lsh(r.Num(), 128)
	q, m := new(big.Int).DivMod(n, r.Denom(), new(big.Int))
	if m.Sign() != 0 {
		q.Add(q, big.NewInt(1))
	}
	lo := new(big.Int).And(q, new(big.Int).SetUint64(^uint64(0))).Uint64()
	hi := new(big.Int).And(new(big.Int).Rsh(q, 64), new(big.Int).SetUint64(^uint64(0))).Uint64()
	return phase{hi, lo}
}

// oscillator is the phase of a periodic signal: start + index x step. The error stays below 2^-64 turns up to index 2^63.
type oscillator struct {
	start, step phase
	period      int64
}

// newOscillator makes the oscillator of a frequency at a sample interval, starting at a fraction of a turn.
func newOscillator(f units.Frequency, interval units.Interval, start units.Rational) oscillator {
	perSample := new(big.Rat).Mul(f.Big(), interval.Big())
	o := oscillator{start: turns(start.Big()), step: turns(perSample)}
	if d := perSample.Denom(); d.IsInt64() && d.Int64() <= maxPeriod {
		o.period = d.Int64()
	}
	return o
}

// Period is the number of samples after which the phase repeats exactly; 0: beyond the size of a table.
func (o *oscillator) Period() int64 { return o.period }

// at returns the phase of a sample.
func (o *oscillator) at(index int64) phase {
	hi, lo := bits.Mul64(uint64(index), o.step.lo)
	hi += uint64(index) * o.step.hi
	return o.start.plus(phase{hi, lo})
}
