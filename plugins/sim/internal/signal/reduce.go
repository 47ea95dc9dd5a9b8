package signal

import (
	"encoding/binary"
	"math"
)

// Reduction is how a group of raw samples becomes one.
type Reduction uint8

// The reductions.
const (
	Aggregate Reduction = 1 + iota // smallest and largest; of a digital port the bitwise and, and or
	Decimate                       // the first
	Average                        // the mean, rounded to the nearest code; not for digital ports
)

// Outputs is how many values a group becomes.
func (r Reduction) Outputs() int {
	if r == Aggregate {
		return 2
	}
	return 1
}

// Reducer reduces a stream of raw samples group by group. Group k covers the raw epoch indexes from k x ratio to
// (k+1) x ratio - 1; a group that is not complete because samples were lost is not put out.
type Reducer struct {
	how     Reduction
	ratio   int64
	digital bool
	at      int64 // epoch index of the next raw sample
	group   int64 // next group to be put out or lost
	low     int64
	high    int64
	sum     int64
}

// NewReducer makes a reducer of int16 samples, or of bytes of a digital port.
func NewReducer(how Reduction, ratio int64, digital bool) *Reducer {
	return &Reducer{how: how, ratio: ratio, digital: digital}
}

// Count tells how many groups the next n raw samples complete.
func (r *Reducer) Count(n int64) int64 { return max((r.at+n)/r.ratio-r.group, 0) }

// Skip jumps over n lost raw samples and returns how many groups are lost with them.
func (r *Reducer) Skip(n int64) (groups int64) {
	r.at += n
	next := max((r.at+r.ratio-1)/r.ratio, r.group)
	groups, r.group = next-r.group, next
	return groups
}

// Abort gives up the group in progress, if there is one, because samples are missing in it, and returns how many groups
// are lost: 0 or 1.
func (r *Reducer) Abort() (groups int64) { return r.Skip(0) }

// Reduce takes raw samples, writes the groups that they complete to first (smallest, decimated or mean values) and second
// (largest), and returns how many these are. Both are as long as Count said, in samples; second only for [Aggregate].
func (r *Reducer) Reduce(raw, first, second []byte) (n int) {
	size := int64(2)
	if r.digital {
		size = 1
	}
	for len(raw) > 0 {
		inGroup := r.at - r.group*r.ratio // negative: in a group that is lost
		take := min(r.ratio-inGroup, int64(len(raw))/size)
		if inGroup < 0 {
			take = min(-inGroup, int64(len(raw))/size)
		} else {
			if inGroup == 0 {
				r.low, r.high, r.sum = math.MaxInt16, math.MinInt16, 0
				if r.digital {
					r.low, r.high = 0xff, 0
				}
			}
			r.take(raw[:take*size], inGroup == 0)
		}
		raw, r.at = raw[take*size:], r.at+take
		if r.at == (r.group+1)*r.ratio {
			r.put(first, second, n)
			r.group++
			n++
		}
	}
	return n
}

func (r *Reducer) take(raw []byte, begins bool) {
	switch {
	case r.how == Decimate:
		if begins && r.digital {
			r.low = int64(raw[0])
		} else if begins {
			r.low = int64(int16(binary.LittleEndian.Uint16(raw)))
		}
	case r.digital:
		low, high := byte(r.low), byte(r.high)
		for _, b := range raw {
			low, high = low&b, high|b
		}
		r.low, r.high = int64(low), int64(high)
	case r.how == Average:
		sum := r.sum
		for ; len(raw) >= 2; raw = raw[2:] {
			sum += int64(int16(binary.LittleEndian.Uint16(raw)))
		}
		r.sum = sum
	default:
		low, high := int16(r.low), int16(r.high)
		for ; len(raw) >= 2; raw = raw[2:] {
			v := int16(binary.LittleEndian.Uint16(raw))
			low, high = min(low, v), max(high, v)
		}
		r.low, r.high = int64(low), int64(high)
	}
}

func (r *Reducer) put(first, second []byte, n int) {
	v := r.low
	if r.how == Average {
		half := r.ratio / 2
		if v = r.sum; v < 0 {
			half = -half
		}
		v = (v + half) / r.ratio
	}
	if r.digital {
		first[n] = byte(v)
		if r.how == Aggregate {
			second[n] = byte(r.high)
		}
		return
	}
	binary.LittleEndian.PutUint16(first[2*n:], uint16(int16(v)))
	if r.how == Aggregate {
		binary.LittleEndian.PutUint16(second[2*n:], uint16(int16(r.high)))
	}
}
