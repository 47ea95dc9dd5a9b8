package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// refuse makes the error for a part of a request that cannot be met.
func refuse(op, field, nearest, format string, args ...any) *driver.Error {
	e := driver.Errorf(driver.KindUnsupported, op, format, args...)
	e.Field, e.Nearest = field, nearest
	return e
}

// quoted writes a value as it would stand in a plan.
func quoted(v any) string { return `"` + strings.ReplaceAll(fmt.Sprint(v), " ", "") + `"` }

// checkOptions compares options with their schema: hosts do so too, but a driver does not rely on it.
func checkOptions(op string, o driver.Options, s driver.OptionSchema, field string) error {
	seen := map[string]bool{}
	for _, v := range o.Values {
		a, ok := attribute(s, v.Name)
		if !ok {
			e := refuse(op, field+"."+v.Name, "", "%s has no option %q", driverName, v.Name)
			e.Advice = fmt.Sprintf("did you mean %q?", closest(v.Name, attributeNames(s)))
			return e
		}
		if seen[v.Name] {
			return refuse(op, field+"."+v.Name, "", "option %q is given twice", v.Name)
		}
		seen[v.Name] = true
		if err := checkValue(op, v, a, field+"."+v.Name); err != nil {
			return err
		}
	}
	for _, b := range o.Blocks {
		bs, ok := block(s, b.Name)
		if !ok {
			return refuse(op, field+"."+b.Name, "", "%s has no block %q here", driverName, b.Name)
		}
		path := strings.Join(append([]string{field, b.Name}, b.Labels...), ".")
		if len(b.Labels) != len(bs.Labels) {
			return refuse(op, path, "", "block %q takes %d labels, not %d", b.Name, len(bs.Labels), len(b.Labels))
		}
		if err := checkOptions(op, b.Options, bs.Body, path); err != nil {
			return err
		}
	}
	return nil
}

func checkValue(op string, v driver.OptionValue, a driver.OptionAttribute, field string) error {
	if v.Kind != a.Kind {
		return refuse(op, field, "", "option %q is of another type", v.Name)
	}
	if len(a.Enum) > 0 && !slices.Contains(a.Enum, v.Text) {
		return refuse(op, field, `"`+closest(v.Text, a.Enum)+`"`, "%q is not possible; write one of %s", v.Text, strings.Join(a.Enum, ", "))
	}
	switch v.Kind {
	case driver.OptionInteger, driver.OptionNumber, driver.OptionVoltage, driver.OptionInterval, driver.OptionRate,
		driver.OptionFrequency, driver.OptionSamples:
	default:
		return nil
	}
	if a.Min != nil && v.Number.Cmp(*a.Min) < 0 {
		return refuse(op, field, inPlan(a.Kind, *a.Min), "%s is below the least possible value, %s", inPlan(a.Kind, v.Number), inPlan(a.Kind, *a.Min))
	}
	if a.Max != nil && v.Number.Cmp(*a.Max) > 0 {
		return refuse(op, field, inPlan(a.Kind, *a.Max), "%s is above the largest possible value, %s", inPlan(a.Kind, v.Number), inPlan(a.Kind, *a.Max))
	}
	if (v.Kind == driver.OptionInteger || v.Kind == driver.OptionSamples) && v.Number.Den() != 1 {
		return refuse(op, field, units.Rat(v.Number.Floor(), 1).String(), "%s is not a whole number", v.Number)
	}
	return nil
}

// inPlan writes a number as a plan would.
func inPlan(k driver.OptionKind, n units.Rational) string {
	switch k {
	case driver.OptionVoltage:
		if nv, err := n.Mul(units.Rat(1e9, 1)); err == nil && nv.Den() == 1 {
			return quoted(units.Voltage(nv.Num()))
		}
		return `"` + n.String() + `V"`
	case driver.OptionInterval:
		return quoted(units.Interval{Rational: n})
	case driver.OptionRate:
		return quoted(units.Rate{Rational: n})
	case driver.OptionFrequency:
		return quoted(units.Frequency{Rational: n})
	}
	return n.String()
}

func attribute(s driver.OptionSchema, name string) (driver.OptionAttribute, bool) {
	for _, a := range s.Attributes {
		if a.Name == name {
			return a, true
		}
	}
	return driver.OptionAttribute{}, false
}

func attributeNames(s driver.OptionSchema) (names []string) {
	for _, a := range s.Attributes {
		names = append(names, a.Name)
	}
	return names
}

func block(s driver.OptionSchema, name string) (driver.OptionBlockSchema, bool) {
	for _, b := range s.Blocks {
		if b.Name == name {
			return b, true
		}
	}
	return driver.OptionBlockSchema{}, false
}

// values reads checked options with their defaults.
type values struct{ driver.Options }

func (o values) has(name string) bool {
	_, ok := o.Value(name)
	return ok
}

func (o values) text(name, otherwise string) string {
	if v, ok := o.Value(name); ok {
		return v.Text
	}
	return otherwise
}

func (o values) flag(name string, otherwise bool) bool {
	if v, ok := o.Value(name); ok {
		return v.Bool
	}
	return otherwise
}

// number returns any numeric option in its base unit.
func (o values) number(name string, otherwise units.Rational) units.Rational {
	if v, ok := o.Value(name); ok {
		return v.Number
	}
	return otherwise
}

func (o values) float(name string, otherwise float64) float64 {
	if v, ok := o.Value(name); ok {
		return v.Number.Float64()
	}
	return otherwise
}

func (o values) count(name string, otherwise int64) int64 {
	if v, ok := o.Value(name); ok {
		return v.Number.Num()
	}
	return otherwise
}

// nanoseconds returns a time rounded to nanoseconds.
func (o values) nanoseconds(name string, otherwise int64) int64 {
	if v, ok := o.Value(name); ok {
		return int64(units.Interval{Rational: v.Number}.Duration())
	}
	return otherwise
}

// closest returns the candidate that begins with word, or else the one with the fewest edits from it.
func closest(word string, candidates []string) (best string) {
	word = strings.ToLower(word)
	least := 1 << 30
	for _, c := range candidates {
		d := distance(word, strings.ToLower(c))
		if len(word) > 2 && strings.HasPrefix(strings.ToLower(c), word) {
			d = 0
		}
		if d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is the number of letters to insert, remove or replace to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal, row[j+1] = row[j+1], min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
