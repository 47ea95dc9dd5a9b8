package session

import (
	"time"

	"github.com/scopelog/scopelog/core/clock"
)

// Undrained is for how long some device's ring has not been looked at although the device records, beyond the time for
// which the plan lets a disk hold it up (retry_for); 0 where all is well. It is what a watchdog asks: the time only
// stays 0 while the very loops go round that bring samples to the disk. It looks at no disk itself.
func (s *Session) Undrained() time.Duration {
	worst, now := time.Duration(0), clock.Mono()
	for _, d := range s.devices {
		d.mu.Lock()
		records := d.state == stateRecording
		d.mu.Unlock()
		if !records {
			continue // who is started again is watched by the budgets of that
		}
		f := d.recorder.Stats()
		if last := max(f.IdleNS, f.LastNS, d.readyNS.Load()); last > 0 {
			worst = max(worst, time.Duration(now-last)-s.o.Plan.Run.Disk.RetryFor)
		}
	}
	return worst
}
