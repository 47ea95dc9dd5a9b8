package plan

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestTimetableAgrees asks tables of random schedules at random moments: recordings follow each other without overlap, and
// whoever asks while one goes on, also a program that was started later, hears of that one.
func TestTimetableAgrees(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 11))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	for i := range 24 {
		schedule := fmt.Sprintf("start = %q; every = %q; for = %q; timezone = %q", pick("00:00", "02:30", "23:59:59", "24:00", "2026-01-01T00:00:07Z"),
			pick("1h", "2h", "1d", "12h", "90m", "30m"), pick("1m", "20m", "29m"), pick("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"))
		if random.IntN(2) == 0 {
			schedule += fmt.Sprintf("; windows = [%q, %q]", pick("mon-fri 08:00-18:00", "22:00-06:00", "sun 01:30-03:30"), pick("sat 22:00-24:00", "12:00-12:30"))
		}
		from := time.Unix(1774000000+random.Int64N(365*24*3600), 0).UTC()
		table := timetable(t, "", schedule, from)
		now := from
		var last Slot
		for range 25 {
			s, ok := table.Next(now)
			if !ok {
				if strings.Contains(schedule, "windows") { // they may never meet
					break
				}
				t.Fatalf("%d: %s: nothing after %s", i, schedule, now)
			}
			if s.Due.Before(last.End) || !s.End.After(now) || s.End.Sub(s.Due) > 29*time.Minute || s.Limit.Before(s.End) {
				t.Fatalf("%d: %s: %+v after %+v", i, schedule, s, last)
			}
			inside := s.Due.Add(time.Duration(random.Int64N(int64(s.End.Sub(s.Due)))))
			if again, ok := table.Next(inside); !ok || again != s {
				t.Fatalf("%d: %s: %+v at %s, and %+v at %s", i, schedule, s, now, again, inside)
			}
			if again, ok := timetable(t, "", schedule, inside).Next(inside); !ok || again != s {
				t.Fatalf("%d: %s: a program started at %s has %+v, want %+v", i, schedule, inside, again, s)
			}
			last, now = s, s.End
		}
	}
}

func TestTimetableMissed(t *testing.T) {
	t.Parallel()
	from := moment(t, "2026-11-20T08:00:00Z")
	table := timetable(t, "samples = 10", `every = "1h"`, from)
	for _, c := range []struct {
		name string
		late time.Duration
		want time.Duration // after from
	}{
		{"a minute", time.Minute, 0},
		{"more", time.Minute + 1, time.Hour},
		{"a start later", 90 * time.Minute, 2 * time.Hour},
	} {
		if s, ok := table.Next(from.Add(c.late)); !ok || !s.Due.Equal(from.Add(c.want)) {
			t.Errorf("%s late: %+v", c.name, s)
		}
	}
}

// TestTimetableMove sets the clock by years, as happens when a computer without a battery hears of the time.
func TestTimetableMove(t *testing.T) {
	t.Parallel()
	wrong := moment(t, "2020-01-01T00:00:00Z")
	step := moment(t, "2026-11-20T08:00:00Z").Sub(wrong)
	paced := timetable(t, "", `every = "1h"; for = "10m"`, wrong)
	paced.Move(step)
	if s, _ := paced.Next(wrong.Add(step + 20*time.Minute)); !s.Due.Equal(wrong.Add(step + time.Hour)) {
		t.Errorf("the pace is lost: %+v", s)
	}
	clock := timetable(t, "", `start = "06:30"; every = "1d"; for = "10m"; timezone = "UTC"`, wrong)
	clock.Move(step)
	if s, _ := clock.Next(wrong.Add(step)); !s.Due.Equal(moment(t, "2026-11-21T06:30:00Z")) {
		t.Errorf("a time of day is not one: %+v", s)
	}
}

func TestPlanFor(t *testing.T) {
	t.Parallel()
	src := strings.NewReplacer("RUN", `until = "2030-01-01T00:00:00Z"`, "SCHEDULE", `every = "1h"`+"\n    "+`for = "10m"`).Replace(timetablePlan)
	p := scheduled(t, src)
	due := moment(t, "2026-11-20T08:00:00Z")
	s, ok := p.Timetable(due).Next(due)
	if !ok {
		t.Fatal("no recording")
	}
	cut := Slot{Due: due, End: due.Add(5 * time.Minute), Next: due.Add(time.Hour), Limit: due.Add(5 * time.Minute)}
	for _, c := range []struct {
		name     string
		slot     Slot
		late     time.Duration
		duration time.Duration
		until    time.Time
	}{
		{"in time", s, 3 * time.Second, 10 * time.Minute, due.Add(time.Hour)},
		{"late", s, 3 * time.Minute, 0, due.Add(10 * time.Minute)},
		{"cut by a window", cut, 0, 0, due.Add(5 * time.Minute)},
		{"without an end", Slot{Due: due}, 0, 0, time.Time{}},
	} {
		q := p.For(c.slot, due.Add(c.late))
		if q.Run.Duration != c.duration || !q.Run.Until.Equal(c.until) {
			t.Errorf("%s: duration %v, until %v", c.name, q.Run.Duration, q.Run.Until)
		}
	}
	if p.Run.Duration != 0 || p.Run.Until.Year() != 2030 {
		t.Error("the plan was changed")
	}
}

func TestTimetableNone(t *testing.T) {
	t.Parallel()
	p := mustParse(t, strings.Replace(strings.Replace(timetablePlan, "RUN", "", 1), "  schedule {\n    SCHEDULE\n  }\n", "", 1))
	if p.Timetable(time.Now()) != nil {
		t.Error("a plan without a schedule has a timetable")
	}
}

// TestCivilAround compares the two neighbours of moments around changes of the clock with a list of all starts of those days.
func TestCivilAround(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 5))
	for _, change := range []struct{ zone, at string }{
		{"Europe/Berlin", "2027-03-28T01:00:00Z"},
		{"Europe/Berlin", "2026-10-25T01:00:00Z"},
		{"Australia/Lord_Howe", "2026-04-04T15:00:00Z"},
		{"Australia/Lord_Howe", "2026-10-03T15:30:00Z"},
		{"Pacific/Apia", "2011-12-30T10:00:00Z"},
		{"Africa/Casablanca", "2026-02-15T02:00:00Z"},
	} {
		location, err := time.LoadLocation(change.zone)
		if err != nil {
			t.Fatal(err)
		}
		at := moment(t, change.at)
		for _, every := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 20 * time.Minute, 40 * time.Minute, time.Hour, 90 * time.Minute, 6 * time.Hour, 24 * time.Hour} {
			c := civil{at: wall(at, location)/86400*86400 + random.Int64N(86400), every: every, location: location}
			all := c.between(at.Add(-80*time.Hour), at.Add(80*time.Hour))
			for range 100 {
				x := at.Add(time.Duration(random.Int64N(int64(8*time.Hour))) - 4*time.Hour)
				last, next := c.around(x)
				i := 0
				for i < len(all) && !all[i].After(x) {
					i++
				}
				if i == 0 || i == len(all) || !last.Equal(all[i-1]) || !next.Equal(all[i]) {
					t.Fatalf("%s, every %v: around %s are %s and %s, want %s and %s", change.zone, every, x, last, next, all[i-1], all[i])
				}
			}
		}
	}
}
