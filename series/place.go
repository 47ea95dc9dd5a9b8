package series

import (
	"regexp"
	"strings"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// momentForm is the form of moments: a day, a time behind a "T" or a blank, and a zone, without which it is none.
var momentForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[Tt ](\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?([Zz]|UTC|[+-]\d{2}:?\d{2})?$`)

// clockForm is the form of times of the day.
var clockForm = regexp.MustCompile(`^(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?([Zz]|UTC|[+-]\d{2}:?\d{2})?$`)

// dayForm is the form of days.
var dayForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// Dated puts the day on which a run began before a place that is a time of the day, such as "10:00:02Z", and leaves all other texts as they are. The
// day is that of the time's zone.
func Dated(text string, began recording.Timestamp) string {
	m := clockForm.FindStringSubmatch(text)
	if m == nil || m[2] == "" || began == 0 {
		return text
	}
	zone, err := time.Parse("Z07:00", zoneOf(m[2]))
	if err != nil {
		return text
	}
	return began.Time().In(zone.Location()).Format(time.DateOnly) + "T" + text
}

// parseMoment reads a moment. is tells that the text has the form of one, of a day or of a time of the day.
func parseMoment(text string) (t time.Time, is bool, err error) {
	if dayForm.MatchString(text) {
		return t, true, &BoundError{text, `is a day; write a moment of it, such as "` + text + `T00:00:00Z" (Z is UTC)`}
	}
	if m := clockForm.FindStringSubmatch(text); m != nil {
		if m[2] == "" {
			return t, true, &BoundError{text, `has no zone; add Z for UTC: "` + text + `Z"`}
		}
		return t, true, &BoundError{text, `has no day; write it before, as in "2026-11-20T` + text + `"`}
	}
	m := momentForm.FindStringSubmatch(text)
	if m == nil {
		return t, false, nil
	}
	if m[3] == "" {
		return t, true, &BoundError{text, `has no zone; add Z for UTC: "` + text + `Z"`}
	}
	clock := strings.ReplaceAll(m[2], ",", ".")
	if i := strings.IndexByte(clock, ':'); i == 1 {
		clock = "0" + clock
	}
	if strings.Count(clock, ":") == 1 {
		clock += ":00"
	}
	t, err = time.Parse(time.RFC3339Nano, m[1]+"T"+clock+zoneOf(m[3]))
	if err != nil {
		return t, true, &BoundError{text, "is no day or time that there is"}
	}
	if y := t.UTC().Year(); y < 1678 || y > 2261 {
		return t, true, &BoundError{text, "is a year without recordings"}
	}
	return t, true, nil
}

// zoneOf writes a zone as RFC 3339 does.
func zoneOf(zone string) string {
	switch {
	case !strings.ContainsAny(zone, "+-"):
		return "Z"
	case !strings.Contains(zone, ":"):
		return zone[:3] + ":" + zone[3:]
	}
	return zone
}
