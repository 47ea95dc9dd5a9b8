package recording

import (
	"encoding/binary"
	"math"
)

// minMaxOf returns the function that finds the least and the greatest sample of p, which holds whole samples of type t. ok is false when there
// is none: p is empty, or holds nothing but NaN.
func minMaxOf(t Datatype) func(p []byte) (lo, hi float64, ok bool) {
	switch t {
	case Int16:
		return minMax16
	case Uint8:
		return minMaxU8
	case Int8:
		return minMaxI8
	case Int32:
		return minMax32
	default:
		return minMaxF32
	}
}

func minMax16(p []byte) (float64, float64, bool) {
	if len(p) < 2 {
		return 0, 0, false
	}
	lo, hi, rest := minMaxInt16Fast(p)
	for ; len(rest) >= 2; rest = rest[2:] {
		v := int16(binary.LittleEndian.Uint16(rest))
		lo, hi = min(lo, v), max(hi, v)
	}
	return float64(lo), float64(hi), true
}

func minMaxU8(p []byte) (float64, float64, bool) {
	if len(p) == 0 {
		return 0, 0, false
	}
	lo, hi, rest := minMaxUint8Fast(p)
	for _, v := range rest {
		lo, hi = min(lo, v), max(hi, v)
	}
	return float64(lo), float64(hi), true
}

func minMaxI8(p []byte) (float64, float64, bool) {
	if len(p) == 0 {
		return 0, 0, false
	}
	lo, hi := int8(math.MaxInt8), int8(math.MinInt8)
	for _, b := range p {
		lo, hi = min(lo, int8(b)), max(hi, int8(b))
	}
	return float64(lo), float64(hi), true
}

func minMax32(p []byte) (float64, float64, bool) {
	if len(p) < 4 {
		return 0, 0, false
	}
	lo, hi := int32(math.MaxInt32), int32(math.MinInt32)
	for ; len(p) >= 4; p = p[4:] {
		v := int32(binary.LittleEndian.Uint32(p))
		lo, hi = min(lo, v), max(hi, v)
	}
	return float64(lo), float64(hi), true
}

func minMaxF32(p []byte) (lo, hi float64, ok bool) {
	l, h := float32(0), float32(0)
	for ; len(p) >= 4; p = p[4:] {
		v := math.Float32frombits(binary.LittleEndian.Uint32(p))
		switch {
		case v != v:
		case !ok:
			l, h, ok = v, v, true
		case v < l:
			l = v
		case v > h:
			h = v
		}
	}
	return float64(l), float64(h), ok
}

// MinMax returns the least and the greatest sample of p, which holds whole samples of a type. ok is false when there is none: p is empty,
// or holds nothing but NaN.
func MinMax(t Datatype, p []byte) (lo, hi float64, ok bool) { return minMaxOf(t)(p) }
