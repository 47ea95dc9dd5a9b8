package trigger

import "github.com/scopelog/scopelog/driver"

// What a comparator says of a sample.
const (
	holds   = 1 << iota // its condition holds
	happens             // it begins to hold here, or it is an instant and this is it
)

// kind is how a condition lasts.
type kind uint8

const (
	state   kind = iota // it holds for a while, and that counts
	edge                // it holds for a while, and its beginning counts
	instant             // it is a moment
)

// Condition looks at one source. Analog ones have a direction, digital ones have masks of pins.
type Condition struct {
	Source    int // index of the input
	Direction driver.Direction
	// Thresholds and hysteresis in codes. A level has its threshold in Upper. The directions that end in _lower compare
	// with Lower; those of them that speak of a window mean the band of LowerHysteresis around Lower.
	Lower, Upper                     int32
	LowerHysteresis, UpperHysteresis int32

	Pins       bool // digital
	Care, Want byte // pins that must have a level, and which
	Rise, Fall byte // pins of which one must change
}

// watch is a condition at work.
type watch struct {
	Condition
	run  comparison
	kind kind

	known   bool // a sample was seen since it was armed
	is      bool
	armed   bool // clearly on the side from which a change counts
	reached bool // runts: the far threshold was reached
	pins    byte
}

// comparison is how a comparator goes through samples.
type comparison uint8

const (
	compareUp comparison = iota
	compareDown
	compareEither
	compareWindow
	comparePositiveRunt
	compareNegativeRunt
	comparePins
)

func newWatch(c Condition) watch {
	w := watch{Condition: c}
	if c.Pins {
		w.run = comparePins
		if c.Rise|c.Fall != 0 {
			w.kind = instant
		}
		return w
	}
	switch c.Direction {
	case driver.DirectionAboveLower, driver.DirectionBelowLower, driver.DirectionRisingLower, driver.DirectionFallingLower:
		w.Upper, w.UpperHysteresis = c.Lower, c.LowerHysteresis
	case driver.DirectionInsideLower, driver.DirectionOutsideLower, driver.DirectionEnterLower, driver.DirectionExitLower,
		driver.DirectionEnterOrExitLower:
		w.Lower, w.Upper = c.Lower-c.LowerHysteresis, c.Lower+c.LowerHysteresis
		w.LowerHysteresis, w.UpperHysteresis = 0, 0
	}
	switch c.Direction {
	case driver.DirectionAbove, driver.DirectionAboveLower:
		w.run, w.kind = compareUp, state
	case driver.DirectionBelow, driver.DirectionBelowLower:
		w.run, w.kind = compareDown, state
	case driver.DirectionRising, driver.DirectionRisingLower:
		w.run, w.kind = compareUp, edge
	case driver.DirectionFalling, driver.DirectionFallingLower:
		w.run, w.kind = compareDown, edge
	case driver.DirectionEither:
		w.run, w.kind = compareEither, instant
	case driver.DirectionInside, driver.DirectionInsideLower, driver.DirectionOutside, driver.DirectionOutsideLower:
		w.run, w.kind = compareWindow, state
	case driver.DirectionEnter, driver.DirectionEnterLower, driver.DirectionExit, driver.DirectionExitLower:
		w.run, w.kind = compareWindow, edge
	case driver.DirectionEnterOrExit, driver.DirectionEnterOrExitLower:
		w.run, w.kind = compareWindow, instant
	case driver.DirectionPositiveRunt:
		w.run, w.kind = comparePositiveRunt, instant
	case driver.DirectionNegativeRunt:
		w.run, w.kind = compareNegativeRunt, instant
	}
	return w
}

// entering tells whether a window's inside is what holds.
func (w *watch) entering() bool {
	switch w.Direction {
	case driver.DirectionInside, driver.DirectionInsideLower, driver.DirectionEnter, driver.DirectionEnterLower:
		return true
	}
	return false
}

// arm forgets all samples.
func (w *watch) arm() { w.known, w.is, w.armed, w.reached, w.pins = false, false, false, false, 0 }

// codes goes through samples and writes what it says of each.
func (w *watch) codes(codes []int16, out []byte) {
	out = out[:len(codes)]
	switch w.run {
	case compareUp:
		w.ups(codes, out, 1)
	case compareDown:
		w.ups(codes, out, -1)
	case compareEither:
		for i, v := range codes {
			out[i] = w.either(int32(v))
		}
	case compareWindow:
		entering := w.entering()
		for i, v := range codes {
			out[i] = w.window(int32(v), entering)
		}
	case comparePositiveRunt:
		for i, v := range codes {
			out[i] = w.runt(int32(v), w.Lower, w.Upper, w.LowerHysteresis)
		}
	case compareNegativeRunt:
		for i, v := range codes {
			out[i] = w.runt(-int32(v), -w.Upper, -w.Lower, w.UpperHysteresis)
		}
	}
}

// lowest is the highest value that is clearly below a threshold.
func lowest(at, hysteresis int32) int32 { return min(at-1, at-hysteresis) }

// up is a comparator that goes up through at: it falls, and is armed, at or below at - hysteresis.
func (w *watch) up(v, at int32) byte {
	low := v <= lowest(at, w.UpperHysteresis)
	switch {
	case !w.known:
		w.known, w.is, w.armed = true, v >= at, low
		if w.is {
			return holds
		}
	case w.is:
		if low {
			w.is, w.armed = false, true
			return 0
		}
		return holds
	case v >= at:
		armed := w.armed
		w.is, w.armed = true, false
		if armed {
			return holds | happens
		}
		return holds
	case low:
		w.armed = true
	}
	return 0
}

// ups is up for many samples, times sign.
func (w *watch) ups(codes []int16, out []byte, sign int32) {
	at := sign * w.Upper
	low := lowest(at, w.UpperHysteresis)
	out = out[:len(codes)]
	for i := 0; i < len(codes); i++ {
		if w.known && w.is {
			for i < len(codes) && sign*int32(codes[i]) > low {
				out[i] = holds
				i++
			}
		} else if w.known && w.armed {
			for i < len(codes) && sign*int32(codes[i]) < at {
				out[i] = 0
				i++
			}
		}
		if i < len(codes) {
			out[i] = w.up(sign*int32(codes[i]), at)
		}
	}
}

// either goes up at the threshold and down at threshold - hysteresis; both count.
func (w *watch) either(v int32) byte {
	high, low := v >= w.Upper, v <= lowest(w.Upper, w.UpperHysteresis)
	if !w.known {
		w.known, w.is, w.armed = true, high, true
		return 0
	}
	if w.is && low || !w.is && high {
		w.is = !w.is
		return holds | happens
	}
	return 0
}

// deep tells whether a value is clearly inside the window, far whether it is clearly outside.
func (w *watch) deep(v int32) bool {
	return v >= w.Lower+w.LowerHysteresis && v <= w.Upper-w.UpperHysteresis
}
func (w *watch) far(v int32) bool {
	return v <= w.Lower-w.LowerHysteresis || v >= w.Upper+w.UpperHysteresis
}

func (w *watch) window(v int32, entering bool) byte {
	inside := v >= w.Lower && v <= w.Upper
	side := inside && w.deep(v) || !inside && w.far(v)
	changed := w.known && w.is != inside
	armed := w.armed
	w.is, w.armed = inside, side || !changed && w.known && armed
	w.known = true
	var out byte
	if changed && armed && (w.kind == instant || inside == entering) {
		out = happens
	}
	if w.kind == instant && out != 0 || w.kind != instant && inside == entering {
		out |= holds
	}
	return out
}

// runt is a pulse that leaves from upwards and comes back without having reached to; it counts when it is back.
func (w *watch) runt(v, from, to, hysteresis int32) byte {
	low := v <= lowest(from, hysteresis)
	switch {
	case !w.known:
		w.known, w.is, w.armed, w.reached = true, false, low, false
	case w.is && v < from:
		hit := !w.reached
		w.is, w.reached, w.armed = false, false, low
		if hit {
			return holds | happens
		}
	case w.is:
		w.reached = w.reached || v >= to
	case v >= from && w.armed:
		w.is, w.armed, w.reached = true, false, v >= to
	case low:
		w.armed = true
	}
	return 0
}

// ports goes through samples of a digital port.
func (w *watch) ports(pins []byte, out []byte) {
	out = out[:len(pins)]
	for i, v := range pins {
		was := w.pins
		if !w.known {
			was = v
		}
		w.known, w.pins = true, v
		level := v&w.Care == w.Want&w.Care
		changed := v&^was&w.Rise|was&^v&w.Fall != 0
		out[i] = 0
		switch {
		case !level:
		case w.kind == instant && changed:
			out[i] = holds | happens
		case w.kind != instant:
			out[i] = holds
		}
	}
}

// first is codes for a single rising or falling edge: the number of the sample where it happens, or len(codes).
func (w *watch) first(codes []int16) int {
	sign := int32(1)
	if w.run == compareDown {
		sign = -1
	}
	at := sign * w.Upper
	low := lowest(at, w.UpperHysteresis)
	i := 0
	if len(codes) > 0 && !w.known {
		w.up(sign*int32(codes[0]), at)
		i = 1
	}
	for ; i < len(codes) && !w.armed; i++ {
		if sign*int32(codes[i]) <= low {
			w.armed, w.is = true, false
		}
	}
	if sign > 0 {
		for i < len(codes) && int32(codes[i]) < at {
			i++
		}
	} else {
		for i < len(codes) && -int32(codes[i]) < at {
			i++
		}
	}
	if i < len(codes) {
		w.is, w.armed = true, false
	}
	return i
}

// crossed is the threshold that was gone through to arrive at a code.
func (w *watch) crossed(before, code int32) int32 {
	switch w.run {
	case compareEither:
		if code >= w.Upper {
			return w.Upper
		}
		return w.Upper - w.UpperHysteresis
	case compareWindow:
		if code > w.Upper || before > w.Upper && code >= w.Lower {
			return w.Upper
		}
		return w.Lower
	case comparePositiveRunt:
		return w.Lower
	}
	return w.Upper
}
