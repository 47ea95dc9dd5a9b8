package filter

import "fmt"

// DesignError says which field of a [Design] or [FIRDesign] cannot be, why, and what would be right.
type DesignError struct {
	Field   string // name of the field, such as "Cutoff"; empty if no field alone is at fault
	Problem string // one sentence without a full stop
}

// Error returns the problem.
func (e *DesignError) Error() string { return "design filter: " + e.Problem }

// ShortError says that a stretch of samples is too short to be filtered with zero phase: the odd extension of its ends, which is as long as
// SciPy's, needs more samples than there are.
type ShortError struct {
	Samples int64 // length of the stretch
	Least   int64 // least length that can be filtered
}

// Error says both lengths.
func (e *ShortError) Error() string {
	return fmt.Sprintf("filter with zero phase: the stretch has %d samples, and this filter needs at least %d", e.Samples, e.Least)
}

// SettleError says that the impulse response of a filter lasts longer than can be afforded.
type SettleError struct {
	Samples int64 // an estimate of the length of the impulse response
	Limit   int64 // what was affordable
}

// Error says both lengths and what to do.
func (e *SettleError) Error() string {
	return fmt.Sprintf("filter: the impulse response lasts about %d samples, and at most %d can be waited for: resample to a lower rate first, take a lower order, or move the cut-offs away from 0, from Nyquist and from each other",
		e.Samples, e.Limit)
}
