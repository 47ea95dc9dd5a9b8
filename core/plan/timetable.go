package plan

import (
	"time"

	"github.com/scopelog/scopelog/driver"
)

// missedGrace is how late a recording may begin whose length is not known beforehand.
const missedGrace = time.Minute

// Slot is one recording of a schedule. All times are UTC.
type Slot struct {
	Due  time.Time     // when it is to begin
	End  time.Time     // when it is to end at the latest; zero: never
	Full time.Duration // its whole length, where no window, no later start and no end of the series shortens it; else 0
	Next time.Time     // the schedule's next start; zero: there is none
	// Limit is when it has to end although it began a little late: the next start, the close of the window, or the end of
	// the series; zero: never.
	Limit time.Time
}

// Timetable is a schedule from a moment on: a pure function of the clock, so that a program that is started again
// comes to the same times, apart from schedules that say no start. It is used from one goroutine.
type Timetable struct {
	starts  starts
	hours   *hours
	length  time.Duration // of each recording; 0: until the next start
	unknown bool          // recordings end by themselves, nobody knows when
	until   time.Time
	from    time.Time
	s       *Schedule
	repeats bool
}

// Timetable returns the plan's schedule from a moment on; nil without a schedule.
func (p *Plan) Timetable(from time.Time) *Timetable {
	s := p.Run.Schedule
	if s == nil {
		return nil
	}
	t := &Timetable{s: s, length: s.For, until: p.Run.Until, repeats: s.Every > 0 || len(s.Windows) > 0}
	if d := p.Run.Duration; d > 0 && (t.length == 0 || d < t.length) {
		t.length = d
	}
	t.unknown = t.length == 0 && p.endsByItself()
	if len(s.Windows) > 0 {
		t.hours = &hours{s.Windows, s.Location}
	}
	t.begin(from)
	return t
}

// endsByItself tells whether recordings have an end that no clock gives.
func (p *Plan) endsByItself() bool {
	if p.Run.Samples > 0 {
		return true
	}
	for _, d := range p.Devices {
		repeat := driver.Repeat{Forever: d.Stream != nil && !d.Stream.StopAfterTrigger}
		switch {
		case d.Block != nil:
			repeat = d.Block.Repeat
		case d.RapidBlock != nil:
			repeat = d.RapidBlock.Repeat
		}
		if repeat.Forever || repeat.Ordered && repeat.Count == 0 {
			return false
		}
	}
	return true
}

// begin sets the starts from a moment on.
func (t *Timetable) begin(from time.Time) {
	from = from.Round(0).UTC() // without the monotonic clock: a schedule follows the wall's
	t.from = from
	first := t.s.Start
	var grid civil
	if t.s.Clock >= 0 {
		const day = 24 * time.Hour
		w := wall(from, t.s.Location)
		grid = civil{at: w - mod(w, int64(day/time.Second)) + int64(t.s.Clock/time.Second), every: day, location: t.s.Location}
		last, next := grid.around(from)
		if first = next; last.Equal(from) {
			first = from
		}
	}
	if first.IsZero() {
		first = from
	}
	switch {
	case t.s.Every > 0 && t.s.Clock >= 0:
		grid.every, grid.bounded = t.s.Every, t.s.Every > 24*time.Hour
		grid.at = wall(first, t.s.Location)
		grid.at += int64(t.s.Clock/time.Second) - mod(grid.at, 24*3600) // where clocks leave out that time today
		t.starts = grid
	case t.s.Every > 0:
		t.starts = steady{first, t.s.Every}
	case t.hours != nil:
		t.starts = opening{first, *t.hours}
	default:
		t.starts = once{first}
	}
}

// Repeats tells whether there can be more than one recording.
func (t *Timetable) Repeats() bool { return t.repeats }

// Location is the zone that the schedule's times of day are in.
func (t *Timetable) Location() *time.Location { return t.s.Location }

// Paced tells whether the schedule counts from when it was begun, and not by the clock alone.
func (t *Timetable) Paced() bool { return t.s.Start.IsZero() && t.s.Clock < 0 }

// Move tells that the clock was set by so much, forward where it is positive. A schedule that counts from the moment at
// which the program was started keeps its pace by that; all others go by the clock alone.
func (t *Timetable) Move(step time.Duration) {
	if t.Paced() {
		t.begin(t.from.Add(step))
	}
}

// Next returns the recording that is to go on at a moment, or else the next one after it; false when there is none. A
// start that was missed counts as long as its recording would still go on, and where it is not known how long that
// is, for a minute.
func (t *Timetable) Next(now time.Time) (Slot, bool) {
	now = now.Round(0).UTC()
	// Each turn leaves a window or a start behind; where they never meet there is nothing to wait for.
	for at, turn := now, 0; turn < 2000; turn++ {
		if !t.until.IsZero() && !at.Before(t.until) {
			return Slot{}, false
		}
		var open stretch
		if t.hours != nil {
			var ok bool
			if open, ok = t.hours.next(at); !ok {
				return Slot{}, false
			}
			at = later(at, open.from)
		}
		last, next := t.starts.around(at)
		if s, ok := t.slot(last, next, at, now, open); ok {
			return s, true
		}
		switch {
		case next.IsZero():
			return Slot{}, false
		case !open.to.IsZero() && !next.Before(open.to):
			at = open.to
		default:
			at = next
		}
	}
	return Slot{}, false
}

// slot makes the recording of a start that goes on at a moment; false when none does.
func (t *Timetable) slot(start, next, at, now time.Time, open stretch) (Slot, bool) {
	if start.IsZero() {
		return Slot{}, false
	}
	due := later(start, open.from)
	if t.unknown && (due.After(start) && t.s.Every > 0 || now.Sub(due) > missedGrace) {
		return Slot{}, false
	}
	limit := earlier(earlier(next, open.to), t.until)
	end := limit
	if t.length > 0 {
		end = earlier(limit, start.Add(t.length))
	}
	if !end.IsZero() && !end.After(at) || !t.until.IsZero() && !due.Before(t.until) {
		return Slot{}, false
	}
	s := Slot{Due: due, End: end, Next: next, Limit: limit}
	if t.length > 0 && end.Sub(due) == t.length {
		s.Full = t.length
	}
	return s, true
}

// For returns the plan of one recording that begins at a moment: it ends with the slot. The plan that it is made of is not
// changed; both share what neither changes.
func (p *Plan) For(s Slot, now time.Time) *Plan {
	q := *p
	r := &q.Run
	r.Duration, r.Until = s.Full, s.Limit
	if late := now.Sub(s.Due); s.Full == 0 || late > onTime {
		r.Duration, r.Until = 0, s.End
	}
	return &q
}

// onTime is how late a recording may begin and still have its full length: opening devices takes some seconds.
const onTime = 10 * time.Second
