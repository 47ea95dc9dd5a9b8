package main

import (
	"encoding/binary"
	"math"
	"testing"
)

// counts makes samples of a stream in cuts of some length.
func counts(g *generator, stream, samples, cut int) []float64 {
	var out []float64
	for len(out) < samples {
		p := make([]byte, 2*min(cut, samples-len(out)))
		g.fill(p, stream)
		for i := 0; i < len(p); i += 2 {
			out = append(out, float64(int16(binary.LittleEndian.Uint16(p[i:]))))
		}
	}
	return out
}

// TestGenerator compares both streams with the formula of scipy_baseline.py, also where the table of the sines begins again.
func TestGenerator(t *testing.T) {
	t.Parallel()
	const samples = 50_000
	for _, c := range []struct {
		name   string
		stream int
		table  int64 // samples that the generator is made for
		cut    int
	}{
		{"first stream", 0, samples, samples},
		{"first stream in parts", 0, samples, 777},
		{"second stream is later", 1, samples, samples},
		{"second stream in parts", 1, samples, 4096},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := counts(newGenerator(c.table), c.stream, samples, c.cut)
			var sum, square float64
			for i, v := range x {
				at := float64(i-delay*c.stream) / rate
				rest := v - amplitude*math.Sin(2*math.Pi*fast*at) - swell*math.Sin(2*math.Pi*slow*at)
				sum, square = sum+rest, square+rest*rest
			}
			mean, deviation := sum/samples, math.Sqrt(square/samples)
			// Both are random: bounds of six times their standard errors, and half a count for cutting off to whole ones.
			if e := 6 * noise / math.Sqrt(samples); math.Abs(mean) > e+0.5 || math.Abs(deviation-noise) > e/math.Sqrt2+0.5 {
				t.Errorf("beside the sines there are mean %v and deviation %v, want 0 and %v", mean, deviation, noise)
			}
		})
	}
}

// TestPeriod: both sines are where they were when the table begins again.
func TestPeriod(t *testing.T) {
	t.Parallel()
	for _, f := range []float64{fast, slow} {
		if turns := f * period / rate; math.Abs(turns-math.Round(turns)) > 1e-9 {
			t.Errorf("%v Hz has %v turns in a period", f, turns)
		}
	}
}
