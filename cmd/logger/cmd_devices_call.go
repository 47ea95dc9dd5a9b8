package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/driver"
)

// calledUnit is an open unit, as far as it is called here.
type calledUnit interface {
	Identify(ctx context.Context) error
	Ping(ctx context.Context) error
}

// unitCall is something that a unit is asked for while nobody records with it.
type unitCall struct {
	name    string
	short   string
	long    string
	ability driver.Ability
	lacks   string // what is said of units without the ability
	call    func(calledUnit, context.Context) error
	done    string        // for people
	lasts   time.Duration // how long the unit stays open then: closing it ends what it shows
}

var unitCalls = []unitCall{
	{
		name: "flash", short: "let the light of a unit flash",
		long:    "Let the light of a unit flash for some seconds, to find it among several.\nA unit that is in use, by a run or another program, is left alone.",
		ability: driver.AbilityIdentify, lacks: "has no light to flash", call: calledUnit.Identify, done: "its light flashes", lasts: 5 * time.Second,
	},
	{
		name: "ping", short: "ask a unit for a sign of life",
		long:    "Ask a unit for a sign of life. It is opened and closed, so its vendor library,\nits cable and its power are tried too. A unit that is in use, by a run or\nanother program, is left alone.",
		ability: driver.AbilityPing, lacks: "cannot be asked for a sign of life", call: calledUnit.Ping, done: "it answers",
	},
}

func devicesCallCommand(a *app, u unitCall) *cobra.Command {
	var name string
	var asJSON bool
	lasts := u.lasts
	c := &cobra.Command{
		Use:   u.name + " SERIAL",
		Short: u.short,
		Long:  u.long,
		Args:  takes(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			return runDevicesCall(c.Context(), a, u, args[0], name, lasts, asJSON)
		},
	}
	c.Flags().StringVar(&name, "driver", "", "open the unit with this driver; without it all are asked which has it")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	if u.lasts > 0 {
		c.Flags().DurationVar(&lasts, "for", u.lasts, "keep the unit open for so `LONG`; Ctrl-C ends it sooner")
	}
	return c
}

// callDocument is what devices flash and ping print with --json.
type callDocument struct {
	FormatVersion string     `json:"format_version"`
	Call          string     `json:"call"`
	Device        deviceJSON `json:"device"`
	OpenSeconds   float64    `json:"open_s"` // how long opening took
	CallSeconds   float64    `json:"call_s"` // and the call
}

func runDevicesCall(ctx context.Context, a *app, u unitCall, serial, name string, lasts time.Duration, asJSON bool) error {
	switch {
	case serial == "":
		return usageError(errors.New("the serial is empty"), "devices list shows what is attached")
	case u.lasts > 0 && lasts <= 0:
		return usageError(fmt.Errorf("--for cannot be %s", lasts), "write a time above 0, such as --for 5s")
	}
	rig, err := a.ownRig()
	if err != nil {
		return err
	}
	defer rig.close()
	if name != "" {
		if err := rig.checkNames([]string{name}); err != nil {
			return err
		}
	}
	users := a.usedUnits(ctx)
	if name, err = a.driverOf(ctx, rig, users, serial, name); err != nil {
		return err
	}
	doc := callDocument{FormatVersion: formatVersion, Call: u.name}
	err = rig.ask(ctx, name, func(ctx context.Context, c *host.Client) error {
		begin := time.Now()
		dev, err := c.Open(ctx, driver.OpenRequest{Name: u.name, Serial: serial, Power: driver.PowerAuto})
		if err != nil {
			return err
		}
		doc.Device = describeUnit(name, dev.Info(), users)
		doc.OpenSeconds = time.Since(begin).Seconds()
		if !dev.Has(u.ability) {
			err = driver.Errorf(driver.KindUnsupported, u.name, "the %s %s", dev.Info().Model, u.lacks)
		} else {
			begin = time.Now()
			err = u.call(dev, ctx)
			doc.CallSeconds = time.Since(begin).Seconds()
		}
		if err == nil && lasts > 0 {
			a.say("%s %s: %s for %s", doc.Device.Model, serial, u.done, formatSeconds(lasts.Seconds()))
			pause(ctx, lasts)
		}
		return errors.Join(err, dev.Close(context.WithoutCancel(ctx)))
	})
	switch {
	case driver.KindOf(err) == driver.KindBusy:
		return &failure{cause: causeDevice, err: err, advice: "another program uses the unit: end it, or unplug the unit and plug it in again"}
	case err != nil:
		return &failure{cause: causeDevice, err: err, advice: adviceOf(err)}
	case asJSON:
		return writeJSON(a.stdout, doc)
	}
	d := doc.Device
	return emit(a.stdout, fmt.Sprintf("%s %s %s%s: %s (after %s)\n", name, d.Model, d.Serial, emulatedMark(d.Emulated), u.done, formatSeconds(doc.CallSeconds)))
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// driverOf finds the driver that has the unit with a serial, and refuses units that are in use. A driver that is named is believed: units of
// simulations exist when they are opened.
func (a *app) driverOf(ctx context.Context, r *rig, users map[[2]string]unitUser, serial, name string) (string, error) {
	for unit, user := range users {
		if unit[1] == serial && (name == "" || unit[0] == name) {
			return "", &failure{
				cause: causeDevice, err: fmt.Errorf("%s is in use by run %s (pid %d)", serial, user.dir, user.pid),
				advice: fmt.Sprintf("%s status %s shows how it is; %s stop %s ends the run", a.name, user.dir, a.name, user.dir),
			}
		}
	}
	if name != "" {
		return name, nil
	}
	var has, known []string
	var errs []error
	busy := false
	for _, p := range r.probe(ctx) {
		if p.err != nil && driver.KindOf(p.err) != driver.KindNoLibrary {
			errs = append(errs, fmt.Errorf("%s: %w", p.name, p.err))
		}
		for _, u := range p.units {
			if u.Serial != serial {
				known = append(known, u.Serial)
				continue
			}
			has, busy = append(has, p.name), busy || u.InUse
		}
	}
	switch {
	case len(has) > 1:
		return "", usageError(fmt.Errorf("%s have a unit %s", strings.Join(has, " and "), serial), "choose one with --driver")
	case busy:
		return "", &failure{cause: causeDevice, err: fmt.Errorf("%s is in use by another program", serial), advice: "end that program"}
	case len(has) == 1:
		return has[0], nil
	}
	missing := &failure{cause: causeDevice, err: fmt.Errorf("no unit %s is attached", serial), advice: didYouMean(serial, known)}
	if missing.advice == "" {
		missing.advice = a.name + " devices list shows what is attached; with --driver a unit that is not listed is tried all the same"
	}
	return "", errors.Join(append(errs, missing)...)
}
