package events

// Kind says what was found, in the words of a plan where it has one.
type Kind string

// Kinds of points: the event is one sample.
const (
	KindRising  Kind = "rising"  // the first sample at or above the level
	KindFalling Kind = "falling" // the first sample at or below the level
	KindEnter   Kind = "enter"   // the first sample inside the window
	KindExit    Kind = "exit"    // the first sample outside the window
)

// Kinds of stretches: the event has a length.
const (
	KindAbove         Kind = "above"
	KindBelow         Kind = "below"
	KindInside        Kind = "inside"
	KindOutside       Kind = "outside"
	KindPositiveRunt  Kind = "positive_runt"
	KindNegativeRunt  Kind = "negative_runt"
	KindPositivePulse Kind = "positive_pulse"
	KindNegativePulse Kind = "negative_pulse"
	KindInterval      Kind = "interval"
	KindDropout       Kind = "dropout"
	KindSlope         Kind = "slope"
)

// Event is something that was found.
type Event struct {
	Kind  Kind
	Index int64 // of its first sample
	// Length is the number of samples from the first one to the one that ends the event, which does not belong to it; 1 for points.
	Length int64
	// Extreme is the largest sample of what is above or positive, the smallest of what is below or negative, and else the sample
	// that is farthest from the level or from the middle of the window. For points it is the sample itself. For slopes it is the
	// steepest change, in the signal's unit over the distance of the condition. NaN when no sample was a number.
	Extreme float64
	// CutStart and CutEnd say that samples are missing before and behind: the event may have begun earlier and lasted longer.
	CutStart, CutEnd bool
}
