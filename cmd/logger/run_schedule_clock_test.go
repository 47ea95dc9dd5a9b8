package main

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestSeriesClockIsSetWhileItWaits sets the clock in the middle of waiting, on and back, and by as much that the start is over.
func TestSeriesClockIsSetWhileItWaits(t *testing.T) {
	for _, c := range []struct {
		name, schedule string
		set            time.Duration
		want           string
	}{
		{"on, but not so far", daily, 5 * time.Minute, "20T09:00 21T09:00"},
		{"on, into the recording", daily, 45 * time.Minute, "20T09:00 21T09:00"},
		{"on, behind it", daily, 3 * time.Hour, "21T09:00 22T09:00"},
		{"on by years", daily, 3 * 365 * 24 * time.Hour, "19T09:00 20T09:00"},
		{"back", daily, -30 * time.Minute, "20T09:00 21T09:00"},
		{"back by a day", daily, -24 * time.Hour, "19T09:00 20T09:00"},
		{"a point in time does not move", "start = \"2026-11-20T09:00:00Z\"\n every = \"1d\"\n for = \"1h\"", -50 * time.Hour, "20T09:00 21T09:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, "", c.schedule, 2)
			sleeps := 0
			b.sleep = func(context.Context, time.Duration) {
				if sleeps++; sleeps == 2 {
					b.set = c.set
				}
			}
			if err := b.run(b.ctx); err != nil {
				t.Fatal(err)
			}
			if got := b.starts(); got != c.want {
				t.Errorf("recorded %s, want %s", got, c.want)
			}
			if st := b.ScheduleStatus(); st.Missed != 0 || st.Recordings != 2 {
				t.Errorf("status %+v", st)
			}
			if !strings.Contains(b.out.stderr.String(), "the computer's clock was put ") {
				t.Errorf("nobody was told: %s", b.out.stderr.String())
			}
		})
	}
}

// TestSeriesOverClockChanges waits through the nights in which clocks are changed: the same time of day by the wall, in
// spring and in autumn, on both halves of the earth, and hours that have no hole.
func TestSeriesOverClockChanges(t *testing.T) {
	for _, c := range []struct {
		name, zone, from, schedule string
		want                       string // UTC
	}{
		{"autumn", "Europe/Berlin", "2026-10-23T12:00:00Z", "start = \"06:30\"\n every = \"1d\"\n for = \"1h\"", "24T04:30 25T05:30 26T05:30"},
		{"spring", "Europe/Berlin", "2027-03-26T12:00:00Z", "start = \"06:30\"\n every = \"1d\"\n for = \"1h\"", "27T05:30 28T04:30 29T04:30"},
		{"a time that is left out", "America/New_York", "2027-03-13T12:00:00Z", "start = \"02:30\"\n every = \"1d\"\n for = \"30m\"", "14T07:30 15T06:30 16T06:30"},
		{"a time that comes twice", "America/New_York", "2026-10-31T12:00:00Z", "start = \"01:30\"\n every = \"1d\"\n for = \"30m\"", "01T05:30 02T06:30 03T06:30"},
		{"the other half of the year", "Australia/Sydney", "2026-10-02T20:00:00Z", "start = \"09:00\"\n every = \"1d\"\n for = \"1h\"", "02T23:00 03T22:00 04T22:00"},
		{"half an hour", "Australia/Lord_Howe", "2027-04-02T20:00:00Z", "start = \"09:00\"\n every = \"1d\"\n for = \"1h\"", "02T22:00 03T22:30 04T22:30"},
		{"hours in autumn", "Europe/Berlin", "2026-10-24T23:30:00Z", "start = \"00:00\"\n every = \"1h\"\n for = \"20m\"", "25T00:00 25T01:00 25T02:00"},
		{"hours in spring", "Europe/Berlin", "2027-03-27T23:30:00Z", "start = \"00:00\"\n every = \"1h\"\n for = \"20m\"", "28T00:00 28T01:00 28T02:00"},
		{"windows", "Europe/Berlin", "2027-03-26T12:00:00Z", "windows = [\"08:00-09:00\"]", "27T07:00 28T06:00 29T06:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start, err := time.Parse(time.RFC3339, c.from)
			if err != nil {
				t.Fatal(err)
			}
			b := newBenchAt(t, start, "", c.schedule+"\n timezone = \""+c.zone+"\"", 3)
			if err := b.run(b.ctx); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range b.slots {
				got = append(got, s.Due.UTC().Format("02T15:04"))
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("recorded %s, want %s", text, c.want)
			}
		})
	}
}
