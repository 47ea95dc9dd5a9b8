package session

import (
	"strings"
	"testing"
)

// TestOrdersBeyondTheLast: a device that has taken all the orders of its plan has ended in order, and is not told as one that is missing.
func TestOrdersBeyondTheLast(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.sealed(l.start(eventPlan(`duration = "1500ms"`, slowStream, strings.Replace(fastRapid, "captures", "repeat = 2\n    captures", 1), upEvent)))
	b := sum.EventBlocks[0]
	start := b.Starts[0]
	if start.Started != 2 || start.Away != 0 || start.Done < 5 || start.Started+start.Busy+start.Late+start.Done != b.Count {
		t.Errorf("%+v of %d events", start, b.Count)
	}
	told := 0
	for _, e := range l.eventLines(sum.Dir) {
		if strings.Contains(e.Text, "fast was not started, it is done") {
			told++
		}
	}
	if int64(told) != start.Done {
		t.Errorf("%d lines tell of a device that is done, %d orders came too late for it", told, start.Done)
	}
}
