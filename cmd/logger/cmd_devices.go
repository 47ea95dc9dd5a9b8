package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
)

func devicesCommand(a *app) *cobra.Command {
	commands := []*cobra.Command{devicesListCommand(a), devicesShowCommand(a)}
	for _, u := range unitCalls {
		commands = append(commands, devicesCallCommand(a, u))
	}
	return family("devices COMMAND", "list, show, flash, ping: attached units", groupRig, commands...)
}

// devicesDocument is what devices list --json prints.
type devicesDocument struct {
	FormatVersion string          `json:"format_version"`
	Devices       []deviceJSON    `json:"devices"`
	Errors        []pluginTrouble `json:"errors"` // plugins that could not look
}

type deviceJSON struct {
	Driver         string `json:"driver"`
	Model          string `json:"model"`
	Serial         string `json:"serial"`
	Variant        string `json:"variant,omitempty"`
	Hardware       string `json:"hardware,omitempty"`
	Firmware       string `json:"firmware,omitempty"`
	LibraryVersion string `json:"library_version,omitempty"`
	LibraryPath    string `json:"library_path,omitempty"`
	USB            string `json:"usb,omitempty"`
	Calibrated     string `json:"calibrated,omitempty"`
	Power          string `json:"power,omitempty"`
	Emulated       bool   `json:"emulated"`
	InUse          bool   `json:"in_use"`
	Run            string `json:"run,omitempty"` // directory of the run that uses it
	PID            int    `json:"pid,omitempty"` // of that run
}

type pluginTrouble struct {
	Driver string `json:"driver"`
	Error  string `json:"error"`
	Advice string `json:"advice,omitempty"`
}

func devicesListCommand(a *app) *cobra.Command {
	var drivers []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "list the units that are attached",
		Long: `Ask every plugin for the units that are attached. Units that a run uses are
listed with it. Simulated units exist as soon as a plan asks for them; one of
each driver is listed.`,
		Args: takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return runDevicesList(c.Context(), a, drivers, asJSON) },
	}
	c.Flags().StringArrayVar(&drivers, "driver", nil, "ask this driver only; may be repeated")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

func runDevicesList(ctx context.Context, a *app, drivers []string, asJSON bool) error {
	rig, err := a.ownRig()
	if err != nil {
		return err
	}
	defer rig.close()
	if err := rig.checkNames(drivers); err != nil {
		return err
	}
	doc := devicesDocument{FormatVersion: formatVersion, Devices: []deviceJSON{}, Errors: []pluginTrouble{}}
	var errs []error
	found := rig.probe(ctx, drivers...)
	users := a.usedUnits(ctx)
	for _, p := range found {
		for _, u := range withUsed(p.name, p.units, users) {
			doc.Devices = append(doc.Devices, describeUnit(p.name, u, users))
		}
		if p.err == nil {
			continue
		}
		doc.Errors = append(doc.Errors, pluginTrouble{Driver: p.name, Error: p.err.Error(), Advice: adviceOf(p.err)})
		if driver.KindOf(p.err) != driver.KindNoLibrary {
			errs = append(errs, quiet(causeDevice, p.name+" does not answer"))
		}
	}
	if asJSON {
		return errors.Join(append(errs, writeJSON(a.stdout, doc))...)
	}
	for _, p := range found {
		if p.err != nil {
			a.warnPlugin(p.name, p.err)
		}
	}
	return errors.Join(append(errs, printDevices(a, doc, len(found)))...)
}

// warnPlugin says why a plugin cannot look for units. That the library of a family is not installed is usual, and short; one that was
// named is told with what the plugin advises.
func (a *app) warnPlugin(name string, err error) {
	variable := envLibrary + "_" + strings.ToUpper(name)
	if a.env(variable) == "" {
		variable = envLibrary
	}
	if library := a.env(variable); driver.KindOf(err) == driver.KindNoLibrary && library != "" {
		a.warn("%s: the library %s, which %s names, is not usable; %s doctor says more", name, library, variable, a.name)
		if advice := adviceOf(err); advice != "" {
			a.say("  %s", indented(advice))
		}
		return
	}
	if driver.KindOf(err) == driver.KindNoLibrary {
		a.say("%s: its vendor library is not installed or not usable; %s doctor says more", name, a.name)
		return
	}
	a.warn("%s: %v", name, err)
	if advice := adviceOf(err); advice != "" {
		a.say("  %s", indented(advice))
	}
}

// indented makes the further lines of a text stand below its first.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }

// unitUser is the run that uses a unit.
type unitUser struct {
	dir      string
	pid      int
	model    string
	emulated bool
}

// usedUnits asks the runs in the output folder which units they use, by driver and serial. Runs that do not answer
// are left out: who uses a unit is said only where it is known.
func (a *app) usedUnits(ctx context.Context) map[[2]string]unitUser {
	users := map[[2]string]unitUser{}
	dirs, err := session.FindRuns(ctx, a.settings.Output)
	if err != nil {
		a.logger.Debug("runs are not known", "error", err)
		return users
	}
	for _, dir := range dirs {
		reply, err := session.Control(ctx, dir, session.Request{Op: session.OpStatus})
		if err != nil {
			a.logger.Debug("a run does not answer", "run", dir, "error", err)
			continue
		}
		for _, d := range reply.Status.Devices {
			users[[2]string{d.Driver, d.Serial}] = unitUser{dir: dir, pid: reply.Status.PID, model: d.Model, emulated: d.Emulated}
		}
	}
	return users
}

// withUsed adds to the units that a driver found those that runs use: vendor libraries do not list a unit that is open.
func withUsed(name string, found []driver.UnitInfo, users map[[2]string]unitUser) []driver.UnitInfo {
	units := slices.Clone(found)
	for unit, user := range users {
		listed := slices.ContainsFunc(found, func(u driver.UnitInfo) bool { return u.Serial == unit[1] })
		if unit[0] == name && unit[1] != "" && !listed {
			units = append(units, driver.UnitInfo{Model: user.model, Serial: unit[1], Emulated: user.emulated, InUse: true})
		}
	}
	slices.SortFunc(units[len(found):], func(a, b driver.UnitInfo) int { return strings.Compare(a.Serial, b.Serial) })
	return units
}

func describeUnit(name string, u driver.UnitInfo, users map[[2]string]unitUser) deviceJSON {
	user, used := users[[2]string{name, u.Serial}]
	return deviceJSON{
		Driver: name, Model: u.Model, Serial: u.Serial, Variant: u.Variant, Hardware: u.Hardware, Firmware: u.Firmware,
		LibraryVersion: u.LibraryVersion, LibraryPath: u.LibraryPath, USB: u.USB, Calibrated: u.Calibrated, Power: string(u.Power),
		Emulated: u.Emulated, InUse: u.InUse || used, Run: user.dir, PID: user.pid,
	}
}

func printDevices(a *app, doc devicesDocument, plugins int) error {
	if plugins == 0 {
		a.warn("no plugins are installed; %s doctor tells where they are looked for", a.name)
	}
	if len(doc.Devices) == 0 {
		return emit(a.stdout, "no units found\n")
	}
	t := newTable("DRIVER", "MODEL", "SERIAL", "USB", "POWER", "STATE")
	for _, d := range doc.Devices {
		t.add(d.Driver, d.Model, d.Serial, d.USB, d.Power, d.state())
	}
	return t.write(a.stdout, a.color)
}

// state says whether the unit can be used.
func (d deviceJSON) state() string {
	kind := emulatedMark(d.Emulated)
	switch {
	case d.Run != "":
		return fmt.Sprintf("in use by run %s (pid %d)", d.Run, d.PID) + kind
	case d.InUse:
		return "in use by another program" + kind
	}
	return "free" + kind
}

func devicesShowCommand(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show UNIT",
		Short: "show what a unit can do",
		Long: `Show a unit and what its model can do: channels, ranges, rates. UNIT is a
serial, a model or a driver's name, as devices list shows them. The unit is not
opened.`,
		Args: takes(1, 1),
		RunE: func(c *cobra.Command, args []string) error { return runDevicesShow(c.Context(), a, args[0], asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

// deviceDocument is what devices show --json prints.
type deviceDocument struct {
	FormatVersion string          `json:"format_version"`
	Device        deviceJSON      `json:"device"`
	Capabilities  capabilityLines `json:"capabilities"`
}

func runDevicesShow(ctx context.Context, a *app, unit string, asJSON bool) error {
	if unit == "" {
		return usageError(errors.New("the name of the unit is empty"), "devices list shows what is attached")
	}
	rig, err := a.ownRig()
	if err != nil {
		return err
	}
	defer rig.close()
	var known []string
	var errs []error
	found := rig.probe(ctx)
	users := a.usedUnits(ctx)
	for _, p := range found {
		if p.err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", p.name, p.err))
		}
		for _, u := range withUsed(p.name, p.units, users) {
			if !slices.ContainsFunc([]string{u.Serial, u.Model, p.name}, func(s string) bool { return strings.EqualFold(s, unit) }) {
				known = append(known, u.Serial, u.Model, p.name)
				continue
			}
			can, _ := p.model(u.Model)
			doc := deviceDocument{FormatVersion: formatVersion, Device: describeUnit(p.name, u, users), Capabilities: describeCapabilities(can)}
			if asJSON {
				return writeJSON(a.stdout, doc)
			}
			return printDevice(a, doc)
		}
	}
	missing := &failure{cause: causeDevice, err: fmt.Errorf("no unit %s is attached", unit), advice: didYouMean(unit, known)}
	if missing.advice == "" {
		missing.advice = a.name + " devices list shows what is attached"
	}
	return errors.Join(append(errs, missing)...)
}
