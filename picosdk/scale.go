package picosdk

import (
	"math/big"

	"github.com/scopelog/scopelog/units"
)

// Scale turns counts of the converter into volts at the input and back: volts = counts / MaxCode x Range - Offset. The
// hardware adds the offset before it converts.
type Scale struct {
	Range   units.Voltage // full scale at the input
	Offset  units.Voltage
	MaxCode int32 // the code of full scale, above 0; it depends on the resolution
}

// VoltsPerCount is the exact voltage of one count, before the offset.
func (s Scale) VoltsPerCount() units.Rational {
	return units.Rat(int64(s.Range), 1e9*int64(s.MaxCode))
}

// Volts is the voltage at the input of a code, as a double.
func (s Scale) Volts(code int32) float64 {
	return (float64(code)*float64(s.Range)/float64(s.MaxCode) - float64(s.Offset)) / 1e9
}

// Exact is the voltage at the input of a code in volts, exactly.
func (s Scale) Exact(code int32) units.Rational {
	v := big.NewRat(int64(code)*int64(s.Range), int64(s.MaxCode))
	v.Sub(v, big.NewRat(int64(s.Offset), 1))
	v.Quo(v, big.NewRat(1e9, 1))
	return units.Rat(v.Num().Int64(), v.Denom().Int64())
}

// Code is the code nearest to a voltage at the input, halves away from zero. inside is false when it lies beyond full
// scale; the code is then that of the nearer end.
func (s Scale) Code(v units.Voltage) (code int32, inside bool) {
	return nearestCode(int64(v)+int64(s.Offset), int64(s.Range), s.MaxCode)
}

// Width is the number of counts nearest to a difference of voltages, such as a hysteresis: without the offset, at most
// twice full scale and never negative.
func (s Scale) Width(v units.Voltage) int32 {
	n := new(big.Int).Mul(big.NewInt(int64(v)), big.NewInt(int64(s.MaxCode)))
	code := roundQuo(n, int64(s.Range))
	return int32(min(max(code, 0), 2*int64(s.MaxCode)))
}

// LogicMax is the code of the highest threshold of digital ports and of external trigger inputs, in every family.
const LogicMax int32 = 32767

// LogicCode is the code nearest to a threshold of a digital port whose highest threshold is full.
func LogicCode(v, full units.Voltage) (code int16, inside bool) {
	c, inside := nearestCode(int64(v), int64(full), LogicMax)
	return int16(c), inside
}

func nearestCode(v, full int64, maxCode int32) (int32, bool) {
	c := roundQuo(new(big.Int).Mul(big.NewInt(v), big.NewInt(int64(maxCode))), full)
	switch {
	case c > int64(maxCode):
		return maxCode, false
	case c < -int64(maxCode):
		return -maxCode, false
	}
	return int32(c), true
}

// roundQuo returns n/d to the nearest integer, halves away from zero, held within 53 bits.
func roundQuo(n *big.Int, d int64) int64 {
	q := new(big.Int).Abs(n)
	q.Add(q.Lsh(q, 1), big.NewInt(d))
	q.Quo(q, big.NewInt(2*d))
	if !q.IsInt64() || q.Int64() > 1<<53 {
		q.SetInt64(1 << 53)
	}
	if n.Sign() < 0 {
		q.Neg(q)
	}
	return q.Int64()
}
