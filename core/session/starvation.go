package session

import (
	"time"

	"github.com/scopelog/scopelog/core/host"
)

// starvation tells a device that hangs from one whose process gets no processor: on a machine that is too busy, ending
// the plugin would make out of a late delivery a loss.
type starvation struct {
	measuring bool
	before    host.CPUWait // when half of the budget was over
}

// patience is how many budgets a starved device is waited for.
const patience = 10

// hangs tells whether a device without progress for the time silent hangs. The time that its process waited for a
// processor, in the second half of the budget and later, does not count.
func (s *starvation) hangs(silent, budget time.Duration, waited func() host.CPUWait) bool {
	switch {
	case silent <= budget/2:
		s.measuring, s.before = false, nil
		return false
	case !s.measuring:
		s.measuring, s.before = true, waited()
	}
	if silent <= budget {
		return false
	}
	return silent > patience*budget || silent-waited().Since(s.before) > budget
}
