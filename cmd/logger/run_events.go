package main

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/core/session"
)

// eventBlockText tells what an event block has found and started.
func eventBlockText(e session.EventBlock) string {
	var b strings.Builder
	fmt.Fprintf(&b, "event %s (%s): %s found", e.Name, e.Source, formatCount(e.Count))
	if e.Suppressed > 0 {
		fmt.Fprintf(&b, ", %s of them too many a second and only counted", formatCount(e.Suppressed))
	}
	b.WriteByte('\n')
	for _, s := range e.Starts {
		fmt.Fprintf(&b, "  started %s %s", s.Device, plural(int(s.Started), "time"))
		if t := s.AfterEvent; t != nil {
			fmt.Fprintf(&b, ", %s after the event", spreadText(t))
		}
		if t := s.AfterDelivery; t != nil {
			fmt.Fprintf(&b, ", %s after its delivery", spreadText(t))
		}
		for _, missed := range []struct {
			n    int64
			text string
		}{
			{s.Busy, "missed while it was busy"}, {s.Away, "missed as it was not there"},
			{s.Done, "came when it had taken all its orders"}, {s.Late, "came too late"}, {s.Failed, "failed"},
		} {
			if missed.n > 0 {
				fmt.Fprintf(&b, "; %s %s", formatCount(missed.n), missed.text)
			}
		}
		b.WriteByte('\n')
		if s.Error != "" {
			fmt.Fprintf(&b, "  the last failure: %s\n", s.Error)
		}
	}
	if e.Unwatched > 0 {
		fmt.Fprintf(&b, "  %s samples were recorded and not looked at, as the ring filled up or their range did not allow it\n", formatCount(e.Unwatched))
	}
	return b.String()
}

// spreadText prints smallest, middle and largest of some times.
func spreadText(s *session.Spread) string {
	if s.Count == 1 {
		return formatSeconds(s.Median)
	}
	return fmt.Sprintf("%s (%s to %s)", formatSeconds(s.Median), formatSeconds(s.Min), formatSeconds(s.Max))
}
