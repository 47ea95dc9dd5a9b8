package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// kinds are the words that helps write for the types of flags whose texts name none.
var kinds = map[string]string{
	"string": "WORD", "stringArray": "NAME", "stringSlice": "NAMES", "int": "NUMBER", "int64": "NUMBER", "float64": "NUMBER", "duration": "TIME",
}

// noDefaults are the values of flags that were not given and are none.
var noDefaults = map[string]bool{"[]": true, "-1ns": true}

// kindOf is the value of a flag whose type has another name.
type kindOf struct {
	pflag.Value
	kind string
}

func (v kindOf) Type() string { return v.kind }

// readable makes the helps of a command and those below it tell what to write: examples as they are typed, and words instead of types.
func readable(program string, c *cobra.Command) {
	lines := strings.Split(c.Example, "\n")
	for i, line := range lines {
		if text := strings.TrimSpace(line); text != "" && !strings.HasPrefix(text, program+" ") {
			lines[i] = "  " + program + " " + text
		}
	}
	c.Example = strings.Join(lines, "\n")
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if noDefaults[f.DefValue] {
			f.DefValue = ""
			f.Value = kindOf{f.Value, kindName(f)}
			return
		}
		if kind := kindName(f); kind != f.Value.Type() && !strings.Contains(f.Usage, "`") {
			f.Value = kindOf{f.Value, kind}
		}
	})
	for _, sub := range c.Commands() {
		readable(program, sub)
	}
}

// kindName returns the word for the type of a flag.
func kindName(f *pflag.Flag) string {
	if kind, ok := kinds[f.Value.Type()]; ok {
		return kind
	}
	return f.Value.Type()
}
