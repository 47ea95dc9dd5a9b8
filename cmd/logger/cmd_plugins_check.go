package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/driver/drivertest"
)

// pluginsCheckOptions are the flags of plugins check.
type pluginsCheckOptions struct {
	serial string
	model  string
	slack  float64
	json   bool
}

func pluginsCheckCommand(a *app) *cobra.Command {
	var o pluginsCheckOptions
	c := &cobra.Command{
		Use:   "check NAME",
		Short: "test whether a plugin keeps the driver contract",
		Long: `Start a plugin as a recording does, over gRPC and with a real ring, and go
through everything a driver has to do. NAME is an installed plugin, or the path
of one. The unit is opened and records for some seconds. Rules that need a unit
are skipped where there is none. A broken rule gives exit code 4.`,
		Args: takes(1, 1),
		RunE: func(c *cobra.Command, args []string) error { return runPluginsCheck(c.Context(), a, args[0], o) },
	}
	c.Flags().StringVar(&o.serial, "serial", "", "use the unit with this `SERIAL`; without it the first free one")
	c.Flags().StringVar(&o.model, "model", "", "use a unit of this `MODEL`")
	c.Flags().Float64Var(&o.slack, "slack", 1, "multiply the times that are waited, for a slow machine, by `FACTOR`")
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON document")
	return c
}

// ruleResult is what checking one rule gave.
type ruleResult struct {
	Rule    string   `json:"rule"`
	Result  string   `json:"result"` // "ok", "broken", "skipped"
	Text    []string `json:"text,omitempty"`
	Seconds float64  `json:"seconds"`
}

// checkDocument is what plugins check --json prints.
type checkDocument struct {
	FormatVersion string       `json:"format_version"`
	Plugin        string       `json:"plugin"`
	Path          string       `json:"path"`
	OK            bool         `json:"ok"`
	Rules         []ruleResult `json:"rules"`
}

func runPluginsCheck(ctx context.Context, a *app, name string, o pluginsCheckOptions) error {
	path, err := a.pluginPath(name)
	if err != nil {
		return err
	}
	report := &checkReport{ctx: ctx}
	if !o.json {
		report.each = func(r ruleResult) error { return printRule(a, r) }
	}
	drivertest.Run(&checkRun{report: report}, drivertest.Target{
		Path: path, Serial: o.serial, Model: o.model, Slack: o.slack, Logger: a.logger, Env: a.environ(),
	})
	if err := errors.Join(ctx.Err(), report.err); err != nil {
		return err
	}
	count := map[string]int{}
	for _, r := range report.rules {
		count[r.Result]++
	}
	doc := checkDocument{FormatVersion: formatVersion, Plugin: name, Path: path, OK: count[ruleBroken] == 0, Rules: report.rules}
	if o.json {
		err = writeJSON(a.stdout, doc)
	} else {
		err = emit(a.stdout, fmt.Sprintf("%s: %d rules kept, %d broken, %d skipped\n", name, count[ruleOK], count[ruleBroken], count[ruleSkipped]))
	}
	if err == nil && !doc.OK {
		return quiet(causeDevice, "the plugin breaks the contract")
	}
	return err
}

// pluginPath turns the name of a plugin, or the path of one, into a path.
func (a *app) pluginPath(name string) (string, error) {
	if strings.ContainsRune(name, filepath.Separator) {
		if _, err := os.Stat(name); err != nil {
			return "", &failure{cause: causeDevice, err: fmt.Errorf("no plugin there: %w", err)}
		}
		return filepath.Abs(name)
	}
	rig, err := a.ownRig()
	if err != nil {
		return "", err
	}
	if err := errors.Join(rig.checkNames([]string{name}), rig.close()); err != nil {
		return "", err
	}
	return rig.path(name), nil
}

func printRule(a *app, r ruleResult) error {
	colors := map[string]string{ruleOK: green, ruleBroken: red, ruleSkipped: yellow}
	text := fmt.Sprintf("%s%s %s  (%s)\n", paint(a.color, colors[r.Result], r.Result), strings.Repeat(" ", 7-len(r.Result)), r.Rule,
		formatSeconds(r.Seconds))
	for _, l := range r.Text {
		text += "        " + strings.ReplaceAll(strings.TrimSpace(l), "\n", "\n        ") + "\n"
	}
	return emit(a.stdout, text)
}
