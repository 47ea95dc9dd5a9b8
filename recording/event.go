package recording

import (
	"encoding/json"
	"fmt"
)

// EventKind is the kind of an event.
type EventKind string

// The kinds of events.
const (
	EventRunStart        EventKind = "run_start"
	EventRunStop         EventKind = "run_stop"
	EventDeviceStart     EventKind = "device_start"
	EventDeviceStop      EventKind = "device_stop"
	EventGap             EventKind = "gap"
	EventRestart         EventKind = "restart"
	EventPower           EventKind = "power"
	EventMark            EventKind = "mark"
	EventTriggerWait     EventKind = "trigger_wait"
	EventGenerator       EventKind = "generator"        // the plan has changed the signal generator; each is a line
	EventSoftwareTrigger EventKind = "software_trigger" // given by command; each is a line
	EventWaveformLost    EventKind = "waveform_lost"
	EventClockStep       EventKind = "clock_step"
	EventSuspend         EventKind = "suspend"
	EventSyncSlow        EventKind = "sync_slow"
	EventSyncFailed      EventKind = "sync_failed"
	EventDiskFailed      EventKind = "disk_failed" // writing fails, and is tried again
	EventDiskBack        EventKind = "disk_back"   // it works again
	EventDiskLow         EventKind = "disk_low"
	EventSegmentDropped  EventKind = "segment_dropped"
	EventResumed         EventKind = "resumed"
	EventAdopted         EventKind = "adopted"
	EventRepaired        EventKind = "repaired"
	EventDamaged         EventKind = "damaged"
	EventTemperature     EventKind = "temperature"
	EventDetected        EventKind = "event"       // of an event block; each is a line
	EventDriverLost      EventKind = "driver_lost" // inside the vendor library, where is not known
	EventWarning         EventKind = "warning"
	EventError           EventKind = "error"
)

// separate tells whether an event is a line of its own: of a kind of which each is, or a warning with figures of an event block.
func (e *Event) separate() bool {
	switch e.Kind {
	case EventDetected, EventGenerator, EventSoftwareTrigger, EventMark:
		return true
	case EventWarning:
		return e.Data["event"] != nil
	}
	return false
}

// Event is one line of events.jsonl. Pointers are nil where the key is absent.
type Event struct {
	Seq    int64          `json:"seq"` // counts the lines of the run from 0; given by the writer
	UTC    Timestamp      `json:"utc"` // 0: now
	MonoNS int64          `json:"mono_ns"`
	Kind   EventKind      `json:"kind"`
	Device string         `json:"device,omitempty"`
	Index  *int64         `json:"index,omitempty"` // raw device index
	Epoch  *int           `json:"epoch,omitempty"`
	Count  int64          `json:"count"` // how many events the line stands for
	Text   string         `json:"text,omitempty"`
	Data   map[string]any `json:"data,omitempty"`
}

// EncodeEvent returns the line of an event, newline included.
func EncodeEvent(e Event) ([]byte, error) {
	object, err := marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return AppendCRC(object)
}

// ParseEvent checks and reads one line of events.jsonl, newline included.
func ParseEvent(b []byte) (*Event, error) {
	object, err := VerifyCRC(b)
	if err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	e := new(Event)
	if err := json.Unmarshal(object, e); err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	return e, nil
}
