package recording

import (
	"path/filepath"
	"strings"
)

// DetectedBefore is what events.jsonl tells of an event block of the plan when a run goes on.
type DetectedBefore struct {
	Count      int64                       // events found, those that were only counted included
	Suppressed int64                       // of those, the ones that were only counted
	Unwatched  int64                       // samples that were recorded and not looked at
	Starts     map[string]map[string]int64 // what became of orders: how many, by device and outcome
}

// tallyDetected adds up what the events tell of event blocks, by their names.
func tallyDetected(events []Event) map[string]DetectedBefore {
	all := map[string]DetectedBefore{}
	for i := range events {
		e := &events[i]
		name, ok := e.Data["event"].(string)
		if !ok || e.Kind != EventDetected && e.Kind != EventWarning {
			continue
		}
		t := all[name]
		if e.Kind == EventWarning {
			suppressed, _ := e.Data["suppressed"].(float64)
			unwatched, _ := e.Data["unwatched"].(float64)
			t.Count, t.Suppressed, t.Unwatched = t.Count+int64(suppressed), t.Suppressed+int64(suppressed), t.Unwatched+int64(unwatched)
			all[name] = t
			continue
		}
		t.Count += e.Count
		starts, _ := e.Data["start"].([]any)
		for _, s := range starts {
			m, _ := s.(map[string]any)
			device, _ := m["device"].(string)
			outcome, _ := m["outcome"].(string)
			if t.Starts == nil {
				t.Starts = map[string]map[string]int64{}
			}
			if t.Starts[device] == nil {
				t.Starts[device] = map[string]int64{}
			}
			t.Starts[device][outcome]++
		}
		all[name] = t
	}
	return all
}

// DetectedBefore is what was found by an event block of the plan before the run went on; nothing of a run that began here.
func (r *Run) DetectedBefore(name string) DetectedBefore { return r.detected[name] }

// DroppedBytes is how many bytes of a device's samples the disk rules of the plan have removed so far, as far as what is left tells.
func (r *Run) DroppedBytes(device string) int64 {
	file := r.Info()
	rd := file.Device(device)
	if rd == nil || rd.Dropped.Segments == 0 {
		return 0
	}
	starts := map[string]int64{} // stream index of the first sample that was not dropped, by stream
	switch {
	case rd.DroppedEnd != nil:
		for name, end := range rd.DroppedEnd.Streams {
			starts[name] = end.End
		}
	case len(rd.NotKept) > 0 && (len(rd.Segments) == 0 || rd.NotKept[0].First < rd.Segments[0].Segment):
		for name, n := range rd.NotKept[0].Streams {
			starts[name] = n.Start
		}
	case len(rd.Segments) > 0:
		for name := range rd.Segments[0].Files {
			if !strings.HasSuffix(name, ExtMeta) {
				continue
			}
			if b, err := r.fsys.ReadFile(filepath.Join(r.dir, name)); err == nil {
				if m, err := ParseMeta(b); err == nil {
					starts[m.Global.Stream] = m.Global.Start
				}
			}
		}
	}
	sum := int64(0)
	for _, st := range rd.Streams {
		sum += starts[st.Name] * int64(st.Datatype.Size())
	}
	return sum
}

// NotKeptBytes is how many bytes of samples of a device were removed as the plan keeps what lies around events only.
func (d *RunDevice) NotKeptBytes() int64 {
	sum := int64(0)
	for _, st := range d.Streams {
		sum += d.NotKeptSamples(st.Name) * int64(st.Datatype.Size())
	}
	return sum
}
