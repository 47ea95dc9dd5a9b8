package plan

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// eval evaluates an expression of the plan. ok is false when something was reported, now or earlier for what the
// expression depends on.
func (d *decoder) eval(expr hcl.Expression, ctx *hcl.EvalContext) (cty.Value, bool) {
	for _, t := range expr.Variables() {
		if diag := d.checkReference(t, ctx); diag != nil {
			if diag.Extra != silent {
				d.p.add(diag)
			}
			return cty.NilVal, false
		}
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		for _, diag := range diags {
			if diag.Severity == hcl.DiagError { // one is enough: the others follow from it
				d.hideArgument(diag, expr, ctx)
				d.p.library(hcl.Diagnostics{d.inRange(diag, expr.Range())})
				break
			}
		}
		return cty.NilVal, false
	}
	if why := checkValue(v); why != "" {
		d.p.add(errorAt(expr.Range(), "This value is too large", sentence(why)))
		return cty.NilVal, false
	}
	if plain, _ := v.UnmarkDeep(); !plain.IsWhollyKnown() {
		return cty.NilVal, false
	}
	return v, true
}

// hideArgument takes the library's words out of the error of a function that was given a secret: they may quote it.
func (d *decoder) hideArgument(diag *hcl.Diagnostic, expr hcl.Expression, ctx *hcl.EvalContext) {
	call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](diag)
	if !ok {
		return
	}
	name := call.CalledFunctionName()
	if name == "env" || name == "file" || !d.touchesSecret(expr, ctx) {
		return
	}
	diag.Detail = fmt.Sprintf("%s was given something that it cannot use. The value is not shown, since %s.", name, whySecret)
}

// touchesSecret tells whether a secret may be among the values that an expression works with.
func (d *decoder) touchesSecret(expr hcl.Expression, ctx *hcl.EvalContext) bool {
	if text := d.source(expr.Range()); text == "" || strings.Contains(text, "env") || strings.Contains(text, "file") {
		return true
	}
	for _, t := range expr.Variables() {
		if v, diags := t.TraverseAbs(ctx); diags.HasErrors() || v.ContainsMarked() {
			return true
		}
	}
	return false
}

// inRange gives a diagnostic of the library a place if it has none.
func (d *decoder) inRange(diag *hcl.Diagnostic, r hcl.Range) *hcl.Diagnostic {
	if diag.Subject == nil {
		diag.Subject = &r
	}
	return diag
}

// checkReference looks for a variable's name before the library does, to give better advice.
func (d *decoder) checkReference(t hcl.Traversal, ctx *hcl.EvalContext) *hcl.Diagnostic {
	root := t.RootName()
	r := t.SourceRange()
	v, known := lookup(ctx, root)
	if !known {
		return unknownName(t, names(ctx), r)
	}
	if root != "var" && root != "local" || len(t) < 2 {
		return nil
	}
	step, ok := t[1].(hcl.TraverseAttr)
	if !ok {
		return nil
	}
	if v, _ := v.Unmark(); v.Type().IsObjectType() && !v.Type().HasAttribute(step.Name) {
		declared := make([]string, 0)
		for name := range v.Type().AttributeTypes() {
			declared = append(declared, name)
		}
		if root == "var" {
			return errorAt(r, fmt.Sprintf("There is no variable %q", step.Name), suggestName("var.", step.Name, declared,
				fmt.Sprintf("declare it with variable %q { default = ... }", step.Name)))
		}
		return errorAt(r, fmt.Sprintf("There is no local value %q", step.Name), suggestName("local.", step.Name, declared,
			fmt.Sprintf("write %s = ... into a locals block", step.Name)))
	}
	return nil
}

func suggestName(prefix, name string, declared []string, declare string) string {
	if near := nearestName(name, declared); near != "" {
		return fmt.Sprintf("Did you mean %s%s? Else %s.", prefix, near, declare)
	}
	return sentence(declare)
}

// unknownName explains a name that means nothing: most often a text without its quotes.
func unknownName(t hcl.Traversal, known []string, r hcl.Range) *hcl.Diagnostic {
	root := t.RootName()
	switch {
	case root == "each":
		return errorAt(r, "each has no meaning here", "each.key and each.value exist in a device with for_each. Blocks made by a dynamic block use the block's name, such as channel.value.")
	case root == "local" || root == "locals":
		return errorAt(r, fmt.Sprintf("There is nothing called %s here", root), "Local values are written local.NAME and declared in a locals block.")
	case len(t) == 1:
		advice := fmt.Sprintf("A text needs quotes: write %q.", root)
		if near := nearestName(root, known); near != "" {
			advice += fmt.Sprintf(" Or did you mean %s?", near)
		}
		return errorAt(r, fmt.Sprintf("There is nothing called %s", root), advice)
	}
	advice := fmt.Sprintf("Names begin with %s.", list(known, "or"))
	if near := nearestName(root, known); near != "" {
		advice = fmt.Sprintf("Did you mean %s?", near)
	}
	return errorAt(r, fmt.Sprintf("There is nothing called %s", root), advice)
}

// lookup finds a variable in a context or those around it.
func lookup(ctx *hcl.EvalContext, name string) (cty.Value, bool) {
	for ; ctx != nil; ctx = ctx.Parent() {
		if v, ok := ctx.Variables[name]; ok {
			return v, true
		}
	}
	return cty.NilVal, false
}

func names(ctx *hcl.EvalContext) []string {
	seen := map[string]bool{}
	for ; ctx != nil; ctx = ctx.Parent() {
		for name := range ctx.Variables {
			seen[name] = true
		}
	}
	return sortedKeys(seen)
}

// expression returns the text of an expression on one line.
func (d *decoder) expression(r hcl.Range) string {
	return strings.Join(strings.Fields(d.source(r)), " ")
}
