package recording

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

var jsonBlock = regexp.MustCompile("(?s)```json\n(.*?)```")

func docBlocks(t *testing.T, name string) []string {
	t.Helper()
	b, err := os.ReadFile("../docs/format/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, m := range jsonBlock.FindAllSubmatch(b, -1) {
		list = append(list, string(m[1]))
	}
	return list
}

// TestExamplesOfTheDocuments parses what the documents show: checksums are right and nothing is lost when it is written again.
func TestExamplesOfTheDocuments(t *testing.T) {
	lines := 0
	for _, block := range append(docBlocks(t, "recording.md"), docBlocks(t, "journal.md")...) {
		for _, l := range strings.SplitAfter(block, "\n") {
			if !strings.HasPrefix(l, `{"k":`) {
				continue
			}
			if _, err := ParseLine([]byte(l)); err != nil {
				t.Errorf("%.40s: %v", l, err)
			}
			lines++
		}
	}
	if lines != 3 {
		t.Errorf("%d journal lines in the document, want 3", lines)
	}
	metas := 0
	for _, block := range docBlocks(t, "daq.sigmf-ext.md") {
		if !strings.HasPrefix(block, `{"global"`) {
			continue
		}
		metas++
		m, err := ParseMeta([]byte(block))
		if err != nil {
			t.Fatal(err)
		}
		if err := checkGlobal(&m.Global); err != nil || len(m.Captures) != 3 || m.Captures[2].Gap.LostMax != 1874570 || len(m.Annotations) != 1 {
			t.Errorf("the example reads as %+v, %v", m, err)
		}
		b, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		// Every key of the example is a key that is written.
		for _, key := range regexp.MustCompile(`"[a-z]+:[a-z_0-9]+"`).FindAllString(block, -1) {
			if !bytes.Contains(b, []byte(key)) {
				t.Errorf("key %s of the example is not written again", key)
			}
		}
	}
	if metas != 1 {
		t.Errorf("%d metas in the document, want 1", metas)
	}
}

// TestEveryKeyIsDocumented looks for the keys of all metadata types in the documents.
func TestEveryKeyIsDocumented(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile("../docs/format/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	recording, daq := read("recording.md")+read("journal.md"), read("daq.sigmf-ext.md")
	tag := regexp.MustCompile("`json:\"([^\",]+)")
	for _, source := range []struct{ file, doc string }{
		{"global.go", daq}, {"capture.go", daq}, {"annotation.go", daq}, {"journal.go", recording}, {"runfile.go", recording}, {"not_kept.go", recording}, {"event.go", recording},
	} {
		b, err := os.ReadFile(source.file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range tag.FindAllSubmatch(b, -1) {
			if key := string(m[1]); key != "-" && !strings.Contains(source.doc, "`"+key+"`") && !strings.Contains(source.doc, "{`"+key) {
				t.Errorf("%s: key %s is in no table", source.file, key)
			}
		}
	}
}
