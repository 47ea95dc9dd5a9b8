package configs

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestComingFromPython checks the examples that docs/coming-from-python.md names: each is there, and what a row tells to write stands in one of
// the row's examples.
func TestComingFromPython(t *testing.T) {
	text, err := os.ReadFile("../docs/coming-from-python.md")
	if err != nil {
		t.Fatal(err)
	}
	var (
		link  = regexp.MustCompile(`\[([a-z-]+)\]\(\.\./configs/([a-z-]+\.hcl)\)`)
		code  = regexp.MustCompile("`([^`]+)`")
		word  = regexp.MustCompile(`^[a-z_]+`)
		value = regexp.MustCompile(`^"?[a-z_]+"?$`)
	)
	rows := 0
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) != 3 || cells[1] == "here" {
			continue
		}
		rows++
		plans := ""
		for _, m := range link.FindAllStringSubmatch(cells[2], -1) {
			if m[1]+".hcl" != m[2] {
				t.Errorf("%s leads to %s", m[1], m[2])
			}
			b, err := os.ReadFile(m[2])
			if err != nil {
				t.Error(err)
			}
			plans += string(b)
		}
		if plans == "" {
			t.Errorf("no example: %s", line)
		}
		// The first piece of code is what to write; the others may be alternatives that no example has.
		for _, m := range code.FindAllStringSubmatch(cells[1], -1)[:min(1, strings.Count(cells[1], "`")/2)] {
			first := word.FindString(m[1])
			if first == "logger" || first == "np" || first == "" {
				continue
			}
			if !regexp.MustCompile(`(?m)(^|[^a-z_])` + first + `( |\s*=|$)`).MatchString(plans) {
				t.Errorf("%s is in none of the examples: %s", first, line)
			}
			if value.MatchString(m[1]) && !strings.Contains(plans, strings.Trim(m[1], `"`)) {
				t.Errorf("%s is in none of the examples: %s", m[1], line)
			}
		}
	}
	if rows < 30 {
		t.Errorf("only %d rows", rows)
	}
}
