package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
)

// rule is what SigMF 1.2 says of one key of the core namespace: its published schema, and what the text of the specification adds.
type rule struct {
	key      string
	kind     string // "text", "integer", "number", "bool", "list", "object"
	required bool
	low      float64 // of numbers; both 0: any
	high     float64
	pattern  string // of texts, from begin to end
}

const anyIndex = math.MaxInt64

const utcPattern = `\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z`

var (
	globalRules = []rule{
		{key: "core:datatype", kind: "text", required: true, pattern: `[cr](f32|f64|i32|i16|u32|u16)_[lb]e|[cr][iu]8`},
		{key: "core:version", kind: "text", required: true, pattern: `1\.2\.\d+`},
		{key: "core:sample_rate", kind: "number", low: math.SmallestNonzeroFloat64, high: 1e12}, // since 1.2.6; before it from 1 on
		{key: "core:author", kind: "text"},
		{key: "core:collection", kind: "text", pattern: `[^/\\]+`},
		{key: "core:data_doi", kind: "text"},
		{key: "core:description", kind: "text"},
		{key: "core:hw", kind: "text"},
		{key: "core:license", kind: "text", pattern: `\w+:.*`},
		{key: "core:meta_doi", kind: "text"},
		{key: "core:num_channels", kind: "integer", low: 1, high: anyIndex},
		{key: "core:offset", kind: "integer", high: anyIndex},
		{key: "core:recorder", kind: "text"},
		{key: "core:sha512", kind: "text", pattern: `[0-9a-fA-F]{128}`},
		{key: "core:geolocation", kind: "object"},
		{key: "core:extensions", kind: "list"},
	}
	extensionRules = []rule{
		{key: "name", kind: "text", required: true},
		{key: "version", kind: "text", required: true, pattern: `\d+\.\d+\.\d+`},
		{key: "optional", kind: "bool", required: true},
	}
	captureRules = []rule{
		{key: "core:sample_start", kind: "integer", required: true, high: anyIndex},
		{key: "core:global_index", kind: "integer", high: anyIndex},
		{key: "core:datetime", kind: "text", pattern: utcPattern},
		{key: "core:frequency", kind: "number", low: -1e12, high: 1e12},
		{key: "core:geolocation", kind: "object"},
	}
	annotationRules = []rule{
		{key: "core:sample_start", kind: "integer", required: true, high: anyIndex},
		{key: "core:sample_count", kind: "integer", high: anyIndex},
		{key: "core:freq_lower_edge", kind: "number", low: -1e12, high: 1e12},
		{key: "core:freq_upper_edge", kind: "number", low: -1e12, high: 1e12},
		{key: "core:label", kind: "text"},
		{key: "core:comment", kind: "text"},
		{key: "core:generator", kind: "text"},
		{key: "core:uuid", kind: "text", pattern: `[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`},
	}
	collectionRules = []rule{
		{key: "core:version", kind: "text", required: true, pattern: `1\.2\.\d+`},
		{key: "core:description", kind: "text"},
		{key: "core:extensions", kind: "list"},
		{key: "core:streams", kind: "list"},
	}
	streamRules = []rule{
		{key: "name", kind: "text", required: true, pattern: `[^/\\]+`},
		{key: "hash", kind: "text", required: true, pattern: `[0-9a-fA-F]{128}`},
	}
)

// object is a JSON object; numbers keep their digits.
type object = map[string]any

func decodeObject(text []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var o object
	err := d.Decode(&o)
	return o, err
}

// breaches compares the content of a .sigmf-meta file with the rules and returns what breaks them.
func breaches(meta object) (list []string) {
	tell := func(format string, a ...any) { list = append(list, fmt.Sprintf(format, a...)) }
	for _, key := range []string{"global", "captures", "annotations"} {
		if meta[key] == nil {
			tell("%s is missing", key)
		}
	}
	if len(meta) > 3 {
		tell("there is more than three objects at the top")
	}
	global, _ := meta["global"].(object)
	list = append(list, breachesOf("global", global, globalRules, namespaces(global))...)
	offset := number(global["core:offset"])
	for _, part := range []struct {
		name  string
		rules []rule
	}{{"captures", captureRules}, {"annotations", annotationRules}} {
		entries, ok := meta[part.name].([]any)
		if !ok {
			tell("%s is no list", part.name)
		}
		last := offset
		for i, e := range entries {
			o, _ := e.(object)
			list = append(list, breachesOf(fmt.Sprintf("%s %d", part.name, i), o, part.rules, namespaces(global))...)
			at := number(o["core:sample_start"])
			if at < last {
				tell("%s %d is not in order, or before the file's offset", part.name, i)
			}
			last = at
			if (o["core:freq_lower_edge"] == nil) != (o["core:freq_upper_edge"] == nil) {
				tell("%s %d has one edge of frequency", part.name, i)
			}
		}
	}
	return list
}

// breachesOfCollection does the same for a .sigmf-collection file.
func breachesOfCollection(file object) (list []string) {
	c, _ := file["collection"].(object)
	if c == nil || len(file) != 1 {
		list = append(list, "collection is not the only object at the top")
	}
	list = append(list, breachesOf("collection", c, collectionRules, namespaces(c))...)
	streams, _ := c["core:streams"].([]any)
	for i, s := range streams {
		o, _ := s.(object)
		list = append(list, breachesOf(fmt.Sprintf("stream %d", i), o, streamRules, nil)...)
	}
	return list
}

// namespaces returns those that an object may use besides core: the ones that its extensions declare.
func namespaces(o object) map[string]bool {
	out := map[string]bool{"core": true}
	extensions, _ := o["core:extensions"].([]any)
	for _, e := range extensions {
		x, _ := e.(object)
		name, _ := x["name"].(string)
		out[name] = true
	}
	return out
}

// breachesOf compares one object with its rules. allowed are the namespaces of keys; nil: keys have none, and there are no others.
func breachesOf(where string, o object, rules []rule, allowed map[string]bool) (list []string) {
	tell := func(format string, a ...any) { list = append(list, where+": "+fmt.Sprintf(format, a...)) }
	known := map[string]bool{}
	for _, r := range rules {
		known[r.key] = true
		v, there := o[r.key]
		switch {
		case !there && r.required:
			tell("%s is missing", r.key)
		case there:
			if !r.allows(v) {
				tell("%s cannot be %v", r.key, v)
			}
		}
	}
	for key := range o {
		space, _, has := strings.Cut(key, ":")
		if !known[key] && (!has || space == "core" || !allowed[space]) {
			tell("%s is no key", key)
		}
	}
	if extensions, ok := o["core:extensions"].([]any); ok {
		for i, e := range extensions {
			x, _ := e.(object)
			list = append(list, breachesOf(fmt.Sprintf("%s extension %d", where, i), x, extensionRules, nil)...)
		}
	}
	return list
}

func number(v any) float64 {
	n, _ := v.(json.Number)
	f, _ := n.Float64()
	return f
}

// allows tells whether a value keeps the rule.
func (r rule) allows(v any) bool {
	switch x := v.(type) {
	case string:
		return r.kind == "text" && (r.pattern == "" || regexp.MustCompile("^(?:"+r.pattern+")$").MatchString(x))
	case json.Number:
		if _, err := x.Int64(); r.kind == "integer" && err != nil {
			return false
		}
		f, err := x.Float64()
		return err == nil && (r.kind == "integer" || r.kind == "number") && (r.low == 0 && r.high == 0 || f >= r.low && f <= r.high)
	case bool:
		return r.kind == "bool"
	case []any:
		return r.kind == "list"
	case object:
		return r.kind == "object"
	}
	return false
}
