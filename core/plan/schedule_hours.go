package plan

import (
	"slices"
	"time"
)

// hours are the windows of a schedule as stretches of time.
type hours struct {
	windows  []Window
	location *time.Location
}

// stretch is a time in which recording is allowed, from one moment to just before another.
type stretch struct{ from, to time.Time }

// hoursDays is how far next looks ahead: each window comes once a week, but a zone may leave out a day.
const hoursDays = 15

// next returns the stretch that t lies in, or else the next one, if there is one. Windows that touch are one stretch; one
// that has no beginning or no end has a zero time there.
func (h hours) next(t time.Time) (stretch, bool) {
	for _, s := range h.list(t) {
		if s.to.IsZero() || s.to.After(t) {
			return s, true
		}
	}
	return stretch{}, false
}

// list returns the stretches from a week and a day before t to two weeks after, joined and ascending.
func (h hours) list(t time.Time) []stretch {
	const day = 24 * 60 * 60
	midnight := wall(t, h.location)
	midnight -= mod(midnight, day)
	var all []stretch
	for d := int64(-8); d <= hoursDays; d++ {
		w := midnight + d*day
		weekday := time.Unix(w, 0).UTC().Weekday()
		for _, x := range h.windows {
			if !x.Days[weekday] {
				continue
			}
			end := w + int64(x.To/time.Second)
			if x.To < x.From {
				end += day
			}
			// A window that opens at a time shown twice is open from the first on, and one that closes so until the second.
			opens, _ := moments(w+int64(x.From/time.Second), h.location)
			closes, _ := moments(end, h.location)
			if s := (stretch{opens[0], closes[len(closes)-1]}); s.from.Before(s.to) {
				all = append(all, s)
			}
		}
	}
	slices.SortFunc(all, func(a, b stretch) int { return a.from.Compare(b.from) })
	var out []stretch
	for _, s := range all {
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			out[n-1].to = later(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	// What is joined over the whole of the days that were looked at has neither beginning nor end.
	if len(out) == 1 && out[0].to.Sub(out[0].from) > (hoursDays+7)*day*time.Second {
		return []stretch{{}}
	}
	return out
}
