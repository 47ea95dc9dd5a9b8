package main

import (
	"bytes"
	"testing"
	"time"
)

func TestFormats(t *testing.T) {
	for _, tc := range []struct{ name, got, want string }{
		{"no bytes", formatBytes(0), "0 B"},
		{"bytes", formatBytes(999), "999 B"},
		{"kilobytes", formatBytes(1234), "1.23 kB"},
		{"rounds up to the next prefix", formatBytes(999_600), "1.00 MB"},
		{"gigabytes", formatBytes(1_200_005_120), "1.20 GB"},
		{"hundreds", formatBytes(144_000_000_000), "144 GB"},
		{"unknown size", formatBytes(-1), "?"},
		{"rate", formatRate(8e6), "8.00 MB/s"},
		{"sample rate", decimal(125e6, "S/s"), "125 MS/s"},
		{"small count", formatCount(12), "12"},
		{"count", formatCount(600002560), "600,002,560"},
		{"negative count", formatCount(-1234), "-1,234"},
		{"lowest count", formatCount(-1 << 63), "-9,223,372,036,854,775,808"},
		{"clock", formatClock(3725.9), "1:02:05"},
		{"clock with days", formatClock(3*86400 + 61), "3d 0:01:01"},
		{"clock before the start", formatClock(-5), "0:00:00"},
		{"no time", formatSeconds(0), "0 s"},
		{"nanoseconds", formatSeconds(12e-9), "12 ns"},
		{"microseconds", formatSeconds(1.5e-6), "1.5 us"},
		{"milliseconds", formatSeconds(0.0205), "20.5 ms"},
		{"seconds", formatSeconds(1.87342), "1.87 s"},
		{"seconds that round up to a unit", formatSeconds(999.9e-9), "1 us"},
		{"nearly a second", formatSeconds(0.99996), "1 s"},
		{"minutes", formatSeconds(125), "0:02:05"},
		{"moment", formatTime(time.Unix(1795162414, 241060000)), "2026-11-20 08:13:34.241Z"},
		{"no moment", formatTime(time.Time{}), "?"},
		{"one", plural(1, "gap"), "1 gap"},
		{"many", plural(1200, "gap"), "1,200 gaps"},
		{"none", plural(0, "gap"), "0 gaps"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.got != tc.want {
				t.Errorf("%q, want %q", tc.got, tc.want)
			}
		})
	}
}

func TestTable(t *testing.T) {
	tb := newTable("DEVICE", ">LOST", "CAUSE")
	tb.add("cell", "20,480", "ring_full")
	tb.add("längerer", "7")
	var plain, coloured bytes.Buffer
	if err := tb.write(&plain, false); err != nil {
		t.Fatal(err)
	}
	want := "DEVICE      LOST  CAUSE\ncell      20,480  ring_full\nlängerer       7\n"
	if plain.String() != want {
		t.Errorf("table\n%s\nwant\n%s", plain.String(), want)
	}
	if err := tb.write(&coloured, true); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(coloured.Bytes(), []byte("\x1b[1mDEVICE")) {
		t.Errorf("heading is not bold: %q", coloured.String())
	}
}

func TestSuggest(t *testing.T) {
	known := []string{"run", "plan", "validate", "status", "stop", "devices", "plugins"}
	for _, tc := range []struct{ word, want string }{
		{"rnu", "run"},
		{"valdate", "validate"},
		{"stat", "status"},
		{"STOP", "stop"},
		{"device", "devices"},
		{"pluigns", "plugins"},
		{"xyzzyx", ""},
		{"q", ""},
		{"", ""},
	} {
		t.Run(tc.word, func(t *testing.T) {
			if got := suggest(tc.word, known); got != tc.want {
				t.Errorf("suggest(%q) = %q, want %q", tc.word, got, tc.want)
			}
		})
	}
}
