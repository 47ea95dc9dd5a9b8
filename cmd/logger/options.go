package main

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/driver"
)

// optionBodyJSON is what a driver takes in a block of a plan.
type optionBodyJSON struct {
	Attributes []optionJSON      `json:"attributes"`
	Blocks     []optionBlockJSON `json:"blocks"`
}

type optionJSON struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	Doc      string   `json:"doc"`
	Required bool     `json:"required"`
	Default  string   `json:"default,omitempty"`
	Enum     []string `json:"enum,omitempty"`
	Min      string   `json:"min,omitempty"`
	Max      string   `json:"max,omitempty"`
}

type optionBlockJSON struct {
	Name     string         `json:"name"`
	Doc      string         `json:"doc"`
	Labels   []string       `json:"labels,omitempty"`
	Repeated bool           `json:"repeated"`
	Body     optionBodyJSON `json:"body"`
}

// optionKinds are the kinds of values, in the words of plans.
var optionKinds = map[driver.OptionKind]string{
	driver.OptionString: "text", driver.OptionBool: "true or false", driver.OptionInteger: "whole number", driver.OptionNumber: "number",
	driver.OptionVoltage: "voltage", driver.OptionInterval: "time", driver.OptionRate: "sample rate", driver.OptionFrequency: "frequency",
	driver.OptionSamples: "samples", driver.OptionPath: "path", driver.OptionNumbers: "list of numbers", driver.OptionStrings: "list of texts",
}

func describeOptions(s driver.OptionSchema) optionBodyJSON {
	out := optionBodyJSON{Attributes: []optionJSON{}, Blocks: []optionBlockJSON{}}
	for _, o := range s.Attributes {
		j := optionJSON{Name: o.Name, Kind: optionKinds[o.Kind], Doc: o.Doc, Required: o.Required, Default: o.Default, Enum: o.Enum}
		if o.Min != nil {
			j.Min = o.Min.String()
		}
		if o.Max != nil {
			j.Max = o.Max.String()
		}
		out.Attributes = append(out.Attributes, j)
	}
	for _, b := range s.Blocks {
		out.Blocks = append(out.Blocks, optionBlockJSON{Name: b.Name, Doc: b.Doc, Labels: b.Labels, Repeated: b.Repeated, Body: describeOptions(b.Body)})
	}
	return out
}

// writeOptions prints attributes and blocks as they stand in a plan, with what they mean.
func writeOptions(b *strings.Builder, body optionBodyJSON, margin string) {
	width := 0
	for _, o := range body.Attributes {
		width = max(width, len(o.Name))
	}
	for _, o := range body.Attributes {
		fmt.Fprintf(b, "%s%-*s  %s\n", margin, width, o.Name, o.text())
	}
	for _, k := range body.Blocks {
		labels := ""
		for _, l := range k.Labels {
			labels += fmt.Sprintf(" %q", strings.ToUpper(l))
		}
		times := ""
		if k.Repeated {
			times = "; may stand more than once"
		}
		fmt.Fprintf(b, "%s%s%s {  # %s%s\n", margin, k.Name, labels, k.Doc, times)
		writeOptions(b, k.Body, margin+"  ")
		fmt.Fprintf(b, "%s}\n", margin)
	}
}

// text is what is to be known of one attribute, on one line.
func (o optionJSON) text() string {
	s := o.Kind
	if len(o.Enum) > 0 {
		s = strings.Join(o.Enum, " | ")
	}
	switch {
	case o.Min != "" && o.Max != "":
		s += ", " + o.Min + " to " + o.Max
	case o.Min != "":
		s += ", at least " + o.Min
	case o.Max != "":
		s += ", at most " + o.Max
	}
	switch {
	case o.Required:
		s += " (needed)"
	case o.Default != "":
		s += " (" + o.Default + ")"
	}
	if o.Doc != "" {
		s += ": " + o.Doc
	}
	return s
}
