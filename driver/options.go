package driver

import "github.com/scopelog/scopelog/units"

// OptionKind is the type of an option's value in a plan.
type OptionKind uint8

// The kinds of option values.
const (
	OptionString    OptionKind = 1 + iota
	OptionBool                 // true or false
	OptionInteger              // a whole number
	OptionNumber               // an exact fraction
	OptionVoltage              // "5V"
	OptionInterval             // "10us"
	OptionRate                 // "1MS/s"
	OptionFrequency            // "1kHz"
	OptionSamples              // a whole number, or "10MS"
	OptionPath                 // a file, taken relative to the plan; absolute when it reaches the driver
	OptionNumbers              // a list of numbers
	OptionStrings              // a list of strings
)

// OptionSchema describes the attributes and blocks that a driver accepts.
type OptionSchema struct {
	Attributes []OptionAttribute
	Blocks     []OptionBlockSchema
}

// OptionAttribute describes one attribute.
type OptionAttribute struct {
	Name     string
	Kind     OptionKind
	Doc      string // one line
	Required bool
	Default  string          // in the plan's syntax, for people; the driver fills it in itself
	Enum     []string        // legal strings; empty: any
	Min, Max *units.Rational // bounds in the base unit (V, s, Hz, S/s, 1); nil: none
}

// OptionBlockSchema describes one block type.
type OptionBlockSchema struct {
	Name     string
	Doc      string
	Labels   []string // names of the labels, in order
	Repeated bool     // may stand more than once
	Body     OptionSchema
}

// Options are a driver's own options as decoded with its schema.
type Options struct {
	Values []OptionValue
	Blocks []OptionBlock
}

// OptionValue is one attribute. Which field counts is told by Kind: Text for strings and paths, Bool, Number for
// every number and quantity in its base unit (V, s, Hz, S/s, samples), Numbers and Texts for lists.
type OptionValue struct {
	Name    string
	Kind    OptionKind
	Text    string
	Bool    bool
	Number  units.Rational
	Numbers []units.Rational
	Texts   []string
}

// OptionBlock is one nested block.
type OptionBlock struct {
	Name    string
	Labels  []string
	Options Options
}

// Value returns the named attribute.
func (o Options) Value(name string) (OptionValue, bool) {
	for _, v := range o.Values {
		if v.Name == name {
			return v, true
		}
	}
	return OptionValue{}, false
}

// BlocksNamed returns the nested blocks of a type, in order.
func (o Options) BlocksNamed(name string) []OptionBlock {
	var out []OptionBlock
	for _, b := range o.Blocks {
		if b.Name == name {
			out = append(out, b)
		}
	}
	return out
}
