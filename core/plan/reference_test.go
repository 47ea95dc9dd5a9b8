package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/formula"
)

// reference is where the language is described for people.
const reference = "../../docs/format/plan*.md"

// readReference returns the text of all its pages.
func readReference(t *testing.T) string {
	t.Helper()
	pages, err := filepath.Glob(reference)
	if err != nil || len(pages) < 3 {
		t.Fatal(pages, err)
	}
	var text strings.Builder
	for _, page := range pages {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(b)
	}
	return text.String()
}

// TestReferenceIsComplete checks that the reference names every block, attribute, function and word of the language.
func TestReferenceIsComplete(t *testing.T) {
	t.Parallel()
	text := readReference(t)
	said := map[string]bool{}
	for _, m := range regexp.MustCompile("[A-Za-z_0-9]+").FindAllString(text, -1) {
		said[m] = true
	}
	need := func(kind, word string) {
		if !said[word] {
			t.Errorf("%s %q is not in %s", kind, word, reference)
		}
	}
	var walk func(s *spec)
	walk = func(s *spec) {
		for _, a := range s.attrs {
			need("attribute", a)
		}
		for name, sub := range s.blocks {
			need("block", name)
			walk(sub)
		}
	}
	walk(rootSpec)
	walk(deviceSpec)
	for name := range newDecoder("x", Options{}).functions() {
		need("function", name)
	}
	for _, name := range formula.Functions() {
		need("function", name)
	}
	for _, d := range append(levelDirections, windowDirections...) {
		need("direction", string(d))
	}
}

// TestReferenceExamples checks that the whole plans of the reference are plans.
func TestReferenceExamples(t *testing.T) {
	t.Parallel()
	text := readReference(t)
	blocks := regexp.MustCompile("(?s)```hcl\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(blocks) < 4 {
		t.Fatalf("%d examples", len(blocks))
	}
	for i, b := range blocks {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			p, diags := Parse([]byte(b[1]), "example.hcl", testOptions(""))
			if len(diags) > 0 {
				var out strings.Builder
				_ = WriteDiagnostics(&out, diags, p.Files(), false, 0)
				t.Errorf("%s\n%s", b[1], out.String())
			}
			if formatted := string(Format([]byte(b[1]))); formatted != b[1] {
				t.Errorf("not laid out as fmt does:\n%s", formatted)
			}
		})
	}
}
