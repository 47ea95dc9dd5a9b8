package filter

import "fmt"

// Band is the part of the spectrum that a filter lets through.
type Band int

// The bands. The zero value is LowPass.
const (
	LowPass  Band = iota // passes below Cutoff
	HighPass             // passes above Cutoff
	BandPass             // passes between Cutoff and UpperCutoff
	BandStop             // stops between Cutoff and UpperCutoff
)

// String returns the usual name, "low-pass" for LowPass.
func (b Band) String() string {
	switch b {
	case LowPass:
		return "low-pass"
	case HighPass:
		return "high-pass"
	case BandPass:
		return "band-pass"
	case BandStop:
		return "band-stop"
	}
	return fmt.Sprintf("Band(%d)", int(b))
}

// twoSided reports whether the band has a lower and an upper cut-off.
func (b Band) twoSided() bool { return b == BandPass || b == BandStop }

// checkBand says what is wrong with the cut-offs of a filter at the rate, all in Hz.
func checkBand(b Band, cutoff, upper, rate float64) error {
	if b < LowPass || b > BandStop {
		return &DesignError{"Band", fmt.Sprintf("there is no %v; take LowPass, HighPass, BandPass or BandStop", b)}
	}
	if !(rate > 0) || rate > maxRate {
		return &DesignError{"Rate", fmt.Sprintf("the sample rate is %s; it must be more than 0 and at most %s", hertz(rate), hertz(maxRate))}
	}
	if err := checkCutoff("Cutoff", "cut-off", cutoff, rate); err != nil {
		return err
	}
	if !b.twoSided() {
		if upper != 0 {
			return &DesignError{"UpperCutoff", fmt.Sprintf("a %v filter has one cut-off, and the upper one is %s; leave it 0 or take a band-pass or band-stop", b, hertz(upper))}
		}
		return nil
	}
	if err := checkCutoff("UpperCutoff", "upper cut-off", upper, rate); err != nil {
		return err
	}
	if upper <= cutoff {
		return &DesignError{"UpperCutoff", fmt.Sprintf("the band from %s to %s is empty or upside down; the upper cut-off must be above the lower", hertz(cutoff), hertz(upper))}
	}
	return nil
}

// maxRate keeps squares of frequencies far from overflow; no instrument comes near it.
const maxRate = 1e18

func checkCutoff(field, name string, hz, rate float64) error {
	switch {
	case !(hz > 0):
		return &DesignError{field, fmt.Sprintf("the %s is %s; it must be above 0", name, hertz(hz))}
	case hz >= rate/2:
		return &DesignError{field, fmt.Sprintf("the %s of %s is not below the Nyquist frequency, %s, half the sample rate of %s", name, hertz(hz), hertz(rate/2), hertz(rate))}
	}
	return nil
}

// hertz writes a frequency as people do.
func hertz(v float64) string {
	switch {
	case v >= 1e9:
		return fmt.Sprintf("%.12g GHz", v/1e9)
	case v >= 1e6:
		return fmt.Sprintf("%.12g MHz", v/1e6)
	case v >= 1e3:
		return fmt.Sprintf("%.12g kHz", v/1e3)
	}
	return fmt.Sprintf("%.12g Hz", v)
}
