package signal

import (
	"math"
	"sync"
)

// Seed derives an independent seed for a part of a device, such as a channel's noise.
func Seed(base uint64, part string) uint64 {
	for i := range len(part) {
		base = mix(base ^ uint64(part[i]))
	}
	return mix(base)
}

// draws is a sequence of random numbers that depends on its seed only.
type draws uint64

func (d *draws) next() uint64 {
	*d += 0x9E3779B97F4A7C15
	return finish(uint64(*d))
}

// unit returns a number above 0 and below 1.
func (d *draws) unit() float64 { return (float64(d.next()>>11) + 0.5) * (1.0 / (1 << 53)) }

// poisson returns a Poisson number; limit is exp(-mean).
func (d *draws) poisson(limit float64) (n int) {
	for p := d.unit(); p > limit; p *= d.unit() {
		n++
	}
	return n
}

// Uniform is white noise, equally distributed over peakToPeak volts around 0.
type Uniform struct {
	seed       uint64
	peakToPeak float64
}

// NewUniform makes uniform white noise.
func NewUniform(peakToPeak float64, seed uint64) *Uniform { return &Uniform{seed, peakToPeak} }

// Add adds the noise.
func (u *Uniform) Add(dst []float64, first int64) {
	for i := range dst {
		dst[i] += u.peakToPeak * (float64(mix(u.seed^uint64(first+int64(i)))>>11)*(1.0/(1<<53)) - 0.5)
	}
}

// Period is 0.
func (u *Uniform) Period() int64 { return 0 }

// gaussSize is the number of values that the noise can take: sixteen bits of a random word pick one.
const gaussSize = 1 << 16

// gaussTable returns the inverse of the normal distribution at the middle of 65536 equal steps, so that its mean is 0, scaled
// to a variance of 1. It reaches 4.3 standard deviations.
var gaussTable = sync.OnceValue(func() *[gaussSize]float64 {
	t := new([gaussSize]float64)
	sum := 0.0
	for i := range t {
		t[i] = math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/gaussSize-1)
		sum += t[i] * t[i]
	}
	scale := math.Sqrt(gaussSize / sum)
	for i := range t {
		t[i] *= scale
	}
	return t
})

// Gauss is white noise with a normal distribution that ends at 4.3 standard deviations.
type Gauss struct {
	seed  uint64
	rms   float64
	table *[gaussSize]float64
}

// NewGauss makes normal white noise of volts rms.
func NewGauss(rms float64, seed uint64) *Gauss { return &Gauss{seed, rms, gaussTable()} }

// Add adds the noise. One random word serves four samples.
func (g *Gauss) Add(dst []float64, first int64) {
	index, i := uint64(first), 0
	for ; i < len(dst) && index&3 != 0; i++ {
		dst[i] += g.rms * g.table[uint16(mix(g.seed^index>>2)>>(index&3*16))]
		index++
	}
	for ; i+4 <= len(dst); i += 4 {
		w, d := mix(g.seed^index>>2), dst[i:i+4:i+4]
		d[0] += g.rms * g.table[uint16(w)]
		d[1] += g.rms * g.table[uint16(w>>16)]
		d[2] += g.rms * g.table[uint16(w>>32)]
		d[3] += g.rms * g.table[uint16(w>>48)]
		index += 4
	}
	for ; i < len(dst); i++ {
		dst[i] += g.rms * g.table[uint16(mix(g.seed^index>>2)>>(index&3*16))]
		index++
	}
}

// Period is 0.
func (g *Gauss) Period() int64 { return 0 }
