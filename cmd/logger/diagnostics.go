package main

import (
	"errors"
	"fmt"

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
	if err := plan.WriteDiagnostics(a.screen, diags, files, a.screen.color, a.screen.width()); err != nil {
		a.say("%s", diags.Error())
	}
}
