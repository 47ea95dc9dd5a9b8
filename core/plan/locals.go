package plan

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// localValues evaluates local values in the order of their need.
type localValues struct {
	d       *decoder
	attrs   map[string]*hclsyntax.Attribute
	values  map[string]cty.Value
	working []string // the chain of values that need each other
}

// locals evaluates the locals blocks.
func (d *decoder) locals(body *hclsyntax.Body) {
	l := &localValues{d: d, attrs: map[string]*hclsyntax.Attribute{}, values: map[string]cty.Value{}}
	var order []string
	for _, b := range body.Blocks {
		if b.Type != "locals" {
			continue
		}
		for _, inner := range b.Body.Blocks {
			d.p.add(errorAt(inner.DefRange(), "No blocks may stand in locals", fmt.Sprintf("Write %s = { ... }, with an equals sign.", inner.Type)))
		}
		for _, attr := range inOrder(b.Body.Attributes) {
			if first, twice := l.attrs[attr.Name]; twice {
				d.p.add(errorAt(attr.NameRange, fmt.Sprintf("A second local value %q", attr.Name), fmt.Sprintf("The first is at line %d.", first.NameRange.Start.Line)))
				continue
			}
			if len(order) == maxLocals {
				d.p.add(errorAt(attr.NameRange, "Too many local values", fmt.Sprintf("A plan has %d at most. Put tables into one list or object.", maxLocals)))
				break
			}
			l.attrs[attr.Name] = attr
			order = append(order, attr.Name)
		}
	}
	for _, name := range order {
		l.need(name)
	}
	d.ctx.Variables["local"] = objectOf(l.values)
}

func objectOf(values map[string]cty.Value) cty.Value {
	if len(values) == 0 {
		return cty.EmptyObjectVal
	}
	return cty.ObjectVal(values)
}

// maxChain bounds how many local values may need each other in a row.
const maxChain = 500

// need evaluates one local value after those that it refers to. A wrong one becomes unknown.
func (l *localValues) need(name string) {
	if _, done := l.values[name]; done {
		return
	}
	attr := l.attrs[name]
	for i, w := range l.working {
		if w == name {
			l.d.p.add(errorAt(attr.Expr.Range(), fmt.Sprintf("The local value %q needs itself", name),
				fmt.Sprintf("The circle is %s. Write one of them without the others.", strings.Join(append(l.working[i:], name), " -> "))))
			l.values[name] = cty.DynamicVal
			return
		}
	}
	if len(l.working) >= maxChain {
		l.d.p.add(errorAt(attr.NameRange, "Too many local values need each other", fmt.Sprintf("At most %d may, one after another.", maxChain)))
		l.values[name] = cty.DynamicVal
		return
	}
	l.working = append(l.working, name)
	seen := map[string]cty.Value{}
	whole := false
	for _, t := range attr.Expr.Variables() {
		if t.RootName() != "local" {
			continue
		}
		if len(t) < 2 {
			whole = true
			continue
		}
		if step, ok := t[1].(hcl.TraverseAttr); ok && l.attrs[step.Name] != nil {
			l.need(step.Name)
			seen[step.Name] = l.values[step.Name]
		}
	}
	l.working = l.working[:len(l.working)-1]
	if _, circle := l.values[name]; circle {
		return
	}
	if whole {
		l.d.p.add(errorAt(attr.Expr.Range(), "locals cannot be used as a whole here", "Write local.NAME."))
		l.values[name] = cty.DynamicVal
		return
	}
	for other := range l.attrs { // so that suggestions know all names
		if _, ok := seen[other]; !ok {
			seen[other] = cty.DynamicVal
		}
	}
	ctx := l.d.ctx.NewChild()
	ctx.Variables = map[string]cty.Value{"local": objectOf(seen)}
	v, ok := l.d.eval(attr.Expr, ctx)
	if !ok {
		v = cty.DynamicVal
	}
	l.values[name] = v
}
