package session

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/core/events"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
)

// promptness is how long what a device delivers waits at most until it is looked at, where an event starts something.
const promptness = 4 * time.Millisecond

// deviceWatch looks for the events of one device. It is a [recorder.Watcher].
type deviceWatch struct {
	looks    []*look
	triggers []finder
	prompt   time.Duration
}

// finder takes what was found: an event block, or nobody where a plan is only checked.
type finder interface {
	found(h hit)
	flooded(events int64)
	unseen(samples int64)  // as the ring filled up
	blinded(samples int64) // as their scale does not allow to look
	// blind tells that what follows in one stream cannot be looked at, and sees that it can again.
	blind(why error)
	sees()
}

// look is what is looked for in one stream.
type look struct {
	to       finder
	stream   int
	detector *events.Detector
	scale    events.Scale // at the tip
	probe    float64
	epoch    int
	bytes    int64 // of a sample
	value    bool  // the sample's own value matters, not a change
	blind    bool  // the condition cannot be looked for in the present scale
	remake   func(events.Scale) (events.Condition, error)
}

// newDeviceWatch makes what looks for the events whose source is the device; nil when there are none. to gives who takes what is
// found. The error of a condition that the unit's settings do not allow is of class plan, with its place.
func newDeviceWatch(p *plan.Plan, d *plan.Device, a driver.Applied, to func(i int) finder) (*deviceWatch, error) {
	w := &deviceWatch{}
	for i := range p.Events {
		e := &p.Events[i]
		if e.Device != d.Name {
			continue
		}
		if len(e.Start) > 0 {
			w.prompt = promptness
		}
		if e.Kind == plan.EventTrigger {
			w.triggers = append(w.triggers, to(i))
			continue
		}
		if err := w.add(e, d, a, to(i)); err != nil {
			return nil, eventError(p, e, err)
		}
	}
	if len(w.looks) == 0 && len(w.triggers) == 0 {
		return nil, nil
	}
	return w, nil
}

func eventError(p *plan.Plan, e *plan.Event, err error) error {
	at, detail := "event."+e.Name+"."+string(e.Kind), "Write another condition."
	if errors.Is(err, events.ErrShallow) {
		detail = "Noise alone would be an event. Write a longer distance of the two samples that are compared, such as over = \"1ms\", a smaller range, or a steeper slope."
	}
	return &Error{
		Class: ClassPlan, Device: e.Device, Err: fmt.Errorf("event %s: %w", e.Name, err),
		Diags: hcl.Diagnostics{p.At(at, hcl.DiagError, fmt.Sprintf("Event %q cannot be looked for: %v", e.Name, err), detail)},
	}
}

// checkStarts refuses a plan in which an event starts a unit that cannot be armed by order.
func checkStarts(p *plan.Plan, opened []*unit) error {
	for i := range p.Events {
		e := &p.Events[i]
		for _, u := range opened {
			if !slices.Contains(e.Start, u.plan.Name) || u.device == nil || u.device.Has(driver.AbilityArm) {
				continue
			}
			return &Error{
				Class: ClassPlan, Device: u.plan.Name, Err: errors.New("the unit cannot be armed by order"),
				Diags: hcl.Diagnostics{p.At("event."+e.Name+".start", hcl.DiagError, fmt.Sprintf("The unit of the device %q cannot be armed by order", u.plan.Name),
					"Remove it from start; it then captures by itself, when its trigger comes.")},
			}
		}
	}
	return nil
}

// add begins to look for an event in the streams that tell of it.
func (w *deviceWatch) add(e *plan.Event, d *plan.Device, a driver.Applied, to finder) error {
	ch, planned := d.Channel(e.Channel)
	set, ok := channelApplied(a, e.Channel)
	if !planned || !ok {
		return fmt.Errorf("channel %s is not recorded", e.Channel)
	}
	probe := ch.Probe.Float64()
	scale := events.Scale{PerCount: set.VoltsPerCount.Float64() * probe, Offset: -ch.Tip(set.Offset).Volts()}
	for _, in := range lookAt(e, a) {
		s := a.Streams[in.stream]
		remake := func(s events.Scale) (events.Condition, error) { return condition(e, in.direction, a, in.ratio, s) }
		c, err := remake(scale)
		if err != nil {
			return err
		}
		w.looks = append(w.looks, &look{
			to: to, stream: in.stream, detector: events.New(c, datatypes[s.Type]), scale: scale, probe: probe, epoch: -1, bytes: int64(datatypes[s.Type].Size()),
			value: e.Kind != plan.EventSlope, remake: remake,
		})
	}
	if len(w.looks) == 0 {
		return fmt.Errorf("channel %s has no stream to look at", e.Channel)
	}
	return nil
}

// place is a stream to look at, and for which direction.
type place struct {
	stream    int
	ratio     int64
	direction driver.Direction
}

// lookAt chooses the streams that an event is looked for in: the raw samples where they are recorded, else the first or the mean
// of each group, else the largest for what goes up and the smallest for what goes down.
func lookAt(e *plan.Event, a driver.Applied) []place {
	byKind := map[driver.StreamKind]int{}
	for i, s := range a.Streams {
		if s.Channel == e.Channel && !s.Digital {
			byKind[s.Kind] = i
		}
	}
	for _, kind := range []driver.StreamKind{driver.StreamRaw, driver.StreamDecimate, driver.StreamAverage} {
		if i, ok := byKind[kind]; ok {
			return []place{{i, max(a.Streams[i].Ratio, 1), e.Direction}}
		}
	}
	lo, low := byKind[driver.StreamMin]
	hi, high := byKind[driver.StreamMax]
	if !low || !high {
		return nil
	}
	up := func(d driver.Direction) place { return place{hi, max(a.Streams[hi].Ratio, 1), d} }
	down := func(d driver.Direction) place { return place{lo, max(a.Streams[lo].Ratio, 1), d} }
	switch e.Direction {
	case driver.DirectionRising, driver.DirectionAbove:
		return []place{up(e.Direction)}
	case driver.DirectionFalling, driver.DirectionBelow:
		return []place{down(e.Direction)}
	case driver.DirectionEither:
		return []place{up(driver.DirectionRising), down(driver.DirectionFalling)}
	}
	return nil
}

// condition is what an event looks for in samples of a scale.
func condition(e *plan.Event, d driver.Direction, a driver.Applied, ratio int64, s events.Scale) (events.Condition, error) {
	hysteresis := e.Hysteresis.Volts()
	switch e.Kind {
	case plan.EventLevel:
		return events.Level(d, e.Level.Volts(), hysteresis, s)
	case plan.EventWindow:
		return events.Window(d, e.Lower.Volts(), e.Upper.Volts(), hysteresis, s)
	}
	lag := plan.SlopeSamples(e.Over, a.Interval, ratio)
	change := e.Slope.Float64() * a.Interval.Float64() * float64(lag*ratio)
	return events.Slope(d, change, hysteresis, lag, s)
}

// Watches implements recorder.Watcher.
func (w *deviceWatch) Watches(stream int) bool {
	for _, l := range w.looks {
		if l.stream == stream {
			return true
		}
	}
	return false
}

// Samples implements recorder.Watcher.
func (w *deviceWatch) Samples(b recorder.Batch) {
	for _, l := range w.looks {
		if l.stream != b.Stream {
			continue
		}
		if b.Epoch != l.epoch { // another start: nothing is known of what was between
			l.epoch = b.Epoch
			l.detector.Reset()
		}
		if l.blind {
			l.to.blinded(int64(len(b.Samples)) / l.bytes)
			continue
		}
		n := int64(0)
		l.detector.Look(b.Index, b.Samples, func(h events.Hit) {
			if n++; n <= eventLimit {
				l.to.found(hit{Moment: b.At(h.Index), value: h.Value*l.scale.PerCount + l.scale.Offset, has: l.value})
			}
		})
		if n > eventLimit { // so many of one delivery are too many a second in any case
			l.to.flooded(n - eventLimit)
		}
	}
}

// Skipped implements recorder.Watcher.
func (w *deviceWatch) Skipped(stream int, n int64) {
	for _, l := range w.looks {
		if l.stream == stream {
			l.detector.Reset()
			l.to.unseen(n)
		}
	}
}

// Rescaled implements recorder.Watcher. In a scale in which the condition cannot be looked for, nobody looks, and that is told.
func (w *deviceWatch) Rescaled(stream int, volts, offset float64) {
	for _, l := range w.looks {
		if l.stream != stream {
			continue
		}
		l.scale = events.Scale{PerCount: volts * l.probe, Offset: offset * l.probe}
		c, err := l.remake(l.scale)
		if err != nil {
			if !l.blind {
				l.to.blind(err)
			}
			l.blind = true
			continue
		}
		if l.blind {
			l.to.sees()
		}
		l.blind = false
		l.detector.Change(c)
	}
}

// Triggered implements recorder.Watcher.
func (w *deviceWatch) Triggered(m recorder.Moment) {
	for _, to := range w.triggers {
		to.found(hit{Moment: m})
	}
}
