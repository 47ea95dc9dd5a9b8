package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/plan"
)

// validateOptions are the flags of validate.
type validateOptions struct {
	planFlags
	strict bool
	json   bool
}

func validateCommand(a *app) *cobra.Command {
	var o validateOptions
	c := &cobra.Command{
		Use:   "validate PLAN",
		Short: "check a plan; needs no device",
		Long: `Check a plan against the language and against what the drivers' models can do.
No device and no vendor library is opened; plugins are started only to describe
themselves. Where a plugin is not installed its part of the plan is not
checked, which is a warning. PLAN "-" is standard input.`,
		GroupID: groupCapture,
		Args:    takes(1, 1),
		RunE:    func(c *cobra.Command, args []string) error { return runValidate(c.Context(), a, args[0], o) },
	}
	o.register(c)
	c.Flags().BoolVar(&o.strict, "strict", false, "end with 2 when a part of the plan could not be checked")
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON document")
	return c
}

// validateDocument is what validate --json prints.
type validateDocument struct {
	FormatVersion string            `json:"format_version"`
	Plan          string            `json:"plan"`
	Valid         bool              `json:"valid"`
	Diagnostics   []plan.Problem    `json:"diagnostics"`
	Devices       []validatedDevice `json:"devices"`
	Schedule      []slotJSON        `json:"schedule,omitempty"` // the next recordings
}

// validatedDevice says against what a device was checked.
type validatedDevice struct {
	Name    string   `json:"name"`
	Driver  string   `json:"driver"`
	Mode    string   `json:"mode"`
	Checked string   `json:"checked"` // "language", "family" or "model"
	Fits    []string `json:"fits"`    // the models that can do it, with "family"
	// Timebases says what the device's timebase number stands for, where that is known without a unit.
	Timebases []validatedTimebase `json:"timebases,omitempty"`
}

// validatedTimebase is the interval of a timebase number on some models.
type validatedTimebase struct {
	Interval string   `json:"interval"` // exact seconds, num/den
	Models   []string `json:"models"`   // empty: on any
	text     string
}

var checkedNames = map[plan.Checked]string{plan.CheckedLanguage: "language", plan.CheckedFamily: "family", plan.CheckedModel: "model"}

func runValidate(ctx context.Context, a *app, path string, o validateOptions) error {
	text, err := a.openPlan(path)
	if err != nil {
		return err
	}
	p, err := a.parsePlan(ctx, text, o.planFlags)
	if err != nil {
		return err
	}
	defer p.rig.close()
	doc := validateDocument{
		FormatVersion: formatVersion, Plan: path, Valid: !p.diags.HasErrors(), Diagnostics: plan.DiagnosticsJSON(p.diags),
		Devices: []validatedDevice{},
	}
	unchecked := false
	if doc.Valid {
		for _, d := range p.Devices {
			doc.Devices = append(doc.Devices, validatedDevice{
				Name: d.Name, Driver: d.Driver, Mode: string(d.Mode()), Checked: checkedNames[d.Checked],
				Fits: append([]string{}, d.Fits...), Timebases: timebases(d),
			})
			unchecked = unchecked || d.Checked == plan.CheckedLanguage
		}
		doc.Schedule = comingSlots(p.Plan, time.Now())
	}
	if o.json {
		err = writeJSON(a.stdout, doc)
		if !doc.Valid {
			err = errors.Join(err, quiet(causeUsage, "the plan is not valid"))
		}
	} else if err = a.judge(p); err == nil {
		a.warnNever(p.Plan, doc.Schedule)
		err = printValid(a, path, doc)
		if err == nil {
			err = emit(a.stdout, slotsText(p.Plan, doc.Schedule))
		}
	}
	if err == nil && unchecked && o.strict {
		return usageError(errors.New("a part of the plan could not be checked"), "install the plugin, or leave out --strict")
	}
	return err
}

// timebases lists what the timebase of a device stands for.
func timebases(d *plan.Device) []validatedTimebase {
	var list []validatedTimebase
	for _, t := range d.Timebases {
		list = append(list, validatedTimebase{
			Interval: fmt.Sprintf("%d/%d", t.Interval.Num(), t.Interval.Den()), Models: append([]string{}, t.Models...), text: t.Interval.String(),
		})
	}
	return list
}

func printValid(a *app, path string, doc validateDocument) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: valid, %s\n", path, plural(len(doc.Devices), "device"))
	for _, d := range doc.Devices {
		if d.Checked == "family" && len(d.Fits) > 0 {
			fmt.Fprintf(&b, "  %s (%s): fits %s\n", d.Name, d.Driver, strings.Join(d.Fits, ", "))
		}
		for _, t := range d.Timebases {
			on := ""
			if len(d.Timebases) > 1 {
				on = " on " + strings.Join(t.Models, ", ")
			}
			fmt.Fprintf(&b, "  %s: the timebase is %s%s\n", d.Name, t.text, on)
		}
	}
	return emit(a.stdout, b.String())
}
