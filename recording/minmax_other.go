//go:build !amd64

package recording

import "encoding/binary"

// minMaxInt16Fast handles the front of p and returns what is left of it.
func minMaxInt16Fast(p []byte) (lo, hi int16, rest []byte) {
	lo, hi = 1<<15-1, -1<<15
	l2, h2 := lo, hi
	for len(p) >= 8 {
		v := binary.LittleEndian.Uint64(p)
		a, b, c, d := int16(v), int16(v>>16), int16(v>>32), int16(v>>48)
		lo, hi = min(lo, a, c), max(hi, a, c)
		l2, h2 = min(l2, b, d), max(h2, b, d)
		p = p[8:]
	}
	return min(lo, l2), max(hi, h2), p
}

func minMaxUint8Fast(p []byte) (lo, hi uint8, rest []byte) { return 1<<8 - 1, 0, p }
