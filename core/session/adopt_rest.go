package session

import (
	"context"
	"errors"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/recording"
)

// spares tells whether devices that cannot go on are left out, as adopted ones record already and are not to be ended by that.
func (s *Session) spares(ctx context.Context) bool {
	return s.resumed != nil && len(s.resumed.units) > 0 && ctx.Err() == nil
}

// leaveOut goes on without a device.
func (s *Session) leaveOut(device string, err error) {
	var e *Error
	if !errors.As(err, &e) || e.Device != device {
		e = &Error{Class: ClassDevice, Device: device, Err: err}
	}
	s.left = append(s.left, e)
	s.tellLeft(e)
}

// tellLeft tells that a device is left out; where the plan says that it must be there, in the recording too.
func (s *Session) tellLeft(e *Error) {
	s.notice("left_out", e.Device, e.Err.Error())
	if d := s.o.Plan.Device(e.Device); d == nil || d.Optional {
		return
	}
	text := e.Device + " does not record, the devices that were recording go on; stop and resume the run to have it again: " + e.Err.Error()
	s.log.Warn("a device does not record", "device", e.Device, "error", e.Err)
	s.runEvent(recording.Event{Kind: recording.EventWarning, Device: e.Device, Text: text})
}

// goOnAlone goes on with the adopted devices only, as the others cannot be repaired now.
func (s *Session) goOnAlone(ctx context.Context, why error) error {
	for _, d := range s.o.Plan.Devices {
		if s.resumed.unit(d.Name) == nil {
			s.leaveOut(d.Name, why)
		}
	}
	if err := s.assessRest(s.planOf(nil), s.resumed.with(nil)); err != nil {
		s.log.Warn("what the run takes is not known", "error", err)
	}
	return s.launch(ctx, nil)
}

// fitting returns those of the units that were opened with which the run goes on. The error is of a run without adopted devices.
func (s *Session) fitting(ctx context.Context, open []*plan.Device, opened []*unit) (list []*unit, err error) {
	err = s.assessRest(s.planOf(open), s.resumed.with(opened))
	if err != nil && !s.spares(ctx) {
		return opened, err
	}
	if err != nil {
		for _, u := range opened {
			s.leaveOut(u.plan.Name, err)
		}
		s.closeUnits(ctx, opened)
		if err := s.assessRest(s.planOf(nil), s.resumed.with(nil)); err != nil {
			s.log.Warn("what the run takes is not known", "error", err)
		}
		return nil, nil
	}
	for _, u := range opened {
		err := s.sameUnit(u)
		if err != nil && !s.spares(ctx) {
			return opened, err
		}
		if err != nil {
			s.leaveOut(u.plan.Name, err)
			s.opener.closeUnit(ctx, u)
			continue
		}
		list = append(list, u)
	}
	return list, nil
}
