package measure

// Quantity is what is measured of each edge, pulse or cycle.
type Quantity int

// The quantities. An edge is where the signal goes through the middle level for good, that is beyond the hysteresis; a cycle lasts
// from one rising edge to the next.
const (
	Period          Quantity = iota // s, of a cycle
	Frequency                       // Hz, 1 / Period
	PositiveWidth                   // s, from a rising edge to the falling one
	NegativeWidth                   // s, from a falling edge to the rising one
	DutyCycle                       // %, PositiveWidth / Period of a cycle
	RiseTime                        // s, from the last crossing of the lower level to the first of the upper one
	FallTime                        // s, from the last crossing of the upper level to the first of the lower one
	RisingSlew                      // unit/s, (upper - lower level) / RiseTime
	FallingSlew                     // unit/s, -(upper - lower level) / FallTime
	Overshoot                       // %, (largest sample between a rising and a falling edge - top) / amplitude
	Undershoot                      // %, (base - smallest sample between a falling and a rising edge) / amplitude; preshoot is in it
	CycleMean                       // unit, integral over a cycle / Period, by trapezoids between samples and crossings
	CycleRMS                        // unit, root of the integral of the square / Period
	CyclePeakToPeak                 // unit, largest - smallest sample of a cycle
	quantities
)

// Quantities is the number of quantities: they are 0 to Quantities-1.
const Quantities = int(quantities)

var quantityNames = [quantities]struct{ name, unit string }{
	Period:          {"period", "s"},
	Frequency:       {"frequency", "Hz"},
	PositiveWidth:   {"positive_width", "s"},
	NegativeWidth:   {"negative_width", "s"},
	DutyCycle:       {"duty_cycle", "%"},
	RiseTime:        {"rise_time", "s"},
	FallTime:        {"fall_time", "s"},
	RisingSlew:      {"rising_slew", "/s"},
	FallingSlew:     {"falling_slew", "/s"},
	Overshoot:       {"overshoot", "%"},
	Undershoot:      {"undershoot", "%"},
	CycleMean:       {"cycle_mean", ""},
	CycleRMS:        {"cycle_rms", ""},
	CyclePeakToPeak: {"cycle_peak_to_peak", ""},
}

// String is the name of the quantity, such as rise_time.
func (q Quantity) String() string {
	if q < 0 || q >= quantities {
		return "unknown"
	}
	return quantityNames[q].name
}

// Unit is the unit of the quantity of a signal whose unit is given.
func (q Quantity) Unit(signal string) string {
	if q < 0 || q >= quantities {
		return ""
	}
	switch u := quantityNames[q].unit; u {
	case "", "/s":
		return signal + u
	default:
		return u
	}
}

// ParseQuantity finds a quantity by its name.
func ParseQuantity(name string) (Quantity, bool) {
	for q := range quantities {
		if quantityNames[q].name == name {
			return q, true
		}
	}
	return 0, false
}
