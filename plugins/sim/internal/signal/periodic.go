package signal

import (
	"math"
	"math/big"

	"github.com/scopelog/scopelog/units"
)

const (
	sineBits  = 12
	halfTurn  = 1 << 63
	perTurn   = 1.0 / (1 << 32) / (1 << 32) // turns per unit of phase.hi
	fracScale = 1.0 / (1 << (64 - sineBits))
)

// sineTable holds one turn; with linear interpolation the error is below 3e-7 of the peak.
var sineTable = func() (t [1<<sineBits + 1]float64) {
	for i := range t {
		t[i] = math.Sin(2 * math.Pi * float64(i) / (1 << sineBits))
	}
	return t
}()

// Sine is peakToPeak/2 x sin(2 pi (frequency x time + start)).
type Sine struct {
	oscillator
	peak float64
}

// NewSine makes a sine of volts peakToPeak; start is in turns.
func NewSine(f units.Frequency, interval units.Interval, peakToPeak float64, start units.Rational) *Sine {
	return &Sine{newOscillator(f, interval, start), peakToPeak / 2}
}

// Add adds the sine.
func (s *Sine) Add(dst []float64, first int64) {
	p := s.at(first)
	for i := range dst {
		k := p.hi >> (64 - sineBits)
		a := sineTable[k]
		dst[i] += s.peak * (a + (sineTable[k+1]-a)*(float64(p.hi&(1<<(64-sineBits)-1))*fracScale))
		p = p.plus(s.step)
	}
}

// Square is +peakToPeak/2 for the first part of each turn, and -peakToPeak/2 for the rest.
type Square struct {
	oscillator
	peak float64
	high uint64 // end of the high part
	all  bool   // duty 1: always high
}

// NewSquare makes a square wave; duty is the high part of the period, 0 to 1.
func NewSquare(f units.Frequency, interval units.Interval, peakToPeak float64, start, duty units.Rational) *Square {
	n := new(big.Int).Lsh(big.NewInt(duty.Num()), 64)
	n.Quo(n, big.NewInt(duty.Den()))
	return &Square{newOscillator(f, interval, start), peakToPeak / 2, n.Uint64(), !n.IsUint64()}
}

// Add adds the square wave.
func (s *Square) Add(dst []float64, first int64) {
	p := s.at(first)
	for i := range dst {
		if p.hi < s.high || s.all {
			dst[i] += s.peak
		} else {
			dst[i] -= s.peak
		}
		p = p.plus(s.step)
	}
}

// Triangle rises from 0 to +peakToPeak/2 in the first quarter of a turn, falls to -peakToPeak/2 and returns.
type Triangle struct {
	oscillator
	peak float64
}

// NewTriangle makes a triangle wave.
func NewTriangle(f units.Frequency, interval units.Interval, peakToPeak float64, start units.Rational) *Triangle {
	return &Triangle{newOscillator(f, interval, start), peakToPeak / 2}
}

// Add adds the triangle wave.
func (s *Triangle) Add(dst []float64, first int64) {
	p := s.at(first)
	for i := range dst {
		x := float64(p.hi+halfTurn/2) * perTurn * 4 // 0..4 from the lowest point
		dst[i] += s.peak * (1 - math.Abs(2-x))
		p = p.plus(s.step)
	}
}

// Ramp rises from -peakToPeak/2 to +peakToPeak/2 in each turn and falls back at once.
type Ramp struct {
	oscillator
	peakToPeak float64
}

// NewRamp makes a ramp, also called sawtooth; with a negative voltage it falls.
func NewRamp(f units.Frequency, interval units.Interval, peakToPeak float64, start units.Rational) *Ramp {
	return &Ramp{newOscillator(f, interval, start), peakToPeak}
}

// Add adds the ramp.
func (s *Ramp) Add(dst []float64, first int64) {
	p := s.at(first)
	for i := range dst {
		dst[i] += s.peakToPeak * (float64(p.hi)*perTurn - 0.5)
		p = p.plus(s.step)
	}
}
