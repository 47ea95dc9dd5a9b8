package scope

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// handshakeRounds is how often a unit may answer an acknowledgement with another power state.
const handshakeRounds = 3

// acknowledge answers a power state, and whatever comes back, until the unit works with it.
func acknowledge(u Unit, s picosdk.Status) error {
	p, ok := u.(PowerSwitch)
	if !ok {
		return picosdk.Err("open", s)
	}
	var last error
	for range handshakeRounds {
		answer, ok := s.Acknowledge()
		if !ok {
			return picosdk.Err("ChangePowerSource", s)
		}
		err := p.ChangePowerSource(answer)
		next, known := picosdk.StatusOf(err)
		switch {
		case picosdk.Tolerable(err):
			return nil
		case !known || !next.IsPower():
			return err
		}
		s, last = next, err
	}
	if s == picosdk.StatusPowerUndervoltage {
		return last // nothing but more power helps
	}
	return driver.Errorf(driver.KindTransient, "power", "the unit does not settle on a power source: after %d acknowledgements it still answers %s", handshakeRounds, s)
}

// powerUp answers the power state that an open has returned, unless the plan wants another one.
func (d *Device) powerUp(s picosdk.Status, want driver.PowerSource) error {
	if want == driver.PowerSupply && s == picosdk.StatusPowerSupplyNotConnected {
		return noSupply("open")
	}
	return acknowledge(d.unit, s)
}

const supplyAdvice = `Plug in the power supply, or write power = "auto" to run from USB, which may have fewer channels.`

// unsupplied refuses to run a setup that asks for the power supply without it: a plan that takes USB power instead says so.
func (d *Device) unsupplied(set *setup, op string) *driver.Error {
	if set.power != driver.PowerSupply || d.present == driver.PowerStateSupply {
		return nil
	}
	e := driver.Errorf(driver.KindTransient, op, "the unit has lost its power supply, which the plan asks for")
	e.Field, e.Advice = "power", supplyAdvice
	return e
}

func noSupply(op string) error {
	e := picosdk.Refuse(op, "power", picosdk.Quoted(driver.PowerUSB), "the unit's power supply is not connected")
	e.Advice = supplyAdvice
	return e
}

// readPower asks how the unit is powered. It is for the worker.
func (d *Device) readPower() {
	s := picosdk.StatusOK
	if p, ok := d.unit.(PowerSwitch); ok {
		s = p.CurrentPowerSource()
	}
	d.state = d.model.StateOf(s, picosdk.ParseUSB(d.usb))
	sources := d.model.Power.Sources
	switch {
	case s == picosdk.StatusPowerSupplyConnected:
		d.present = driver.PowerStateSupply
	case s == picosdk.StatusOK && slices.Contains(sources, driver.PowerSupply) && !slices.Contains(sources, driver.PowerUSB):
		d.present = driver.PowerStateSupply
	case s == picosdk.StatusOK || s.IsPower():
		d.present = driver.PowerStateUSB
	default:
		d.present = driver.PowerStateUnknown
	}
}

// choosePower brings the unit to the power source that is wanted. It is for the worker.
func (d *Device) choosePower(op string, want driver.PowerSource) error {
	d.readPower()
	switch {
	case want == "" || want == driver.PowerAuto:
		return nil
	case want != driver.PowerUSB && want != driver.PowerSupply:
		return picosdk.Refuse(op, "power", picosdk.Quoted(driver.PowerAuto), "there is no power source %q", want)
	case string(want) == string(d.present):
		return nil
	}
	p, ok := d.unit.(PowerSwitch)
	if !ok || !slices.Contains(d.model.Power.Sources, want) {
		return picosdk.Refuse(op, "power", picosdk.Quoted(driver.PowerAuto), "the %s cannot be told to use %q power", d.info.Model, want)
	}
	code := picosdk.StatusPowerSupplyNotConnected
	if want == driver.PowerSupply {
		code = picosdk.StatusPowerSupplyConnected
	}
	if err := p.ChangePowerSource(code); !picosdk.Tolerable(err) {
		if !picosdk.IsStatus(err, picosdk.StatusPowerRequestInvalid, picosdk.StatusPowerSupplyNotConnected, picosdk.StatusPowerSupplyConnected) {
			return err
		}
		if want == driver.PowerSupply {
			return noSupply(op)
		}
		return picosdk.Refuse(op, "power", picosdk.Quoted(driver.PowerSupply), "the unit does not leave its power supply while that is plugged in")
	}
	d.readPower()
	return nil
}

// powerChanged brings an acquisition over a change of the unit's power: acknowledge, set everything up again, run
// again behind a gap. It fails when the unit cannot do any more what was configured.
func (a *acquisition) powerChanged(s picosdk.Status) *driver.Error {
	d := a.dev
	d.tell(driver.EventPower, "the unit's power has changed: "+s.Explanation())
	ctx, cancel := context.WithTimeout(context.Background(), configureBudget)
	defer cancel()
	err := d.work.try(ctx, func() error { return d.recover(a.set, s) })
	if err == nil {
		if err = a.loop.Resume(driver.CausePower); err == nil {
			d.tell(driver.EventPower, fmt.Sprintf("running again from %s power", d.Info().Power))
			return nil
		}
	}
	f := picosdk.DriverError(err, "stream", "")
	if f.Kind == driver.KindDeviceGone {
		d.lost()
	}
	return f
}

// recover makes the unit stream again after its power has changed. It is for the worker.
func (d *Device) recover(set *setup, s picosdk.Status) error {
	if err := d.restore(set, s); err != nil {
		return err
	}
	return d.arm(set)
}

// restore sets everything up again after the unit's power has changed. It is for the worker.
func (d *Device) restore(set *setup, s picosdk.Status) error {
	d.warn("stop", d.stop())
	if err := acknowledge(d.unit, s); err != nil {
		return err
	}
	d.warn("take buffers back", d.unit.Disarm()) // refused before
	d.readPower()
	d.refresh()
	if e := d.unsupplied(set, "stream"); e != nil {
		return e
	}
	if missing := set.missing(d.caps); len(missing) > 0 {
		e := driver.Errorf(driver.KindTransient, "stream", "on %s power the unit has no channel %s", d.present, strings.Join(missing, ", "))
		e.Field, e.Advice = "power", "Plug in the power supply, or record only channels that the unit has on USB power."
		return e
	}
	if err := d.apply(set); err != nil {
		return err
	}
	return d.arrange(set)
}

// powerControl is what units with more than one power source can do.
type powerControl struct{ dev *Device }

// Power tells how the unit is powered now.
func (p powerControl) Power(ctx context.Context) (driver.PowerState, error) {
	d := p.dev
	if err := d.usable("power", false); err != nil {
		return "", err
	}
	if d.current() != nil {
		return d.Info().Power, nil // a change ends the run, and so is known
	}
	s, err := do(ctx, d.work, func() (driver.PowerState, error) {
		d.readPower()
		d.refresh()
		return d.present, nil
	}, nil)
	return s, failed(err, "power", "")
}

// SetPower changes to a power source, while the unit does not run.
func (p powerControl) SetPower(ctx context.Context, want driver.PowerSource) (driver.PowerState, error) {
	d := p.dev
	if err := d.usable("power", true); err != nil {
		return "", err
	}
	s, err := do(ctx, d.work, func() (driver.PowerState, error) {
		d.set = nil
		err := d.choosePower("power", want)
		d.refresh()
		return d.present, err
	}, nil)
	return s, failed(err, "power", "power")
}
