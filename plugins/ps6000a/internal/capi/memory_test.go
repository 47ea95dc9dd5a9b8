//go:build cgo && linux

package capi

import (
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck/fakelib"
)

// TestTooMany calls with more elements than a buffer has; the library must not be reached.
func TestTooMany(t *testing.T) {
	f, api := loaded(t)
	small := buffer[int16](t)
	big := make([]DigitalChannelDirections, math.MaxInt16+1)
	for name, call := range map[string]func(){
		"int8":          func() { api.SetDataBuffer(1, 0, small, 81, 0, 0, 0, 0) },
		"int16":         func() { api.SetDataBuffer(1, 0, small, 41, 1, 0, 0, 0) },
		"int32":         func() { api.SetDataBuffer(1, 0, small, 21, 2, 0, 0, 0) },
		"uint32":        func() { api.SetDataBuffer(1, 0, small, 21, 3, 0, 0, 0) },
		"int64":         func() { api.SetDataBuffer(1, 0, small, 11, 4, 0, 0, 0) },
		"unknown type":  func() { api.SetDataBuffer(1, 0, small, 11, 77, 0, 0, 0) },
		"negative":      func() { api.SetDataBuffer(1, 0, small, -1, 1, 0, 0, 0) },
		"second buffer": func() { api.SetDataBuffers(1, 0, nil, small, 41, 1, 0, 0, 0) },
		"segments":      func() { api.GetValuesBulk(1, 0, 0, 0, 40, 0, 0, small) },
		"overlapped":    func() { api.GetValuesOverlapped(1, 0, nil, 0, 0, 0, 40, small) },
		"structs":       func() { api.SetTriggerDigitalPortProperties(1, 0, big) },
		"channels":      func() { api.ReportAllChannelsOvervoltageTripStatus(1, make([]ChannelOvervoltageTripped, 256)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
	if calls := f.Calls(t); len(calls) != 0 {
		t.Errorf("the library was called: %v", calls)
	}
}

// TestFull registers exactly what a buffer has.
func TestFull(t *testing.T) {
	f, api := loaded(t)
	b := buffer[int16](t)
	for dataType, n := range []int32{80, 40, 20, 20, 10} {
		f.Script(t, fakelib.Call{})
		api.SetDataBuffer(1, 0, b, n, uint32(dataType), 0, 0, 0)
		if calls := f.Calls(t); len(calls) != 1 || slices.Equal(calls[0].Values[2], null) {
			t.Errorf("data type %d: called %v", dataType, calls)
		}
	}
	for name, none := range map[string]Memory{"nil": nil, "nil buffer": (*Buffer[int8])(nil)} {
		f.Script(t, fakelib.Call{})
		api.SetDataBuffer(1, 0, none, 1000, 0, 0, 0, 1)
		if calls := f.Calls(t); len(calls) != 1 || !slices.Equal(calls[0].Values[2], null) {
			t.Errorf("%s: called %v", name, calls)
		}
	}
}
