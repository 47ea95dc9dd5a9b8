package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// TestInspectEvents: each list has its own events, the first ones, and says how many more there are.
func TestInspectEvents(t *testing.T) {
	var events []recording.Event
	for i := range int64(mostListed + 3) {
		events = append(events,
			recording.Event{Kind: recording.EventDetected, Device: "slow", Index: new(1000 * i), Data: map[string]any{
				"event": fmt.Sprintf("up%d", i), "channel": "A", "value_v": 1.5, "start": []any{map[string]any{"device": "fast", "outcome": "busy"}, "no order"},
			}},
			recording.Event{Kind: recording.EventMark, Text: "here"})
	}
	events = append(events, recording.Event{Kind: recording.EventGenerator, Device: "bench", Text: "at 1 s: off"})
	for _, c := range []struct {
		list       *eventList
		lines      int
		has, hides string
	}{
		{&detectedEvents, 1 + 1 + mostListed + 1, "and 3 more events; --json lists all", "up20"},
		{&detectedEvents, 1 + 1 + mostListed + 1, "slow.A", "here"},
		{&detectedEvents, 1 + 1 + mostListed + 1, "1.5 V  fast: busy", "off"},
		{&generatorChanges, 3, "at 1 s: off", "more"},
	} {
		var b strings.Builder
		if err := c.list.print(&app{}, &b, events); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); strings.Count(got, "\n") != c.lines || !strings.Contains(got, c.has) || strings.Contains(got, c.hides) {
			t.Errorf("want %d lines with %q and without %q, got\n%s", c.lines, c.has, c.hides, got)
		}
	}
	var b strings.Builder
	if err := generatorChanges.print(&app{}, &b, nil); err != nil || b.Len() > 0 {
		t.Errorf("of nothing: %q, %v", b.String(), err)
	}
	if n := len(detectedEvents.of(events)); n != mostListed+3 {
		t.Errorf("--json lists %d events", n)
	}
}
