package main

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
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

// TestStreamingByCount: the fastest stream depends on how many channels and ports are on, three having no more than four.
func TestStreamingByCount(t *testing.T) {
	for _, c := range []struct {
		model           string
		channels, ports int
		want            string
	}{
		{"2406B", 1, 0, "32ns"},
		{"2406B", 2, 0, "64ns"},
		{"2406B", 3, 0, "128ns"},
		{"2406B", 4, 0, "128ns"},
		{"2206BMSO", 0, 1, "32ns"},
		{"2206BMSO", 1, 1, "64ns"},
		{"2206BMSO", 2, 1, "128ns"},
		{"2206BMSO", 2, 2, "128ns"},
	} {
		m, ok := picosdk.FindModel(models, c.model)
		if !ok {
			t.Fatalf("there is no %s", c.model)
		}
		want, err := units.ParseInterval(c.want)
		if err != nil {
			t.Fatal(err)
		}
		spans, fact, err := m.StreamingSpans(8, c.channels, c.ports, picosdk.State{USB: picosdk.USB2})
		if err != nil || spans[0].First.Cmp(want.Rational) != 0 {
			t.Errorf("%+v: %v, %v", c, spans, err)
		}
		if three := c.channels+c.ports == 3; three != strings.HasSuffix(fact, "shared as among 4") {
			t.Errorf("%+v: %s", c, fact)
		}
		if c.channels == 0 || c.ports > 1 || c.channels == 1 && c.ports > 0 {
			continue // what a plan is checked against does not count ports, and takes one alone for one beside a channel
		}
		stream, _ := m.Capabilities(picosdk.State{}).Mode(driver.ModeStream)
		if l, ok := stream.Limit(c.channels, 8, c.ports > 0); !ok || l.Spans[0].First.Cmp(want.Rational) != 0 {
			t.Errorf("%+v for plans: %+v", c, l)
		}
	}
}
