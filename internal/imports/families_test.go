package imports

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// familyName is the name of a vendor library's family.
var familyName = regexp.MustCompile(`(?i)\bps[2-6]000a`)

// mayNameFamilies are the folders where a family may be named: its own, the emulation, and what documents or tests.
var mayNameFamilies = []string{"plugins/", "emulator/", "configs/", "docs/", "changelog/", "scripts/", "internal/"}

// TestFamilyNames keeps what is common free of families: there a difference is a value in a table.
func TestFamilyNames(t *testing.T) {
	root := filepath.Join("..", "..")
	out, err := exec.Command("git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard", "*.go", "*.c", "*.h", "*.proto").Output()
	if err != nil {
		t.Fatal(err)
	}
	files := strings.Fields(string(out))
	if len(files) < 100 {
		t.Fatalf("git lists only %d files", len(files))
	}
	for _, f := range files {
		if namesAllowed(f) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, f))
		if err != nil {
			continue // deleted and not committed yet
		}
		for i, line := range strings.Split(string(text), "\n") {
			code, _, _ := strings.Cut(line, "//")
			if familyName.MatchString(code) && !strings.HasPrefix(strings.TrimSpace(code), "*") {
				t.Errorf("%s:%d names a family: %s", f, i+1, strings.TrimSpace(line))
			}
		}
	}
}

func namesAllowed(file string) bool {
	if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/testdata/") {
		return true
	}
	for _, dir := range mayNameFamilies {
		if strings.HasPrefix(file, dir) {
			return true
		}
	}
	return false
}
