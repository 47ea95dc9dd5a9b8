package fromproto

import (
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Event reads an event. It cannot fail.
func Event(e *driverpb.Event) driver.Event {
	return driver.Event{
		Kind: driver.EventKind(e.GetKind()), MonoNS: e.GetMonoNanoseconds(), Index: e.GetEpochIndex(), Text: e.GetText(),
		Value: e.GetValue(), Error: Error(e.GetError()), Dropped: e.GetDropped(),
	}
}

// StopInfo reads how an acquisition ended. It cannot fail.
func StopInfo(s *driverpb.StopInfo) driver.StopInfo {
	return driver.StopInfo{
		Reason: driver.StopReason(s.GetReason()), Delivered: s.GetDeliveredSamples(), DriverLost: s.GetDriverLostSamples(),
		Waveforms: s.GetWaveforms(), StopTook: time.Duration(s.GetStopTookNanoseconds()),
	}
}
