package recording

import "slices"

// Label says what an annotation is about.
type Label string

// The labels of annotations; [LabelCode] gives their numbers in tables.
const (
	LabelOverRange  Label = "over_range"
	LabelTrigger    Label = "trigger"
	LabelMark       Label = "mark"
	LabelPower      Label = "power"
	LabelDamaged    Label = "damaged"
	LabelUnverified Label = "unverified"
)

var labels = [...]Label{"", LabelOverRange, LabelTrigger, LabelMark, LabelPower, LabelDamaged, LabelUnverified}

// LabelCode returns the number of a label in tables, 0 for one that is not defined.
func LabelCode(l Label) uint8 { return uint8(max(0, slices.Index(labels[1:], l)+1)) }

// LabelOf returns the label of a table's number, "" for one that is not defined.
func LabelOf(code uint8) Label {
	if int(code) < len(labels) {
		return labels[code]
	}
	return ""
}

// Generator is the core:generator of annotations that this package makes.
const Generator = "scopelog"

// Annotation marks a range of a stream. It never crosses the border of a file.
type Annotation struct {
	SampleStart int64  `json:"core:sample_start"` // stream index
	SampleCount int64  `json:"core:sample_count"`
	Label       Label  `json:"core:label"`
	Generator   string `json:"core:generator"`
	Comment     string `json:"core:comment,omitempty"`
	Exact       *bool  `json:"daq:exact,omitempty"` // over_range, trigger
	Event       *int64 `json:"daq:event,omitempty"` // seq in events.jsonl
}

// End returns the stream index behind the range.
func (a Annotation) End() int64 { return a.SampleStart + a.SampleCount }

// Joins reports whether a and b are pieces of one annotation: equal but for their ranges, which touch or overlap.
func (a Annotation) Joins(b Annotation) bool {
	return a.Label == b.Label && a.Generator == b.Generator && a.Comment == b.Comment &&
		equalPtr(a.Exact, b.Exact) && equalPtr(a.Event, b.Event) && a.SampleStart <= b.End() && b.SampleStart <= a.End()
}

// Join returns the one annotation that two pieces are.
func (a Annotation) Join(b Annotation) Annotation {
	end := max(a.End(), b.End())
	a.SampleStart = min(a.SampleStart, b.SampleStart)
	a.SampleCount = end - a.SampleStart
	return a
}

func equalPtr[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// JoinAnnotation adds a to list, joined with the last annotation of its label when they are pieces of one. Journal order in, journal order out:
// pieces come in the order of the stream, so only the last of each label can touch.
func JoinAnnotation(list []Annotation, a Annotation) []Annotation {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Label != a.Label {
			continue
		}
		if list[i].Joins(a) {
			list[i] = list[i].Join(a)
			return list
		}
		break
	}
	return append(list, a)
}
