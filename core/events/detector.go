package events

import (
	"encoding/binary"
	"math"

	"github.com/scopelog/scopelog/recording"
)

// chunk is how many samples are looked at one by one at most before their smallest and largest are asked again.
const chunk = 1024

// side is where the signal is.
type side uint8

const (
	unknown side = iota
	inside
	outside
)

// Detector looks for a condition in the samples of one stream. One goroutine uses it.
//
// A batch in which nothing can have happened costs one search for its smallest and largest sample; in others pieces of 1024
// samples are passed over in the same way, and the rest is looked at sample by sample. It allocates nothing.
type Detector struct {
	c      Condition
	size   int64
	kernel func(p []byte) (lo, hi float64, ok bool)
	decode func(dst []float64, p []byte)
	buf    [chunk]float64

	side side
	next int64 // index of the sample that follows
	any  bool  // next is valid

	past     []float64 // the latest Lag samples, a ring
	at       int64     // its oldest
	have     int64
	lo, hi   float64 // of past
	pastSeen bool    // lo and hi are valid
}

// New returns a detector of samples of a type.
func New(c Condition, t recording.Datatype) *Detector {
	d := &Detector{c: c, size: int64(t.Size()), kernel: func(p []byte) (lo, hi float64, ok bool) { return recording.MinMax(t, p) }, decode: decoderOf(t)}
	if c.Lag > 0 {
		d.past = make([]float64, c.Lag)
	}
	return d
}

// Change replaces the condition, for samples that are scaled otherwise; what was seen is forgotten.
func (d *Detector) Change(c Condition) {
	if c.Lag != d.c.Lag {
		d.past = make([]float64, c.Lag)
	}
	d.c = c
	d.Reset()
}

// Reset forgets what was seen, as after a loss: the next sample is the first.
func (d *Detector) Reset() { d.side, d.any, d.have, d.at, d.pastSeen = unknown, false, 0, 0, false }

// Hit is one event.
type Hit struct {
	Index int64   // of the sample
	Value float64 // the sample, in counts
	Enter bool    // the signal has come inside; else outside
}

// Look takes whole samples, the first of which has an index, and calls found for each event in them, in order. A jump of the index
// is a loss.
func (d *Detector) Look(index int64, p []byte, found func(Hit)) {
	n := int64(len(p)) / d.size
	if n == 0 {
		return
	}
	if d.any && index != d.next {
		d.Reset()
	}
	d.any, d.next = true, index+n
	if lo, hi, ok := d.extremes(p); ok && d.idle(lo, hi) {
		d.pass(p, n)
		return
	}
	for at := int64(0); at < n; at += chunk {
		piece := p[at*d.size : min(at+chunk, n)*d.size]
		if n > chunk {
			if lo, hi, ok := d.extremes(piece); ok && d.idle(lo, hi) {
				d.pass(piece, int64(len(piece))/d.size)
				continue
			}
		}
		d.search(index+at, piece, found)
	}
}

// extremes are the bounds of the samples, Flip applied.
func (d *Detector) extremes(p []byte) (lo, hi float64, ok bool) {
	lo, hi, ok = d.kernel(p)
	if d.c.Flip {
		lo, hi = -hi, -lo
	}
	return lo, hi, ok
}

// idle tells whether samples between two values cannot change the side. With a lag, the changes that they can make up are bounded.
func (d *Detector) idle(lo, hi float64) bool {
	if d.c.Lag > 0 {
		if d.have < d.c.Lag {
			return false
		}
		if !d.pastSeen {
			d.lo, d.hi, d.pastSeen = d.past[0], d.past[0], true
			for _, v := range d.past {
				d.lo, d.hi = min(d.lo, v), max(d.hi, v)
			}
		}
		most := max(hi, d.hi) - min(lo, d.lo)
		lo, hi = -most, most
	}
	switch d.side {
	case inside:
		return lo >= d.c.Outside[0] && hi <= d.c.Outside[1]
	case outside:
		return hi < d.c.Inside[0] || lo > d.c.Inside[1]
	}
	return false
}

// pass takes n samples that are not looked at.
func (d *Detector) pass(p []byte, n int64) {
	lag := d.c.Lag
	if lag == 0 {
		return
	}
	d.pastSeen = false
	if n > lag {
		p, n = p[(n-lag)*d.size:], lag
	}
	for at := int64(0); at < n; at += chunk {
		for _, v := range d.values(p[at*d.size : min(at+chunk, n)*d.size]) {
			d.remember(v)
		}
	}
}

func (d *Detector) remember(v float64) {
	d.past[d.at] = v
	if d.at++; d.at == d.c.Lag {
		d.at = 0
	}
	d.have = min(d.have+1, d.c.Lag)
}

// values decodes up to a chunk of samples.
func (d *Detector) values(p []byte) []float64 {
	v := d.buf[:int64(len(p))/d.size]
	d.decode(v, p)
	if d.c.Flip {
		for i := range v {
			v[i] = -v[i]
		}
	}
	return v
}

// search looks at each sample of a chunk.
func (d *Detector) search(index int64, p []byte, found func(Hit)) {
	d.pastSeen = false
	for i, v := range d.values(p) {
		signal := v
		if d.c.Lag > 0 {
			full := d.have == d.c.Lag
			signal = v - d.past[d.at]
			d.remember(v)
			if !full {
				continue
			}
		}
		if d.step(signal) {
			if d.c.Flip {
				v = -v
			}
			found(Hit{Index: index + int64(i), Value: v, Enter: d.side == inside})
		}
	}
}

// step follows one value of the signal and tells whether it is an event. NaN changes nothing.
func (d *Detector) step(v float64) bool {
	was := d.side
	switch {
	case was != inside && v >= d.c.Inside[0] && v <= d.c.Inside[1]:
		d.side = inside
		return d.c.Enter && (was == outside || d.c.First)
	case was != outside && (v < d.c.Outside[0] || v > d.c.Outside[1]):
		d.side = outside
		return d.c.Leave && (was == inside || d.c.First)
	}
	return false
}

// decoderOf returns what reads samples of a type.
func decoderOf(t recording.Datatype) func(dst []float64, p []byte) {
	le := binary.LittleEndian
	switch t {
	case recording.Uint8:
		return func(dst []float64, p []byte) {
			for i := range dst {
				dst[i] = float64(p[i])
			}
		}
	case recording.Int8:
		return func(dst []float64, p []byte) {
			for i := range dst {
				dst[i] = float64(int8(p[i]))
			}
		}
	case recording.Int32:
		return func(dst []float64, p []byte) {
			for i := range dst {
				dst[i] = float64(int32(le.Uint32(p[4*i:])))
			}
		}
	case recording.Float32:
		return func(dst []float64, p []byte) {
			for i := range dst {
				dst[i] = float64(math.Float32frombits(le.Uint32(p[4*i:])))
			}
		}
	}
	return func(dst []float64, p []byte) {
		for i := range dst {
			dst[i] = float64(int16(le.Uint16(p[2*i:])))
		}
	}
}
