package convert

import "encoding/binary"

// decodeInt16 turns little-endian int16 into numbers. Nearly all samples are of that type, so it takes four at a time.
func decodeInt16(dst []float64, src []byte) {
	for len(dst) >= 4 && len(src) >= 8 {
		w := binary.LittleEndian.Uint64(src)
		dst[0], dst[1] = float64(int16(w)), float64(int16(w>>16))
		dst[2], dst[3] = float64(int16(w>>32)), float64(int16(w>>48))
		dst, src = dst[4:], src[8:]
	}
	for i := range dst {
		dst[i] = float64(int16(binary.LittleEndian.Uint16(src[2*i:])))
	}
}

// lineInt16 is decodeInt16 and the straight part of a conversion in one pass: two passes cost twice the time where dst is larger than a cache.
func lineInt16(dst []float64, src []byte, l line) {
	a, b := l.a, l.b
	for len(dst) >= 4 && len(src) >= 8 {
		w := binary.LittleEndian.Uint64(src)
		// The conversions forbid fusing product and sum, which not all machines do.
		dst[0], dst[1] = float64(float64(int16(w))*a)+b, float64(float64(int16(w>>16))*a)+b
		dst[2], dst[3] = float64(float64(int16(w>>32))*a)+b, float64(float64(int16(w>>48))*a)+b
		dst, src = dst[4:], src[8:]
	}
	for i := range dst {
		dst[i] = float64(float64(int16(binary.LittleEndian.Uint16(src[2*i:])))*a) + b
	}
}
