package resample

import "gonum.org/v1/gonum/floats"

// bank is a filter cut into its phases: phase p holds the taps p, p+up, p+2*up ... that meet samples when an output stands p
// places after a sample on the grid of up times the rate.
type bank struct {
	up, down int
	half     int       // the place of the centre tap
	width    int       // taps of a phase
	taps     []float64 // up phases of width taps each, every one backwards, times up
}

func newBank(h []float64, up, down int) bank {
	b := bank{up: up, down: down, half: (len(h) - 1) / 2, width: (len(h) + up - 1) / up}
	b.taps = make([]float64, b.width*up)
	for i, v := range h {
		phase, turn := i%up, i/up
		b.taps[phase*b.width+b.width-1-turn] = v * float64(up)
	}
	return b
}

// fill computes neighbouring outputs. The first one's newest sample is x[last], its phase is given.
func (b *bank) fill(dst, x []float64, last, phase int) {
	whole, part := b.down/b.up, b.down%b.up
	for i := range dst {
		dst[i] = floats.Dot(x[last+1-b.width:last+1], b.taps[phase*b.width:(phase+1)*b.width])
		last += whole
		if phase += part; phase >= b.up {
			phase -= b.up
			last++
		}
	}
}

// step returns how far the newest sample and the phase are n outputs on.
func (b *bank) step(last, phase, n int) (int, int) {
	at := int64(phase) + int64(n)*int64(b.down)
	return last + int(at/int64(b.up)), int(at % int64(b.up))
}

// fitting counts the outputs from (last, phase) on whose newest sample is below end.
func (b *bank) fitting(last, phase, end int) int {
	if last >= end {
		return 0
	}
	places := int64(end-last)*int64(b.up) - int64(phase) // on the fine grid; the outputs stand at 0, down, 2*down ...
	return int((places + int64(b.down) - 1) / int64(b.down))
}
