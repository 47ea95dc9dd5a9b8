package session

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// SoftwareTrigger fires by command what waits for the software's trigger on a device: its signal generator, and with some
// drivers its acquisition.
func (s *Session) SoftwareTrigger(ctx context.Context, name string) error {
	i := slices.IndexFunc(s.devices, func(d *device) bool { return d.name == name })
	if i < 0 {
		var names []string
		for _, d := range s.devices {
			names = append(names, d.name)
		}
		return fmt.Errorf("the run has no device %q; it has %s", name, strings.Join(names, ", "))
	}
	d := s.devices[i]
	if s.sealing.Load() || isClosed(d.done) {
		return fmt.Errorf("the device %q records no more", name)
	}
	d.mu.Lock()
	u := d.unit
	d.mu.Unlock()
	if u.device == nil {
		return fmt.Errorf("the device %q is not there", name)
	}
	raw := d.rawIndex(clock.Mono())
	if err := u.device.SoftwareTrigger(ctx); err != nil {
		return s.opener.redacted(err)
	}
	if _, err := s.run.NoteEvent(recording.Event{Kind: recording.EventSoftwareTrigger, Device: name, MonoNS: clock.Mono(), Index: &raw}); err != nil {
		return fmt.Errorf("it was triggered, but that could not be written down: %w", err)
	}
	s.notice(string(recording.EventSoftwareTrigger), name, "")
	return nil
}
