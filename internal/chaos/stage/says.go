package stage

import "time"

// Status is what is used of the program's status.
type Status struct {
	State   string   `json:"state"`
	Dir     string   `json:"dir"`
	Elapsed float64  `json:"elapsed_s"`
	Lost    int64    `json:"lost"`
	Bytes   int64    `json:"bytes"`
	Devices []Figure `json:"devices"`
}

// Figure is one device of it.
type Figure struct {
	Name      string  `json:"name"`
	State     string  `json:"state"`
	PluginPID int     `json:"plugin_pid"`
	Restarts  int     `json:"restarts"`
	Epoch     int     `json:"epoch"`
	RingFill  float64 `json:"ring_fill"`
	Error     string  `json:"error"`
	Block     *struct {
		Waveforms int64   `json:"waveforms"`
		Lost      int64   `json:"lost"`
		Waiting   float64 `json:"waiting_s"`
	} `json:"block"`
	Streams []struct {
		Name     string `json:"name"`
		Recorded int64  `json:"recorded"`
		Lost     int64  `json:"lost"`
		Gaps     int    `json:"gaps"`
	} `json:"streams"`
}

// Device is the figure of a device; empty when it is not there.
func (s *Status) Device(name string) Figure {
	for _, d := range s.Devices {
		if d.Name == name {
			return d
		}
	}
	return Figure{}
}

// Recorded is how many samples the device's first stream has.
func (f Figure) Recorded() int64 {
	if len(f.Streams) == 0 {
		return 0
	}
	return f.Streams[0].Recorded
}

// Gaps is how many gaps its first stream has.
func (f Figure) Gaps() int {
	if len(f.Streams) == 0 {
		return 0
	}
	return f.Streams[0].Gaps
}

// Notice is something that the program tells while it runs.
type Notice struct {
	Time   time.Time `json:"time"`
	Kind   string    `json:"kind"`
	Device string    `json:"device"`
	Text   string    `json:"text"`
}

// Summary is what is used of how a run ended.
type Summary struct {
	Dir          string `json:"dir"`
	Reason       string `json:"end_reason"`
	Lost         bool   `json:"lost"`
	DeviceFailed bool   `json:"device_failed"`
	DiskFailed   bool   `json:"disk_failed"`
	Devices      []struct {
		Name  string `json:"name"`
		Error string `json:"error"`
		Block *struct {
			Waveforms int64 `json:"waveforms"`
			Lost      int64 `json:"lost"`
		} `json:"block"`
		Streams []struct {
			Name     string `json:"name"`
			Recorded int64  `json:"recorded"`
			Lost     int64  `json:"lost"`
			Gaps     int64  `json:"gaps"`
		} `json:"streams"`
	} `json:"devices"`
}

// line is one line of run --json.
type line struct {
	Event   string   `json:"event"`
	Notice  *Notice  `json:"notice"`
	Status  *Status  `json:"status"`
	Summary *Summary `json:"summary"`
}
