//go:build cgo && linux

package capi

import (
	"math"
	"testing"
)

// TestTooMany calls with more elements than a buffer has; the library must not be reached.
func TestTooMany(t *testing.T) {
	f, api := loaded(t)
	small := buffer[int16](t)
	big := make([]DigitalChannelDirections, math.MaxInt16+1)
	for name, call := range map[string]func(){
		"buffer":           func() { api.SetDataBuffer(1, 0, small, 41, 0, 0) },
		"negative":         func() { api.SetDataBuffer(1, 0, small, -1, 0, 0) },
		"second buffer":    func() { api.SetDataBuffers(1, 0, nil, small, 41, 0, 0) },
		"segments":         func() { api.GetValuesBulk(1, 0, 0, 40, 0, 0, small) },
		"all the segments": func() { api.GetValuesBulk(1, 0, 0, math.MaxUint32, 0, 0, small) },
		"overlapped":       func() { api.GetValuesOverlappedBulk(1, 0, nil, 0, 0, 0, 40, small) },
		"structs":          func() { api.SetTriggerDigitalPortProperties(1, big) },
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
