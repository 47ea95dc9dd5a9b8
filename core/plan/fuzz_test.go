package plan

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse checks for any text: no panic; every diagnostic has a place inside a known file and tells what to do; no
// secret is shown or resolved; and a plan that is right stays the same when it is formatted.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.hcl", "testdata/bad/*.hcl"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			src, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<16 || bytes.Count(src, []byte("for ")) > 3 { // what takes long, not what goes wrong
			t.Skip()
		}
		checkParse(t, src)
	})
}

func checkParse(t *testing.T, src []byte) {
	t.Helper()
	o := testOptions(string(src))
	p, diags := Parse(src, "x.hcl", o)
	for _, d := range diags {
		file := p.Files()[nonNil(d.Subject).Filename]
		switch {
		case d.Subject == nil || d.Subject.Filename == "" || file == nil:
			t.Errorf("no place: %s", d)
		case d.Summary == "" || d.Detail == "":
			t.Errorf("no words: %s", d)
		case d.Subject.Start.Line < 1 || d.Subject.Start.Column < 1 || file.Bytes != nil && d.Subject.Start.Byte > len(file.Bytes):
			t.Errorf("a place outside of the text: %s", d)
		case strings.Contains(d.Summary+d.Detail, "SECRET") && !bytes.Contains(src, []byte("SECRET")):
			t.Errorf("a secret is shown: %s", d)
		}
	}
	var text bytes.Buffer
	if err := WriteDiagnostics(&text, diags, p.Files(), true, 80); err != nil {
		t.Error(err)
	}
	formatted := Format(src)
	if diags.HasErrors() {
		return
	}
	resolved, err := p.Resolved(nil)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(resolved, []byte("SECRET")) && !bytes.Contains(src, []byte("SECRET")) {
		t.Errorf("a secret is resolved: %s", resolved)
	}
	again, diags := Parse(formatted, "x.hcl", o)
	if diags.HasErrors() {
		t.Fatalf("the formatted plan is refused: %v\n%s", diags, formatted)
	}
	if other, err := again.Resolved(nil); err != nil || !bytes.Equal(other, resolved) {
		t.Errorf("formatting changes the plan: %v\n%s\n%s", err, resolved, other)
	}
}

func nonNil[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
