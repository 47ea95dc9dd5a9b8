package main

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/modeltest"
	"github.com/scopelog/scopelog/units"
)

// TestModels compares every number of the table with the facts it was written from.
func TestModels(t *testing.T) {
	diffs, err := modeltest.Differences(models, "ps2000a", "../../picosdk/testdata/models.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range append(diffs, modeltest.Inconsistencies(models)...) {
		t.Error(d)
	}
}

// TestModelTimebases holds the rules about what can be on together, as the reference tells them.
func TestModelTimebases(t *testing.T) {
	for _, c := range []struct {
		model    string
		number   uint32
		bits     int
		channels string
		ports    int
		want     string
		possible bool
	}{
		{"2406B", 0, 8, "A", 0, "1ns", true},
		{"2406B", 0, 8, "AB", 0, "", false},
		{"2406B", 1, 8, "AD", 0, "2ns", true},
		{"2406B", 2, 8, "ABCD", 0, "4ns", true},
		{"2405A", 3, 8, "A", 0, "16ns", true},
		{"2206B", 4, 8, "AB", 0, "32ns", true},
		{"2208BMSO", 1, 8, "AB", 1, "", false},
		{"2208BMSO", 2, 8, "AB", 2, "4ns", true},
		{"2205MSO", 0, 8, "A", 0, "5ns", true},
		{"2205MSO", 0, 8, "A", 1, "", false},
		{"2205MSO", 7, 8, "A", 1, "70ns", true},
	} {
		m, ok := picosdk.FindModel(models, c.model)
		if !ok {
			t.Fatalf("there is no %s", c.model)
		}
		got, err := m.Timebase(c.number, c.bits, picosdk.Channels(strings.Split(c.channels, "")...), c.ports)
		if (err == nil) != c.possible {
			t.Errorf("%+v: %v, %v", c, got, err)
			continue
		}
		if !c.possible {
			continue
		}
		want, err := units.ParseInterval(c.want)
		if err != nil || got.Cmp(want.Rational) != 0 {
			t.Errorf("%+v: %v, %v", c, got, err)
		}
	}
}
