package trigger

// still tells what a comparator goes on saying while its samples stay between low and high, and whether it is known that
// nothing of it changes meanwhile.
func (w *watch) still(low, high int32) (says byte, quiet bool) {
	if !w.known {
		return 0, false
	}
	switch w.run {
	case compareUp:
		return w.stillUp(low, high, w.Upper)
	case compareDown:
		return w.stillUp(-high, -low, -w.Upper)
	case compareEither:
		if w.is {
			return 0, low > lowest(w.Upper, w.UpperHysteresis)
		}
		return 0, high < w.Upper
	case compareWindow:
		return w.stillWindow(low, high)
	case comparePositiveRunt:
		return 0, w.stillRunt(low, high, w.Lower, w.Upper)
	case compareNegativeRunt:
		return 0, w.stillRunt(-high, -low, -w.Upper, -w.Lower)
	}
	if low != high || byte(low) != w.pins {
		return 0, false
	}
	if w.kind != instant && w.pins&w.Care == w.Want&w.Care {
		return holds, true
	}
	return 0, true
}

func (w *watch) stillUp(low, high, at int32) (byte, bool) {
	falls := low <= lowest(at, w.UpperHysteresis)
	if w.is {
		return holds, !falls
	}
	return 0, high < at && (w.armed || !falls)
}

func (w *watch) stillWindow(low, high int32) (byte, bool) {
	inside := low >= w.Lower && high <= w.Upper
	if inside != w.is || !inside && low <= w.Upper && high >= w.Lower || !w.armed {
		return 0, false
	}
	if w.kind != instant && inside == w.entering() {
		return holds, true
	}
	return 0, true
}

func (w *watch) stillRunt(low, high, from, to int32) bool {
	if w.is {
		return low >= from && (w.reached || high < to)
	}
	return high < from && w.armed
}
