package fakelib

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strings"

	"github.com/scopelog/scopelog/internal/abicheck"
)

// cTypes is what a Go kind has to be in C.
var cTypes = map[reflect.Kind]string{
	reflect.Int8: "int8_t", reflect.Int16: "int16_t", reflect.Int32: "int32_t", reflect.Int64: "int64_t",
	reflect.Uint8: "uint8_t", reflect.Uint16: "uint16_t", reflect.Uint32: "uint32_t", reflect.Uint64: "uint64_t",
	reflect.Float32: "float", reflect.Float64: "double",
}

func sizeOf(t T, ctype string) int {
	t.Helper()
	switch strings.TrimLeft(strings.TrimSuffix(ctype, "_t"), "uint") {
	case "8":
		return 1
	case "16":
		return 2
	case "32", "float":
		return 4
	case "64", "double":
		return 8
	}
	t.Fatalf("no size of %q", ctype)
	return 0
}

// encode is the C form of a number, a struct or a slice of them. The Go type must be exactly ctype.
func encode(t T, table *abicheck.Family, v reflect.Value, ctype string) []byte {
	t.Helper()
	if v.Kind() == reflect.Slice {
		var out []byte
		for i := range v.Len() {
			out = append(out, encode(t, table, v.Index(i), ctype)...)
		}
		return out
	}
	if v.Kind() == reflect.Struct {
		s := table.Struct(ctype)
		if s == nil || v.NumField() != len(s.Fields) {
			t.Fatalf("%s is not like %s", v.Type(), ctype)
		}
		out := make([]byte, s.Size)
		for i, f := range s.Fields {
			if !sameName(v.Type().Field(i).Name, f.Name) {
				t.Fatalf("%s: field %s stands where %s has %s", v.Type(), v.Type().Field(i).Name, ctype, f.Name)
			}
			copy(out[f.Offset:f.Offset+f.Size], encode(t, table, v.Field(i), f.CType))
		}
		return out
	}
	if want := cTypes[v.Kind()]; want != ctype {
		t.Fatalf("Go has %s for C's %s", v.Type(), ctype)
	}
	var b bytes.Buffer
	if err := binary.Write(&b, binary.NativeEndian, v.Interface()); err != nil {
		t.Fatalf("%v", err)
	}
	return b.Bytes()
}

func sameName(inGo, inC string) bool {
	return strings.EqualFold(inGo, strings.TrimSuffix(inC, "_"))
}

func littleEndian(v uint64, size int) []byte {
	return binary.LittleEndian.AppendUint64(nil, v)[:size]
}

func setInt(v reflect.Value, n uint64) {
	if v.CanUint() {
		v.SetUint(n)
	} else {
		v.SetInt(int64(n))
	}
}

func (p *player) next() int {
	p.seed++
	return p.seed
}

// input makes the next input of the method.
func (p *player) input() reflect.Value {
	p.Helper()
	if len(p.in) >= p.method.Type().NumIn() {
		p.Fatalf("the method takes only %d inputs", p.method.Type().NumIn())
	}
	v := reflect.New(p.method.Type().In(len(p.in))).Elem()
	p.in = append(p.in, v)
	return v
}

// scalar is a number of a C type that differs from all others, and uses all its bytes.
func (p *player) scalar(ctype string) []byte {
	p.Helper()
	k := p.next()
	switch ctype {
	case "float":
		return littleEndian(uint64(math.Float32bits(float32(k)*-1.25)), 4)
	case "double":
		return littleEndian(math.Float64bits(float64(k)*1.0625e100), 8)
	}
	out := make([]byte, sizeOf(p.T, ctype))
	for i := range out {
		out[i] = byte(k*8 + i + 0x81)
	}
	return out
}

// element is a number or a struct.
func (p *player) element(ctype string) []byte {
	p.Helper()
	s := p.f.Family.Struct(ctype)
	if s == nil {
		return p.scalar(ctype)
	}
	out := make([]byte, s.Size)
	for _, f := range s.Fields {
		copy(out[f.Offset:], p.scalar(f.CType))
	}
	return out
}

// fill gives a number of the input a value.
func (p *player) fill(v reflect.Value, ctype string) {
	p.Helper()
	if want := cTypes[v.Kind()]; want != ctype {
		p.Fatalf("Go has %s for C's %s", v.Type(), ctype)
	}
	decode(p.T, p.f.Family, v, ctype, p.scalar(ctype))
}

// decode is the reverse of encode for a number or a struct.
func decode(t T, table *abicheck.Family, v reflect.Value, ctype string, b []byte) {
	t.Helper()
	if s := table.Struct(ctype); s != nil {
		if v.Kind() != reflect.Struct || v.NumField() != len(s.Fields) {
			t.Fatalf("%s is not like %s", v.Type(), ctype)
		}
		for i, f := range s.Fields {
			decode(t, table, v.Field(i), f.CType, b[f.Offset:f.Offset+f.Size])
		}
		return
	}
	if err := binary.Read(bytes.NewReader(b), binary.NativeEndian, v.Addr().Interface()); err != nil {
		t.Fatalf("%v", err)
	}
}

// address gives an input one of the buffers, each once, and returns the address; NULL when it is to be empty.
func (p *player) address(v reflect.Value) []byte {
	p.Helper()
	if p.empty {
		return make([]byte, 8)
	}
	for i, b := range p.buffers {
		if b == nil {
			continue
		}
		at := reflect.ValueOf(b).MethodByName("Pointer").Call(nil)[0]
		switch {
		case reflect.TypeOf(b).AssignableTo(v.Type()):
			v.Set(reflect.ValueOf(b))
		case v.Kind() == reflect.UnsafePointer:
			v.Set(at)
		default:
			continue
		}
		p.buffers = append(append(append([]any(nil), p.buffers[:i]...), nil), p.buffers[i+1:]...)
		return littleEndian(uint64(at.Pointer()), 8)
	}
	p.Fatalf("no buffer left for %s", v.Type())
	return nil
}

// slice prepares a slice among the inputs.
func (p *player) slice(i int, ctype string, back bool) {
	p.Helper()
	v := p.input()
	if p.empty {
		p.last = 0
		p.values[i] = make([]byte, 8)
		return
	}
	p.last = elements
	v.Set(reflect.MakeSlice(v.Type(), elements, elements))
	for k := range elements {
		b := p.element(ctype)
		decode(p.T, p.f.Family, v.Index(k), ctype, b)
		p.behind[i] = append(p.behind[i], b...)
	}
	arg := Arg{Record: len(p.behind[i])}
	if got := encode(p.T, p.f.Family, v, ctype); !bytes.Equal(got, p.behind[i]) {
		p.Fatalf("%s does not have the layout of %s", v.Type(), ctype)
	}
	if back {
		for range elements {
			arg.Write = append(arg.Write, p.element(ctype)...)
		}
		p.after = append(p.after, func() {
			p.Helper()
			if got := encode(p.T, p.f.Family, v, ctype); !bytes.Equal(got, arg.Write) {
				p.Errorf("%s after the call: got % x, want % x", p.fn.Args[i].Name, got, arg.Write)
			}
		})
	}
	p.call.Args[i] = arg
}

// inPlace prepares an input that is a pointer to a number or a struct.
func (p *player) inPlace(i int, ctype string) {
	p.Helper()
	v := p.input()
	if p.empty {
		p.values[i] = make([]byte, 8)
		return
	}
	v.Set(reflect.New(v.Type().Elem()))
	b := p.element(ctype)
	decode(p.T, p.f.Family, v.Elem(), ctype, b)
	p.behind[i] = encode(p.T, p.f.Family, v.Elem(), ctype)
	arg := Arg{Record: len(b), Write: p.element(ctype)}
	p.call.Args[i] = arg
	p.after = append(p.after, func() {
		p.Helper()
		if got := encode(p.T, p.f.Family, v.Elem(), ctype); !bytes.Equal(got, arg.Write) {
			p.Errorf("%s after the call: got % x, want % x", p.fn.Args[i].Name, got, arg.Write)
		}
	})
}
