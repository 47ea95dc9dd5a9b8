package recording

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
)

// waveRun is how a journal line tells of waveforms that follow each other: the first one's capture, and what differs in the others
// (docs/format/journal.md, section 7). A capture as an object would take ten times the bytes of a short waveform.
type waveRun struct {
	captures []Capture // the first one, and those behind it
}

type waveRunJSON struct {
	First   Capture     `json:"first"`
	Samples int64       `json:"samples,omitempty"`
	Next    [][6]*int64 `json:"next,omitempty"`
}

// follows tells whether c is the next waveform behind p, length samples long, and told of by what differs.
func (c *Capture) follows(p *Capture, length int64) bool {
	return c.SampleStart-p.SampleStart == length && c.GlobalIndex-p.GlobalIndex == length && c.Epoch == p.Epoch && *c.Waveform == *p.Waveform+1 &&
		equalAt(c.Scale, p.Scale) && equalAt(c.Offset, p.Offset) && equalAt(c.Range, p.Range)
}

func equalAt[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// allWaves tells whether all captures are waveforms.
func allWaves(list []Capture) bool {
	return !slices.ContainsFunc(list, func(c Capture) bool {
		return c.Waveform == nil || c.Arm == nil || c.MemorySegment == nil || c.Gap != nil
	})
}

// waveRuns splits waveforms, in their order, into runs.
func waveRuns(list []Capture) []waveRun {
	var runs []waveRun
	for from := 0; from < len(list); {
		to := from + 1
		if to < len(list) {
			length := list[to].SampleStart - list[from].SampleStart
			for to < len(list) && length > 0 && list[to].follows(&list[to-1], length) {
				to++
			}
		}
		runs = append(runs, waveRun{list[from:to]})
		from = to
	}
	return runs
}

// appendWave appends what c tells beyond the waveform before it: its times and its trigger.
func appendWave(b []byte, p, c *Capture) []byte {
	b = strconv.AppendInt(append(b, '['), int64(c.Datetime-p.Datetime), 10)
	for _, v := range [...]int64{*c.Arm - *p.Arm, *c.MemorySegment - *p.MemorySegment} {
		b = strconv.AppendInt(append(b, ','), v, 10)
	}
	for _, v := range [...]*int64{c.TriggerPosition, c.TriggerOffsetFS, c.DeadTimeNS} {
		if b = append(b, ','); v == nil {
			b = append(b, "null"...)
			continue
		}
		b = strconv.AppendInt(b, *v, 10)
	}
	return append(b, ']')
}

// MarshalJSON writes the run as an object.
func (r waveRun) MarshalJSON() ([]byte, error) {
	first, err := marshal(r.captures[0])
	if err != nil {
		return nil, err
	}
	b := append([]byte(`{"first":`), first...)
	for i := range r.captures[1:] {
		p, c := &r.captures[i], &r.captures[i+1]
		if i == 0 {
			b = strconv.AppendInt(append(b, `,"samples":`...), c.SampleStart-p.SampleStart, 10)
			b = append(b, `,"next":[`...)
		} else {
			b = append(b, ',')
		}
		b = appendWave(b, p, c)
	}
	if len(r.captures) > 1 {
		b = append(b, ']')
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads a run.
func (r *waveRun) UnmarshalJSON(b []byte) error {
	var j waveRunJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	if !allWaves([]Capture{j.First}) {
		return impossible("waveforms that begin with none")
	}
	r.captures = append(make([]Capture, 0, 1+len(j.Next)), j.First)
	if len(j.Next) == 0 {
		return nil
	}
	room := math.MaxInt64 - max(j.First.SampleStart, j.First.GlobalIndex)
	if j.Samples <= 0 || j.First.SampleStart < 0 || j.First.GlobalIndex < 0 || int64(len(j.Next)) > room/j.Samples {
		return impossible("%d waveforms of %d samples behind stream index %d", len(j.Next), j.Samples, j.First.SampleStart)
	}
	ints := make([]struct{ waveform, arm, segment int64 }, len(j.Next))
	for i, v := range j.Next {
		if v[0] == nil || v[1] == nil || v[2] == nil {
			return impossible("a waveform without a time")
		}
		c, n := r.captures[i], &ints[i]
		n.waveform, n.arm, n.segment = *c.Waveform+1, *c.Arm+*v[1], *c.MemorySegment+*v[2]
		c.SampleStart += j.Samples
		c.GlobalIndex += j.Samples
		c.Datetime += Timestamp(*v[0])
		c.Waveform, c.Arm, c.MemorySegment = &n.waveform, &n.arm, &n.segment
		c.TriggerPosition, c.TriggerOffsetFS, c.DeadTimeNS = v[3], v[4], v[5]
		r.captures = append(r.captures, c)
	}
	return nil
}

// newsJSON is what a line holds of a stream's captures and annotations.
type newsJSON struct {
	Captures    []Capture    `json:"captures,omitempty"`
	Waveforms   []waveRun    `json:"waveforms,omitempty"`
	Annotations []Annotation `json:"annotations,omitempty"`
}

func (m MoreNews) json() newsJSON {
	j := newsJSON{Annotations: m.Annotations}
	if allWaves(m.Captures) {
		j.Waveforms = waveRuns(m.Captures)
	} else {
		j.Captures = m.Captures
	}
	return j
}

func (j newsJSON) news() MoreNews {
	m := MoreNews{Captures: j.Captures, Annotations: j.Annotations}
	for _, r := range j.Waveforms {
		m.Captures = append(m.Captures, r.captures...)
	}
	return m
}

// MarshalJSON writes waveforms in their short form.
func (m MoreNews) MarshalJSON() ([]byte, error) { return marshal(m.json()) }

// UnmarshalJSON reads both forms of captures.
func (m *MoreNews) UnmarshalJSON(b []byte) error {
	var j newsJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*m = j.news()
	return nil
}

type streamNewsJSON struct {
	N       int64    `json:"n"`
	DataCRC Checksum `json:"data_crc"`
	newsJSON
}

// MarshalJSON writes waveforms in their short form.
func (n StreamNews) MarshalJSON() ([]byte, error) {
	return marshal(streamNewsJSON{n.N, n.DataCRC, MoreNews{n.Captures, n.Annotations}.json()})
}

// UnmarshalJSON reads both forms of captures.
func (n *StreamNews) UnmarshalJSON(b []byte) error {
	var j streamNewsJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	m := j.news()
	*n = StreamNews{j.N, j.DataCRC, m.Captures, m.Annotations}
	return nil
}

// newsCost measures what captures and annotations take in a line, at the most.
type newsCost struct {
	short   bool
	prev    *Capture
	length  int64
	scratch []byte
}

// capture returns the bytes of the next capture of a list. again lets it begin a new line.
func (k *newsCost) capture(c *Capture, again bool) int {
	p := k.prev
	k.prev = c
	if !k.short || p == nil || again {
		k.length = 0
		return captureBytes(c)
	}
	if k.length == 0 {
		k.length = c.SampleStart - p.SampleStart
	}
	if k.length <= 0 || !c.follows(p, k.length) {
		k.length = 0
		return captureBytes(c)
	}
	k.scratch = appendWave(k.scratch[:0], p, c)
	return len(k.scratch) + 1
}
