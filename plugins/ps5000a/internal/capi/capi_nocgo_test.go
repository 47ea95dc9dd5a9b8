//go:build !cgo

package capi

import (
	"errors"
	"reflect"
	"testing"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/dynlib"
)

func TestNothingThere(t *testing.T) {
	if api, err := Load(nil); api != nil || !errors.Is(err, dynlib.ErrNoBinding) {
		t.Errorf("Load: %v, %v", api, err)
	}
	if b, err := AllocInt16(1); b != nil || !errors.Is(err, dynlib.ErrNoBinding) {
		t.Errorf("AllocInt16: %v, %v", b, err)
	}
	v := reflect.ValueOf(&API{})
	for i := range v.NumMethod() {
		name, m := v.Type().Method(i).Name, v.Method(i)
		if name == "Has" || name == "Pointer" {
			continue
		}
		var in []reflect.Value
		for k := range m.Type().NumIn() {
			in = append(in, reflect.Zero(m.Type().In(k)))
		}
		out := m.Call(in)
		if status := out[len(out)-1].Interface(); status != picosdk.StatusNotSupported {
			t.Errorf("%s: %v", name, status)
		}
	}
}
