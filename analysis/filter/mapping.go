package filter

import "math"

// mapping takes the analog low-pass with a cut-off of 1 to an analog filter of the band. Frequencies are prewarped, tan(pi f / rate).
type mapping struct {
	band          Band
	low, high     float64 // high, width and center are for bands with two cut-offs
	width, center float64 // high - low, sqrt(low * high)
}

// back returns the angles pi f / rate at which the digital filter has the response of the prototype at w >= 0.
func (m mapping) back(w float64) []float64 {
	switch m.band {
	case HighPass:
		return []float64{math.Atan2(m.low, w)}
	case BandPass:
		h := (w*m.width + math.Hypot(w*m.width, 2*m.center)) / 2
		return []float64{math.Atan(m.center * (m.center / h)), math.Atan(h)}
	case BandStop:
		h := (m.width + math.Hypot(m.width, 2*m.center*w)) / 2 // times 1/w, which may be infinite
		return []float64{math.Atan(m.center * (m.center * w / h)), math.Atan2(h, w)}
	default:
		return []float64{math.Atan(w * m.low)}
	}
}
