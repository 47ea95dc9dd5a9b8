package scope

import (
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
)

// Triggerer is implemented by units that can be triggered. Calls as of [BlockUnit].
type Triggerer interface {
	// SetTrigger arms a trigger for the runs that follow. After an error nothing is left armed.
	SetTrigger(trigger.Plan) error
	// ClearTrigger takes every trigger away, also one of which only a part was accepted.
	ClearTrigger() error
	// TriggerRules tells what the library's calls can express. It calls nothing.
	TriggerRules() trigger.Rules
}

// trigger turns the trigger that was asked for into one in the terms of the unit, or refuses. Codes and numbers of samples depend
// on what the unit has made of ranges, offsets and interval: this step comes after those that apply them.
func (p *planner) trigger() error {
	t := p.cfg.Trigger
	if t == nil {
		return nil
	}
	unit, ok := p.dev.unit.(Triggerer)
	if !ok {
		return picosdk.Refuse("configure", "trigger", "", "the %s has no trigger that this driver can use", p.caps.Model)
	}
	a := &p.s.applied
	r := trigger.Request{
		Config: t, Rules: unit.TriggerRules(), Model: p.dev.model, Capabilities: p.caps, NoChannel: p.noChannel,
		Interval: a.Interval, Channels: a.Channels, CodeMax: p.s.codeMax,
	}
	for i, port := range p.s.ports {
		if port.On {
			r.Ports = append(r.Ports, i)
		}
	}
	if p.cfg.Stream != nil { // both are the loop's affair
		r.MaxDelay, r.Rules.AutoStep, r.Rules.MaxAuto = mostAround, 0, 0
	} else {
		r.MaxDelay = min(p.dev.model.Trigger.MaxDelay, longest(a.Interval))
		if most := r.Rules.MaxDelay; most > 0 {
			r.MaxDelay = min(r.MaxDelay, most)
		}
	}
	plan, notes, err := trigger.Make(r)
	if err != nil {
		return err
	}
	a.Notes = append(a.Notes, notes...)
	if plan.Auto > 0 && p.cfg.Stream == nil {
		a.Notes = append(a.Notes, "trigger.auto: the unit does not tell which waveforms it took without a trigger: they are marked as if it had come")
	}
	p.s.trigger = plan
	return nil
}

// setTrigger arms the trigger of a setup for the runs that follow, or takes the one away that was there. It is for the worker.
func (d *Device) setTrigger(s *setup) error {
	unit, ok := d.unit.(Triggerer)
	switch {
	case !ok:
		return nil // the planner has refused a trigger
	case s.trigger == nil:
		return unit.ClearTrigger()
	}
	if err := unit.SetTrigger(*s.trigger); !picosdk.Tolerable(err) {
		return triggerRefused(err, s.trigger)
	}
	return nil
}

// triggerRefused names the part of a trigger that the library refuses.
func triggerRefused(err error, plan *trigger.Plan) error {
	s, ok := picosdk.StatusOf(err)
	if err == nil || !ok || s.Class() != picosdk.ClassUser {
		return err
	}
	name := ""
	if plan.Pulse != nil {
		name = plan.Pulse.Name
	}
	return picosdk.DriverError(err, "configure", s.TriggerField(name))
}
