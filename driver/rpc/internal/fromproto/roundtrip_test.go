package fromproto_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/driver/rpc/internal/fromproto"
	"github.com/scopelog/scopelog/driver/rpc/internal/toproto"
	"github.com/scopelog/scopelog/units"
)

// sure is for conversions that cannot fail.
func sure[P, T any](f func(P) T) func(P) (T, error) {
	return func(p P) (T, error) { return f(p), nil }
}

// same compares values of the contract; fractions compare by their parts.
var same = cmp.Options{cmp.AllowUnexported(units.Rational{})}

// overWire sends a value there and back, through the bytes of the wire.
func overWire[T any, P proto.Message](t *testing.T, v T, to func(T) P, from func(P) (T, error)) T {
	t.Helper()
	b, err := proto.Marshal(to(v))
	if err != nil {
		t.Fatal(err)
	}
	p := to(v).ProtoReflect().New().Interface().(P)
	if err := proto.Unmarshal(b, p); err != nil {
		t.Fatal(err)
	}
	got, err := from(p)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// trip tests one type: all fields set, each alone left out, and none set.
func trip[T any, P proto.Message](name string, to func(T) P, from func(P) (T, error)) (string, func(*testing.T)) {
	return name, func(t *testing.T) {
		t.Parallel()
		full := filled[T](t)
		if empty := holes(name, reflect.ValueOf(full)); len(empty) > 0 {
			t.Fatalf("the test leaves fields empty: %v", empty)
		}
		if diff := cmp.Diff(full, overWire(t, full, to, from), same); diff != "" {
			t.Errorf("every field (-want +got):\n%s", diff)
		}
		var zero T
		if diff := cmp.Diff(zero, overWire(t, zero, to, from), same); diff != "" {
			t.Errorf("zero (-want +got):\n%s", diff)
		}
		v := reflect.ValueOf(&full).Elem()
		for i := range v.NumField() {
			kept := reflect.ValueOf(v.Field(i).Interface())
			if !kept.IsValid() {
				continue
			}
			v.Field(i).SetZero()
			if diff := cmp.Diff(full, overWire(t, full, to, from), same); diff != "" {
				t.Errorf("without %s (-want +got):\n%s", v.Type().Field(i).Name, diff)
			}
			v.Field(i).Set(kept)
		}
	}
}

// byPointer and orNil turn conversions of pointers into conversions of what they point to; a message as a whole is
// never nil on the wire.
func byPointer[T, P any](f func(*T) P) func(T) P { return func(v T) P { return f(&v) } }

func orNil[P, T any](f func(P) (*T, error)) func(P) (T, error) {
	return func(p P) (T, error) {
		v, err := f(p)
		if v == nil {
			v = new(T)
		}
		return *v, err
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, test := range func(yield func(string, func(*testing.T)) bool) {
		_ = yield(trip("Description", toproto.Description, fromproto.Description)) &&
			yield(trip("UnitInfo", toproto.UnitInfo, sure(fromproto.UnitInfo))) &&
			yield(trip("DiscoverRequest", toproto.DiscoverRequest, fromproto.DiscoverRequest)) &&
			yield(trip("OpenRequest", toproto.OpenRequest, fromproto.OpenRequest)) &&
			yield(trip("Capabilities", toproto.Capabilities, fromproto.Capabilities)) &&
			yield(trip("Config", toproto.Config, fromproto.Config)) &&
			yield(trip("Applied", toproto.Applied, fromproto.Applied)) &&
			yield(trip("GeneratorConfig", byPointer(toproto.GeneratorConfig), orNil(fromproto.GeneratorConfig))) &&
			yield(trip("AppliedGenerator", byPointer(toproto.AppliedGenerator), orNil(fromproto.AppliedGenerator))) &&
			yield(trip("Event", toproto.Event, sure(fromproto.Event))) &&
			yield(trip("StopInfo", toproto.StopInfo, sure(fromproto.StopInfo))) &&
			yield(trip("Error", byPointer(toproto.Error), orNil(sure(fromproto.Error))))
	} {
		t.Run(name, test)
	}
}

// TestEveryTypeTravels makes sure that no type of the contract is left out: each struct of the package that a method
// of the contract takes or returns must be reachable from a type of TestRoundTrip.
func TestEveryTypeTravels(t *testing.T) {
	t.Parallel()
	tested := map[reflect.Type]bool{}
	for _, ty := range []reflect.Type{
		reflect.TypeFor[driver.Description](), reflect.TypeFor[driver.UnitInfo](), reflect.TypeFor[driver.DiscoverRequest](),
		reflect.TypeFor[driver.OpenRequest](), reflect.TypeFor[driver.Capabilities](), reflect.TypeFor[driver.Config](),
		reflect.TypeFor[driver.Applied](), reflect.TypeFor[driver.GeneratorConfig](), reflect.TypeFor[driver.AppliedGenerator](),
		reflect.TypeFor[driver.Event](), reflect.TypeFor[driver.StopInfo](), reflect.TypeFor[driver.Error](),
	} {
		collect(ty, tested)
	}
	for _, iface := range []reflect.Type{
		reflect.TypeFor[driver.Driver](), reflect.TypeFor[driver.Device](), reflect.TypeFor[driver.GeneratorController](),
		reflect.TypeFor[driver.PowerController](), reflect.TypeFor[driver.Identifier](), reflect.TypeFor[driver.Pinger](),
		reflect.TypeFor[driver.SoftwareTriggerer](), reflect.TypeFor[driver.Armer](),
	} {
		for i := range iface.NumMethod() {
			m := iface.Method(i).Type
			for j := range m.NumIn() {
				needsTrip(t, iface.Method(i).Name, m.In(j), tested)
			}
			for j := range m.NumOut() {
				needsTrip(t, iface.Method(i).Name, m.Out(j), tested)
			}
		}
	}
}

func needsTrip(t *testing.T, method string, ty reflect.Type, tested map[reflect.Type]bool) {
	t.Helper()
	seen := map[reflect.Type]bool{}
	collect(ty, seen)
	for s := range seen {
		if !tested[s] {
			t.Errorf("%s: %v has no round trip test", method, s)
		}
	}
}

// collect finds the structs of the contract within a type.
func collect(ty reflect.Type, into map[reflect.Type]bool) {
	switch ty.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Chan:
		collect(ty.Elem(), into)
	case reflect.Struct:
		if ty.PkgPath() != reflect.TypeFor[driver.Config]().PkgPath() || into[ty] {
			return
		}
		into[ty] = true
		for i := range ty.NumField() {
			collect(ty.Field(i).Type, into)
		}
	}
}

// TestEnums makes sure that the numbers on the wire are those of the contract.
func TestEnums(t *testing.T) {
	t.Parallel()
	if got, want := len(driverpb.ErrorKind_name), int(driver.KindNotPlugin)+1; got != want {
		t.Errorf("%d kinds of errors on the wire, %d in the contract", got, want)
	}
	if got, want := len(driverpb.OptionKind_name), int(driver.OptionStrings)+1; got != want {
		t.Errorf("%d kinds of options on the wire, %d in the contract", got, want)
	}
	for k := driver.KindPermanent; k <= driver.KindNotPlugin; k++ {
		if got := fromproto.Error(toproto.Error(&driver.Error{Kind: k, Message: "m"})); got.Kind != k {
			t.Errorf("kind %v came back as %v", k, got.Kind)
		}
	}
}
