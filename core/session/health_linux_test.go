package session

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
)

// TestUndrained: a run that records is drained; where the drain stands still, the time is seen, less what the disk is allowed.
func TestUndrained(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(header + proof("cell", "UNDRAINED"))
	l.until(s, func(st Status) bool { return device0(st, "cell").Streams[0].Recorded > 0 })
	s.o.Plan.Run.Disk.RetryFor = 0
	if d := s.Undrained(); d > 5*time.Second {
		t.Errorf("undrained for %v although it records", d)
	}
	s.Stop("stop")
	l.wait(s)
	if d := s.Undrained(); d != 0 {
		t.Errorf("undrained for %v although nothing records", d)
	}
	// From here on nobody drains any more: a device that claims to record shows it.
	d := s.devices[0]
	d.setState(stateRecording)
	d.readyNS.Store(0)
	f := d.recorder.Stats()
	begun := clock.Mono() - max(f.IdleNS, f.LastNS)
	if got := s.Undrained(); got < time.Duration(begun) || f.LastNS == 0 {
		t.Errorf("undrained for %v, want %v at least", got, time.Duration(begun))
	}
	s.o.Plan.Run.Disk.RetryFor = time.Hour
	if got := s.Undrained(); got != 0 {
		t.Errorf("undrained for %v although the disk may take an hour", got)
	}
}
