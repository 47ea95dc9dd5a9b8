package toproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Event carries an event.
func Event(e driver.Event) *driverpb.Event {
	return &driverpb.Event{
		Kind: text(e.Kind), MonoNanoseconds: e.MonoNS, EpochIndex: e.Index, Text: text(e.Text), Value: e.Value,
		Error: Error(e.Error), Dropped: e.Dropped,
	}
}

// StopInfo carries how an acquisition ended.
func StopInfo(s driver.StopInfo) *driverpb.StopInfo {
	return &driverpb.StopInfo{
		Reason: text(s.Reason), DeliveredSamples: s.Delivered, DriverLostSamples: s.DriverLost, Waveforms: s.Waveforms,
		StopTookNanoseconds: int64(s.StopTook),
	}
}
