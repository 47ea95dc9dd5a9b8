package plan

import (
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// places knows where each value of the plan stands. Paths are the names of blocks, their labels and attributes
// joined by points: "run.disk.keep_free", "device.cell.channel.A.range", "device.cell.trigger.level.long.lower".
type places struct {
	ranges map[string]hcl.Range
	bad    map[string]bool   // something at or under the path was reported; what follows from it is not
	secret map[string]string // expression text of values that may not be shown
	other  map[string]string // further names of blocks
}

func newPlaces() places {
	return places{
		ranges: map[string]hcl.Range{}, bad: map[string]bool{}, secret: map[string]string{},
		other: map[string]string{},
	}
}

// alias gives the block at path a further name.
func (p places) alias(name, path string) {
	if _, taken := p.other[name]; !taken {
		p.other[name] = path
	}
}

// canonical replaces the further names of blocks at the front of a path.
func (p places) canonical(path string) string {
	for cut := len(path); cut > 0; cut = strings.LastIndexByte(path[:cut], '.') {
		if to, ok := p.other[path[:cut]]; ok {
			return to + path[cut:]
		}
	}
	return path
}

// under joins a path.
func under(path string, names ...string) string {
	for _, n := range names {
		if path != "" {
			path += "."
		}
		path += n
	}
	return path
}

// find returns the range of a path, or of the nearest thing around it.
func (p places) find(path string) (hcl.Range, bool) {
	exact := true
	path = p.canonical(path)
	for path != "" {
		if r, ok := p.ranges[path]; ok {
			return r, exact
		}
		exact = false
		cut := strings.LastIndexByte(path, '.')
		if cut < 0 {
			break
		}
		path = path[:cut]
	}
	return hcl.Range{}, false
}

// mark notes that something is wrong at path.
func (p places) mark(path string) {
	for ; path != "" && !p.bad[path]; path = path[:max(strings.LastIndexByte(path, '.'), 0)] {
		p.bad[path] = true
	}
}

// isBad tells whether path, or something inside it, was reported.
func (p places) isBad(path string) bool { return p.bad[path] }

// Range returns where a value stands in the plan's text, as a path like "device.cell.channel.A.range" or
// "run.disk.keep_free". For a value that is not written (a default) it is the place of the block around it, and
// exact is false.
func (p *Plan) Range(path string) (r hcl.Range, exact bool) {
	r, exact = p.places.find(path)
	if r.Filename == "" {
		r = hcl.Range{Filename: p.filename, Start: hcl.InitialPos, End: hcl.InitialPos}
	}
	return r, exact
}

// At makes a diagnostic at the place of a path; see [Plan.Range].
func (p *Plan) At(path string, severity hcl.DiagnosticSeverity, summary, detail string) *hcl.Diagnostic {
	r, _ := p.Range(path)
	return &hcl.Diagnostic{Severity: severity, Summary: summary, Detail: detail, Subject: &r}
}

// Sensitive returns the expression behind a value that came out of env(), file() or a sensitive variable. Such a
// value may not be written to the disk.
func (p *Plan) Sensitive(path string) (expression string, sensitive bool) {
	expression, sensitive = p.places.secret[p.places.canonical(path)]
	return expression, sensitive
}

func sortDiagnostics(diags hcl.Diagnostics) {
	sort.SliceStable(diags, func(i, j int) bool {
		a, b := diags[i].Subject, diags[j].Subject
		if a.Filename != b.Filename {
			return a.Filename < b.Filename
		}
		return a.Start.Byte < b.Start.Byte
	})
}
