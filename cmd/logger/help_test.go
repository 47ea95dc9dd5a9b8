package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// TestHelps: the help of each command fits into 80 columns, says what to type, and has no words of programmers.
func TestHelps(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	root := newRoot(&app{name: "logger", stdout: &out, screen: newScreen(&out, false, nil)}).command
	var all func(c *cobra.Command)
	all = func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		out.Reset()
		if err := c.Help(); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(out.String(), "\n") {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("%s: %d columns: %s", c.CommandPath(), utf8.RuneCountInString(line), line)
			}
			for _, word := range []string{"stringArray", "strings ", "(default [])", "(default -1", " float ", " int ", " duration "} {
				if strings.HasPrefix(strings.TrimSpace(line), "-") && strings.Contains(line, word) {
					t.Errorf("%s: %q in %s", c.CommandPath(), word, line)
				}
			}
		}
		for _, line := range strings.Split(c.Example, "\n") {
			if line != "" && !strings.HasPrefix(line, "  logger ") {
				t.Errorf("%s: example %q", c.CommandPath(), line)
			}
		}
		for _, sub := range c.Commands() {
			all(sub)
		}
	}
	all(root)
}

// TestSlices: flags that may be repeated are, after their types got other names.
func TestSlices(t *testing.T) {
	t.Parallel()
	a := &app{name: "logger", stdout: &bytes.Buffer{}, screen: newScreen(&bytes.Buffer{}, false, nil)}
	root := newRoot(a).command
	c, _, err := root.Find([]string{"export"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ParseFlags([]string{"--stream", "a", "--stream", "b,c"}); err != nil {
		t.Fatal(err)
	}
	if got := c.Flag("stream").Value.String(); got != `[a,"b,c"]` {
		t.Errorf("streams %s", got)
	}
}
