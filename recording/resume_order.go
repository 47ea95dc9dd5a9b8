package recording

// takeOrder notes when the device has taken the order of an event that nothing has ended since: what it brought or lost may follow, or not.
func (d *resumedDevice) takeOrder(e *Event) {
	switch e.Kind {
	case EventDetected:
		if at, ok := orderOf(e, d.Name); ok {
			d.OrderedNS = max(d.OrderedNS, at)
		}
	case EventResumed:
		d.OrderedNS = 0 // whoever went on has told
	case EventWaveformLost, EventDeviceStop:
		if e.Device == d.Name {
			d.OrderedNS = 0
		}
	}
}

// orderOf tells when a device has taken the order of an event, in UTC.
func orderOf(e *Event, device string) (at int64, ok bool) {
	list, _ := e.Data["start"].([]any)
	for _, x := range list {
		o, _ := x.(map[string]any)
		if o["device"] == device && o["outcome"] == "started" {
			after, _ := o["after_event_s"].(float64)
			return int64(e.UTC) + int64(after*1e9), true
		}
	}
	return 0, false
}
