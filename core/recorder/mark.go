package recorder

import "github.com/scopelog/scopelog/recording"

// maxMarks bounds the marks that wait for the drainer.
const maxMarks = 1024

// mark is a mark that waits for the drainer.
type mark struct {
	text  string
	event int64
}

// Mark asks for a mark at the newest sample of every stream; event is the number of its line in events.jsonl. Any
// goroutine may call it; more than a thousand marks at once are dropped, but not their events.
func (d *Device) Mark(text string, event int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.marks) < maxMarks {
		d.marks = append(d.marks, mark{text, event})
	}
}

// setMarks annotates what Mark asked for.
func (d *Device) setMarks() {
	d.mu.Lock()
	marks := d.marks
	d.marks = nil
	d.mu.Unlock()
	for _, m := range marks {
		for i := range d.lanes {
			if at := d.lanes[i].recorded - 1; at >= 0 {
				d.o.Writer.Annotate(i, recording.Annotation{SampleStart: at, SampleCount: 1, Label: recording.LabelMark, Comment: m.text, Event: &m.event})
			}
		}
	}
}
