package plan

import (
	"bytes"
	"encoding/json"
	"strings"
)

// node is an object of plan.resolved.json. Its members keep the order in which they were set.
type node struct {
	names  []string
	values map[string]any // string, bool, number, secretText, *node, []*node, []string ...
}

// secretText is the expression behind a value that may not be stored.
type secretText string

// MarshalJSON writes the expression as a template, which a literal text cannot be mistaken for.
func (s secretText) MarshalJSON() ([]byte, error) { return json.Marshal("${" + string(s) + "}") }

func (n *node) set(name string, value any) {
	if n.values == nil {
		n.values = map[string]any{}
	}
	if _, ok := n.values[name]; !ok {
		n.names = append(n.names, name)
	}
	n.values[name] = value
}

// object adds a nested object.
func (n *node) object(name string) *node {
	o := &node{}
	n.set(name, o)
	return o
}

// item adds an object to a list.
func (n *node) item(name string) *node {
	l, _ := n.values[name].([]*node)
	o := &node{}
	n.set(name, append(l, o))
	return o
}

// escaped makes texts that look like templates literal.
func escaped(v any) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, "${", "$${")
	case []string:
		out := make([]string, len(v))
		for i, s := range v {
			out[i] = strings.ReplaceAll(s, "${", "$${")
		}
		return out
	}
	return v
}

// MarshalJSON writes the members in order. Texts that look like templates are escaped as HCL does.
func (n *node) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range n.names {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(escaped(n.values[name]))
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
