package trigger

import "github.com/scopelog/scopelog/driver"

// Pulse compares how long a condition lasts. A condition that is a moment (either, enter_or_exit, runts) begins a pulse
// and ends it when it comes again, so that the width is the interval between two. A pulse that lasts when the trigger is
// armed does not count.
type Pulse struct {
	Condition
	When         [][]Member // meanwhile; empty: nothing else
	Type         driver.PulseType
	Lower, Upper int64 // samples; Upper with ranges only
}

// timer measures the pulse.
type timer struct {
	kind         driver.PulseType
	lower, upper int64
	instant      bool

	known, was bool
	active     bool
	told       bool // the width was decided
	since      int64
}

func (t *timer) arm() { t.known, t.was, t.active, t.told, t.since = false, false, false, false, 0 }

// fits tells whether a width is wanted.
func (t *timer) fits(width int64) bool {
	switch t.kind {
	case driver.PulseLessThan:
		return width < t.lower
	case driver.PulseGreaterThan:
		return width > t.lower
	case driver.PulseInRange:
		return width >= t.lower && width <= t.upper
	}
	return width < t.lower || width > t.upper
}

// exceeded tells that it is decided before the pulse ends: it is too long already.
func (t *timer) exceeded() bool {
	return t.kind == driver.PulseGreaterThan && t.since > t.lower || t.kind == driver.PulseOutOfRange && t.since > t.upper
}

// step takes what the pulse's condition says of a sample, and returns holds where the width fits so far and happens where
// that is decided.
func (t *timer) step(b byte) (out byte) {
	is := b&holds != 0
	begins := t.known && is && !t.was
	if t.instant {
		begins = b&happens != 0
	}
	ends := t.active && (t.instant && begins || !t.instant && !is)
	if t.active {
		t.since++
		if t.fits(t.since) {
			out = holds
		}
		if !t.told && (ends && out != 0 || t.exceeded()) {
			out |= happens
			t.told = true
		}
	}
	if ends {
		t.active = false
	}
	if begins {
		t.active, t.told, t.since = true, false, 0
	}
	t.known, t.was = true, is
	return out
}

// pass is step for n samples of which the condition says the same as before, if that changes nothing of what the timer says;
// else it does nothing and returns false. out is what it said last.
func (t *timer) pass(n int64, b, out byte) bool {
	if !t.known || t.was != (b&holds != 0) || b&happens != 0 {
		return false
	}
	if !t.active {
		return out == 0
	}
	for _, limit := range [...]int64{t.lower, t.upper} {
		if t.since <= limit+1 && t.since+n >= limit-1 {
			return false
		}
	}
	if t.fits(t.since) != (out != 0) {
		return false
	}
	t.since += n
	return true
}

// settled tells that nothing will change while its condition stays as it is.
func (t *timer) settled(in byte) bool {
	if !t.known || t.was != (in&holds != 0) || in&happens != 0 {
		return false
	}
	return !t.active || t.since > max(t.lower, t.upper) && (t.told || !t.exceeded())
}
