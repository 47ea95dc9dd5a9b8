//go:build cgo && linux

package main

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck/fakelib"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// TestTriggerTimes: what the library tells of triggers becomes exact times and counters; its flags are no errors.
func TestTriggerTimes(t *testing.T) {
	type info struct {
		Status         uint32
		Segment, Index uint64
		Time           float64
		Units          uint32
		Missed         uint64
		Counter        uint64
	}
	f := fakelib.Build(t, family.Name, nil)
	lib, err := load(scope.LoadRequest{Path: f.Path})
	if err != nil {
		t.Fatal(err)
	}
	u := lib.Unit(7).(*unit)
	answer := func(infos ...info) {
		b, err := binary.Append(nil, binary.LittleEndian, infos)
		if err != nil {
			t.Fatal(err)
		}
		f.Script(t, fakelib.Call{Args: map[int]fakelib.Arg{1: {Write: b}}})
	}
	f.Script(t, fakelib.Call{})
	if err := u.RunBlock(10, 20, 3, 0); err != nil {
		t.Fatal(err)
	}
	f.Calls(t)
	answer(
		info{Status: 0x01000000, Time: -1234567, Units: 0, Counter: 100},
		info{Time: -0.25, Units: 2, Missed: 3, Counter: 1 << 40},
		info{Status: 0x02000008, Time: math.NaN(), Counter: 1<<40 + 5, Missed: math.MaxUint64},
		info{Status: 0x01000000, Counter: 1},
	)
	got, err := u.TriggerTimes(0, 3)
	want := []scope.TriggerTime{
		{OffsetFS: -1234567, Timed: true, Counter: 100, Counted: true}, {OffsetFS: -250_000, Timed: true, Counter: 1 << 40, Counted: true, Missed: 3},
		{Counter: 1<<40 + 5, Counted: true, Missed: math.MaxInt64}, {Timed: true, Counter: 1},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	f.Calls(t)
	for name, bad := range map[string]info{"no number": {Time: math.NaN()}, "too long": {Time: 1e10, Units: 5}, "an unknown unit": {Time: 1, Units: 8}} {
		answer(bad)
		if got, err := u.TriggerTimes(0, 0); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
		f.Calls(t)
	}
	f.Script(t, fakelib.Call{}, fakelib.Call{}, fakelib.Call{}) // more segments than one call tells of
	if got, err := u.TriggerTimes(10, 10+2*mostInfos); err != nil || len(got) != 2*mostInfos+1 {
		t.Errorf("%d triggers, %v", len(got), err)
	}
	if calls := f.Calls(t); len(calls) != 3 {
		t.Errorf("%d calls", len(calls))
	}
}
