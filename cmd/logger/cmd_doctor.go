package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/driver"
)

// doctorDocument is what doctor --json prints.
type doctorDocument struct {
	FormatVersion string  `json:"format_version"`
	OK            bool    `json:"ok"` // nothing fails
	Checks        []check `json:"checks"`
}

func doctorCommand(a *app) *cobra.Command {
	var asJSON bool
	var output string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "check this computer, say what is missing",
		Long: `Check what recording needs: the system, memory, clock, output folder, plugins,
and the vendor libraries that they need. Each trouble comes with what to do
about it. Exit code 1: recording will not work as it is; 4: a plugin is broken.`,
		GroupID: groupRig,
		Args:    takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			if output == "" {
				output = a.settings.Output
			}
			return runDoctor(c.Context(), a, output, asJSON)
		},
	}
	c.Flags().StringVar(&output, "out", "", "check this output folder")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

func runDoctor(ctx context.Context, a *app, output string, asJSON bool) error {
	checks := append(systemChecks(readSystem()), outputCheck(output))
	plugins, err := a.pluginChecks(ctx)
	if err != nil {
		return err
	}
	doc := doctorDocument{FormatVersion: formatVersion, OK: true, Checks: append(checks, plugins...)}
	for _, c := range checks {
		if c.Result == checkFail {
			doc.OK = false
			err = quiet(causeOther, "recording will not work")
		}
	}
	for _, c := range plugins {
		if c.Result == checkFail {
			doc.OK = false
			err = quiet(causeDevice, "a plugin is broken")
		}
	}
	var printed error
	if asJSON {
		printed = writeJSON(a.stdout, doc)
	} else {
		printed = printChecks(a, doc.Checks)
	}
	if printed != nil {
		return printed
	}
	return err
}

// pluginChecks starts every plugin, and asks it for its units, which needs its vendor library.
func (a *app) pluginChecks(ctx context.Context) ([]check, error) {
	rig, err := a.ownRig()
	if err != nil {
		return nil, err
	}
	defer rig.close()
	found := rig.probe(ctx)
	if len(found) == 0 {
		return []check{{
			Name: "plugins", Result: checkFail, Text: "none found",
			Advice: append([]string{"plugins are looked for in:"}, rig.folders...),
		}}, nil
	}
	checks := make([]check, len(found))
	for i, p := range found {
		checks[i] = pluginCheck(p)
	}
	return checks, nil
}

// pluginCheck judges what one plugin answered.
func pluginCheck(p probed) check {
	c := check{Name: "plugin " + p.name, Result: checkOK}
	switch {
	case p.err == nil && p.desc.OptionalSerials:
		c.Text = fmt.Sprintf("%s %s; units are made as they are asked for", p.desc.Name, p.desc.Version)
	case p.err == nil:
		c.Text = fmt.Sprintf("%s %s; %s attached", p.desc.Name, p.desc.Version, plural(len(p.units), "unit"))
		if p.desc.NeedsLibrary && len(p.units) > 0 && p.units[0].LibraryVersion != "" {
			c.Text += ", vendor library " + p.units[0].LibraryVersion
			if p.units[0].LibraryPath != "" {
				c.Text += " at " + p.units[0].LibraryPath
			}
			if p.units[0].Emulated {
				c.Text += " (emulated)"
			}
		}
	case driver.KindOf(p.err) == driver.KindNoLibrary:
		c.Result, c.Text = checkNote, p.err.Error()
	default:
		c.Result, c.Text = checkFail, p.err.Error()
	}
	if advice := adviceOf(p.err); advice != "" {
		c.Advice = strings.Split(advice, "\n")
	}
	return c
}

func printChecks(a *app, checks []check) error {
	colors := map[string]string{checkOK: green, checkNote: faint, checkWarn: yellow, checkFail: red}
	var b strings.Builder
	said := map[string]bool{}
	bad := 0
	for _, c := range checks {
		fmt.Fprintf(&b, "%s%s %s: %s\n", paint(a.color, colors[c.Result], c.Result), strings.Repeat(" ", 7-len(c.Result)), c.Name, c.Text)
		if c.Result == checkFail {
			bad++
		}
		for _, l := range c.Advice {
			if !said[l] { // what installs one library installs most of the next
				fmt.Fprintf(&b, "          %s\n", l)
			}
			said[l] = true
		}
	}
	if bad == 0 {
		fmt.Fprintf(&b, "recording works here; next: %s init, which writes a plan\n", a.name)
	}
	return emit(a.stdout, b.String())
}
