package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
)

// at makes a range on line 1, by bytes.
func at(start, end int) hcl.Range {
	return hcl.Range{Filename: "x.hcl", Start: hcl.Pos{Line: 1, Column: start + 1, Byte: start}, End: hcl.Pos{Line: 1, Column: end + 1, Byte: end}}
}

func TestWriteDiagnostics(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 300) + "HERE" + strings.Repeat("b", 300)
	for _, c := range []struct {
		name  string
		src   string
		diag  *hcl.Diagnostic
		color bool
		width int
		want  string
	}{
		{"plain", "range = 3\n", errorAt(at(8, 9), "It is wrong", "Write another."), false, 0, "x.hcl:1:9: error: It is wrong\n    1 | range = 3\n      |         ^\n  Write another.\n"},
		{"warning", "range = 3\n", warningAt(at(0, 5), "Odd", "So."), false, 0, "x.hcl:1:1: warning: Odd\n    1 | range = 3\n      | ^^^^^\n  So.\n"},
		{"colour", "a = 3", errorAt(at(4, 5), "Wrong", ""), true, 0, "x.hcl:1:5: \x1b[1;31merror\x1b[0m: Wrong\n    1 | a = 3\n      |     \x1b[1;31m^\x1b[0m\n"},
		{"wrapped", "a", errorAt(at(0, 1), "S", "one two three four"), false, 12, "x.hcl:1:1: error: S\n    1 | a\n      | ^\n  one two\n  three four\n"},
		{"control characters", "a\x1b[31m", errorAt(at(0, 1), "S\x07", "D\x1b"), false, 0, "x.hcl:1:1: error: S?\n    1 | a?[31m\n      | ^\n  D?\n"},
		{"tabs and wide letters", "\té = 1", errorAt(at(6, 7), "S", ""), false, 0, "x.hcl:1:7: error: S\n    1 |  é = 1\n      |      ^\n"},
		{"an empty range", "a = ", errorAt(at(4, 4), "S", ""), false, 0, "x.hcl:1:5: error: S\n    1 | a = \n      |     ^\n"},
		{"behind the end", "a", errorAt(at(50, 60), "S", ""), false, 0, "x.hcl:1:51: error: S\n"},
		{"no text", "", errorAt(at(0, 0), "S", "D"), false, 0, "x.hcl:1:1: error: S\n  D\n"},
		{"another file", "a", &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "S", Subject: &hcl.Range{Filename: "y", Start: hcl.InitialPos}}, false, 0, "y:1:1: error: S\n"},
		{"no place", "a", &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "S", Detail: "D"}, false, 0, "error: S\n  D\n"},
		{"a long line", long, errorAt(at(300, 304), "S", ""), false, 0, "x.hcl:1:301: error: S\n    1 | ..." + strings.Repeat("a", 40) + "HERE" + strings.Repeat("b", 116) + "\n      | " + strings.Repeat(" ", 43) + "^^^^\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := WriteDiagnostics(&b, hcl.Diagnostics{c.diag}, map[string]*hcl.File{"x.hcl": {Bytes: []byte(c.src)}}, c.color, c.width); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, b.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestWriteDiagnosticsFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken pipe")
	if err := WriteDiagnostics(brokenWriter{broken}, nil, nil, false, 0); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestDiagnosticsJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(DiagnosticsJSON(hcl.Diagnostics{errorAt(at(8, 9), "S", "D"), {Severity: hcl.DiagWarning, Summary: "W"}}))
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"severity":"error","summary":"S","detail":"D","file":"x.hcl","start":{"line":1,"column":9,"byte":8},"end":{"line":1,"column":10,"byte":9}},{"severity":"warning","summary":"W"}]`
	if string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
	if text, _ := json.Marshal(DiagnosticsJSON(nil)); string(text) != "[]" {
		t.Errorf("no diagnostics are %s", text)
	}
}
