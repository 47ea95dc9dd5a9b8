package plan

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/dynblock"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// block is one block being decoded. Its getters report what is wrong, note where each value stands, and write what
// they found into the tree that becomes plan.resolved.json.
type block struct {
	d      *decoder
	path   string
	spec   *spec
	attrs  hcl.Attributes
	nested map[string][]*hcl.Block
	def    hcl.Range
	ctx    *hcl.EvalContext
	out    *node
	broken bool            // some of its blocks could not be made: do not miss any
	meant  map[string]bool // what wrong names in it were most likely meant to be
	cache  map[string]evaluated
}

// evaluated is the value of an attribute.
type evaluated struct {
	v          cty.Value
	secret, ok bool
}

// open decodes a body, with its dynamic blocks expanded, as the block at path.
func (d *decoder) open(body hcl.Body, def hcl.Range, s *spec, path string, ctx *hcl.EvalContext, out *node) *block {
	b := &block{
		d: d, path: path, spec: s, nested: map[string][]*hcl.Block{}, def: def, ctx: ctx, out: out,
		cache: map[string]evaluated{},
	}
	content, _, diags := body.PartialContent(s.schema())
	if diags.HasErrors() {
		b.broken = true
		d.plan.places.mark(path)
		d.p.library(diags)
	}
	b.attrs = content.Attributes
	for _, n := range content.Blocks {
		if len(n.Labels) == len(s.blocks[n.Type].labels) {
			b.nested[n.Type] = append(b.nested[n.Type], n)
		}
	}
	b.meant = d.meant[placeOf(ptr(body.MissingItemRange()))]
	if _, known := d.plan.places.ranges[path]; !known {
		d.plan.places.ranges[path] = def
	}
	for _, name := range s.required {
		if b.attrs[name] == nil {
			d.plan.places.mark(under(path, name))
			if !b.meant[name] {
				d.p.add(errorAt(def, fmt.Sprintf("%s is missing", name), fmt.Sprintf("Write %s = %s.", name, b.example(name))+d.installed(name)))
			}
		}
	}
	return b
}

// expand wraps a body of the text so that its dynamic blocks become blocks.
func (d *decoder) expand(body *hclsyntax.Body, ctx *hcl.EvalContext) hcl.Body {
	return dynblock.Expand(body, ctx, dynblock.OptCheckForEach(d.checkForEach))
}

// checkForEach looks at the for_each of a dynamic block.
func (d *decoder) checkForEach(v cty.Value, expr hcl.Expression, _ *hcl.EvalContext) hcl.Diagnostics {
	r := expr.Range()
	if v.IsMarked() {
		return hcl.Diagnostics{errorAt(r, "A secret may not make blocks", "The number and names of blocks are stored with the recording, and this value may not be, since "+whySecret+". Use a variable that is not sensitive.")}
	}
	if !v.IsKnown() {
		diag := errorAt(r, "unknown", "")
		diag.Extra = silent
		return hcl.Diagnostics{diag}
	}
	if v.CanIterateElements() {
		if d.blocks += v.LengthInt(); d.blocks > maxDynamic {
			return hcl.Diagnostics{errorAt(r, "Too many blocks", fmt.Sprintf("The dynamic blocks of this plan make more than %d blocks.", maxDynamic))}
		}
	}
	return nil
}

// one opens the only block of a type; ok is false when there is none. A second one, which dynamic blocks can make,
// is reported.
func (b *block) one(name string) (*block, bool) {
	found := b.nested[name]
	if len(found) == 0 {
		return nil, false
	}
	for _, extra := range found[1:] {
		b.d.plan.places.mark(under(b.path, name))
		b.d.p.add(errorAt(extra.DefRange, fmt.Sprintf("A second %s block", name), "There can be one."))
	}
	return b.child(found[0], under(b.path, name), b.out.object(name)), true
}

// oneOrEmpty opens the only block of a type; one without anything in it when it is not written, so that its
// defaults are found.
func (b *block) oneOrEmpty(name string) *block {
	if k, ok := b.one(name); ok {
		return k
	}
	return b.d.open(hcl.EmptyBody(), b.def, b.spec.blocks[name], under(b.path, name), b.ctx, b.out.object(name))
}

// child opens a nested block at a path.
func (b *block) child(n *hcl.Block, path string, out *node) *block {
	s := b.spec.blocks[n.Type]
	def := n.DefRange
	if s.many {
		b.d.plan.places.ranges[path] = def
	}
	return b.d.open(n.Body, def, s, path, b.ctx, out)
}

func ptr[T any](v T) *T { return &v }

// example returns a value of an attribute for an error to show.
func (b *block) example(name string) string {
	if e := b.spec.examples[name]; e != "" {
		return e
	}
	return examples[name]
}

// installed lists the drivers where one is missing.
func (d *decoder) installed(attr string) string {
	if attr != "driver" || len(d.o.Drivers) == 0 {
		return ""
	}
	return fmt.Sprintf(" Installed are %s.", list(d.o.Drivers, "and"))
}

// has tells whether an attribute is written, be it right or wrong. null means that it is not.
func (b *block) has(name string) bool {
	if b.attrs[name] == nil {
		return false
	}
	e := b.evaluate(name)
	return !e.ok || !e.v.IsNull()
}

// isBad tells whether something at or in name was reported.
func (b *block) isBad(name string) bool { return b.d.plan.places.isBad(under(b.path, name)) }

// place returns where an attribute's value stands, or the block when it is not written.
func (b *block) place(name string) hcl.Range {
	if attr := b.attrs[name]; attr != nil {
		return attr.Expr.Range()
	}
	return b.def
}

// fail reports an attribute.
func (b *block) fail(name, summary, detail string) {
	b.d.plan.places.mark(under(b.path, name))
	b.d.p.add(errorAt(b.place(name), summary, detail))
}

// failBlock reports the block as a whole.
func (b *block) failBlock(summary, detail string) {
	b.d.plan.places.mark(b.path)
	b.d.p.add(errorAt(b.def, summary, detail))
}

// value returns an attribute's value. ok is false when it is not written, null, or wrong and reported. The value
// carries no marks; secret tells that it may not be shown.
func (b *block) value(name string) (v cty.Value, secret, ok bool) {
	if b.attrs[name] == nil {
		return cty.NilVal, false, false
	}
	e := b.evaluate(name)
	if !e.ok {
		return cty.NilVal, false, false
	}
	if e.v.IsNull() {
		if b.isRequired(name) {
			b.fail(name, fmt.Sprintf("%s is missing", name), fmt.Sprintf("Its value is null. Write %s = %s.", name, b.example(name)))
		}
		return cty.NilVal, false, false
	}
	return e.v, e.secret, true
}

// evaluate evaluates an attribute that is written, once.
func (b *block) evaluate(name string) evaluated {
	if e, done := b.cache[name]; done {
		return e
	}
	path, r := under(b.path, name), b.attrs[name].Expr.Range()
	var e evaluated
	if e.v, e.ok = b.d.eval(b.attrs[name].Expr, b.ctx); e.ok {
		e.v, e.secret = reveal(e.v)
	} else {
		b.d.plan.places.mark(path)
	}
	if !e.ok || !e.v.IsNull() {
		b.d.plan.places.ranges[path] = r
	}
	if e.secret {
		b.d.plan.places.secret[path] = b.d.expression(r)
	}
	b.cache[name] = e
	return e
}

func (b *block) isRequired(name string) bool {
	for _, r := range b.spec.required {
		if r == name {
			return true
		}
	}
	return false
}

// record writes a value into the tree, or the expression behind it when it is secret.
func (b *block) record(name string, value any) {
	if expr, secret := b.d.plan.places.secret[under(b.path, name)]; secret {
		b.out.set(name, secretText(expr))
		return
	}
	b.out.set(name, value)
}
