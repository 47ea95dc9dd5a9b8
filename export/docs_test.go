package export

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocs compares the table of formats in docs/command.md, and the help of the command, with what there is.
func TestDocs(t *testing.T) {
	t.Parallel()
	_, section, ok := strings.Cut(text(t, "../docs/command.md"), "\n## Exports\n")
	if !ok {
		t.Fatal("docs/command.md has no section on exports")
	}
	_, section, _ = strings.Cut(section, "\n| ending |")
	section, _, _ = strings.Cut(section, "\n\n")
	var told []string
	for line := range strings.Lines(section) {
		if rest, ok := strings.CutPrefix(line, "| `."); ok {
			ending, _, _ := strings.Cut(rest, "`")
			told = append(told, "."+ending)
		}
	}
	if diff := cmp.Diff(Endings(), told); diff != "" {
		t.Errorf("the table in docs/command.md (-want +got)\n%s", diff)
	}
	help, err := os.ReadFile("../cmd/logger/cmd_export.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, ending := range Endings() {
		if !slices.Contains(strings.FieldsFunc(string(help), func(r rune) bool { return strings.ContainsRune(" \t\n,:;()`\"", r) }), ending) {
			t.Errorf("the help of export does not tell of %s", ending)
		}
	}
}
