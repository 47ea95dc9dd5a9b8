package plan

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests, on systems that have none

	"github.com/google/go-cmp/cmp"
)

const timetablePlan = `run "r" {
  output = "x"
  RUN
  schedule {
    SCHEDULE
  }
}
device "a" {
  driver = "sim"
  channel "A" { range = "1V" }
  stream { sample_rate = "1S/s" }
}
`

// timetable parses a plan with lines for its run and schedule blocks.
func timetable(t *testing.T, run, schedule string, from time.Time) *Timetable {
	t.Helper()
	src := strings.NewReplacer("RUN", run, "SCHEDULE", strings.ReplaceAll(schedule, "; ", "\n    ")).Replace(timetablePlan)
	return scheduled(t, src).Timetable(from)
}

func scheduled(t *testing.T, src string) *Plan {
	t.Helper()
	return mustParse(t, "#! ready schedule\n"+src)
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTimetable lists the first recordings of schedules, one behind the other, as local times of the schedule.
func TestTimetable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, run, schedule, zone, from string
		want                            []string // "due end", end "-": none
	}{
		{"one at once", "", `for = "90m"`, "UTC", "2026-11-20T08:00:10Z", []string{"20T08:00:10Z 20T09:30:10Z"}},
		{"a start tomorrow", "", `start = "06:30"`, "UTC", "2026-11-20T08:00:00Z", []string{"21T06:30:00Z -"}},
		{"a start today", "", `start = "08:00"; for = "1h"`, "UTC", "2026-11-20T08:00:00Z", []string{"20T08:00:00Z 20T09:00:00Z"}},
		{"a point in time", `duration = "10m"`, `start = "2026-11-25T06:00:00+01:00"`, "UTC", "2026-11-20T08:00:00Z", []string{"25T05:00:00Z 25T05:10:00Z"}},
		{"a missed one goes on", "", `start = "2026-11-20T06:00:00Z"; for = "3h"`, "UTC", "2026-11-20T08:00:00Z", []string{"20T06:00:00Z 20T09:00:00Z"}},
		{"a missed one is over", "", `start = "2026-11-20T06:00:00Z"; for = "1h"`, "UTC", "2026-11-20T08:00:00Z", nil},
		{"a missed one of unknown length", "samples = 1000", `start = "2026-11-20T06:00:00Z"`, "UTC", "2026-11-20T08:00:00Z", nil},
		{"every hour from now", "", `every = "1h"; for = "10m"`, "UTC", "2026-11-20T08:20:00Z", []string{"20T08:20:00Z 20T08:30:00Z", "20T09:20:00Z 20T09:30:00Z"}},
		{"without a length until the next", "", `every = "1h"`, "UTC", "2026-11-20T08:20:00Z", []string{"20T08:20:00Z 20T09:20:00Z", "20T09:20:00Z 20T10:20:00Z"}},
		{"a grid of days is joined in the middle", "", `start = "06:30"; every = "1d"; for = "8h"`, "Europe/Berlin", "2026-11-20T10:00:00+01:00", []string{"20T06:30:00+01:00 20T14:30:00+01:00", "21T06:30:00+01:00 21T14:30:00+01:00"}},
		{"a grid of hours is not that of the program's start", "", `start = "06:30"; every = "6h"; for = "1h"`, "UTC", "2026-11-20T10:00:00Z", []string{"20T12:30:00Z 20T13:30:00Z", "20T18:30:00Z 20T19:30:00Z", "21T00:30:00Z 21T01:30:00Z"}},
		{"two days count from the first", "", `start = "06:30"; every = "2d"; for = "1h"`, "UTC", "2026-11-20T10:00:00Z", []string{"21T06:30:00Z 21T07:30:00Z", "23T06:30:00Z 23T07:30:00Z"}},
		{"unknown length is not joined", "samples = 1000", `start = "06:30"; every = "1d"`, "UTC", "2026-11-20T10:00:00Z", []string{"21T06:30:00Z 22T06:30:00Z"}},

		{"windows alone", "", `windows = ["mon-fri 08:00-18:00"]`, "UTC", "2026-11-20T10:00:00Z", []string{"20T10:00:00Z 20T18:00:00Z", "23T08:00:00Z 23T18:00:00Z"}},
		{"windows over midnight that touch", "", `windows = ["fri 22:00-24:00", "sat 00:00-06:00"]`, "UTC", "2026-11-20T10:00:00Z", []string{"20T22:00:00Z 21T06:00:00Z", "27T22:00:00Z 28T06:00:00Z"}},
		{"a window that never closes", "", `windows = ["00:00-24:00"]`, "UTC", "2026-11-20T10:00:00Z", []string{"20T10:00:00Z -"}},
		{"the first hour of each window", "", `windows = ["sat-sun 08:00-18:00"]; for = "1h"`, "UTC", "2026-11-20T10:00:00Z", []string{"21T08:00:00Z 21T09:00:00Z", "22T08:00:00Z 22T09:00:00Z"}},
		{"windows cut recordings", "", `start = "06:00"; every = "1d"; for = "4h"; windows = ["08:00-18:00"]`, "UTC", "2026-11-20T20:00:00Z", []string{"21T08:00:00Z 21T10:00:00Z", "22T08:00:00Z 22T10:00:00Z"}},
		{"two windows in one recording", "", `start = "06:00"; every = "1d"; for = "10h"; windows = ["08:00-12:00", "13:00-14:00"]`, "UTC", "2026-11-20T20:00:00Z", []string{"21T08:00:00Z 21T12:00:00Z", "21T13:00:00Z 21T14:00:00Z", "22T08:00:00Z 22T12:00:00Z"}},
		{"many short ones and a weekend", "", `start = "00:00"; every = "1s"; windows = ["mon 08:00-08:01"]`, "UTC", "2026-11-20T20:00:00Z", []string{"23T08:00:00Z 23T08:00:01Z", "23T08:00:01Z 23T08:00:02Z"}},
		{"windows and starts that never meet", "", `start = "06:00"; every = "1d"; for = "1h"; windows = ["08:00-18:00"]`, "UTC", "2026-11-20T20:00:00Z", nil},
		{"until ends it all", `until = "2026-11-21T08:30:00Z"`, `start = "08:00"; every = "1d"; for = "1h"`, "UTC", "2026-11-20T08:00:00Z", []string{"20T08:00:00Z 20T09:00:00Z", "21T08:00:00Z 21T08:30:00Z"}},

		{"spring: the same time of day", "", `start = "06:30"; every = "1d"; for = "1h"`, "Europe/Berlin", "2027-03-27T06:00:00+01:00", []string{"27T06:30:00+01:00 27T07:30:00+01:00", "28T06:30:00+02:00 28T07:30:00+02:00"}},
		{"spring: a time that is left out comes an hour later", "", `start = "02:30"; every = "1d"; for = "1h"`, "Europe/Berlin", "2027-03-27T06:00:00+01:00", []string{"28T03:30:00+02:00 28T04:30:00+02:00", "29T02:30:00+02:00 29T03:30:00+02:00"}},
		{"spring: hours have no hole", "", `start = "00:00"; every = "1h"; for = "10m"`, "Europe/Berlin", "2027-03-28T00:30:00+01:00", []string{"28T01:00:00+01:00 28T01:10:00+01:00", "28T03:00:00+02:00 28T03:10:00+02:00", "28T04:00:00+02:00 28T04:10:00+02:00"}},
		{"spring: a long one is cut by the next", "", `start = "01:00"; every = "1d"; for = "23h30m"`, "Europe/Berlin", "2027-03-27T00:30:00+01:00", []string{"27T01:00:00+01:00 28T00:30:00+01:00", "28T01:00:00+01:00 29T01:00:00+02:00"}},
		{"spring: a window that opens in the hour left out", "", `windows = ["sun 02:30-05:00"]`, "Europe/Berlin", "2027-03-27T06:00:00+01:00", []string{"28T03:30:00+02:00 28T05:00:00+02:00", "04T02:30:00+02:00 04T05:00:00+02:00"}},
		{"autumn: a time that comes twice counts once", "", `start = "02:30"; every = "1d"; for = "1h"`, "Europe/Berlin", "2026-10-24T06:00:00+02:00", []string{"25T02:30:00+02:00 25T02:30:00+01:00", "26T02:30:00+01:00 26T03:30:00+01:00"}},
		{"autumn: hours have no hole", "", `start = "00:00"; every = "1h"; for = "10m"`, "Europe/Berlin", "2026-10-25T01:30:00+02:00", []string{"25T02:00:00+02:00 25T02:10:00+02:00", "25T02:00:00+01:00 25T02:10:00+01:00", "25T03:00:00+01:00 25T03:10:00+01:00"}},
		{"autumn: six hours", "", `start = "02:30"; every = "6h"; for = "1m"`, "Europe/Berlin", "2026-10-24T21:00:00+02:00", []string{"25T02:30:00+02:00 25T02:31:00+02:00", "25T08:30:00+01:00 25T08:31:00+01:00"}},
		{"autumn: a window is an hour longer", "", `windows = ["sat 22:00-02:30"]`, "Europe/Berlin", "2026-10-24T06:00:00+02:00", []string{"24T22:00:00+02:00 25T02:30:00+01:00"}},
		{"autumn: a point in time counts hours", "", `start = "2026-10-24T06:00:00+02:00"; every = "1d"; for = "1h"`, "Europe/Berlin", "2026-10-24T05:00:00+02:00", []string{"24T06:00:00+02:00 24T07:00:00+02:00", "25T05:00:00+01:00 25T06:00:00+01:00"}},
		{"half an hour of summer time", "", `start = "01:45"; every = "30m"; for = "1m"`, "Australia/Lord_Howe", "2026-04-05T01:00:00+11:00", []string{"05T01:15:00+11:00 05T01:16:00+11:00", "05T01:45:00+11:00 05T01:46:00+11:00", "05T01:45:00+10:30 05T01:46:00+10:30", "05T02:15:00+10:30 05T02:16:00+10:30"}},
		{"a whole day that never was", "", `start = "12:00"; every = "1d"; for = "1h"`, "Pacific/Apia", "2011-12-29T08:00:00-10:00", []string{"29T12:00:00-10:00 29T13:00:00-10:00", "31T12:00:00+14:00 31T13:00:00+14:00", "01T12:00:00+14:00 01T13:00:00+14:00"}},
		{"other half of the year", "", `start = "02:30"; every = "1d"; for = "1h"`, "America/Santiago", "2026-09-05T06:00:00-04:00", []string{"06T02:30:00-03:00 06T03:30:00-03:00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from := moment(t, c.from)
			table := timetable(t, c.run, c.schedule+`; timezone = "`+c.zone+`"`, from)
			var got []string
			for now, n := from, max(len(c.want), 1); n > 0; n-- {
				s, ok := table.Next(now)
				if !ok {
					break
				}
				if !s.End.IsZero() && !s.End.After(s.Due) || !s.End.IsZero() && s.End.Before(now) {
					t.Fatalf("slot %+v at %s", s, now)
				}
				end := "-"
				if !s.End.IsZero() {
					end = s.End.In(table.s.Location).Format("02T15:04:05Z07:00")
				}
				got = append(got, s.Due.In(table.s.Location).Format("02T15:04:05Z07:00")+" "+end)
				if now = s.End; now.IsZero() {
					break
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("recordings (-want +got):\n%s", diff)
			}
		})
	}
}
