package signal

// Source is one signal in volts as a function of the sample index. A Source may keep a cache and belongs to one goroutine.
type Source interface {
	// Add adds the samples first, first+1, ... to dst. first is not negative.
	Add(dst []float64, first int64)
	// Period is the number of samples after which the signal repeats exactly, or 0 when it does not, or not soon.
	Period() int64
}

// DC is a constant voltage.
type DC float64

// Add adds the constant.
func (d DC) Add(dst []float64, _ int64) {
	for i := range dst {
		dst[i] += float64(d)
	}
}

// Period is 1.
func (d DC) Period() int64 { return 1 }

// maxPeriod bounds the tables of periodic signals, in samples.
const maxPeriod = 1 << 20

// commonPeriod returns the least common period of the sources, or 0 when there is none up to maxPeriod.
func commonPeriod(sources []Source) int64 {
	p := int64(1)
	for _, s := range sources {
		q := s.Period()
		if q <= 0 || q > maxPeriod {
			return 0
		}
		p = p / gcd(p, q) * q
		if p > maxPeriod {
			return 0
		}
	}
	return p
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

var (
	_ Source = DC(0)
	_ Source = (*Sine)(nil)
	_ Source = (*Square)(nil)
	_ Source = (*Triangle)(nil)
	_ Source = (*Ramp)(nil)
	_ Source = (*Pulses)(nil)
	_ Source = (*Uniform)(nil)
	_ Source = (*Gauss)(nil)
	_ Source = (*Replay)(nil)
)
