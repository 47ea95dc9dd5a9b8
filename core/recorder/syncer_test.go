package recorder

import (
	"testing"
	"time"
)

// TestSyncIntervalFollowsTheDisk: the interval grows with slow syncs up to its bound, and comes back when the disk does.
func TestSyncIntervalFollowsTheDisk(t *testing.T) {
	type step struct {
		took time.Duration
		n    int
		want time.Duration
	}
	const s, ms = time.Second, time.Millisecond
	for _, c := range []struct {
		name  string
		asked time.Duration
		steps []step
	}{
		{"quick ones change nothing", s, []step{{10 * ms, 100, s}}},
		{"half of it is not slow", s, []step{{500 * ms, 10, s}}},
		{"a hiccup", s, []step{{600 * ms, 1, 2 * s}, {20 * ms, 9, 2 * s}, {20 * ms, 1, s}, {20 * ms, 100, s}}},
		{"a slow disk", s, []step{{20 * s, 10, 30 * s}, {16 * s, 1, 30 * s}, {100 * ms, 10, 15 * s}, {100 * ms, 30, 1875 * ms}, {100 * ms, 100, s}}},
		{"it is halved only where that is not slow again", s, []step{{2 * s, 1, 2 * s}, {300 * ms, 100, 2 * s}}},
		{"one that is longer than the bound already", time.Minute, []step{{50 * s, 3, time.Minute}, {ms, 100, time.Minute}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			y := &syncer{o: Options{Sync: c.asked}, interval: c.asked}
			for i, st := range c.steps {
				for range st.n {
					y.adapt(st.took)
				}
				if y.interval != st.want {
					t.Fatalf("step %d: interval %v, want %v", i, y.interval, st.want)
				}
			}
		})
	}
}
