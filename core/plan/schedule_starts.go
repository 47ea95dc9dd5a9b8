package plan

import (
	"slices"
	"time"
)

// starts says when the recordings of a schedule are due, windows apart.
type starts interface {
	// around returns the latest start at or before t, and the first one after it; zero where there is none.
	around(t time.Time) (last, next time.Time)
}

// once is a single start.
type once struct{ at time.Time }

func (o once) around(t time.Time) (last, next time.Time) {
	if t.Before(o.at) {
		return time.Time{}, o.at
	}
	return o.at, time.Time{}
}

// steady is a start each time that so much time has passed, whatever clocks on the wall show.
type steady struct {
	first time.Time
	every time.Duration
}

func (s steady) around(t time.Time) (last, next time.Time) {
	if t.Before(s.first) {
		return time.Time{}, s.first
	}
	// Time.Sub saturates after 292 years; nothing that is recorded lasts so long.
	last = s.first.Add(t.Sub(s.first) / s.every * s.every)
	return last, last.Add(s.every)
}

// civil is a start at times that clocks on the wall show: those that are a multiple of every away from one of them.
type civil struct {
	at       int64         // one of them, in seconds as [wall] counts
	every    time.Duration // divides a day, or is a number of days
	location *time.Location
	bounded  bool // there are none before at
}

// wall is what clocks on the wall show at t, in seconds since 1970 as if there were no zones.
func wall(t time.Time, location *time.Location) int64 {
	_, offset := t.In(location).Zone()
	return t.Unix() + int64(offset)
}

// moments returns when clocks on the wall show w: once, or twice when they are put back meanwhile. When they leave w out
// it is the moment at which they would have shown it, and skipped is true.
func moments(w int64, location *time.Location) (at []time.Time, skipped bool) {
	// The zones are between -12 and +14 hours, so these two look at both sides of the moment.
	_, before := time.Unix(w-15*3600, 0).In(location).Zone()
	_, after := time.Unix(w+13*3600, 0).In(location).Zone()
	for _, offset := range slices.Compact([]int{max(before, after), min(before, after)}) {
		if t := time.Unix(w-int64(offset), 0).UTC(); wall(t, location) == w {
			at = append(at, t)
		}
	}
	if len(at) == 0 {
		return []time.Time{time.Unix(w-int64(before), 0).UTC()}, true
	}
	return at, false
}

// aroundDays is how far around is willing to look beyond what every says, for zones that leave out whole days.
const aroundDays = 4

func (c civil) around(t time.Time) (last, next time.Time) {
	slack := 3 * time.Hour // clocks are put on and back by less than that
	if 15*time.Minute%c.every == 0 {
		slack = 2 * c.every // and by multiples of that, so that starts before and behind are on one grid
	}
	for days := range aroundDays {
		reach := c.every + slack + time.Duration(days)*24*time.Hour
		list := c.between(t.Add(-reach), t.Add(reach))
		i := len(list)
		for i > 0 && list[i-1].After(t) {
			i--
		}
		if i > 0 {
			last = list[i-1]
		}
		if i < len(list) {
			next = list[i]
		}
		if !next.IsZero() && (c.bounded || !last.IsZero()) {
			break
		}
	}
	return last, next
}

// between lists the starts of a stretch of time, ascending. A time that is shown twice counts twice, and one that is left
// out counts, only where no other start is nearer than every before it, and none is at the same moment.
func (c civil) between(from, to time.Time) []time.Time {
	type start struct {
		at   time.Time
		hard bool
	}
	every := int64(c.every / time.Second)
	// Where clocks are put back meanwhile, what they show then lies before what they showed first.
	back := max(0, wall(from, c.location)-from.Unix()-(wall(to, c.location)-to.Unix()))
	first := wall(from, c.location) - back - c.at
	first = first - mod(first, every) - every
	var list []start
	for w := c.at + first; ; w += every {
		if c.bounded && w < c.at {
			continue
		}
		at, skipped := moments(w, c.location)
		if at[0].After(to) {
			break
		}
		for i, t := range at {
			list = append(list, start{t, i == 0 && !skipped})
		}
	}
	slices.SortStableFunc(list, func(x, y start) int { return x.at.Compare(y.at) })
	var out []time.Time
	for i, s := range list {
		soft := !s.hard && (len(out) > 0 && s.at.Sub(out[len(out)-1]) < c.every || i+1 < len(list) && list[i+1].hard && list[i+1].at.Equal(s.at))
		if soft || len(out) > 0 && out[len(out)-1].Equal(s.at) {
			continue
		}
		out = append(out, s.at)
	}
	// The first ones were only looked at as neighbours.
	return slices.DeleteFunc(out, func(t time.Time) bool { return t.Before(from) || t.After(to) })
}

func mod(a, b int64) int64 { return (a%b + b) % b }

// opening is a start at each opening of a window from a time on, and at that time where it lies in one.
type opening struct {
	first time.Time
	hours hours
}

func (o opening) around(t time.Time) (last, next time.Time) {
	if t.Before(o.first) {
		if s, ok := o.hours.next(o.first); ok {
			next = later(s.from, o.first)
		}
		return time.Time{}, next
	}
	s, ok := o.hours.next(t)
	if !ok || s.from.After(t) {
		return time.Time{}, s.from
	}
	last = later(s.from, o.first)
	if s.to.IsZero() {
		return last, time.Time{}
	}
	s, _ = o.hours.next(s.to)
	return last, s.from
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// earlier returns the earlier of two times of which zero ones are never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
