package trigger

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestThresholds: each source once, those of the trigger first.
func TestThresholds(t *testing.T) {
	a, below, b := Level{Source: sourceA, Direction: 2}, Level{Source: sourceA, Direction: 1}, Level{Source: sourceB}
	for _, c := range []struct {
		name string
		plan Plan
		want []Level
	}{
		{"no pulse width", Plan{Levels: []Level{a, b}}, []Level{a, b}},
		{"pulse width of the same source", Plan{Levels: []Level{a}, Pulse: &Pulse{Levels: []Level{below, b}}}, []Level{a, b}},
		{"pulse width alone", Plan{Pulse: &Pulse{Levels: []Level{below}}}, []Level{below}},
	} {
		if diff := cmp.Diff(c.want, c.plan.Thresholds()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}
