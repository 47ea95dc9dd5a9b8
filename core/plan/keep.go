package plan

import (
	"fmt"
	"time"

	"github.com/scopelog/scopelog/units"
)

// keepRotate is the length of segments of a run that keeps what lies around events only and does not say it: what is kept is whole segments.
const keepRotate = time.Minute

// rotateToKeep is the rotation of such a run where none is written: a tenth of a run that is short.
func rotateToKeep(r *Run) Rotate {
	every := keepRotate
	if r.Duration > 0 {
		every = min(every, max(r.Duration/10, time.Second))
	}
	return Rotate{Every: every.Truncate(time.Millisecond)}
}

// keeping refuses runs that would keep nothing or everything, and tells of what has no effect where all samples are kept.
func (d *decoder) keeping() {
	r := &d.plan.Run
	if d.plan.places.isBad("run.keep") {
		return
	}
	if r.Keep != KeepEvents {
		d.keepsAll()
		return
	}
	if len(d.plan.Events) == 0 && !d.triggers() && !d.plan.places.isBad("device") && !d.plan.places.isBad("event") {
		d.refuse("run.keep", "Nothing would be kept but what is marked by hand",
			`Write an event block that says what to look for, or a trigger block in a device: without event blocks the triggers of all devices are the events.`)
	}
	if r.Duration <= 0 || d.plan.places.isBad("run.duration") {
		return
	}
	if _, written := d.plan.places.ranges["run.rotate"]; written && !d.plan.places.isBad("run.rotate") && (r.Rotate.Every >= r.Duration || r.Rotate.Hourly && r.Duration <= time.Hour) {
		d.refuse("run.rotate", "All would be kept: a segment is as long as the run",
			`With keep = "events" whole segments are kept or removed. Write a shorter rotate, or remove it: it is "1m" then, or a tenth of a shorter run.`)
	}
	for _, e := range d.plan.Events {
		if path := under("event", e.Name, "before"); e.Before > r.Duration && !d.plan.places.isBad(path) {
			d.refuse(path, "before is longer than the run", fmt.Sprintf("The run ends after %s. Write a shorter time.", units.FormatDuration(r.Duration)))
		}
	}
}

func (d *decoder) refuse(path, summary, detail string) {
	at, _ := d.plan.Range(path)
	d.plan.places.mark(path)
	d.p.add(errorAt(at, summary, detail))
}

// triggers tells whether any device has a trigger.
func (d *decoder) triggers() bool {
	for _, dev := range d.plan.Devices {
		if dev.Trigger != nil {
			return true
		}
	}
	return false
}

func (d *decoder) keepsAll() {
	for _, e := range d.plan.Events {
		for _, name := range []string{"before", "after"} {
			path := under("event", e.Name, name)
			if at, written := d.plan.places.ranges[path]; written && !d.plan.places.isBad(path) {
				d.p.add(warningAt(at, name+" has no effect", `All samples are kept. Write keep = "events" in the run block to keep only what lies around events.`))
			}
		}
	}
}
