package plan

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/scopelog/scopelog/formula"
	"github.com/scopelog/scopelog/units"
)

// parseFormula reads an expression over one variable. why says what is wrong with it, empty when nothing is.
func parseFormula(text, variable, meaning, example string) (f *formula.Formula, why string) {
	if diag := checkLimits([]byte(text), "formula"); diag != nil {
		return nil, strings.TrimSuffix(diag.Detail, " Use locals.")
	}
	f, err := formula.Compile(text, formula.Variable{Name: variable, Meaning: meaning})
	var wrong *formula.Error
	switch {
	case errors.As(err, &wrong):
		why = sentence(wrong.Reason)
		if strings.HasPrefix(wrong.Reason, "it cannot be read") {
			why += fmt.Sprintf(" Write an expression over %s, %s, such as %s.", variable, meaning, example)
		}
		return nil, why
	case f.Constant():
		return nil, fmt.Sprintf("It is the same for every %s. Write an expression over %s, %s, such as %s.", variable, variable, meaning, example)
	}
	return f, ""
}

// equationPoints is at how many places of a channel's range its equation is tried.
const equationPoints = 257

// equation reads a channel's equation and tries it over what the channel measures.
func (k *block) equation(c *Channel) {
	text, ok := k.stored("equation")
	if !ok || text == "" {
		return
	}
	c.Equation = text
	f, why := parseFormula(text, "v", "the volts at the tip", examples["equation"])
	if why != "" {
		k.fail("equation", "equation cannot be used", why)
		return
	}
	for _, name := range []string{"scale", "scale_offset"} {
		if k.has(name) && !k.isBad(name) {
			k.d.p.add(warningAt(k.place(name), fmt.Sprintf("%s has no effect on the values of channel %s", name, c.Name),
				fmt.Sprintf("The equation is over the volts at the tip, and its result is the value in %s. Put the scale into the equation.", c.Unit)))
		}
	}
	if c.Range <= 0 || k.isBad("range") || k.isBad("offset") {
		return
	}
	low, high := -c.Range-c.Offset, c.Range-c.Offset
	bad := 0
	var first units.Voltage
	for i := range equationPoints {
		v := low + units.Voltage(float64(high-low)*float64(i)/(equationPoints-1))
		if math.IsNaN(f.Value(v.Volts())) {
			if bad == 0 {
				first = v
			}
			bad++
		}
	}
	where := fmt.Sprintf("from %s to %s", compact(low), compact(high))
	secret := false
	for _, name := range []string{"range", "offset"} {
		if _, s := k.d.plan.Sensitive(under(k.path, name)); s {
			secret, where = true, "there"
		}
	}
	switch {
	case bad == equationPoints:
		k.fail("equation", "equation cannot be used", fmt.Sprintf("It has no finite result for anything that the channel measures, %s.", where))
	case bad > 1: // a single point, such as v = 0 of 1 / v, is hardly ever met
		at := fmt.Sprintf(" (%s is one)", compact(first))
		if secret {
			at = ""
		}
		k.d.p.add(warningAt(k.place("equation"), fmt.Sprintf("The equation of channel %s has no finite result for a part of what it measures", c.Name),
			fmt.Sprintf("Volts there%s become NaN. Choose the other values with a condition: v > 0 ? sqrt(v) : 0.", at)))
	}
}
