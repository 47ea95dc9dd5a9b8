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
	diffs, err := modeltest.Differences(models, "ps6000a", "../../picosdk/testdata/models.json")
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
		{"6424E", 0, 8, "AC", 0, "200ps", true},
		{"6424E", 0, 8, "AB", 0, "", false},
		{"6424E", 1, 8, "AB", 0, "400ps", true},
		{"6424E", 1, 8, "ABCD", 1, "", false},
		{"6424E", 2, 8, "ABCD", 2, "800ps", true},
		{"6403E", 0, 8, "AC", 0, "", false},
		{"6403E", 1, 8, "AC", 0, "400ps", true},
		{"6403E", 1, 8, "AB", 0, "", false},
		{"6824E", 0, 8, "AE", 0, "200ps", true},
		{"6824E", 0, 8, "AC", 0, "", false},
		{"6824E", 1, 8, "ACEG", 0, "400ps", true},
		{"6824E", 1, 8, "ABEG", 0, "", false},
		{"6824E", 2, 8, "ABCDEFGH", 0, "800ps", true},
		{"6824E", 3, 10, "ABCDEFGH", 0, "1600ps", true},
		{"6824E", 3, 10, "ABCDEFGH", 1, "", false},
		{"6824E", 2, 12, "DE", 2, "800ps", true},
		{"6824E", 9, 12, "AB", 0, "", false},
		{"6824E", 9, 12, "ABE", 0, "", false},
		{"6424E", 1, 12, "AC", 0, "", false},
		{"6424E", 9, 12, "AB", 0, "", false},
		{"6404E", 9, 12, "A", 0, "", false},
		{"6824E", 5, 8, "A", 0, "6400ps", true},
		{"6428E-D", 0, 8, "A", 0, "100ps", true},
		{"6428E-D", 6, 8, "A", 0, "6400ps", true},
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
