//go:build cgo && linux

package capi

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck/fakelib"
	"github.com/scopelog/scopelog/picosdk"
)

func le16(v int16) []byte { return binary.LittleEndian.AppendUint16(nil, uint16(v)) }

func le32(vs ...uint32) []byte {
	var b []byte
	for _, v := range vs {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// args joins the values of a call's arguments, leaving out those that are addresses of the binding.
func args(r fakelib.Record, but ...int) []byte {
	var b []byte
	for i, v := range r.Values {
		if !slices.Contains(but, i) {
			b = append(b, v...)
		}
	}
	return b
}

var null = make([]byte, 8)

func TestEnumerateUnits(t *testing.T) {
	f, api := loaded(t)
	f.Script(t, fakelib.Call{Status: 0x11, Args: map[int]fakelib.Arg{
		0: {Write: le16(2)},
		1: {Record: 6, Write: []byte("A/1,B/2\x00")},
		2: {Record: 2, Write: le16(8)},
	}})
	count, serials, needed, status := api.EnumerateUnits("-v:-c and more than fits", 6+8)
	if count != 2 || serials != "A/1,B/2" || needed != 8 || status != 0x11 {
		t.Errorf("got %d %q %d %v", count, serials, needed, status)
	}
	calls := f.Calls(t)
	if string(calls[0].Behind[1]) != "-v:-c " || !slices.Equal(calls[0].Behind[2], le16(14)) {
		t.Errorf("the library got %q and % x", calls[0].Behind[1], calls[0].Behind[2])
	}

	f.Script(t, fakelib.Call{Args: map[int]fakelib.Arg{0: {Write: le16(1)}, 2: {Write: le16(4)}}})
	if count, serials, needed, status = api.EnumerateUnits("", 0); count != 1 || serials != "" || needed != 4 || status != 0 {
		t.Errorf("without room: got %d %q %d %v", count, serials, needed, status)
	}
	if calls = f.Calls(t); !slices.Equal(calls[0].Values[1], null) {
		t.Errorf("without room the library got % x, want NULL", calls[0].Values[1])
	}
}

func TestGetUnitInfo(t *testing.T) {
	f, api := loaded(t)
	f.Script(t,
		fakelib.Call{Args: map[int]fakelib.Arg{3: {Write: le16(6)}}},
		fakelib.Call{Status: 0x12, Args: map[int]fakelib.Arg{1: {Record: 6, Write: []byte("6824E\x00")}, 3: {Write: le16(6)}}})
	if got, status := api.GetUnitInfo(0x1234, 0x81020304); got != "6824E" || status != 0x12 {
		t.Errorf("got %q %v", got, status)
	}
	calls := f.Calls(t)
	if len(calls) != 2 {
		t.Fatalf("%d calls, want 2", len(calls))
	}
	first := slices.Concat(le16(0x1234), null, le16(0), le32(0x81020304))
	second := slices.Concat(le16(0x1234), le16(6), le32(0x81020304))
	if !slices.Equal(args(calls[0], 3), first) || !slices.Equal(args(calls[1], 1, 3), second) {
		t.Errorf("the library got % x, then % x", calls[0].Values, calls[1].Values)
	}
	if slices.Equal(calls[1].Values[1], null) {
		t.Error("the second call got no room")
	}

	for _, c := range []struct {
		name   string
		script fakelib.Call
		want   picosdk.Status
	}{
		{"refused", fakelib.Call{Status: 0x2A, Args: map[int]fakelib.Arg{3: {Write: le16(6)}}}, 0x2A},
		{"empty", fakelib.Call{Args: map[int]fakelib.Arg{3: {Write: le16(0)}}}, 0},
		{"negative", fakelib.Call{Args: map[int]fakelib.Arg{3: {Write: le16(-5)}}}, 0},
	} {
		f.Script(t, c.script)
		if got, status := api.GetUnitInfo(1, 3); got != "" || status != c.want {
			t.Errorf("%s: got %q %v", c.name, got, status)
		}
		if n := len(f.Calls(t)); n != 1 {
			t.Errorf("%s: %d calls, want 1", c.name, n)
		}
	}

	f.Script(t,
		fakelib.Call{Args: map[int]fakelib.Arg{3: {Write: le16(9)}}},
		fakelib.Call{Args: map[int]fakelib.Arg{1: {Write: []byte("1.2\x00\x00\x00\x00\x00\x00")}}})
	if got, _ := api.GetUnitInfo(1, 0); got != "1.2" {
		t.Errorf("a size that is too large: got %q", got)
	}
	f.Calls(t)
	f.Script(t,
		fakelib.Call{Args: map[int]fakelib.Arg{3: {Write: le16(3)}}},
		fakelib.Call{Args: map[int]fakelib.Arg{1: {Write: []byte("1.2")}}})
	if got, _ := api.GetUnitInfo(1, 0); got != "1.2" {
		t.Errorf("a size without the NUL: got %q", got)
	}
	f.Calls(t)
}

func TestGetAccessoryInfo(t *testing.T) {
	f, api := loaded(t)
	f.Script(t,
		fakelib.Call{Args: map[int]fakelib.Arg{4: {Write: le16(6)}}},
		fakelib.Call{Status: 0x12, Args: map[int]fakelib.Arg{2: {Record: 6, Write: []byte("TA369\x00")}, 4: {Write: le16(6)}}})
	if got, status := api.GetAccessoryInfo(0x1234, 0x51020304, 0x81020304); got != "TA369" || status != 0x12 {
		t.Errorf("got %q %v", got, status)
	}
	calls := f.Calls(t)
	if len(calls) != 2 {
		t.Fatalf("%d calls, want 2", len(calls))
	}
	first := slices.Concat(le16(0x1234), le32(0x51020304), null, le16(0), le32(0x81020304))
	second := slices.Concat(le16(0x1234), le32(0x51020304), le16(6), le32(0x81020304))
	if !slices.Equal(args(calls[0], 4), first) || !slices.Equal(args(calls[1], 2, 4), second) {
		t.Errorf("the library got % x, then % x", calls[0].Values, calls[1].Values)
	}
	f.Script(t, fakelib.Call{Status: 0x2A, Args: map[int]fakelib.Arg{4: {Write: le16(6)}}})
	if got, status := api.GetAccessoryInfo(1, 0, 0); got != "" || status != 0x2A || len(f.Calls(t)) != 1 {
		t.Errorf("refused: got %q %v", got, status)
	}
}

func TestChannelCombinationsStateless(t *testing.T) {
	f, api := loaded(t)
	f.Script(t,
		fakelib.Call{Args: map[int]fakelib.Arg{2: {Write: le32(3)}}},
		fakelib.Call{Status: 0x13, Args: map[int]fakelib.Arg{1: {Write: le32(1, 0x80010002, 9)}, 2: {Record: 4, Write: le32(2)}}})
	got, status := api.ChannelCombinationsStateless(0x1234, 0x81020304, 0x51020304)
	if !slices.Equal(got, []uint32{1, 0x80010002}) || status != 0x13 {
		t.Errorf("got %v %v", got, status)
	}
	calls := f.Calls(t)
	if len(calls) != 2 {
		t.Fatalf("%d calls, want 2", len(calls))
	}
	values := slices.Concat(le16(0x1234), le32(0x81020304, 0x51020304))
	if !slices.Equal(args(calls[0], 1, 2), values) || !slices.Equal(args(calls[1], 1, 2), values) {
		t.Errorf("the library got % x, then % x", calls[0].Values, calls[1].Values)
	}
	if !slices.Equal(calls[0].Values[1], null) || !slices.Equal(calls[1].Behind[2], le32(3)) {
		t.Errorf("the first call got % x, the second a number of % x", calls[0].Values[1], calls[1].Behind[2])
	}
	f.Script(t, fakelib.Call{Args: map[int]fakelib.Arg{2: {Write: le32(0)}}})
	if got, status := api.ChannelCombinationsStateless(1, 0, 0); got != nil || status != 0 || len(f.Calls(t)) != 1 {
		t.Errorf("none: got %v %v", got, status)
	}
}
