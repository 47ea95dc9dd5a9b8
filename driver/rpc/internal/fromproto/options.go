package fromproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

func (d *decoder) optionKind(k driverpb.OptionKind) driver.OptionKind {
	if _, known := driverpb.OptionKind_name[int32(k)]; !known || k == driverpb.OptionKind_OPTION_KIND_UNSPECIFIED {
		d.fail("kind of option %d", int32(k))
		return 0
	}
	return driver.OptionKind(k)
}

// deeper tells whether one more level of nesting is allowed; leave it with d.depth--.
func (d *decoder) deeper() bool {
	d.depth++
	if d.depth > maxDepth {
		d.fail("blocks nested deeper than %d", maxDepth)
		return false
	}
	return true
}

func (d *decoder) optionSchema(s *driverpb.OptionSchema) driver.OptionSchema {
	defer func() { d.depth-- }()
	if !d.deeper() {
		return driver.OptionSchema{}
	}
	return driver.OptionSchema{
		Attributes: list(s.GetAttributes(), d.optionAttribute), Blocks: list(s.GetBlocks(), d.optionBlockSchema),
	}
}

func (d *decoder) optionAttribute(a *driverpb.OptionAttribute) driver.OptionAttribute {
	return driver.OptionAttribute{
		Name: a.GetName(), Kind: d.optionKind(a.GetKind()), Doc: a.GetDoc(), Required: a.GetRequired(),
		Default: a.GetDefaultText(), Enum: words[string](a.GetEnumValues()),
		Min: d.rationalPointer(a.GetMinBaseUnits()), Max: d.rationalPointer(a.GetMaxBaseUnits()),
	}
}

func (d *decoder) optionBlockSchema(b *driverpb.OptionBlockSchema) driver.OptionBlockSchema {
	return driver.OptionBlockSchema{
		Name: b.GetName(), Doc: b.GetDoc(), Labels: words[string](b.GetLabels()), Repeated: b.GetRepeated(),
		Body: d.optionSchema(b.GetBody()),
	}
}

func (d *decoder) options(o *driverpb.Options) driver.Options {
	defer func() { d.depth-- }()
	if !d.deeper() {
		return driver.Options{}
	}
	return driver.Options{Values: list(o.GetValues(), d.optionValue), Blocks: list(o.GetBlocks(), d.optionBlock)}
}

func (d *decoder) optionValue(v *driverpb.OptionValue) driver.OptionValue {
	return driver.OptionValue{
		Name: v.GetName(), Kind: d.optionKind(v.GetKind()), Text: v.GetText(), Bool: v.GetFlag(),
		Number: d.rational(v.GetNumberBaseUnits()), Numbers: list(v.GetNumbers(), d.rational),
		Texts: words[string](v.GetTexts()),
	}
}

func (d *decoder) optionBlock(b *driverpb.OptionBlock) driver.OptionBlock {
	return driver.OptionBlock{Name: b.GetName(), Labels: words[string](b.GetLabels()), Options: d.options(b.GetOptions())}
}
