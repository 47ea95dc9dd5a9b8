package signal

import (
	"encoding/binary"
	"math"
)

// Codes returns the lowest and highest code of a converter of that many bits, left-justified in an int16: 32512 at 8 bits,
// 32767 above, as the scopes have it.
func Codes(bits int) (low, high int32) {
	if bits <= 8 {
		return -32512, 32512
	}
	return -32767, 32767
}

// Quantiser turns volts into codes: (volts + offset) x high code / full scale, rounded to the converter's step, limited to
// the legal codes.
type Quantiser struct {
	offset  float64 // volts
	perVolt float64 // converter steps per volt
	step    float64 // codes per converter step
	limit   float64 // volts that are full scale
	high    float64 // highest code
}

// NewQuantiser makes the converter of a channel that measures from -fullScale to +fullScale volts around -offset.
func NewQuantiser(bits int, fullScale, offset float64) Quantiser {
	_, high := Codes(bits)
	step := float64(int(1) << (16 - bits))
	return Quantiser{offset, float64(high) / fullScale / step, step, fullScale, float64(high)}
}

// Put writes the codes of volts to dst, two bytes each, and tells whether any was over range.
func (q *Quantiser) Put(dst []byte, volts []float64) (over bool) {
	dst = dst[:2*len(volts)]
	for i, v := range volts {
		v += q.offset
		if v > q.limit {
			v, over = q.limit, true
		} else if v < -q.limit {
			v, over = -q.limit, true
		}
		c := min(max(math.Floor(v*q.perVolt+0.5)*q.step, -q.high), q.high)
		binary.LittleEndian.PutUint16(dst[2*i:], uint16(int16(c)))
	}
	return over
}
