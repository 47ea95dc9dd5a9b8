package fromproto_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// filler sets every field of a value to something that is not zero and not the same as anywhere else. Types of the
// contract that grow a field get it filled without anybody thinking of it; a kind of field that it does not know fails
// the test.
type filler struct {
	t     *testing.T
	n     int64
	depth map[reflect.Type]int // of types that contain themselves
}

func (f *filler) next() int64 {
	f.n++
	return f.n
}

func (f *filler) fill(path string, v reflect.Value) {
	f.t.Helper()
	switch v.Interface().(type) {
	case units.Rational:
		v.Set(reflect.ValueOf(units.Rat(f.next(), 1_000_003)))
		return
	case driver.Kind:
		v.SetUint(uint64(f.next()%int64(driver.KindNotPlugin)) + 1)
		return
	case driver.OptionKind:
		v.SetUint(uint64(f.next()%int64(driver.OptionStrings)) + 1)
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(f.next())
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(f.next()))
	case reflect.Float64:
		v.SetFloat(float64(f.next()) / 7)
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d µ", f.next()))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(path, v.Elem())
	case reflect.Slice:
		f.fillSlice(path, v)
	case reflect.Struct:
		f.fillStruct(path, v)
	case reflect.Interface:
		// Error.Err is the one field that does not travel.
		if path[len(path)-4:] != ".Err" {
			f.t.Fatalf("%s: an interface cannot travel", path)
		}
	default:
		f.t.Fatalf("%s: the test cannot fill a %s; teach it, and both conversions", path, v.Kind())
	}
}

func (f *filler) fillSlice(path string, v reflect.Value) {
	f.t.Helper()
	if f.depth[v.Type()] == 2 {
		return // deep enough for a type that contains itself
	}
	f.depth[v.Type()]++
	defer func() { f.depth[v.Type()]-- }()
	v.Set(reflect.MakeSlice(v.Type(), 2, 2))
	for i := range 2 {
		f.fill(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
	}
}

func (f *filler) fillStruct(path string, v reflect.Value) {
	f.t.Helper()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			f.t.Fatalf("%s.%s: a field that is not exported cannot travel", path, field.Name)
		}
		f.fill(path+"."+field.Name, v.Field(i))
	}
}

// filled returns a T with every field set.
func filled[T any](t *testing.T) T {
	t.Helper()
	var v T
	f := &filler{t: t, depth: map[reflect.Type]int{}}
	f.fill(reflect.TypeFor[T]().Name(), reflect.ValueOf(&v).Elem())
	return v
}

// holes lists the fields of a value that are zero, apart from those that do not travel and the ends of nesting.
func holes(path string, v reflect.Value) []string {
	if v.IsZero() {
		if v.Kind() == reflect.Interface || v.Kind() == reflect.Slice {
			return nil
		}
		return []string{path}
	}
	var out []string
	if _, ok := v.Interface().(units.Rational); ok {
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		out = append(out, holes(path, v.Elem())...)
	case reflect.Struct:
		for i := range v.NumField() {
			out = append(out, holes(path+"."+v.Type().Field(i).Name, v.Field(i))...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, holes(fmt.Sprintf("%s[%d]", path, i), v.Index(i))...)
		}
	}
	return out
}
