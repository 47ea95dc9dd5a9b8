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
	diffs, err := modeltest.Differences(models, "ps5000a", "../../picosdk/testdata/models.json")
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
		// The vendor's example says 1 MS/s at 8 bit and 504 kS/s at 12 and 16 bit for number 127.
		{"5444D", 127, 8, "A", 0, "1us", true},
		{"5444D", 127, 12, "A", 0, "1984ns", true},
		{"5444D", 127, 16, "A", 0, "1984ns", true},
		{"5444D", 3, 14, "ABCD", 0, "8ns", true},
		{"5444D", 2, 14, "A", 0, "", false},
		{"5444D", 3, 15, "ABC", 0, "", false},
		{"5444D", 4, 16, "A", 0, "16ns", true},
		{"5444D", 4, 16, "AB", 0, "", false},
		{"5444DMSO", 2, 8, "ABCD", 0, "4ns", true},
		{"5444DMSO", 2, 8, "ABCD", 1, "", false},
		{"5444DMSO", 3, 8, "ABCD", 2, "8ns", true},
		{"5444DMSO", 3, 14, "ABCD", 1, "", false},
		{"5444DMSO", 3, 15, "AB", 2, "8ns", true},
		{"5444DMSO", 9, 8, "", 2, "56ns", true},
		{"5444DMSO", 9, 12, "", 2, "", false},
		{"5242A", 0, 8, "AC", 0, "", false},
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
