package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/scopelog/scopelog/core/plan"
)

// shownSlots is how many coming recordings of a schedule are shown.
const shownSlots = 5

// slotJSON is one coming recording of a schedule.
type slotJSON struct {
	Begins time.Time  `json:"begins"`
	Ends   *time.Time `json:"ends,omitempty"` // at the latest; none: it has no end
}

// comingSlots lists the first recordings of a plan's schedule from a moment on; nil without a schedule.
func comingSlots(p *plan.Plan, now time.Time) []slotJSON {
	t := p.Timetable(now)
	if t == nil {
		return nil
	}
	list := []slotJSON{}
	for at := now; len(list) < shownSlots; {
		s, ok := t.Next(at)
		if !ok {
			break
		}
		slot := slotJSON{Begins: s.Due}
		if s.Due.Before(now) {
			slot.Begins = now.UTC() // it goes on already
		}
		if list = append(list, slot); s.End.IsZero() {
			break
		}
		end := s.End
		list[len(list)-1].Ends, at = &end, end
	}
	return list
}

// slotsText tells people when a schedule records next, by its own clock; empty without a schedule.
func slotsText(p *plan.Plan, slots []slotJSON) string {
	if p.Run.Schedule == nil {
		return ""
	}
	var b strings.Builder
	const form = "Mon 2006-01-02 15:04:05 MST"
	for i, s := range slots {
		label := "schedule"
		if i > 0 {
			label = ""
		}
		end := "without end"
		if s.Ends != nil {
			end = "to " + s.Ends.In(p.Run.Schedule.Location).Format(form)
		}
		fmt.Fprintf(&b, "  %-9s %s %s\n", label, s.Begins.In(p.Run.Schedule.Location).Format(form), end)
	}
	return b.String()
}

// neverAgain is the advice for a schedule that has nothing left to record.
const neverAgain = "its starts are in the past, behind until, or never inside a window; see schedule in the plan"

// warnNever warns of a schedule that has nothing left to record.
func (a *app) warnNever(p *plan.Plan, slots []slotJSON) {
	if p.Run.Schedule != nil && len(slots) == 0 {
		a.warn("the schedule has no recording any more: %s", neverAgain)
	}
}
