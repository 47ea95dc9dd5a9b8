package recording

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Meta is the content of a .sigmf-meta file. Captures and Annotations are the part that the file lists itself, sorted by SampleStart.
type Meta struct {
	Global      Global       `json:"global"`
	Captures    []Capture    `json:"captures"`
	Annotations []Annotation `json:"annotations"`
}

// Encode returns the bytes of the file: the global object, then one capture and one annotation a line, sorted by SampleStart.
// The lists of m are not changed.
func (m *Meta) Encode() ([]byte, error) {
	caps, err := encodeCaptures(m.Captures)
	if err != nil {
		return nil, err
	}
	anns, err := encodeAnnotations(m.Annotations)
	if err != nil {
		return nil, err
	}
	return encodeMeta(m.Global, caps, anns)
}

// encodeMeta puts a meta together from its global object and its encoded lists.
func encodeMeta(g Global, caps, anns []byte) ([]byte, error) {
	global, err := marshal(g)
	if err != nil {
		return nil, fmt.Errorf("encode global object of %s: %w", g.Stream, err)
	}
	return slices.Concat([]byte(`{"global":`), global, []byte(",\n\"captures\":"), caps, []byte(",\n\"annotations\":"), anns, []byte("}\n")), nil
}

// encodeCaptures returns the list sorted by SampleStart; list is not changed.
func encodeCaptures(list []Capture) ([]byte, error) {
	return encodeList(list, func(a, b Capture) int { return compare(a.SampleStart, b.SampleStart) })
}

// encodeAnnotations returns the list sorted by SampleStart; list is not changed.
func encodeAnnotations(list []Annotation) ([]byte, error) {
	return encodeList(list, func(a, b Annotation) int { return compare(a.SampleStart, b.SampleStart) })
}

// ParseMeta reads a .sigmf-meta file.
func ParseMeta(b []byte) (*Meta, error) {
	m := new(Meta)
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("read meta: %w", err)
	}
	return m, nil
}

func encodeList[T any](list []T, order func(a, b T) int) ([]byte, error) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, order)
	b, err := appendList(nil, list)
	return append(b, ']'), err
}

// appendList adds entries to a list that has no bracket at its end yet; nil begins one.
func appendList[T any](b []byte, list []T) ([]byte, error) {
	if b == nil {
		b = []byte{'['}
	}
	for i := range list {
		if len(b) > 1 {
			b = append(b, ',')
		}
		item, err := marshal(list[i])
		if err != nil {
			return nil, fmt.Errorf("encode entry %d of a meta: %w", i, err)
		}
		b = append(append(b, "\n "...), item...)
	}
	return b, nil
}

// marshal is json.Marshal without the escapes for HTML.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
