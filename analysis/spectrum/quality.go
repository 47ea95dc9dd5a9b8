package spectrum

import "math"

// Quality tells how pure a sine is, or what digitised it. Ratios are in dB.
type Quality struct {
	Fundamental Line
	Harmonics   float64 // power of the harmonics, in the square of the signal's unit
	Noise       float64 // power of all the rest, as if it were under the lines too
	SNR         float64 // fundamental to noise
	THD         float64 // harmonics to fundamental: negative
	SINAD       float64 // fundamental to noise and harmonics
	ENOB        float64 // bits of an ideal converter with that SINAD, driven to its full range: (SINAD - 1.76)/6.02
	SFDR        float64 // fundamental to the strongest other line, harmonic or not
}

// Quality takes the strongest line as the fundamental and compares it with its harmonics, from the second up to the given order, and with the
// rest. Harmonics above half the sample rate are looked for where they are folded to; those that fall on 0 Hz or on a line that was taken count
// there. Lines and 0 Hz are as wide as the window's main lobe: take one that leaks little, such as BlackmanHarris or Kaiser with beta 14. The error
// is [ErrNoLine].
func (s *Spectrum) Quality(order int) (*Quality, error) {
	lines := s.Lines(2)
	if len(lines) == 0 || math.IsInf(lines[0].Power, 0) || math.IsNaN(lines[0].Power) {
		return nil, ErrNoLine
	}
	q := &Quality{Fundamental: lines[0], SFDR: math.Inf(1)}
	if len(lines) > 1 {
		q.SFDR = decibel(lines[0].Power / lines[1].Power)
	}
	lobe, left := s.lobe(), make([]bool, len(s.Values)) // left: in no line
	for k := range left {
		left[k] = k > lobe
	}
	take := func(k int) (power float64) {
		for i := max(0, k-lobe); i < min(len(left), k+lobe+1); i++ {
			if left[i] {
				power += s.power(s.Values[i : i+1])
				left[i] = false
			}
		}
		return power
	}
	take(lines[0].Bin)
	for h := 2; h <= order; h++ {
		f := math.Mod(float64(h)*lines[0].Frequency, s.SampleRate)
		f = min(f, s.SampleRate-f) // folded
		q.Harmonics += take(int(math.Round(f / s.Step)))
	}
	rest, n := 0.0, 0
	for k, is := range left {
		if is {
			rest += s.power(s.Values[k : k+1])
			n++
		}
	}
	if n > 0 {
		q.Noise = rest * float64(len(left)) / float64(n)
	}
	signal := lines[0].Power
	q.SNR, q.THD, q.SINAD = decibel(signal/q.Noise), decibel(q.Harmonics/signal), decibel(signal/(q.Noise+q.Harmonics))
	q.ENOB = (q.SINAD - 10*math.Log10(1.5)) / (20 * math.Log10(2))
	return q, nil
}

func decibel(ratio float64) float64 { return 10 * math.Log10(ratio) }
