//go:build cgo && linux

package main

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck/fakelib"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// recorded is a unit of a library that records calls and lacks some functions.
func recorded(t *testing.T, without ...string) (*fakelib.Fake, *unit) {
	t.Helper()
	f := fakelib.Build(t, family.Name, func(name string) bool { return slices.Contains(without, name) })
	lib, err := load(scope.LoadRequest{Path: f.Path})
	if err != nil {
		t.Fatal(err)
	}
	return f, lib.Unit(7).(*unit)
}

func little[T any](v T) []byte {
	b, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		panic(err)
	}
	return b
}

// TestTriggerTimes: what the library tells of triggers becomes exact times and counters; its flags are no errors.
func TestTriggerTimes(t *testing.T) {
	type info struct {
		Status, Segment, Index uint32
		Time                   int64
		Units, Reserved        int16
		Counter                uint64
	}
	f, u := recorded(t)
	f.Script(t, fakelib.Call{})
	if err := u.RunBlock(10, 20, 3, 2); err != nil {
		t.Fatal(err)
	}
	f.Calls(t)
	f.Script(t, fakelib.Call{Args: map[int]fakelib.Arg{1: {Write: little([]info{
		{Status: 0x01000000, Segment: 2, Time: -1500, Units: 1, Counter: 100},
		{Segment: 3, Time: -7, Units: 0, Counter: 1 << 40},
		{Status: 0x02000004, Segment: 4, Time: 99, Units: 77, Counter: 1<<40 + 5},
		{Status: 0x01000000, Segment: 5, Time: 2, Units: 2, Counter: 3},
		{Status: 0x02000100, Segment: 6, Time: 1, Units: 2, Counter: 0},
	})}}})
	got, err := u.TriggerTimes(2, 6)
	want := []scope.TriggerTime{
		{OffsetFS: -1_500_000, Timed: true, Counter: 100, Counted: true}, {OffsetFS: -7, Timed: true, Counter: 1 << 40, Counted: true},
		{Counter: 1<<40 + 5, Counted: true}, {OffsetFS: 2_000_000, Timed: true, Counter: 3}, {OffsetFS: 1_000_000, Timed: true},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if calls := f.Calls(t); len(calls) != 1 || !slices.Equal(calls[0].Values[2], little(uint32(2))) || !slices.Equal(calls[0].Values[3], little(uint32(6))) {
		t.Errorf("calls %+v", calls)
	}
	f.Script(t, fakelib.Call{Args: map[int]fakelib.Arg{1: {Write: little([]info{{Time: 1, Units: 9}})}}})
	if got, err := u.TriggerTimes(0, 0); err == nil {
		t.Errorf("a time in an unknown unit is %+v", got)
	}
	f.Calls(t)
	f.Script(t, fakelib.Call{Status: 0x25})
	if _, err := u.TriggerTimes(0, 0); !errors.Is(err, picosdk.StatusNoSamplesAvailable) {
		t.Errorf("a refusal: %v", err)
	}
	f.Calls(t)
	for _, c := range [][2]int64{{-1, 0}, {0, 1 << 31}, {1 << 40, 1<<40 + 1}} {
		if _, err := u.TriggerTimes(c[0], c[1]); err == nil {
			t.Errorf("segments %d to %d: no error", c[0], c[1])
		}
	}
	if calls := f.Calls(t); len(calls) != 0 {
		t.Errorf("the library was asked for segments that it cannot count: %+v", calls)
	}
}

// TestTriggerTimesOfOldLibrary: without trigger information there are the offsets.
func TestTriggerTimesOfOldLibrary(t *testing.T) {
	f, u := recorded(t, "ps5000aGetTriggerInfoBulk")
	f.Script(t, fakelib.Call{Args: map[int]fakelib.Arg{1: {Write: little([]int64{-3, -4})}, 2: {Write: little([]uint32{2, 0})}}})
	got, err := u.TriggerTimes(4, 5)
	if want := []scope.TriggerTime{{OffsetFS: -3_000_000, Timed: true}, {OffsetFS: -4, Timed: true}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if calls := f.Calls(t); len(calls) != 1 || !slices.Equal(calls[0].Values[3], little(uint32(4))) || !slices.Equal(calls[0].Values[4], little(uint32(5))) {
		t.Errorf("calls %+v", calls)
	}
}
