package session

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
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

// goneSince makes units of devices whose plugins have died since the recorder has, and that cannot be opened now: as they were when they recorded, by what
// was kept of them. They are tried again like one whose plugin dies while it records. rest are those of which too little is known.
func (s *Session) goneSince(left []*Error) (away []*unit, rest []*Error) {
	for _, e := range left {
		if u := s.unitOfBefore(e); u != nil && len(s.resumed.units) > 0 {
			away = append(away, u)
		} else {
			rest = append(rest, e)
		}
	}
	return away, rest
}

// unitOfBefore is a device that cannot be opened now, as it was; nil when too little is known of it.
func (s *Session) unitOfBefore(e *Error) *unit {
	d, was, b := s.o.Plan.Device(e.Device), s.resumed.device(e.Device), s.o.Host.LastKept(e.Device)
	if d == nil || was == nil || b == nil {
		return nil
	}
	own := *d
	u := &unit{plan: &own, gone: e, who: driver.Description{Version: was.Info.DriverVersion}, config: d.Config()}
	var k keptUnit
	err := json.Unmarshal(b, &k)
	if err == nil {
		u.info, u.applied, err = rpc.KeptDevice(k.Device, d.Config())
	}
	if err != nil {
		s.log.Debug("a device that is away is not waited for", "device", d.Name, "error", err)
		return nil
	}
	if tune := s.tune(d); tune != nil {
		tune(&u.config)
	}
	own.Serial = u.info.Serial
	return u
}
