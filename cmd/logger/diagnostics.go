package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/core/plan"
)

// diagnosed is a plan or settings file that is wrong, with the places. It is a usage error.
type diagnosed struct {
	what  string // one line, such as "the plan is not valid"
	diags hcl.Diagnostics
	files map[string]*hcl.File
}

func (d *diagnosed) Error() string {
	n := 0
	for _, g := range d.diags {
		if g.Severity == hcl.DiagError {
			n++
		}
	}
	return fmt.Sprintf("%s (%s)", d.what, plural(n, "mistake"))
}

// Unwrap returns the diagnostics.
func (d *diagnosed) Unwrap() error { return d.diags }

// printDiagnostics prints the places and snippets of an error that has them.
func (a *app) printDiagnostics(err error) {
	var d *diagnosed
	if errors.As(err, &d) {
		a.writeDiagnostics(d.diags, d.files)
	}
}

// writeDiagnostics prints diagnostics with the lines they speak of on standard error.
func (a *app) writeDiagnostics(diags hcl.Diagnostics, files map[string]*hcl.File) {
	if len(diags) == 0 {
		return
	}
	if a.planOfFlags {
		diags = namingFlags(diags, files)
	}
	diags = withoutDoubledBlock(diags, files)
	if err := plan.WriteDiagnostics(a.screen, diags, files, a.screen.color, a.screen.width()); err != nil {
		a.say("%s", diags.Error())
	}
}

// namingFlags lets diagnostics of a plan that was made of flags name the flag: nobody has seen that plan.
func namingFlags(diags hcl.Diagnostics, files map[string]*hcl.File) hcl.Diagnostics {
	out := make(hcl.Diagnostics, 0, len(diags))
	for _, d := range diags {
		if r := d.Subject; r != nil && r.Filename == flagsPlan && files[r.Filename] != nil {
			if flag := plan.FlagOf(files[r.Filename], r.Start.Byte); flag != "" {
				named := *d
				named.Summary, named.Subject, named.Context = flag+": "+d.Summary, nil, nil
				d = &named
			}
		}
		out = append(out, d)
	}
	return out
}

// withoutDoubledBlock takes a block out of each summary that names it, where the line behind it says "in" that block
// anyhow: of "The device "d" cannot do this" stays "The device cannot do this".
func withoutDoubledBlock(diags hcl.Diagnostics, files map[string]*hcl.File) hcl.Diagnostics {
	out := make(hcl.Diagnostics, 0, len(diags))
	for _, d := range diags {
		if block := blockAround(d, files); block != "" && strings.Contains(d.Summary, block) {
			kind, _, _ := strings.Cut(block, " ")
			shorter := *d
			shorter.Summary = strings.Replace(d.Summary, block, kind, 1)
			d = &shorter
		}
		out = append(out, d)
	}
	return out
}

// blockAround names the block in which a diagnostic's place is, as the printed line does; empty: none is known.
func blockAround(d *hcl.Diagnostic, files map[string]*hcl.File) string {
	if d.Subject == nil || files[d.Subject.Filename] == nil {
		return ""
	}
	nav, ok := files[d.Subject.Filename].Nav.(interface{ ContextString(offset int) string })
	if !ok {
		return ""
	}
	return nav.ContextString(d.Subject.Start.Byte)
}
