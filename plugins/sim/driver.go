package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"

	"github.com/gofrs/flock"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// Driver is the simulated driver.
type Driver struct {
	world *world

	mu    sync.Mutex
	fired map[int]int64 // faults of discover, which belong to no unit: for the life of the process
}

var _ driver.Driver = (*Driver)(nil)

// Options say where simulated units live.
type Options struct {
	// Rig is the folder that all plugin processes of a user share, so that they see each other's units; it is made
	// when it does not exist. Empty: one in the folder for temporary files.
	Rig string
}

// New makes the driver. It touches nothing until the first call.
func New(o Options) *Driver {
	if o.Rig == "" {
		o.Rig = defaultRig()
	}
	return newDriver(realWorld(o.Rig))
}

func newDriver(w *world) *Driver { return &Driver{world: w, fired: map[int]int64{}} }

// Describe tells who the driver is.
func (d *Driver) Describe(context.Context) (driver.Description, error) { return describe(), nil }

// Discover lists the units that are open, and the one that would be opened next.
func (d *Driver) Discover(ctx context.Context, req driver.DiscoverRequest) ([]driver.UnitInfo, error) {
	if err := checkOptions("discover", req.Options, deviceSchema(), driverName); err != nil {
		return nil, err
	}
	faults, err := parseFaults("discover", req.Options)
	if err != nil {
		return nil, err
	}
	if err := callFaults(d.world, faults, callDiscover, d.left, d.used); err != nil {
		return nil, err
	}
	var units []driver.UnitInfo
	err = d.world.rig.exclusively(ctx, func() error {
		open, err := d.world.rig.inUse()
		taken := map[string]bool{}
		for _, serial := range open {
			u := unitInfo(models[0], serial, driver.PowerAuto)
			u.Model, u.InUse = "", true // the model is known to its user only
			units, taken[serial] = append(units, u), true
		}
		for n := 1; err == nil && n <= madeUpSerials; n++ {
			if serial := madeUp(n); !taken[serial] {
				units = append(units, unitInfo(models[0], serial, driver.PowerAuto))
				break
			}
		}
		return err
	})
	if err != nil {
		return nil, driver.Errorf(driver.KindPermanent, "discover", "%w", err)
	}
	return units, nil
}

func (d *Driver) left(f *fault) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return unitState{Fired: d.fired}.left(f)
}

func (d *Driver) used(f *fault) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fired[f.number]++
	return nil
}

// serialForm is what a serial may look like.
var serialForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9/_.+-]{0,63}$`)

// madeUpSerials is how many units exist for those who name none.
const madeUpSerials = 9999

func madeUp(n int) string { return fmt.Sprintf("SIM%04d", n) }

// Open opens a unit. Every serial exists; without one the first free unit is taken.
func (d *Driver) Open(ctx context.Context, req driver.OpenRequest) (driver.Device, error) {
	m, ok := modelNamed(req.Model)
	if !ok {
		var names []string
		for _, m := range models {
			names = append(names, m.name)
		}
		return nil, refuse("open", "model", `"`+closest(req.Model, names)+`"`, "there is no model %q", req.Model)
	}
	if req.Serial != "" && !serialForm.MatchString(req.Serial) {
		return nil, refuse("open", "serial", `"`+madeUp(1)+`"`, "%q is no serial: letters, digits and / _ . + -, at most 64", req.Serial)
	}
	if err := checkOptions("open", req.Options, deviceSchema(), driverName); err != nil {
		return nil, err
	}
	faults, err := parseFaults("open", req.Options)
	if err != nil {
		return nil, err
	}
	u := &Device{world: d.world, caps: m.capabilities(), faults: faults, events: make(chan driver.Event, eventRoom)}
	serial, err := d.take(ctx, u, req.Serial)
	if err != nil {
		return nil, err
	}
	u.info = unitInfo(m, serial, req.Power)
	if err := callFaults(d.world, faults, callOpen, u.left, u.used); err != nil {
		return nil, errors.Join(err, u.lock.Close())
	}
	u.info.Abilities = driver.Abilities(u)
	return u, nil
}

// take locks the unit of that serial, or the first free one, and reads what it remembers.
func (d *Driver) take(ctx context.Context, u *Device, want string) (serial string, err error) {
	var refusal *driver.Error
	err = d.world.rig.exclusively(ctx, func() error {
		for n := 1; n <= madeUpSerials; n++ {
			serial = want
			if want == "" {
				serial = madeUp(n)
			}
			var l *flock.Flock
			if l, err = d.world.rig.take(serial); err != nil {
				return err
			}
			if l == nil {
				refusal = driver.Errorf(driver.KindBusy, "open", "unit %s is in use by another process", serial)
			} else if state := d.world.rig.state(serial); state.Away > rpc.Monotonic() {
				refusal = driver.Errorf(driver.KindNotFound, "open", "unit %s is not there: it was unplugged on request", serial)
				if err := l.Close(); err != nil {
					return err
				}
			} else {
				u.lock, u.state, refusal = l, state, nil
				return nil
			}
			if want != "" {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return "", driver.Errorf(driver.KindPermanent, "open", "%w", err)
	}
	if refusal != nil {
		return "", refusal
	}
	return serial, nil
}

// unitInfo describes a unit.
func unitInfo(m model, serial string, power driver.PowerSource) driver.UnitInfo {
	state := driver.PowerStateUSB
	if power == driver.PowerSupply {
		state = driver.PowerStateSupply
	}
	return driver.UnitInfo{
		Model: m.name, Serial: serial, Hardware: "simulated", Firmware: version, LibraryVersion: version,
		USB: "3.0", Power: state, Emulated: true,
	}
}
