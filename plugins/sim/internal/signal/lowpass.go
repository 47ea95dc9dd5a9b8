package signal

import "math"

// lowPass is a bandwidth limit: one pole, y += a (x - y).
type lowPass struct {
	gain     float64
	settle   int64 // samples after which the past is below one part in 10^17
	state    float64
	next     int64
	render   func(dst []float64, first int64) // the signal before the filter
	settling []float64
}

// newLowPass returns nil when the limit is so far above the sample rate that it does nothing.
func newLowPass(hertz, interval float64, render func(dst []float64, first int64)) *lowPass {
	tau := 1 / (2 * math.Pi * hertz * interval) // samples
	gain := -math.Expm1(-1 / tau)
	if gain > 1-1e-12 {
		return nil
	}
	return &lowPass{gain: gain, settle: int64(40*tau) + 1, next: -1, render: render, settling: make([]float64, blockSamples)}
}

// apply filters volts, whose first sample is first. After a jump it settles over the samples before.
func (l *lowPass) apply(volts []float64, first int64) {
	if first != l.next {
		from := max(first-l.settle, 0)
		for primed := false; from < first; primed = true {
			block := l.settling[:min(int64(len(l.settling)), first-from)]
			l.render(block, from)
			if !primed {
				l.state = block[0]
			}
			l.run(block)
			from += int64(len(block))
		}
		if first == 0 {
			l.state = volts[0]
		}
	}
	l.run(volts)
	l.next = first + int64(len(volts))
}

func (l *lowPass) run(volts []float64) {
	y := l.state
	for i, x := range volts {
		y += l.gain * (x - y)
		volts[i] = y
	}
	l.state = y
}
