package plan

import (
	"fmt"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// given is a value for a variable from outside the plan.
type given struct {
	text string // --var
	expr hcl.Expression
	from string // "--var" or the file
	at   hcl.Range
}

// variables evaluates the variable blocks and makes the context in which all else is evaluated.
func (d *decoder) variables(body *hclsyntax.Body) {
	d.ctx = &hcl.EvalContext{Functions: d.functions(), Variables: map[string]cty.Value{"var": cty.EmptyObjectVal}}
	outside := d.outside()
	values := map[string]cty.Value{}
	declared := map[string]hcl.Range{}
	for _, b := range body.Blocks {
		if b.Type != "variable" || len(b.Labels) != 1 {
			continue
		}
		name := b.Labels[0]
		if first, twice := declared[name]; twice {
			d.p.add(errorAt(b.LabelRanges[0], fmt.Sprintf("A second variable %q", name), fmt.Sprintf("The first is at line %d.", first.Start.Line)))
			continue
		}
		declared[name] = b.LabelRanges[0]
		if !hclsyntax.ValidIdentifier(name) {
			d.p.add(errorAt(b.LabelRanges[0], "This cannot be the name of a variable", "Use letters, digits and _, beginning with a letter."))
			continue
		}
		values[name] = d.variable(name, b, outside)
	}
	d.unusedValues(outside, declared)
	sort.Slice(d.plan.Variables, func(i, j int) bool { return d.plan.Variables[i].Name < d.plan.Variables[j].Name })
	d.ctx.Variables["var"] = cty.ObjectVal(values)
	if len(values) == 0 {
		d.ctx.Variables["var"] = cty.EmptyObjectVal
	}
}

// unusedValues reports values for variables that the plan does not have.
func (d *decoder) unusedValues(outside map[string]given, declared map[string]hcl.Range) {
	for _, name := range sortedKeys(outside) {
		if _, ok := declared[name]; ok {
			continue
		}
		d.p.add(errorAt(outside[name].at, fmt.Sprintf("%s gives a value to %q, which is no variable of the plan", outside[name].from, name),
			didYouMean(name, sortedKeys(declared), "variables")))
	}
}

// outside gathers --var-file and --var.
func (d *decoder) outside() map[string]given {
	all := map[string]given{}
	start := hcl.Range{Filename: d.plan.filename, Start: hcl.InitialPos, End: hcl.InitialPos}
	for _, path := range d.o.VarFiles {
		src, err := d.read(path)
		if err != nil {
			r := start
			if r.Filename = path; path == "" {
				r.Filename = "--var-file"
			}
			d.plan.files[r.Filename] = &hcl.File{}
			d.p.add(errorAt(r, "A file of variables cannot be read", sentence(reasonOf(err))))
			continue
		}
		body, ok := d.syntax(src, path)
		if !ok {
			continue
		}
		for _, b := range body.Blocks {
			d.p.add(errorAt(b.DefRange(), "No blocks may stand in a file of variables", "It has lines NAME = VALUE only."))
		}
		for _, attr := range inOrder(body.Attributes) {
			all[attr.Name] = given{expr: attr.Expr, from: "The file of variables", at: attr.NameRange}
		}
	}
	for name, text := range d.o.Vars {
		at := start
		at.Filename = "--var " + name
		d.plan.files[at.Filename] = &hcl.File{} // its text is not shown: it may be a secret
		all[name] = given{text: text, from: "--var", at: at}
	}
	return all
}

// variable evaluates one variable block. A wrong one is unknown to those that use it, so that they stay silent.
func (d *decoder) variable(name string, b *hclsyntax.Block, outside map[string]given) cty.Value {
	constants := &hcl.EvalContext{Functions: d.ctx.Functions, Variables: map[string]cty.Value{}}
	sensitive := false
	if attr := b.Body.Attributes["sensitive"]; attr != nil {
		v, ok := d.eval(attr.Expr, constants)
		if !ok {
			return cty.DynamicVal
		}
		v, _ = v.Unmark()
		if v.Type() != cty.Bool || v.IsNull() {
			d.p.add(errorAt(attr.Expr.Range(), "sensitive must be true or false", "Write sensitive = true."))
			return cty.DynamicVal
		}
		sensitive = v.True()
	}
	def := cty.NilVal
	if attr := b.Body.Attributes["default"]; attr != nil {
		v, ok := d.eval(attr.Expr, constants)
		if !ok {
			return cty.DynamicVal
		}
		def = v
	}
	v := def
	g, fromOutside := outside[name]
	switch {
	case fromOutside:
		var ok bool
		if v, ok = d.givenValue(name, g, def, sensitive); !ok {
			return cty.DynamicVal
		}
	case def == cty.NilVal:
		d.p.add(errorAt(b.DefRange(), fmt.Sprintf("The variable %q has no value", name),
			fmt.Sprintf("Give it one with --var %s=..., or write default = ... here.", name)))
		return cty.DynamicVal
	}
	plain, secret := reveal(v)
	secret = secret || sensitive
	variable := Variable{Name: name, Sensitive: secret, Given: fromOutside}
	if secret {
		v = d.secret(plain)
	} else {
		variable.Value = valueText(plain)
	}
	d.plan.Variables = append(d.plan.Variables, variable)
	return v
}

// givenValue is the value of a variable from outside, in the type of its default.
func (d *decoder) givenValue(name string, g given, def cty.Value, sensitive bool) (cty.Value, bool) {
	if g.expr != nil {
		return d.eval(g.expr, &hcl.EvalContext{Functions: d.ctx.Functions, Variables: map[string]cty.Value{}})
	}
	text := cty.StringVal(g.text)
	if len(g.text) > maxText {
		d.p.add(errorAt(g.at, fmt.Sprintf("--var %s is too long", name), fmt.Sprintf("It has more than %d KiB.", maxText>>10)))
		return cty.NilVal, false
	}
	want := cty.String
	if def != cty.NilVal && !def.IsNull() {
		want = def.Type()
	}
	if want.IsPrimitiveType() {
		v, err := convert.Convert(text, want)
		if err != nil {
			shown := fmt.Sprintf("%q", g.text)
			if _, secret := reveal(def); secret || sensitive {
				shown = hidden
			}
			d.p.add(errorAt(g.at, fmt.Sprintf("--var %s must be a %s", name, want.FriendlyName()),
				fmt.Sprintf("%s is not; the variable's default is one.", shown)))
			return cty.NilVal, false
		}
		return v, true
	}
	// A list or an object: the text is an expression.
	filename := "--var " + name
	if diag := checkLimits([]byte(g.text), filename); diag != nil {
		d.p.add(diag)
		return cty.NilVal, false
	}
	expr, diags := hclsyntax.ParseExpression([]byte(g.text), filename, hcl.InitialPos)
	if diags.HasErrors() {
		d.p.add(errorAt(g.at, fmt.Sprintf("--var %s cannot be read", name),
			fmt.Sprintf("The variable's default is %s: write an expression such as '[\"a\", \"b\"]' or '{a = 1}'.", kindName(want))))
		return cty.NilVal, false
	}
	return d.eval(expr, &hcl.EvalContext{Functions: d.ctx.Functions, Variables: map[string]cty.Value{}})
}

// valueText prints a value for run.json: strings as they are, the rest in HCL's syntax.
func valueText(v cty.Value) string {
	if v.Type() == cty.String && !v.IsNull() {
		return v.AsString()
	}
	return string(hclwrite.TokensForValue(v).Bytes())
}
