package session

import "time"

// State is where a run stands.
type State string

// The states of a run, in their order.
const (
	StateRecording State = "recording" // at least one device records
	StateSealing   State = "sealing"   // devices are stopped, files are being sealed
	StateDone      State = "done"
)

// Status is a picture of a run at one moment. Sizes are bytes, counts samples, times as their types say. It is
// also what the control socket answers to {"op":"status"}; names of keys only grow.
type Status struct {
	FormatVersion string         `json:"format_version"`
	Run           string         `json:"run"`  // run id
	Name          string         `json:"name"` // from the plan
	Dir           string         `json:"dir"`
	PID           int            `json:"pid"`
	State         State          `json:"state"`
	Started       time.Time      `json:"started"`
	Elapsed       float64        `json:"elapsed_s"`
	Left          float64        `json:"left_s"`         // seconds to the planned end; -1: none
	Bytes         int64          `json:"bytes"`          // of sample data written
	Dropped       int64          `json:"dropped_bytes"`  // of those, what the plan's disk rules have removed again
	NotKept       int64          `json:"not_kept_bytes"` // of those, what was removed again as no event lies near
	Keep          *KeepStatus    `json:"keep,omitempty"` // of a run that keeps only what lies around events
	BytesPerSec   float64        `json:"bytes_per_s"`
	FreeDisk      int64          `json:"free_disk_bytes"` // -1: unknown
	ToHash        int64          `json:"to_hash_bytes"`   // of sample data that wait for their SHA-512
	SyncAsked     float64        `json:"sync_asked_s"`
	SyncRealised  float64        `json:"sync_realised_s"`
	Lost          int64          `json:"lost"`   // raw samples, of all devices together
	Events        int64          `json:"events"` // that the recording tells of
	EventBlocks   []EventBlock   `json:"event_blocks"`
	Devices       []DeviceStatus `json:"devices"`
}

// KeepStatus counts the segments of a run that keeps only what lies around events, of all devices. Those from before a
// run went on all count as kept.
type KeepStatus struct {
	Kept    int `json:"kept_segments"`    // for good
	Waiting int `json:"waiting_segments"` // complete, and not judged, as an event may still reach them; the last ones of each device stay
}

// DeviceStatus is one device of a [Status].
type DeviceStatus struct {
	Name       string         `json:"name"`
	Driver     string         `json:"driver"`
	Model      string         `json:"model"`
	Serial     string         `json:"serial"`
	Emulated   bool           `json:"emulated"`
	State      string         `json:"state"`           // "ready", "recording", "waiting" (for its trigger, or for an event), "no_disk" (writing fails, and is tried again), "restarting", "stopped", "failed"
	Mode       string         `json:"mode"`            // "stream", "block", "rapid_block"
	Block      *BlockStatus   `json:"block,omitempty"` // of block modes
	PluginPID  int            `json:"plugin_pid"`
	Adopted    bool           `json:"adopted,omitempty"` // the plugin was taken over from a recorder that had died
	Epoch      int            `json:"epoch"`
	Restarts   int            `json:"restarts"`
	RingFill   float64        `json:"ring_fill"`     // 0..1, the fullest lane or the queue
	RingMax    float64        `json:"ring_max_fill"` // the fullest since the start
	Error      string         `json:"error,omitempty"`
	RatePerSec float64        `json:"samples_per_s"` // of one raw stream, lately
	Lost       int64          `json:"lost"`          // raw samples: what the stream lost that lost most, as one loss takes from all streams
	Streams    []StreamStatus `json:"streams"`
}

// BlockStatus counts the waveforms of a device in block mode.
type BlockStatus struct {
	Waveforms int64   `json:"waveforms"`
	Lost      int64   `json:"lost"`                // not complete, and nobody had asked for the end
	Armings   int64   `json:"armings"`             // that brought a waveform
	Waiting   float64 `json:"waiting_s"`           // for the trigger or an event, so far; -1: it does not wait
	ForEvent  bool    `json:"for_event,omitempty"` // it is an event that it waits for
	DeadKnown int64   `json:"dead_known"`          // waveforms for which the time since the one before is known
	DeadLeast float64 `json:"dead_least_s"`        // of these; -1: of none
	DeadMean  float64 `json:"dead_mean_s"`
	DeadWorst float64 `json:"dead_worst_s"`
	Triggered bool    `json:"triggered"` // by its trigger or by events; else it captures without waiting
	Away      float64 `json:"away_s"`    // in which the device was started again, after failures
}

// StreamStatus is one stream of a [DeviceStatus].
type StreamStatus struct {
	Name     string `json:"name"`
	Recorded int64  `json:"recorded"`
	Lost     int64  `json:"lost"`
	Gaps     int    `json:"gaps"`
	NotKept  int64  `json:"not_kept,omitempty"` // of the recorded ones, those that were removed again as no event lies near: no loss
	// OverRange is how many samples came in deliveries that were over range.
	OverRange int64 `json:"over_range"`
	// Unverified is how many of the recorded samples nothing vouches for, as their sync had failed, as far as this process did them.
	Unverified int64 `json:"unverified,omitempty"`
}

// Summary is how a run ended.
type Summary struct {
	FormatVersion string          `json:"format_version"`
	Run           string          `json:"run"`
	Dir           string          `json:"dir"`
	EndReason     string          `json:"end_reason"` // "duration", "samples", "completed", "until", "stop", "device", "disk", "failed"
	Elapsed       float64         `json:"elapsed_s"`
	Bytes         int64           `json:"bytes"`
	Dropped       int64           `json:"dropped_bytes"`  // of those, what the plan's disk rules have removed again
	NotKept       int64           `json:"not_kept_bytes"` // of those, what was removed again as no event lies near
	Keep          *KeepStatus     `json:"keep,omitempty"` // of a run that keeps only what lies around events
	Lost          bool            `json:"lost"`           // samples were lost: exit code 3
	DeviceFailed  bool            `json:"device_failed"`  // exit code 4
	DiskFailed    bool            `json:"disk_failed"`    // exit code 5
	Devices       []DeviceSummary `json:"devices"`
	EventBlocks   []EventBlock    `json:"event_blocks"`
}

// DeviceSummary is one device of a [Summary].
type DeviceSummary struct {
	Name    string         `json:"name"`
	Driver  string         `json:"driver"`
	Serial  string         `json:"serial"`
	Error   string         `json:"error,omitempty"`
	Advice  string         `json:"advice,omitempty"`
	Block   *BlockStatus   `json:"block,omitempty"` // of block modes
	Streams []StreamStatus `json:"streams"`
	Gaps    []GapSummary   `json:"gaps"` // at most 100; the recording has all
	More    int            `json:"more_gaps,omitempty"`
	// LostInside is how many samples of each channel the vendor library lost, at places that are not known.
	LostInside int64 `json:"lost_inside,omitempty"`
}

// GapSummary is one loss, for people.
type GapSummary struct {
	Stream  string    `json:"stream"`
	Cause   string    `json:"cause"`
	When    time.Time `json:"when"`
	Lost    int64     `json:"lost"`
	LostMin int64     `json:"lost_min"`
	LostMax int64     `json:"lost_max"`
	Exact   bool      `json:"exact"`
	Seconds float64   `json:"seconds"` // Lost x sample interval
}

// Notice is something that happened in the run, told while it happens.
type Notice struct {
	Time   time.Time `json:"time"`
	Kind   string    `json:"kind"` // as in events.jsonl; also "left_out", "applied" and "waiting"
	Device string    `json:"device,omitempty"`
	Text   string    `json:"text"`
}

// Preview is what a plan would do: the answer of [Check].
type Preview struct {
	FormatVersion string          `json:"format_version"`
	Name          string          `json:"name"`
	Output        string          `json:"output"`
	Devices       []DevicePreview `json:"devices"`
	BytesPerSec   float64         `json:"bytes_per_s"`
	BytesPerHour  float64         `json:"bytes_per_hour"`
	DiskPerSec    float64         `json:"disk_bytes_per_s"` // with what lies beside the samples
	UpTo          bool            `json:"up_to"`            // those are the most that can come
	RingBytes     int64           `json:"ring_bytes"`
	MaxMemory     int64           `json:"max_memory_bytes"`
	DiskNeed      int64           `json:"disk_need_bytes"` // -1: the plan has no end
	DiskLeast     bool            `json:"disk_need_least"` // what lies around events comes beside it
	DiskFree      int64           `json:"disk_free_bytes"`
	KeepFree      int64           `json:"keep_free_bytes"` // of those, what the plan keeps free
	Seconds       float64         `json:"duration_s"`      // -1: no end
	Warnings      []string        `json:"warnings"`
}

// DevicePreview is one device of a [Preview].
type DevicePreview struct {
	Name       string  `json:"name"`
	Driver     string  `json:"driver"`
	Model      string  `json:"model"`
	Serial     string  `json:"serial"`
	Emulated   bool    `json:"emulated"`
	Mode       string  `json:"mode"`
	Resolution int     `json:"resolution_bits"`
	Asked      string  `json:"asked_interval"` // exact seconds, num/den; 0 with Timebase
	Timebase   *uint32 `json:"asked_timebase,omitempty"`
	Applied    string  `json:"applied_interval"`
	Power      string  `json:"power"`
	Hold       float64 `json:"ring_hold_s"` // 0 for block modes, which wait for room
	// Of block modes: raw samples before and after the trigger, waveforms an arming, armings (0: without end), bytes of a waveform.
	Pre           int64           `json:"pre_samples,omitempty"`
	Post          int64           `json:"post_samples,omitempty"`
	Captures      int64           `json:"captures,omitempty"`
	Armings       int64           `json:"armings,omitempty"`
	WaveformBytes int64           `json:"waveform_bytes,omitempty"`
	RepeatFor     float64         `json:"repeat_for_s,omitempty"` // after which time no arming begins; 0: none
	Every         float64         `json:"every_s,omitempty"`      // from one arming to the next; 0: at once
	Triggered     bool            `json:"triggered,omitempty"`    // each arming, in rapid blocks each waveform, waits for its trigger
	Ordered       bool            `json:"ordered,omitempty"`      // each arming waits for an event
	Cut           int64           `json:"cut_samples"`            // realised rotation in raw samples; 0: none
	CutSeconds    float64         `json:"cut_s"`
	Generator     string          `json:"generator,omitempty"` // what its signal generator puts out from the start; empty: none, or off
	Notes         []string        `json:"notes"`
	Streams       []StreamPreview `json:"streams"`
}

// StreamPreview is one stream of a [DevicePreview].
type StreamPreview struct {
	Name         string  `json:"name"`
	Channel      string  `json:"channel"`
	Kind         string  `json:"kind"`
	Interval     string  `json:"interval"` // exact seconds per sample, num/den
	InputRange   string  `json:"input_range"`
	TipRange     string  `json:"tip_range"`
	UnitRange    string  `json:"unit_range"`
	AskedRange   string  `json:"asked_range"`
	BytesPerSec  float64 `json:"bytes_per_s"`
	BytesPerHour float64 `json:"bytes_per_hour"`
	UpTo         bool    `json:"up_to"` // those are the most that can come
}
