package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
)

// TestDoubledBlock: a summary that names the block of the place does not name it twice on one line.
func TestDoubledBlock(t *testing.T) {
	t.Parallel()
	parser := hclparse.NewParser()
	const text = "device \"d\" {\n  driver = \"sim\"\n}\ntop = 1\n"
	if _, diags := parser.ParseHCL([]byte(text), "p.hcl"); diags.HasErrors() {
		t.Fatal(diags)
	}
	at := func(line, b int) *hcl.Range {
		return &hcl.Range{Filename: "p.hcl", Start: hcl.Pos{Line: line, Column: 3, Byte: b}, End: hcl.Pos{Line: line, Column: 9, Byte: b + 6}}
	}
	for _, c := range []struct {
		name    string
		summary string
		subject *hcl.Range
		want    string
	}{
		{"the same block", `The device "d" cannot do this`, at(2, 15), "The device cannot do this (in device \"d\")\n"},
		{"another block", `The device "e" cannot do this`, at(2, 15), "The device \"e\" cannot do this (in device \"d\")\n"},
		{"no block named", "Unknown attribute", at(2, 15), "Unknown attribute (in device \"d\")\n"},
		{"outside of blocks", `The device "d" cannot do this`, at(4, 34), "The device \"d\" cannot do this\n"},
		{"no place", `The device "d" cannot do this`, nil, "The device \"d\" cannot do this\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			a := &app{screen: newScreen(&out, false, func() int { return 80 })}
			diags := hcl.Diagnostics{{Severity: hcl.DiagError, Summary: c.summary, Subject: c.subject}}
			a.writeDiagnostics(diags, parser.Files())
			if !strings.Contains(out.String(), c.want) {
				t.Errorf("got %q, want %q within", out.String(), c.want)
			}
			if diags[0].Summary != c.summary {
				t.Errorf("the diagnostic itself was changed to %q", diags[0].Summary)
			}
		})
	}
}
