package scope

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// openBits is the resolution that units are opened with, since every model has it; Configure sets the wanted one.
const openBits = 8

// progressPause is the time between two questions how far an open is.
const progressPause = 20 * time.Millisecond

// Open opens a unit. An open that is given up goes on in the background, since no library can end one; then the unit
// is closed again.
func (d *Driver) Open(ctx context.Context, req driver.OpenRequest) (driver.Device, error) {
	if req.Model != "" {
		if _, err := d.modelNamed(req.Model); err != nil {
			return nil, err
		}
	}
	if v := req.Options.Values; len(v) > 0 {
		return nil, picosdk.Refuse("open", d.family.Name+"."+v[0].Name, "", "%s has no options of its own", d.family.Name)
	}
	dev, err := do(ctx, d.work, func() (*Device, error) { return d.openUnit(req) }, func(dev *Device, err error) {
		if err == nil {
			dev.warn("close", patiently(dev.unit.Close))
			d.forget(dev)
		}
	})
	if err != nil {
		return nil, failed(err, "open", "")
	}
	dev.mu.Lock()
	defer dev.mu.Unlock()
	_, generator := dev.unit.(Generator)
	_, power := dev.unit.(PowerSwitch)
	dressed := dress(dev, generator && dev.caps.Generator != nil, power && canSwitchPower(dev.caps))
	dev.info.Abilities = driver.Abilities(dressed)
	return dressed, nil
}

// openUnit opens the unit with the wanted serial, or the first free one of the wanted model. It is for the worker.
func (d *Driver) openUnit(req driver.OpenRequest) (*Device, error) {
	if len(d.active()) > 0 {
		return nil, driver.Errorf(driver.KindTransient, "open", "no unit can be opened while another one of this program is capturing")
	}
	lib, version, err := d.load("open", req.Library)
	if err != nil {
		return nil, err
	}
	if req.Serial != "" && d.holds(req.Serial) {
		return nil, driver.Errorf(driver.KindBusy, "open", "the unit %s is open in this program already", req.Serial)
	}
	serials := []string{req.Serial}
	if req.Serial == "" && req.Model != "" {
		if serials, err = d.ofModel(lib, req.Model); err != nil {
			return nil, err
		}
	}
	var other *wrongModelError
	for _, serial := range serials {
		dev, err := d.openOne(lib, version, serial, req)
		if errors.As(err, &other) && req.Serial == "" && serial != "" {
			continue
		}
		return dev, err
	}
	e := driver.Errorf(driver.KindNotFound, "open", "there is no free %s", req.Model)
	e.Field = "model"
	return nil, e
}

// ofModel lists the serials of free units that are, or may be, of a model.
func (d *Driver) ofModel(lib Library, name string) ([]string, error) {
	found, err := enumerate(lib)
	if err != nil {
		return nil, err
	}
	var serials []string
	for _, u := range found {
		if m, ok := d.family.modelOf(u.Variant); u.Variant == "" || ok && picosdk.Plain(m.Name) == picosdk.Plain(name) {
			serials = append(serials, u.Serial)
		}
	}
	if len(found) == 0 {
		return []string{""}, nil // the library's own answer says why
	}
	return serials, nil
}

// wrongModelError says that a unit is not of the wanted model.
type wrongModelError struct{ serial, is, want string }

func (e *wrongModelError) Error() string {
	return fmt.Sprintf("%s is a %s and not a %s", unitText(e.serial), e.is, e.want)
}

// openOne opens one unit, powers it and asks it who it is.
func (d *Driver) openOne(lib Library, version, serial string, req driver.OpenRequest) (dev *Device, err error) {
	handle, status, err := d.awaitOpen(lib, serial)
	if handle <= 0 || err != nil {
		return nil, err
	}
	dev = &Device{
		family: &d.family, driver: d, work: d.work, unit: lib.Unit(handle), events: make(chan driver.Event, eventRoom), silent: true,
		log: d.log.With("device", req.Name),
	}
	dev.info = driver.UnitInfo{LibraryVersion: version, LibraryPath: lib.Path(), Emulated: lib.Emulated()}
	defer func() {
		if err != nil {
			dev.warn("close", patiently(dev.unit.Close))
			dev = nil
		}
	}()
	if status != picosdk.StatusOK && !status.IsWarning() {
		if err := dev.powerUp(status, req.Power); err != nil {
			return dev, err
		}
	}
	if err := dev.identity(); err != nil {
		return dev, err
	}
	if req.Model != "" && picosdk.Plain(dev.model.Name) != picosdk.Plain(req.Model) {
		other := &wrongModelError{dev.info.Serial, dev.model.Name, req.Model}
		e := driver.Errorf(driver.KindNotFound, "open", "%w", other)
		e.Field, e.Err = "model", other
		return dev, e
	}
	if err := dev.choosePower("open", req.Power); err != nil {
		return dev, err
	}
	dev.learn()
	dev.refresh()
	d.mu.Lock()
	d.open[dev.info.Serial] = dev
	d.mu.Unlock()
	d.checkSignals(lib)
	d.log.Info("unit opened", "device", req.Name, "model", dev.info.Model, "serial", dev.info.Serial, "power", string(dev.present))
	return dev, nil
}

// awaitOpen opens and waits. With a handle above 0 the status is one of power, a warning, or OK.
func (d *Driver) awaitOpen(lib Library, serial string) (handle int16, s picosdk.Status, err error) {
	limit := time.Now().Add(openLimit)
	late := driver.Errorf(driver.KindTransient, "open", "%s did not finish opening within %s", unitText(serial), openLimit)
	for {
		started, err := lib.OpenUnitAsync(serial, openBits)
		if started && picosdk.Tolerable(err) {
			break
		}
		if err != nil && !picosdk.IsStatus(err, picosdk.StatusOpenInProgress, picosdk.StatusBusy) {
			return 0, 0, d.notOpened(lib, serial, 0, err)
		}
		d.reap(lib)
		if time.Now().After(limit) {
			return 0, 0, late
		}
		time.Sleep(progressPause)
	}
	told := 0
	for {
		handle, percent, complete, err := lib.OpenUnitProgress()
		if complete {
			s, isStatus := picosdk.StatusOf(err)
			if handle > 0 && (err == nil || isStatus && (s.IsPower() || s.IsWarning())) {
				return handle, s, nil
			}
			if handle > 0 { // open, and of no use
				d.closeHandle(lib, handle)
			}
			return 0, 0, d.notOpened(lib, serial, handle, err)
		}
		if err != nil && !busy(err) {
			return 0, 0, d.notOpened(lib, serial, handle, err)
		}
		if percent >= told+25 {
			told = percent
			d.log.Info("unit opens", "serial", serial, "percent", percent)
		}
		if time.Now().After(limit) {
			return 0, 0, late
		}
		time.Sleep(progressPause)
	}
}

// reap closes what an open that was given up has opened in the end: nobody else knows the handle.
func (d *Driver) reap(lib Library) {
	if handle, _, complete, _ := lib.OpenUnitProgress(); complete && handle > 0 {
		d.log.Info("a unit has opened after its open was given up, and is closed")
		d.closeHandle(lib, handle)
	}
}

func (d *Driver) closeHandle(lib Library, handle int16) {
	if err := patiently(lib.Unit(handle).Close); err != nil {
		d.log.Warn("a unit that could not be used does not close", "error", err)
	}
}

// busy tells that the library only asks for patience.
func busy(err error) bool {
	s, ok := picosdk.StatusOf(err)
	return ok && s.IsBusy()
}

// notOpened words why a unit was not opened. Handle 0 means that none was found, below 0 that one was and failed.
func (d *Driver) notOpened(lib Library, serial string, handle int16, err error) error {
	s, known := picosdk.StatusOf(err)
	missing := !known || s == picosdk.StatusOK || s == picosdk.StatusNotFound
	var e *driver.Error
	switch {
	case missing && handle < 0:
		e = driver.Errorf(driver.KindBusy, "open", "%s was found and could not be opened: it is in use elsewhere", unitText(serial))
		e.Advice = "Close the program that uses it, such as PicoScope, or choose another unit."
	case missing && serial == "":
		e = driver.Errorf(driver.KindNotFound, "open", "no free unit of %s is attached", d.family.Name)
	case missing:
		e = driver.Errorf(driver.KindNotFound, "open", "the unit %s is not attached, or in use elsewhere", serial)
	default:
		e = picosdk.DriverError(err, "open", "")
		if lib.Emulated() && s == picosdk.StatusOperationFailed {
			e.Advice = rigProblems(os.Getenv)
		}
	}
	if known && s != picosdk.StatusOK {
		e.Status = picosdk.DriverError(err, "open", "").Status
	}
	if e.Kind == driver.KindNotFound {
		d.explain(lib, e)
	}
	return e
}

// explain looks at USB for a reason why no unit was found. Emulated units are not there.
func (d *Driver) explain(lib Library, e *driver.Error) {
	if lib.Emulated() {
		e.Advice = rigAdvice(os.Getenv)
		return
	}
	list, err := d.o.USB()
	if err != nil {
		d.log.Debug("USB cannot be looked at", "error", err)
		return
	}
	var locked []string
	for _, dev := range list {
		if dev.Access != nil {
			locked = append(locked, dev.Node)
		}
	}
	switch {
	case len(locked) > 0:
		e.Message += fmt.Sprintf("; a unit of the maker is on USB (%s), but this user may not open it", strings.Join(locked, ", "))
		e.Advice = picosdk.StatusPermissions.Advice()
	case len(list) == 0:
		e.Advice = "No unit of the maker is on USB: check the cable and the unit's power."
	default:
		e.Advice = fmt.Sprintf("%d of the maker's units are on USB: one may be in use by another program, or belong to another driver.", len(list))
	}
}
