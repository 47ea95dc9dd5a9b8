package export

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/scopelog/scopelog/recording"
)

// recordedPlan is what exports take from the plan of a recording: the labels of pins, which the metadata do not have.
type recordedPlan struct {
	Devices []recordedDevice `json:"devices"`
}

type recordedDevice struct {
	Name    string         `json:"name"`
	Digital []recordedPort `json:"digital"`
}

type recordedPort struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"` // by pin
}

// readPlan reads the resolved plan. Recordings without one have no labels, and neither have those whose plan is another program's.
func readPlan(r *recording.Recording) *recordedPlan {
	p := new(recordedPlan)
	text, err := os.ReadFile(filepath.Join(r.Dir(), recording.FileResolved))
	if err != nil || json.Unmarshal(text, p) != nil {
		return new(recordedPlan)
	}
	return p
}

// label returns what a pin of a device is called, "" when it has no label.
func (p *recordedPlan) label(device, port, pin string) string {
	if p == nil {
		return ""
	}
	for _, d := range p.Devices {
		for _, g := range d.Digital {
			if d.Name == device && g.Name == port {
				return g.Labels[pin]
			}
		}
	}
	return ""
}
