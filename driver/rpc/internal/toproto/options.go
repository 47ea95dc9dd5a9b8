package toproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

func optionSchema(s driver.OptionSchema) *driverpb.OptionSchema {
	if len(s.Attributes) == 0 && len(s.Blocks) == 0 {
		return nil
	}
	return &driverpb.OptionSchema{Attributes: list(s.Attributes, optionAttribute), Blocks: list(s.Blocks, optionBlockSchema)}
}

func optionAttribute(a driver.OptionAttribute) *driverpb.OptionAttribute {
	return &driverpb.OptionAttribute{
		Name: text(a.Name), Kind: driverpb.OptionKind(a.Kind), Doc: text(a.Doc), Required: a.Required,
		DefaultText: text(a.Default), EnumValues: texts(a.Enum),
		MinBaseUnits: rationalPointer(a.Min), MaxBaseUnits: rationalPointer(a.Max),
	}
}

func optionBlockSchema(b driver.OptionBlockSchema) *driverpb.OptionBlockSchema {
	return &driverpb.OptionBlockSchema{
		Name: text(b.Name), Doc: text(b.Doc), Labels: texts(b.Labels), Repeated: b.Repeated, Body: optionSchema(b.Body),
	}
}

func options(o driver.Options) *driverpb.Options {
	if len(o.Values) == 0 && len(o.Blocks) == 0 {
		return nil
	}
	return &driverpb.Options{Values: list(o.Values, optionValue), Blocks: list(o.Blocks, optionBlock)}
}

func optionValue(v driver.OptionValue) *driverpb.OptionValue {
	return &driverpb.OptionValue{
		Name: text(v.Name), Kind: driverpb.OptionKind(v.Kind), Text: text(v.Text), Flag: v.Bool,
		NumberBaseUnits: Rational(v.Number), Numbers: list(v.Numbers, element), Texts: texts(v.Texts),
	}
}

func optionBlock(b driver.OptionBlock) *driverpb.OptionBlock {
	return &driverpb.OptionBlock{Name: text(b.Name), Labels: texts(b.Labels), Options: options(b.Options)}
}
