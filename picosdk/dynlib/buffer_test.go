//go:build cgo

package dynlib

import (
	"math"
	"testing"
	"unsafe"
)

func TestBuffer(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 1000, 2048, 5000} { // less than a page, just that, more
		b, err := NewBuffer[int16](n)
		if err != nil {
			t.Fatal(err)
		}
		s := b.Slice()
		if b.Len() != n || b.Bytes() != 2*n || len(s) != n || cap(s) != n || b.Pointer() == nil {
			t.Errorf("len %d, %d bytes, slice of %d, cap %d, at %v", b.Len(), b.Bytes(), len(s), cap(s), b.Pointer())
		}
		for i, v := range s {
			if v != 0 {
				t.Fatalf("element %d is %d", i, v)
			}
		}
		s[n-1] = 7
		if b.Slice()[n-1] != 7 {
			t.Error("the slice is a copy")
		}
		for range 2 {
			b.Free()
			if b.Len() != 0 || b.Slice() != nil || b.Pointer() != nil {
				t.Error("still there after Free")
			}
		}
	}
	var none *Buffer[int16]
	none.Free()
	none.Fits(5)
	if none.Len() != 0 || none.Bytes() != 0 || none.Slice() != nil || none.Pointer() != nil {
		t.Error("a nil buffer is not empty")
	}
	for _, n := range []int{0, -1, math.MinInt, math.MaxInt, math.MaxInt/8 + 1, math.MaxInt / 8} {
		if b, err := NewBuffer[int64](n); err == nil {
			b.Free()
			t.Errorf("allocated %d elements", n)
		}
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	b, err := NewBuffer[int32](10)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Free)
	b.Fits(0)
	b.Fits(10)
	for _, n := range []int64{11, -1, math.MaxInt64, math.MinInt64} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d elements: no panic", n)
				}
			}()
			b.Fits(n)
		}()
	}
}

func TestLend(t *testing.T) {
	t.Parallel()
	whole, err := NewBuffer[int64](8)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(whole.Free)
	memory := unsafe.Slice((*byte)(whole.Pointer()), whole.Bytes())
	for _, c := range []struct {
		name     string
		from, to int
		want     int // elements; 0: an error
	}{
		{"all", 0, 64, 16}, {"a part", 12, 20, 2}, {"one", 60, 64, 1},
		{"none", 8, 8, 0}, {"an odd length", 0, 6, 0}, {"an odd address", 2, 10, 0},
	} {
		b, err := Lend[int32](memory[c.from:c.to])
		if (err != nil) != (c.want == 0) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil {
			continue
		}
		if b.Len() != c.want || b.Bytes() != c.to-c.from || b.Pointer() != unsafe.Pointer(&memory[c.from]) {
			t.Errorf("%s: %d elements, %d bytes at %p", c.name, b.Len(), b.Bytes(), b.Pointer())
		}
		b.Slice()[0] = 0x01020304
		for range 2 {
			b.Free()
			if b.Len() != 0 || b.Pointer() != nil {
				t.Errorf("%s: still there after Free", c.name)
			}
		}
		if memory[c.from] != 4 { // the memory is still there
			t.Errorf("%s: the first byte is %d", c.name, memory[c.from])
		}
	}
	if b, err := Lend[int16](nil); err == nil {
		t.Errorf("lent nothing as %v", b)
	}
}
