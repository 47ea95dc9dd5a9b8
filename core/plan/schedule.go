package plan

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/scopelog/scopelog/units"
)

// schedule reads the schedule block.
func (b *block) schedule(r *Run) {
	k, ok := b.one("schedule")
	if !ok {
		return
	}
	b.notReady(FeatureSchedule, k.def, "schedule")
	s := &Schedule{Clock: -1, Location: time.Local}
	if zone, ok := k.text("timezone"); ok {
		location, err := time.LoadLocation(zone)
		if err != nil || zone == "" {
			k.fail("timezone", "There is no such time zone", `Write a name of the IANA list, such as "Europe/Berlin" or "UTC".`)
		} else {
			s.Location = location
		}
	}
	if start, ok := quantity(k, "start", "", parseStart); ok {
		s.Start, s.Clock = start.at, start.clock
		if start.clock < 0 && start.at.Before(time.Unix(0, 0)) {
			k.fail("start", "start is before 1970", "Write a later time, such as that of the first recording.")
		}
	}
	if k.has("every") {
		s.Every = k.duration("every", "", time.Second, longest)
	}
	if k.has("for") {
		s.For = k.duration("for", "", time.Second, longest)
	}
	if s.Every > 0 && s.For > 0 && s.For >= s.Every && !k.isBad("for") && !k.isBad("every") {
		k.fail("for", "for is not shorter than every", "A recording must end before the next one starts.")
	}
	if day := 24 * time.Hour; s.Clock >= 0 && s.Every > 0 && s.Every%day != 0 && day%s.Every != 0 {
		k.fail("every", "every does not fit a start at a time of day",
			"Write a part of a day such as \"15m\", \"1h\" or \"6h\", or whole days; or give start as a point in time.")
	}
	if texts, ok := k.texts("windows"); ok {
		for _, text := range texts {
			w, err := parseWindow(text)
			if err != nil {
				_, secret := b.d.plan.places.secret[under(k.path, "windows")]
				k.fail("windows", "A window cannot be read", k.parseError(text, secret, err, func(string) bool { return false }))
				break
			}
			s.Windows = append(s.Windows, w)
		}
	}
	r.Schedule = s
}

type start struct {
	at    time.Time
	clock time.Duration
}

func parseStart(text string) (start, error) {
	if c, err := parseClock(text); err == nil {
		return start{clock: c}, nil
	}
	t, err := parseTime(text)
	if err != nil {
		err = &units.SyntaxError{Text: text, Want: "a start", Accepted: `a time of day, "06:00", or a time, "2030-01-31T06:00:00Z"`}
	}
	return start{at: t, clock: -1}, err
}

var clockText = regexp.MustCompile(`^(\d\d):(\d\d)(?::(\d\d))?$`)

func parseClock(text string) (time.Duration, error) {
	m := clockText.FindStringSubmatch(text)
	if m == nil {
		return 0, errors.New("no time of day")
	}
	h, _ := strconv.Atoi(m[1])
	min, _ := strconv.Atoi(m[2])
	sec, _ := strconv.Atoi("0" + m[3])
	if h > 24 || min > 59 || sec > 59 || h == 24 && min+sec > 0 {
		return 0, errors.New("no time of day")
	}
	return time.Duration(h)*time.Hour + time.Duration(min)*time.Minute + time.Duration(sec)*time.Second, nil
}

var (
	windowText = regexp.MustCompile(`^(?:([a-z]{3})(?:-([a-z]{3}))? )?(\d\d:\d\d)-(\d\d:\d\d)$`)
	dayNames   = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
)

// parseWindow reads "mon-fri 08:00-18:00", "sat 22:00-06:00" or "08:00-18:00".
func parseWindow(text string) (Window, error) {
	bad := &units.SyntaxError{Text: text, Want: "a window", Accepted: `"mon-fri 08:00-18:00" or "22:00-06:00"`}
	m := windowText.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if m == nil {
		return Window{}, bad
	}
	var w Window
	var errFrom, errTo error
	w.From, errFrom = parseClock(m[3])
	w.To, errTo = parseClock(m[4])
	first, last := dayOf(m[1]), dayOf(m[2])
	if m[1] == "" {
		first, last = 0, 6
	} else if m[2] == "" {
		last = first
	}
	if errFrom != nil || errTo != nil || first < 0 || last < 0 || w.From == w.To {
		return Window{}, bad
	}
	for day := first; ; day = (day + 1) % 7 {
		w.Days[day] = true
		if day == last {
			return w, nil
		}
	}
}

func dayOf(name string) int {
	for i, n := range dayNames {
		if n == name {
			return i
		}
	}
	return -1
}
