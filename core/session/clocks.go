package session

import (
	"fmt"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// readClocks reads the host's clocks, and writes down where UTC was set or the host slept since the last time: from there
// on UTC and the monotonic clock belong together in another way.
func (s *Session) readClocks() {
	c := s.clock.Sample()
	if c.StepNS != 0 {
		step, way := time.Duration(c.StepNS), "on"
		if step < 0 {
			way = "back"
		}
		s.runEvent(recording.Event{
			Kind: recording.EventClockStep, Text: fmt.Sprintf("the computer's clock was put %s by %v", way, step.Abs().Round(time.Millisecond)), Data: map[string]any{"step_ns": c.StepNS},
		})
	}
	if c.SuspendNS != 0 {
		s.runEvent(recording.Event{
			Kind: recording.EventSuspend, Text: fmt.Sprintf("the computer was suspended for %v", time.Duration(c.SuspendNS).Round(time.Millisecond)),
			Data: map[string]any{"suspended_ns": c.SuspendNS},
		})
	}
}
