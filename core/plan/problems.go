package plan

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// maxProblems bounds what is reported, since nobody reads more and a hostile plan could make millions.
const maxProblems = 100

// place is where a diagnostic points.
type place struct {
	file       string
	start, end int
}

// problems collects diagnostics. The same one at the same place is kept once: the devices of a for_each share
// their text.
type problems struct {
	list   hcl.Diagnostics
	seen   map[string]bool
	places map[place]bool
	more   int
}

func placeOf(r *hcl.Range) place { return place{r.Filename, r.Start.Byte, r.End.Byte} }

// add keeps diagnostics of our own making.
func (p *problems) add(diags ...*hcl.Diagnostic) {
	if p.seen == nil {
		p.seen, p.places = map[string]bool{}, map[place]bool{}
	}
	for _, diag := range diags {
		at := placeOf(diag.Subject)
		key := fmt.Sprint(at, diag.Summary)
		if p.seen[key] {
			continue
		}
		p.seen[key], p.places[at] = true, true
		if len(p.list) >= maxProblems {
			p.more++
			continue
		}
		p.list = append(p.list, diag)
	}
}

// library keeps diagnostics of the HCL library, except those at a place that was reported already.
func (p *problems) library(diags hcl.Diagnostics) {
	for _, diag := range diags {
		if diag.Severity != hcl.DiagError || diag.Subject == nil || diag.Extra == silent || p.places[placeOf(diag.Subject)] {
			continue
		}
		diag.Expression, diag.EvalContext = nil, nil                        // they hold values, and nobody needs them
		if strings.Contains(diag.Detail, "marks that make it unsuitable") { // the library knows no secrets
			diag.Summary = "A secret may not name a block"
			diag.Detail = "The names of blocks are stored with the recording, and this value may not be, since " + whySecret + "."
		}
		p.add(diag)
	}
}

// silent marks a diagnostic whose cause was reported elsewhere.
var silent any = &struct{ string }{"reported elsewhere"}

// all returns what was collected, in the order of the text and without secrets.
func (p *problems) all(redact func(string) string) hcl.Diagnostics {
	for _, diag := range p.list {
		diag.Summary, diag.Detail = redact(diag.Summary), redact(diag.Detail)
	}
	sortDiagnostics(p.list)
	if p.more > 0 && len(p.list) > 0 {
		last := p.list[len(p.list)-1]
		return append(p.list, &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: fmt.Sprintf("%d more problems", p.more),
			Detail: "Only the first ones are shown. Correct them and check again.", Subject: last.Subject,
		})
	}
	return p.list
}

// errorAt makes an error. The detail tells what to write instead.
func errorAt(r hcl.Range, summary, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: &r}
}

func warningAt(r hcl.Range, summary, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: summary, Detail: detail, Subject: &r}
}

// bareQuantity is an attribute whose value is a number with a unit, and no quotes.
var bareQuantity = regexp.MustCompile(`^\s*([A-Za-z_][\w-]*)\s*=\s*([+-]?[0-9.]+[A-Za-z/µμ%][\w/µμ%]*)\s*(#.*|//.*)?$`)

// bareMultiple is a number with a prefix that is no unit by itself.
var bareMultiple = regexp.MustCompile(`^[+-]?[0-9.]+[kMG]$`)

// withUnit completes a quantity with what its attribute counts, where that is samples: "10G" is none, "10GS" is.
func withUnit(name, text string) string {
	switch name {
	case "pre", "post", "samples", "ratio", "delay", "over":
		if bareMultiple.MatchString(text) {
			return text + "S"
		}
	}
	return text
}

// syntax keeps the errors of the parser: one a line, with advice for the mistakes that newcomers make.
func (p *problems) syntax(diags hcl.Diagnostics, src []byte) {
	lines := strings.Split(string(src), "\n")
	last := 0
	for _, diag := range diags {
		if diag.Subject == nil || diag.Severity != hcl.DiagError || diag.Subject.Start.Line == last {
			continue
		}
		last = diag.Subject.Start.Line
		if last >= 1 && last <= len(lines) {
			line := strings.TrimRight(lines[last-1], "\r")
			if m := bareQuantity.FindStringSubmatch(line); m != nil {
				diag.Summary = "A quantity needs quotes"
				diag.Detail = fmt.Sprintf("Write %s = %q.", m[1], withUnit(m[1], m[2]))
			}
		}
		p.add(diag)
	}
}
