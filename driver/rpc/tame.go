package rpc

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// summaryField may have lines: that it must be one is a rule whose breach the conformance kit has to see.
const summaryField = "summary"

// tame makes every text in a plugin's answer fit for terminals, logs and metadata, before anybody sees it: control
// characters are escaped, and what is longer than a description may be is cut.
func tame(m proto.Message) { tameMessage(m.ProtoReflect()) }

func tameMessage(m protoreflect.Message) {
	m.SetUnknown(nil)
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsMap(): // there is none in the protocol; what cannot be tamed is not shown
			m.Clear(f)
		case f.Kind() == protoreflect.MessageKind && f.IsList():
			for i, list := 0, v.List(); i < list.Len(); i++ {
				tameMessage(list.Get(i).Message())
			}
		case f.Kind() == protoreflect.MessageKind:
			tameMessage(v.Message())
		case f.Kind() == protoreflect.StringKind && f.IsList():
			for i, list := 0, v.List(); i < list.Len(); i++ {
				list.Set(i, protoreflect.ValueOfString(printable(list.Get(i).String(), maxText)))
			}
		case f.Kind() == protoreflect.StringKind && f.Name() == summaryField:
			m.Set(f, protoreflect.ValueOfString(printableLines(v.String(), maxText)))
		case f.Kind() == protoreflect.StringKind:
			m.Set(f, protoreflect.ValueOfString(printable(v.String(), maxText)))
		}
		return true
	})
}
