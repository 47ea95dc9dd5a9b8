package trigger

import (
	"slices"
	"time"
)

// Rules are the limits that the calls of a library put on a [Plan], beside those of the model. The zero value has none.
type Rules struct {
	AutoStep time.Duration // Plan.Auto is a whole number of these; 0: nanoseconds
	MaxAuto  time.Duration // 0: no limit
	MaxDelay uint64        // samples, where less than the model's; 0: no limit
	// OneDigital tells that the pins of all ports are one condition, named as port 0; otherwise each port has its own.
	OneDigital bool
	// OneMode tells that a source is said to have a level or a window once, for the trigger and its pulse width.
	OneMode bool
	// OneDirection tells that all sources of a pulse width share its direction.
	OneDirection bool
	// OneSource tells that a pulse width has one source beside pins.
	OneSource bool
	MaxTerms  int // of the trigger, and of the pulse width; 0: no limit
}

// Source is what a condition looks at.
type Source struct {
	Kind  SourceKind
	Index int // of a channel: 0 is A; of a port: 0 is D0-7; else 0
}

// analog tells whether a source has thresholds.
func (s Source) analog() bool { return s.Kind <= SourceAux }

// SourceKind is the kind of a [Source].
type SourceKind uint8

// The kinds.
const (
	SourceChannel SourceKind = iota
	SourceExternal
	SourceAux
	SourcePulseWidth
	SourcePort
)

// Plan is a trigger in the terms of the unit: an OR of ANDs of conditions over sources.
type Plan struct {
	// Simple tells that it is one level condition, for which libraries have a call of its own.
	Simple bool
	Levels []Level       // those that Terms name, at most one for each source
	Pins   []Pin         // those of the ports that Terms name; all of them together are the condition of their port
	Pulse  *Pulse        // nil: none
	Terms  [][]State     // each names a source once
	Delay  uint64        // samples from the trigger to the trigger point
	Auto   time.Duration // trigger by itself after this, counted from the arming; 0: never
}

// AutoSteps is Auto as a number of steps, rounded up.
func (p Plan) AutoSteps(step time.Duration) uint64 { return uint64((p.Auto + step - 1) / step) }

// Level is the level or window of one source; thresholds are codes at the unit's input.
type Level struct {
	Source                           Source
	Direction                        uint32 // the vendor's number, which all families share
	Window                           bool
	Upper, Lower                     int16 // of a level in an upper direction Upper counts, in a lower one Lower
	UpperHysteresis, LowerHysteresis uint16
}

// Pin is the state or edge of one digital pin.
type Pin struct {
	Pin       int    // 0 is D0
	Direction uint32 // the vendor's number
}

// State is one condition of a term.
type State struct {
	Source Source
	Not    bool
}

// Pulse is a pulse width: how long a condition holds. A source that the trigger names too has the same thresholds there; only
// directions may differ.
type Pulse struct {
	Levels       []Level // of its sources, the one that the pulse is of first, with the directions that count for the pulse
	Pins         []Pin
	Terms        [][]State // each names the pulse's own source first
	Type         uint32    // the vendor's number
	Lower, Upper uint32    // samples; without a second limit Upper is 0
	Name         string    // of the condition in the plan
}

// Thresholds are those of all sources that the trigger and its pulse width name, each once.
func (p Plan) Thresholds() []Level {
	list := slices.Clone(p.Levels)
	if p.Pulse == nil {
		return list
	}
	for _, l := range p.Pulse.Levels {
		if !slices.ContainsFunc(list, func(t Level) bool { return t.Source == l.Source }) {
			list = append(list, l)
		}
	}
	return list
}
