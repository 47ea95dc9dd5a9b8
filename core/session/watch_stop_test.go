package session

import (
	"testing"
	"time"
)

// TestProgressOfAStop: a ring that gets on, by samples or by its mark alone, is waited for; one that stands is not, from the budget on.
func TestProgressOfAStop(t *testing.T) {
	t.Parallel()
	const second = int64(time.Second)
	p := progress{at: 100 * second, budget: 5 * time.Second}
	for _, c := range []struct {
		name      string
		at        int64 // s
		committed uint64
		mark      int64
		stands    bool
	}{
		{"the first look", 104, 10, 7, false},
		{"more was committed", 108, 11, 7, false},
		{"it waits in a call", 112, 11, 7, false},
		{"the mark alone has moved", 113, 11, 8, false},
		{"it stands for as long as it may", 118, 11, 8, false},
		{"it stands", 119, 11, 8, true},
		{"it goes on after all", 120, 12, 8, false},
	} {
		if got := p.stands(c.committed, c.mark, c.at*second); got != c.stands {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
