package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

// TestReadme checks that the page for people names every model, option, signal, pattern and fault.
func TestReadme(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	words := slices.Concat(signalNames, patternNames, faultNames(), paceNames, lieNames, crashHows, hangHows, announceNames)
	for _, m := range models {
		words = append(words, m.name)
	}
	var walk func(s driver.OptionSchema)
	walk = func(s driver.OptionSchema) {
		words = append(words, attributeNames(s)...)
		for _, b := range s.Blocks {
			words = append(words, b.Name)
			walk(b.Body)
		}
	}
	walk(deviceSchema())
	walk(channelSchema())
	for _, w := range words {
		if !strings.Contains(string(page), w) {
			t.Errorf("README.md does not name %s", w)
		}
	}
}

// TestUses checks that the tables of what is used name options that exist, and leave none out.
func TestUses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what   string
		names  []string
		every  []string
		uses   map[string][]string
		schema driver.OptionSchema
	}{
		{"signal", slices.DeleteFunc(slices.Clone(signalNames), func(s string) bool { return s == "proof" }), everySignal, signalUses, channelSchema()},
		{"pattern", patternNames, everyPattern, patternUses, digitalSchema()},
		{"fault", faultNames(), everyFault, faultUses, faultSchema()},
	} {
		used := slices.Clone(c.every)
		for _, name := range c.names {
			uses, ok := c.uses[name]
			if !ok {
				t.Errorf("nothing says what %s %s uses", c.what, name)
			}
			used = append(used, uses...)
		}
		if len(c.uses) != len(c.names) {
			t.Errorf("%d of %d %ss have uses", len(c.uses), len(c.names), c.what)
		}
		options := attributeNames(c.schema)
		for _, u := range used {
			if !slices.Contains(options, u) {
				t.Errorf("%s uses %s, which is no option", c.what, u)
			}
		}
		for _, o := range options {
			if !slices.Contains(used, o) {
				t.Errorf("no %s uses option %s", c.what, o)
			}
		}
	}
}
