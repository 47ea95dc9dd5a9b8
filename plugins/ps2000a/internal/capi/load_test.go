//go:build cgo && linux

package capi

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck/fakelib"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/dynlib"
)

func TestSymbols(t *testing.T) {
	required, optional := Symbols()
	bound := len(required) + len(optional)
	for name := range left {
		if strings.HasPrefix(name, prefix) {
			bound++
		}
	}
	f := fakelib.Build(t, prefix, nil)
	if bound != len(f.Family.Functions) {
		t.Errorf("%d functions are bound or left out, the library has %d", bound, len(f.Family.Functions))
	}
	for _, name := range required {
		if !slices.Contains(f.Family.Required, name) {
			t.Errorf("%s is required, but the vendor's Python package does without", name)
		}
	}
}

// TestOptional loads a library that has only what is required.
func TestOptional(t *testing.T) {
	required, optional := Symbols()
	f := fakelib.Build(t, prefix, func(name string) bool { return slices.Contains(optional, name) })
	lib, err := dynlib.Open(dynlib.Request{Explicit: f.Path, Required: required, Optional: optional})
	if err != nil {
		t.Fatal(err)
	}
	api, err := Load(lib)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range required {
		if name = strings.TrimPrefix(name, prefix); !api.Has(name) {
			t.Errorf("%s: not there", name)
		}
	}
	for _, name := range optional {
		name = strings.TrimPrefix(name, prefix)
		if api.Has(name) || api.Pointer(name) != nil {
			t.Errorf("%s: there", name)
		}
		m := reflect.ValueOf(api).MethodByName(name)
		if !m.IsValid() {
			t.Errorf("%s: no method", name)
			continue
		}
		var in []reflect.Value
		for i := range m.Type().NumIn() {
			in = append(in, reflect.Zero(m.Type().In(i)))
		}
		out := m.Call(in)
		if status := out[len(out)-1].Interface(); status != picosdk.StatusNotSupported {
			t.Errorf("%s of a library that lacks it: %v", name, status)
		}
	}
	if calls := f.Calls(t); len(calls) != 0 {
		t.Errorf("the library was called: %v", calls)
	}
}

func TestMissing(t *testing.T) {
	gone := []string{prefix + "Stop", prefix + "OpenUnit"}
	f := fakelib.Build(t, prefix, func(name string) bool { return slices.Contains(gone, name) })
	required, optional := Symbols()
	lib, err := dynlib.Open(dynlib.Request{Explicit: f.Path, Optional: slices.Concat(required, optional)})
	if err != nil {
		t.Fatal(err)
	}
	api, err := Load(lib)
	if err == nil || api != nil {
		t.Fatalf("loaded a library without %v", gone)
	}
	for _, name := range append(gone, lib.Path()) {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q does not say %s", err, name)
		}
	}
}

func TestPointer(t *testing.T) {
	_, api := loaded(t)
	seen := map[any]string{}
	required, optional := Symbols()
	for _, name := range slices.Concat(required, optional) {
		p := api.Pointer(strings.TrimPrefix(name, prefix))
		if p == nil || seen[p] != "" {
			t.Errorf("%s is at %v, so is %s", name, p, seen[p])
		}
		seen[p] = name
	}
	if api.Pointer("NoSuchFunction") != nil || api.Has(prefix+"Stop") {
		t.Error("found what is not bound")
	}
}
