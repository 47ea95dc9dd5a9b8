package recorder

import (
	"slices"

	"github.com/scopelog/scopelog/recording"
)

// maxMarks bounds the marks that wait for the drainer.
const maxMarks = 1024

// mark is a mark that waits for the drainer, or for its sample.
type mark struct {
	text  string
	event int64
	raw   int64
}

// Mark asks for a mark at a raw device index of every stream, in block modes at the newest whole waveform; event is the number of its line in
// events.jsonl. The sample may still be to come; the last one stands for one that does not. Any goroutine may call it; more than a thousand marks at
// once are dropped, but not their events.
func (d *Device) Mark(text string, event, raw int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.marks) < maxMarks {
		d.marks = append(d.marks, mark{text, event, raw})
	}
}

// setMarks annotates what Mark asked for, as far as the samples have come; with all, the rest too.
func (d *Device) setMarks(all bool) {
	d.mu.Lock()
	marks := d.marks
	d.marks = nil
	d.mu.Unlock()
	left := slices.DeleteFunc(marks, func(m mark) bool { return d.setMark(m, all) })
	if len(left) > 0 {
		d.mu.Lock()
		d.marks = append(left, d.marks...)
		d.mu.Unlock()
	}
}

// setMark annotates one mark, unless a stream has not come to its sample.
func (d *Device) setMark(m mark, all bool) bool {
	places := make([]int64, len(d.lanes))
	for i := range d.lanes {
		l := &d.lanes[i]
		last := l.recorded - 1
		places[i] = last
		if d.blocks != nil {
			continue
		}
		at, _ := l.breaks.find(m.raw / l.ratio)
		if l.breaks.n == 0 { // those that are there are of before, and their places are not known here
			at = last + 1
		}
		if at > last && !all && !l.full && l.failed == nil {
			return false
		}
		places[i] = min(at, last)
	}
	for i, at := range places {
		if at >= 0 {
			d.o.Writer.Annotate(i, recording.Annotation{SampleStart: at, SampleCount: 1, Label: recording.LabelMark, Comment: m.text, Event: &m.event})
		}
	}
	return true
}
