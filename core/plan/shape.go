package plan

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// spec is what may stand in a block.
type spec struct {
	attrs    []string
	required []string
	blocks   map[string]*spec
	labels   []string          // what the labels are: "name"
	many     bool              // the block may stand more than once
	open     bool              // anything goes: the driver did not say what it accepts
	openName string            // one more block that is not looked into: the driver's, when it did not describe itself
	example  string            // how the block begins, for errors
	examples map[string]string // values that differ from the usual examples
}

// schema returns the spec for the HCL library. Everything is optional there: missing things are our errors.
func (s *spec) schema() *hcl.BodySchema {
	schema := &hcl.BodySchema{}
	for _, a := range s.attrs {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: a})
	}
	for _, name := range sortedKeys(s.blocks) {
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: name, LabelNames: s.blocks[name].labels})
	}
	return schema
}

// shape reports the names that do not belong where they stand, in the whole tree below body. The body is the
// text's own, before dynamic blocks are expanded.
func (d *decoder) shape(body *hclsyntax.Body, s *spec, what string) {
	if s.open {
		return
	}
	for _, attr := range inOrder(body.Attributes) {
		if !slices.Contains(s.attrs, attr.Name) {
			d.p.add(errorAt(attr.NameRange, fmt.Sprintf("Unknown attribute %q", attr.Name), s.unknownAttribute(attr.Name, what)))
			d.mean(body, nearestName(attr.Name, append(s.blockNames(), s.attrs...)), attr.Name)
		}
	}
	first := map[string]*hclsyntax.Block{}
	for _, block := range body.Blocks {
		if block.Type == "dynamic" && what != "" {
			d.dynamicShape(body, block, s, what)
			continue
		}
		sub, ok := s.blocks[block.Type]
		switch {
		case !ok && block.Type == s.openName:
		case !ok && s.openName != "" && !slices.Contains(d.o.Drivers, s.openName) && slices.Contains(d.o.Drivers, block.Type):
			// The block of the driver that the device's slip of the pen stands for: one mistake, one error.
		case !ok:
			d.p.add(errorAt(block.TypeRange, fmt.Sprintf("Unknown block %q", block.Type), s.unknownBlock(block.Type, what)))
			d.mean(body, nearestName(block.Type, append(s.blockNames(), s.attrs...)), block.Type)
		case len(block.Labels) < len(sub.labels):
			d.p.add(errorAt(block.OpenBraceRange, fmt.Sprintf("The %s block needs a %s", block.Type, sub.labels[len(block.Labels)]),
				fmt.Sprintf("Write %s.", sub.header(block.Type))))
		case len(block.Labels) > len(sub.labels):
			d.p.add(errorAt(block.LabelRanges[len(sub.labels)], fmt.Sprintf("The %s block has too many labels", block.Type),
				fmt.Sprintf("Write %s.", sub.header(block.Type))))
		case !sub.many && first[block.Type] != nil:
			d.p.add(errorAt(block.DefRange(), fmt.Sprintf("A second %s block", block.Type),
				fmt.Sprintf("There can be one; the first is at line %d. Put everything into it.", first[block.Type].TypeRange.Start.Line)))
		default:
			first[block.Type] = block
			d.shape(block.Body, sub, block.Type)
		}
	}
}

// mean notes what wrong names in a body were meant to be.
func (d *decoder) mean(body *hclsyntax.Body, names ...string) {
	at := placeOf(ptr(body.MissingItemRange()))
	if d.meant[at] == nil {
		d.meant[at] = map[string]bool{}
	}
	for _, name := range names {
		d.meant[at][name] = true
	}
}

// dynamicShape looks into the content of a dynamic block; the rest of it is the HCL library's.
func (d *decoder) dynamicShape(body *hclsyntax.Body, block *hclsyntax.Block, s *spec, what string) {
	if len(block.Labels) != 1 {
		d.p.add(errorAt(block.OpenBraceRange, "A dynamic block needs the name of the block that it makes", `Write dynamic "channel" { ... }.`))
		return
	}
	name := block.Labels[0]
	sub, ok := s.blocks[name]
	if !ok {
		if name != s.openName {
			d.p.add(errorAt(block.LabelRanges[0], fmt.Sprintf("Unknown block %q", name), s.unknownBlock(name, what)))
			d.mean(body, nearestName(name, s.blockNames()))
		}
		return
	}
	for _, inner := range block.Body.Blocks {
		if inner.Type == "content" {
			d.shape(inner.Body, sub, name)
		}
	}
}

// header shows how a block of this kind begins.
func (s *spec) header(name string) string {
	if s.example != "" {
		return s.example
	}
	if len(s.labels) == 0 {
		return name + " { ... }"
	}
	return name + ` "` + strings.Join(s.labels, `" "`) + `" { ... }`
}

func (s *spec) unknownAttribute(name, what string) string {
	if sub, ok := s.blocks[name]; ok {
		return fmt.Sprintf("%s is a block: write %s, without an equals sign.", name, sub.header(name))
	}
	if near := nearestName(name, s.attrs); near != "" {
		return fmt.Sprintf("Did you mean %q?", near)
	}
	var homes []string
	for _, b := range sortedKeys(s.blocks) {
		if slices.Contains(s.blocks[b].attrs, name) {
			homes = append(homes, b)
		}
	}
	where := "the plan's top level"
	if what != "" {
		where = "a " + what + " block"
	}
	switch {
	case len(homes) > 0:
		return fmt.Sprintf("%s stands inside %s.", name, list(quoted(homes), "or"))
	case len(s.attrs) == 0 && what == "":
		return fmt.Sprintf("Attributes stand in blocks. The plan's blocks are %s; constants go into locals.", list(s.blockNames(), "and"))
	case len(s.attrs) == 0:
		return fmt.Sprintf("There are no attributes in %s.", where)
	}
	return fmt.Sprintf("The attributes of %s are %s.", where, list(s.attrs, "and"))
}

func (s *spec) blockNames() []string {
	names := sortedKeys(s.blocks)
	if s.openName != "" {
		names = append(names, s.openName)
	}
	return names
}

func (s *spec) unknownBlock(name, what string) string {
	if slices.Contains(s.attrs, name) {
		return fmt.Sprintf("%s is an attribute: write %s = ...", name, name)
	}
	names := s.blockNames()
	if near := nearestName(name, names); near != "" {
		return fmt.Sprintf("Did you mean %q?", near)
	}
	var homes []string
	for _, b := range sortedKeys(s.blocks) {
		inner := s.blocks[b]
		if s == rootSpec && b == "device" {
			inner = deviceSpec
		}
		if inner.blocks[name] != nil {
			homes = append(homes, b)
		}
	}
	switch {
	case len(homes) > 0:
		return fmt.Sprintf("%s stands inside %s.", name, list(quoted(homes), "or"))
	case len(names) == 0:
		return fmt.Sprintf("There are no blocks in a %s block.", what)
	}
	where := "The plan's blocks"
	if what != "" {
		where = fmt.Sprintf("The blocks of a %s block", what)
	}
	return fmt.Sprintf("%s are %s.", where, list(names, "and"))
}

// inOrder returns the attributes as they stand in the text.
func inOrder(attrs hclsyntax.Attributes) []*hclsyntax.Attribute {
	out := make([]*hclsyntax.Attribute, 0, len(attrs))
	for _, attr := range attrs {
		out = append(out, attr)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].SrcRange.Start.Byte < out[j].SrcRange.Start.Byte })
	return out
}
