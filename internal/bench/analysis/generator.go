package main

import (
	"math"
	"math/rand/v2"
)

// The signal of scipy_baseline.py, in counts at 1 MS/s: two sines and normal noise; the second stream is the first one later, with noise of its own.
const (
	rate      = 1e6
	streams   = 2
	delay     = 12345      // samples by which the second stream is later
	period    = 10_000_000 // samples after which both sines are where they were: 10,000 and 377 turns
	fast      = 1000.0     // Hz
	slow      = 37.7
	amplitude = 12000
	swell     = 3000
	noise     = 800 // standard deviation
)

// generator makes the samples of both streams in order.
type generator struct {
	sines []float32 // of the first stream from -delay on
	noise [streams]*rand.Rand
	next  [streams]int64
}

// newGenerator makes one for streams of so many samples.
func newGenerator(samples int64) *generator {
	s := &generator{sines: make([]float32, min(period, samples+delay))}
	for i := range s.sines {
		t := float64(i-delay) / rate
		s.sines[i] = float32(amplitude*math.Sin(2*math.Pi*fast*t) + swell*math.Sin(2*math.Pi*slow*t))
	}
	for i := range s.noise {
		s.noise[i] = rand.New(rand.NewPCG(1, uint64(i)))
	}
	return s
}

// fill gives the counts of a stream that follow, little-endian int16.
func (s *generator) fill(p []byte, stream int) {
	r, period := s.noise[stream], int64(len(s.sines))
	at := (s.next[stream] + int64(delay*(1-stream))) % period
	for i := 0; i+1 < len(p); i += 2 {
		v := int16(float64(s.sines[at]) + noise*r.NormFloat64())
		p[i], p[i+1] = byte(v), byte(v>>8)
		if at++; at == period {
			at = 0
		}
	}
	s.next[stream] += int64(len(p) / 2)
}
