package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/core/session"
)

func TestEventBlockText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		e    session.EventBlock
		want string
	}{
		{"nothing", session.EventBlock{Name: "up", Source: "slow.A"}, "event up (slow.A): 0 found\n"},
		{
			"once",
			session.EventBlock{Name: "up", Source: "slow", Count: 1, Starts: []session.EventStart{{
				Device: "fast", Started: 1, AfterEvent: &session.Spread{Count: 1, Min: 0.0031, Median: 0.0031, Max: 0.0031},
			}}},
			"event up (slow): 1 found\n  started fast 1 time, 3.1 ms after the event\n",
		},
		{
			"everything",
			session.EventBlock{Name: "up", Source: "slow.A", Count: 5000, Suppressed: 4800, Unwatched: 70, Starts: []session.EventStart{{
				Device: "fast", Started: 150, Busy: 40, Away: 5, Done: 7, Late: 3, Failed: 2, Error: "arm: no",
				AfterEvent: &session.Spread{Count: 150, Min: 0.001, Median: 0.002, Max: 0.03}, AfterDelivery: &session.Spread{Count: 150, Min: 0.0005, Median: 0.001, Max: 0.02},
			}}},
			`event up (slow.A): 5,000 found, 4,800 of them too many a second and only counted
  started fast 150 times, 2 ms (1 ms to 30 ms) after the event, 1 ms (500 us to 20 ms) after its delivery; 40 missed while it was busy; 5 missed as it was not there; 7 came when it had taken all its orders; 3 came too late; 2 failed
  the last failure: arm: no
  70 samples were recorded and not looked at, as the ring filled up or their range did not allow it
`,
		},
	} {
		if diff := cmp.Diff(c.want, eventBlockText(c.e)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}
