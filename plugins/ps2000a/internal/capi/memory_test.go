//go:build cgo && linux

package capi

import (
	"math"
	"testing"
)

func TestBuffer(t *testing.T) {
	b, err := AllocInt16(1000)
	if err != nil {
		t.Fatal(err)
	}
	s := b.Slice()
	if b.Len() != 1000 || len(s) != 1000 || cap(s) != 1000 || b.Pointer() == nil {
		t.Errorf("len %d, slice of %d, cap %d, at %v", b.Len(), len(s), cap(s), b.Pointer())
	}
	for i, v := range s {
		if v != 0 {
			t.Fatalf("element %d is %d", i, v)
		}
	}
	s[999] = 7
	if b.Slice()[999] != 7 {
		t.Error("the slice is a copy")
	}
	for range 2 {
		b.Free()
		if b.Len() != 0 || b.Slice() != nil || b.Pointer() != nil {
			t.Error("still there after Free")
		}
	}
	var none *Buffer[int16]
	none.Free()
	if none.Len() != 0 || none.Slice() != nil || none.Pointer() != nil {
		t.Error("a nil buffer is not empty")
	}
	for _, n := range []int{0, -1, math.MinInt, math.MaxInt, math.MaxInt/8 + 1} {
		if b, err := AllocInt64(n); err == nil {
			b.Free()
			t.Errorf("allocated %d elements", n)
		}
	}
}

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
