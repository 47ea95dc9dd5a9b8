package plan

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/scopelog/scopelog/driver"
)

// described is what is known of one driver.
type described struct {
	known bool
	desc  driver.Description
	spec  *spec // of its device blocks
}

func (s *described) deviceOptions() *driver.OptionSchema {
	if s == nil || !s.known {
		return nil
	}
	return &s.desc.DeviceOptions
}

func (s *described) channelOptions() *driver.OptionSchema {
	if s == nil || !s.known {
		return nil
	}
	return &s.desc.ChannelOptions
}

// describe asks for a driver once, and says when it cannot be checked.
func (d *decoder) describe(name string, r hcl.Range) *described {
	if known, asked := d.drivers[name]; asked {
		return known
	}
	k := &described{}
	d.drivers[name] = k
	err := errors.New("it was not asked")
	if d.o.Describe != nil {
		if k.desc, err = d.o.Describe(name); err == nil {
			k.known = true
		}
	}
	if !k.known {
		d.notDescribed(name, r, err)
	}
	k.spec = deviceSpecWith(name, k)
	return k
}

// notDescribed reports a driver without a description: an error for a slip of the pen, else a warning, since a
// plan can be checked on a machine without its plugins.
func (d *decoder) notDescribed(name string, r hcl.Range, err error) {
	installed := slices.Contains(d.o.Drivers, name)
	near := nearestName(name, d.o.Drivers)
	switch {
	case installed:
		d.p.add(warningAt(r, fmt.Sprintf("The driver %q does not describe itself", name),
			fmt.Sprintf("Its options and limits are not checked: %s.", err)))
	case near != "" && letters(near) != letters(name):
		d.plan.places.mark("driver." + name)
		d.p.add(errorAt(r, fmt.Sprintf("There is no driver %q", name), didYouMean(name, d.o.Drivers, "installed drivers")))
	default:
		detail := "Its options and limits are not checked."
		if near != "" {
			detail += fmt.Sprintf(" Did you mean %q?", near)
		}
		if len(d.o.Drivers) > 0 {
			detail += fmt.Sprintf(" Installed are %s.", list(d.o.Drivers, "and"))
		}
		d.p.add(warningAt(r, fmt.Sprintf("The driver %q is not installed", name), detail))
	}
}

// letters leaves the digits out of a name: makers number their families, so names that differ in digits alone are
// two families and not a slip.
func letters(name string) string {
	out := make([]rune, 0, len(name))
	for _, r := range name {
		if r < '0' || r > '9' {
			out = append(out, r)
		}
	}
	return string(out)
}

// deviceSpecFor returns what may stand in a device block, which depends on its driver.
func (d *decoder) deviceSpecFor(b *hclsyntax.Block, ctx *hcl.EvalContext) (*spec, *described) {
	attr := b.Body.Attributes["driver"]
	unknown := &spec{}
	*unknown = *deviceSpec
	if attr == nil {
		return unknown, nil
	}
	name, ok := d.driverName(attr.Expr, ctx)
	if !ok {
		return unknown, nil
	}
	k := d.describe(name, attr.Expr.Range())
	return k.spec, k
}

// driverName evaluates the driver attribute quietly: deviceHead does it again and reports.
func (d *decoder) driverName(expr hcl.Expression, ctx *hcl.EvalContext) (string, bool) {
	v, diags := expr.Value(ctx)
	if diags.HasErrors() || v.IsMarked() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String || !driverText.MatchString(v.AsString()) {
		return "", false
	}
	return v.AsString(), true
}

// deviceSpecWith adds the driver's own block to the language.
func deviceSpecWith(name string, k *described) *spec {
	dev, ch := *deviceSpec, *channelSpec
	if _, taken := deviceSpec.blocks[name]; taken {
		return &dev // the language's own blocks win
	}
	dev.blocks = map[string]*spec{}
	for n, s := range deviceSpec.blocks {
		dev.blocks[n] = s
	}
	dev.blocks["channel"] = &ch
	if !k.known {
		dev.openName, ch.openName = name, name
		return &dev
	}
	if s := k.desc.DeviceOptions; len(s.Attributes)+len(s.Blocks) > 0 {
		dev.blocks[name] = optionSpec(s)
	}
	if s := k.desc.ChannelOptions; len(s.Attributes)+len(s.Blocks) > 0 {
		ch.blocks = map[string]*spec{name: optionSpec(s)}
	}
	return &dev
}

// optionSpec turns a driver's schema into a table of the language.
func optionSpec(schema driver.OptionSchema) *spec {
	s := &spec{blocks: map[string]*spec{}}
	for _, a := range schema.Attributes {
		s.attrs = append(s.attrs, a.Name)
	}
	for _, b := range schema.Blocks {
		sub := optionSpec(b.Body)
		sub.labels, sub.many = b.Labels, b.Repeated
		s.blocks[b.Name] = sub
	}
	return s
}

// options reads the driver's own block. Without a schema there is nothing to read it with.
func (b *block) options(name string, schema *driver.OptionSchema) driver.Options {
	if schema == nil {
		return driver.Options{}
	}
	k, ok := b.one(name)
	if !ok {
		b.requiredOptions(name, *schema)
		return driver.Options{}
	}
	b.d.plan.places.alias(under(b.path, "options"), k.path)
	return k.optionBody(*schema)
}

// requiredOptions reports what is missing when the whole block is.
func (b *block) requiredOptions(name string, schema driver.OptionSchema) {
	for _, a := range schema.Attributes {
		if a.Required && !b.broken {
			b.failBlock(fmt.Sprintf("The block %s is missing", name), fmt.Sprintf("The driver needs it: write %s { %s = %s }.", name, a.Name, optionExample(a)))
			return
		}
	}
}

func (k *block) optionBody(schema driver.OptionSchema) driver.Options {
	var o driver.Options
	for _, a := range schema.Attributes {
		if !k.has(a.Name) {
			if a.Required {
				k.d.plan.places.mark(under(k.path, a.Name))
				k.d.p.add(errorAt(k.def, fmt.Sprintf("%s is missing", a.Name), fmt.Sprintf("%s: write %s = %s.", docOf(a), a.Name, optionExample(a))))
			}
			continue
		}
		if v, ok := k.option(a); ok {
			o.Values = append(o.Values, v)
		}
	}
	for _, s := range schema.Blocks {
		for i, n := range k.nested[s.Name] {
			if i > 0 && !s.Repeated {
				k.d.p.add(errorAt(n.DefRange, fmt.Sprintf("A second %s block", s.Name), "There can be one."))
				break
			}
			path := under(k.path, s.Name)
			if s.Repeated {
				path = under(path, strconv.Itoa(i))
			}
			out := k.out.item(s.Name)
			if len(n.Labels) > 0 {
				out.set("labels", slices.Clone(n.Labels))
			}
			for _, label := range n.Labels {
				k.d.plan.places.alias(under(k.path, s.Name, label), path)
			}
			q := k.child(n, path, out)
			o.Blocks = append(o.Blocks, driver.OptionBlock{Name: s.Name, Labels: slices.Clone(n.Labels), Options: q.optionBody(s.Body)})
		}
	}
	return o
}

func docOf(a driver.OptionAttribute) string {
	if a.Doc == "" {
		return "The driver needs it"
	}
	return sentence(a.Doc)[:len(sentence(a.Doc))-1]
}
