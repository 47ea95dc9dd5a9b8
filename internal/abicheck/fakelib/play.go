package fakelib

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck"
)

// A spec says how the arguments of a C function relate to a method, one word per argument of C, in its order. Inputs
// and results of the method are taken in their order; a struct among the results counts as its fields.
//
//	v      the next input, by value
//	=N     the same, with the value N, where others depend on it
//	o      address of a result
//	io     address of a copy of the next input, which becomes a result
//	ip     the next input, a pointer: the address of a copy or of the value itself, written back
//	s      the next input, a string with its NUL
//	p      the next input, an address: a buffer of the binding or an unsafe.Pointer
//	a      the next input, a slice: address of its elements in the C layout
//	aio    the same, written back
//	aoN    address of a result, a slice of N elements
//	n      the number of elements of the last slice among the inputs
//	0      NULL
//
// An input that stands for a pointer is tried with its value and with none, which is NULL (and 0 for n).
type Spec = string

const elements = 3 // of slices among the inputs

// Play calls the method of each spec and compares. buffers are buffers of the binding, two for each type of element.
// Methods without a spec, specs without a method, and functions of the table for which handled says nothing are errors.
func Play(t *testing.T, f *Fake, api any, specs map[string]Spec, buffers []any, handled func(method string) bool) {
	v := reflect.ValueOf(api)
	for i := range v.NumMethod() {
		name := v.Type().Method(i).Name
		if specs[name] == "" && !handled(name) {
			t.Errorf("method %s: no spec", name)
		}
	}
	for _, fn := range f.Family.Functions {
		name := strings.TrimPrefix(fn.Name, f.prefix)
		if specs[name] == "" && !handled(name) {
			t.Errorf("function %s: neither a spec nor a reason", fn.Name)
		}
	}
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			method, fn := v.MethodByName(name), f.Family.Function(f.prefix+name)
			if !method.IsValid() || fn == nil {
				t.Fatalf("method: %t, function in the table: %t", method.IsValid(), fn != nil)
			}
			play(t, f, fn, method, spec, buffers)
		})
	}
}

func play(t T, f *Fake, fn *abicheck.Function, method reflect.Value, spec Spec, buffers []any) {
	t.Helper()
	words := strings.Fields(spec)
	if len(words) != len(fn.Args) {
		t.Fatalf("spec of %d words for %d arguments", len(words), len(fn.Args))
	}
	empties := []bool{false}
	if strings.ContainsAny(spec, "spa") {
		empties = append(empties, true)
	}
	for _, empty := range empties {
		p := player{T: t, f: f, fn: fn, method: method, buffers: buffers, empty: empty, seed: 1, call: Call{Args: map[int]Arg{}}}
		p.play(words)
	}
}

type result struct {
	ctype string
	bytes []byte
}

type player struct {
	T
	f       *Fake
	fn      *abicheck.Function
	method  reflect.Value
	buffers []any
	empty   bool // pass none where a pointer may be NULL
	seed    int

	call    Call
	in      []reflect.Value
	last    int // elements of the last slice
	values  map[int][]byte
	behind  map[int][]byte
	after   []func() // checks of what was written back
	results []result
}

func (p *player) play(words []string) {
	p.Helper()
	p.values, p.behind = map[int][]byte{}, map[int][]byte{}
	for i, w := range words {
		p.argument(i, w, p.fn.Args[i])
	}
	if got := p.method.Type().NumIn(); got != len(p.in) {
		p.Fatalf("the method takes %d inputs, the spec has %d", got, len(p.in))
	}
	p.call.Status = uint32(0xAB00CD00 + p.seed)
	p.f.Script(p.T, p.call)
	out := p.method.Call(p.in)
	calls := p.f.Calls(p.T)
	if len(calls) != 1 || calls[0].Function != p.fn.Name {
		p.Fatalf("called %v, want one call of %s", calls, p.fn.Name)
	}
	for i, a := range p.fn.Args {
		if want, ok := p.values[i]; ok && !bytes.Equal(calls[0].Values[i], want) {
			p.Errorf("argument %s (empty=%t): got % x, want % x", a.Name, p.empty, calls[0].Values[i], want)
		}
		if null := allZero(calls[0].Values[i]); p.values[i] == nil && null {
			p.Errorf("argument %s (empty=%t): NULL", a.Name, p.empty)
		}
		if want := p.behind[i]; !bytes.Equal(calls[0].Behind[i], want) {
			p.Errorf("behind %s (empty=%t): got % x, want % x", a.Name, p.empty, calls[0].Behind[i], want)
		}
	}
	for _, check := range p.after {
		check()
	}
	p.compareResults(out)
}

func (p *player) compareResults(out []reflect.Value) {
	p.Helper()
	status := out[len(out)-1]
	if status.Kind() != reflect.Uint32 || uint32(status.Uint()) != p.call.Status {
		p.Errorf("status %v, want %#x", status, p.call.Status)
	}
	var flat []reflect.Value
	for _, v := range out[:len(out)-1] {
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				flat = append(flat, v.Field(i))
			}
		} else {
			flat = append(flat, v)
		}
	}
	if len(flat) != len(p.results) {
		p.Fatalf("%d results, the spec has %d", len(flat), len(p.results))
	}
	for i, want := range p.results {
		if got := encode(p.T, p.f.Family, flat[i], want.ctype); !bytes.Equal(got, want.bytes) {
			p.Errorf("result %d: got % x, want % x", i, got, want.bytes)
		}
	}
}

// argument prepares argument i of C.
func (p *player) argument(i int, word string, a abicheck.Argument) {
	p.Helper()
	pointee, isPointer := strings.CutSuffix(a.CType, "*")
	switch {
	case word == "v":
		v := p.input()
		p.fill(v, a.CType)
		p.values[i] = encode(p.T, p.f.Family, v, a.CType)
	case strings.HasPrefix(word, "="):
		n, err := strconv.ParseUint(word[1:], 10, 63)
		if err != nil {
			p.Fatalf("%v", err)
		}
		v := p.input()
		setInt(v, n)
		p.values[i] = encode(p.T, p.f.Family, v, a.CType)
	case word == "n":
		p.values[i] = littleEndian(uint64(p.last), sizeOf(p.T, a.CType))
	case !isPointer:
		p.Fatalf("%s %s: not a pointer, the spec says %s", a.CType, a.Name, word)
	case word == "0":
		p.values[i] = make([]byte, 8)
	case word == "o" || word == "io":
		arg := Arg{Write: p.scalar(pointee)}
		if word == "io" {
			v := p.input()
			p.fill(v, pointee)
			p.behind[i] = encode(p.T, p.f.Family, v, pointee)
			arg.Record = len(p.behind[i])
		}
		p.results = append(p.results, result{pointee, arg.Write})
		p.call.Args[i] = arg
	case word == "ip":
		p.inPlace(i, pointee)
	case word == "s":
		v := p.input()
		if p.empty {
			p.values[i] = make([]byte, 8)
			return
		}
		text := fmt.Sprintf("AB%03d/0456", p.next())
		v.SetString(text)
		p.behind[i] = append([]byte(text), 0)
		p.call.Args[i] = Arg{Record: len(text) + 1, Write: []byte("xxxx")} // libraries may write there
	case word == "p":
		v := p.input()
		p.values[i] = p.address(v)
	case word == "a" || word == "aio":
		p.slice(i, pointee, word == "aio")
	case strings.HasPrefix(word, "ao"):
		n, err := strconv.Atoi(word[2:])
		if err != nil {
			p.Fatalf("%v", err)
		}
		arg := Arg{}
		for range n {
			arg.Write = append(arg.Write, p.element(pointee)...)
		}
		p.results = append(p.results, result{pointee, arg.Write})
		p.call.Args[i] = arg
	default:
		p.Fatalf("no word %q", word)
	}
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
