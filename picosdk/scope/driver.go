package scope

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// Options say where things are. The zero value searches the vendor library in its usual places.
type Options struct {
	// Library is used where a plan names none: a path, a file name to search, or [Emulated]; empty: search.
	Library string
	// EmulatorDir is the folder of the emulated libraries; empty: the folder "emulator" beside the plugins' folder.
	EmulatorDir string
	// USB lists the maker's devices on USB, to explain why a unit cannot be opened; nil: this computer's.
	USB    func() ([]picosdk.USBDevice, error)
	Logger hclog.Logger // nil: silent
}

// Driver is a family's driver.
type Driver struct {
	family Family
	o      Options
	log    hclog.Logger
	work   *worker

	description func() driver.Description

	// For the worker's thread.
	libraries map[LoadRequest]Library

	mu   sync.Mutex
	open map[string]*Device // by serial
}

var _ driver.Driver = (*Driver)(nil)

// New makes the driver of a family. It loads nothing.
func New(f Family, o Options) *Driver {
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	if o.USB == nil {
		o.USB = func() ([]picosdk.USBDevice, error) { return picosdk.USBDevices(picosdk.USBRoots{}) }
	}
	d := &Driver{
		family: f, o: o, log: o.Logger.With("family", f.Name), work: newWorker(),
		libraries: map[LoadRequest]Library{}, open: map[string]*Device{},
	}
	d.description = sync.OnceValue(d.describe)
	return d
}

// Close ends the driver's thread after the call that it is in. Devices are to be closed before; a plugin, which lives
// as long as its driver, has no need of it.
func (d *Driver) Close() {
	d.work.stop()
	<-d.work.done
}

// Describe tells who the driver is and what each model can do at best. It loads nothing.
func (d *Driver) Describe(context.Context) (driver.Description, error) { return d.description(), nil }

// describe makes what Describe tells: some milliseconds of exact arithmetic.
func (d *Driver) describe() driver.Description {
	desc := driver.Description{
		Name: d.family.Name, Version: d.family.Version, Summary: d.family.Summary,
		ContractMin: 1, ContractMax: driver.ContractVersion, NeedsLibrary: true, MaxDevices: 1,
		Budgets: driver.Budgets{Open: openBudget, Configure: configureBudget, Stream: streamBudget, Fetch: fetchBudget, Close: closeBudget},
	}
	generator, power := false, false
	for _, m := range d.family.Models {
		c := d.family.capabilities(m, picosdk.State{})
		desc.Models = append(desc.Models, c)
		generator = generator || c.Generator != nil
		power = power || canSwitchPower(c)
	}
	desc.Abilities = driver.Abilities(dress(&Device{}, generator, power))
	return desc
}

// canSwitchPower tells whether units of a model have more than one power source.
func canSwitchPower(c driver.Capabilities) bool {
	return slices.Contains(c.Power, driver.PowerUSB) && slices.Contains(c.Power, driver.PowerSupply)
}

// Discover lists the units that are free, and those that this process has open. It refuses while one of those streams: the
// library takes one call at a time, and to look for units takes it longer than its buffers last.
func (d *Driver) Discover(ctx context.Context, req driver.DiscoverRequest) ([]driver.UnitInfo, error) {
	list, err := do(ctx, d.work, func() ([]driver.UnitInfo, error) { return d.discover(req) }, nil)
	return list, failed(err, "discover", "")
}

func (d *Driver) discover(req driver.DiscoverRequest) ([]driver.UnitInfo, error) {
	if len(d.active()) > 0 {
		return nil, driver.Errorf(driver.KindTransient, "discover", "units cannot be looked for while one of this program is capturing")
	}
	lib, version, err := d.load("discover", req.Library)
	if err != nil {
		return nil, err
	}
	found, err := enumerate(lib)
	if err != nil {
		return nil, err
	}
	var list []driver.UnitInfo
	d.mu.Lock()
	defer d.mu.Unlock()
	for serial, dev := range d.open {
		info := dev.Info()
		info.Serial, info.InUse = serial, true
		list = append(list, info)
	}
	slices.SortFunc(list, func(a, b driver.UnitInfo) int { return strings.Compare(a.Serial, b.Serial) })
	for _, u := range found {
		if d.open[u.Serial] != nil {
			continue
		}
		info := driver.UnitInfo{
			Serial: u.Serial, Variant: u.Variant, LibraryVersion: version, LibraryPath: lib.Path(), Emulated: lib.Emulated(),
		}
		if m, ok := d.family.modelOf(u.Variant); ok {
			info.Model = m.Name
		}
		list = append(list, info)
	}
	return list, nil
}

// enumerate lists the free units. Libraries answer an empty list or "not found" where there is none.
func enumerate(lib Library) ([]picosdk.ListedUnit, error) {
	text, err := lib.EnumerateUnits()
	if picosdk.IsStatus(err, picosdk.StatusNotFound) {
		return nil, nil
	}
	if err != nil && !picosdk.Tolerable(err) {
		return nil, err
	}
	return picosdk.ParseUnitList(text), nil
}

// modelOf returns the table's entry for what a unit calls itself.
func (f *Family) modelOf(variant string) (picosdk.Model, bool) {
	if variant == "" {
		return picosdk.Model{}, false
	}
	return picosdk.FindModel(f.Models, variant)
}

// modelNamed checks the model that a plan asks for. Blanks and case do not count, makers use them freely.
func (d *Driver) modelNamed(name string) (picosdk.Model, error) {
	var names []string
	for _, m := range d.family.Models {
		if picosdk.Plain(m.Name) == picosdk.Plain(name) {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return picosdk.Model{}, picosdk.Refuse("open", "model", picosdk.Quoted(picosdk.Nearest(name, names)), "%s knows no model %q; it knows %s", d.family.Name, name, strings.Join(names, ", "))
}

// forget takes a closed unit off the list.
func (d *Driver) forget(dev *Device) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for serial, other := range d.open {
		if other == dev {
			delete(d.open, serial)
		}
	}
}

// holds tells whether this process has the unit open.
func (d *Driver) holds(serial string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.open[serial] != nil
}

// versionText joins what stands for a version.
func versionText(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, ", ")
}

// unitText names a unit in messages.
func unitText(serial string) string {
	if serial == "" {
		return "a unit"
	}
	return fmt.Sprintf("the unit %s", serial)
}
