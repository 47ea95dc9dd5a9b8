package drivertest

import (
	"slices"

	"github.com/scopelog/scopelog/driver"
)

var openRules = []rule{
	{"discovers units", checkDiscover},
	{"opens by serial", checkOpenSerial},
	{"refuses an unknown serial", checkUnknownSerial},
	{"refuses an unknown model", checkUnknownModel},
	{"refuses a unit in use", checkBusy},
	{"tells what the unit can do", checkUnitCapabilities},
}

func checkDiscover(k *kit) {
	c, d := k.start()
	ctx, cancel := k.context()
	defer cancel()
	units, err := c.Discover(ctx, driver.DiscoverRequest{Library: k.target.Library, Options: k.target.Options})
	if driver.KindOf(err) == driver.KindNoLibrary && err != nil {
		k.Skipf("the vendor library is not installed: %v", err)
	}
	if err != nil {
		k.Fatalf("discover: %v", err)
	}
	k.Logf("%d units", len(units))
	seen := map[string]bool{}
	for _, u := range units {
		if u.Serial == "" && !u.InUse || seen[u.Serial] && u.Serial != "" {
			k.Errorf("the serial %q is missing or comes twice", u.Serial)
		}
		seen[u.Serial] = true
		if u.Model != "" || !u.InUse { // of a unit in use a library may not know it
			checkKnownModel(k, d, u)
		}
	}
}

// checkKnownModel catches the copied family that still reports its model's name.
func checkKnownModel(k *kit, d driver.Description, u driver.UnitInfo) {
	k.Helper()
	known := func(c driver.Capabilities) bool { return c.Model == u.Model || c.Model == "" }
	if !slices.ContainsFunc(d.Models, known) {
		k.Errorf("the unit %s is of model %q, which the description does not have", u.Serial, u.Model)
	}
}

func checkOpenSerial(k *kit) {
	u := k.open()
	first := u.dev.Info()
	checkKnownModel(k, u.d, first)
	for _, a := range first.Abilities {
		if !slices.Contains(u.d.Abilities, a) {
			k.Errorf("the unit has the ability %q, which no model has by the description", a)
		}
	}
	u.closeDevice()
	u.c.Kill()
	c, _ := k.start()
	ctx, cancel := k.context()
	defer cancel()
	dev, err := c.Open(ctx, k.openRequest(first.Serial))
	if err != nil {
		k.Fatalf("open the unit %s by its serial: %v", first.Serial, err)
	}
	if got := dev.Info(); got.Serial != first.Serial || got.Model != first.Model {
		k.Errorf("opened by its serial, the unit %s %s is %s %s", first.Model, first.Serial, got.Model, got.Serial)
	}
}

// noSuchSerial is a serial number that nobody has.
const noSuchSerial = "NO-SUCH-UNIT-0"

func checkUnknownSerial(k *kit) {
	c, d := k.start()
	ctx, cancel := k.context()
	defer cancel()
	dev, err := c.Open(ctx, k.openRequest(noSuchSerial))
	if driver.KindOf(err) == driver.KindNoLibrary && err != nil {
		k.Skipf("the vendor library is not installed: %v", err)
	}
	if d.OptionalSerials { // such a unit exists as soon as it is asked for, unless it is refused
		if err == nil && dev.Info().Serial != noSuchSerial {
			k.Errorf("asked for the unit %s, opened %s", noSuchSerial, dev.Info().Serial)
		} else if err != nil {
			k.wantKind("open an unknown serial", err, driver.KindNotFound)
		}
		return
	}
	k.wantKind("open an unknown serial", err, driver.KindNotFound)
}

func checkUnknownModel(k *kit) {
	c, _ := k.start()
	ctx, cancel := k.context()
	defer cancel()
	req := k.openRequest(k.target.Serial)
	req.Model = "no-such-model"
	_, err := c.Open(ctx, req)
	switch kind := driver.KindOf(err); {
	case err == nil:
		k.Errorf("a unit was opened as of a model that does not exist")
	case kind == driver.KindNoLibrary:
		k.Skipf("the vendor library is not installed: %v", err)
	case kind != driver.KindNotFound && kind != driver.KindUnsupported:
		k.Errorf("error of kind %q, want %q or %q: %v", kind, driver.KindNotFound, driver.KindUnsupported, err)
	}
}

func checkBusy(k *kit) {
	u := k.open()
	other, _ := k.start()
	ctx, cancel := k.context()
	defer cancel()
	_, err := other.Open(ctx, k.openRequest(u.dev.Info().Serial))
	kind := driver.KindOf(err)
	if err == nil || kind != driver.KindBusy && kind != driver.KindNotFound {
		k.Errorf("open a unit that another process has opened: %v (kind %q), want kind %q, or %q where the library hides such units",
			err, kind, driver.KindBusy, driver.KindNotFound)
	}
}

func checkUnitCapabilities(k *kit) {
	u := k.open()
	checkCapabilities(k, u.caps)
	for _, m := range u.d.Models {
		if m.Model != u.dev.Info().Model {
			continue
		}
		for _, ch := range u.caps.Channels {
			if _, ok := m.Channel(ch.Name); !ok {
				k.Errorf("the unit has a channel %s, its model %s has none", ch.Name, m.Model)
			}
		}
		for _, mode := range u.caps.Modes {
			if _, ok := m.Mode(mode.Mode); !ok {
				k.Errorf("the unit has the mode %s, its model %s has not", mode.Mode, m.Model)
			}
		}
	}
}
