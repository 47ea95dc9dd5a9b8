package recording

// minMaxInt16 finds the extremes of n bytes of little-endian int16 at p; n is a positive multiple of 32. SSE2 is part of every amd64.
//
//go:noescape
func minMaxInt16(p *byte, n int) (lo, hi int16)

// minMaxUint8 finds the extremes of n bytes at p; n is a positive multiple of 32.
//
//go:noescape
func minMaxUint8(p *byte, n int) (lo, hi uint8)

// minMaxInt16Fast handles the front of p and returns what is left of it.
func minMaxInt16Fast(p []byte) (lo, hi int16, rest []byte) {
	lo, hi = 1<<15-1, -1<<15
	n := len(p) &^ 31
	if n > 0 {
		lo, hi = minMaxInt16(&p[0], n)
	}
	return lo, hi, p[n:]
}

func minMaxUint8Fast(p []byte) (lo, hi uint8, rest []byte) {
	lo = 1<<8 - 1
	n := len(p) &^ 31
	if n > 0 {
		lo, hi = minMaxUint8(&p[0], n)
	}
	return lo, hi, p[n:]
}
