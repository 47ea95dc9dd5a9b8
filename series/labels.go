package series

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/scopelog/scopelog/recording"
)

// Labels are what the plan of a recording calls the pins of digital ports, which the metadata do not have.
type Labels struct {
	Devices []labelledDevice `json:"devices"`
}

type labelledDevice struct {
	Name    string         `json:"name"`
	Digital []labelledPort `json:"digital"`
}

type labelledPort struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"` // by pin
}

// ReadLabels reads them from the resolved plan in the folder of a recording. Recordings without one have none, and neither have those whose plan is another program's.
func ReadLabels(dir string) *Labels {
	l := new(Labels)
	text, err := os.ReadFile(filepath.Join(dir, recording.FileResolved))
	if err != nil || json.Unmarshal(text, l) != nil {
		return new(Labels)
	}
	return l
}

// of returns what a pin of a device is called, empty where it has no label.
func (l *Labels) of(device, port, pin string) string {
	if l == nil {
		return ""
	}
	for _, d := range l.Devices {
		for _, g := range d.Digital {
			if d.Name == device && g.Name == port {
				return g.Labels[pin]
			}
		}
	}
	return ""
}
