package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
)

// lockName is the usual name of a checksum file.
const lockName = "plugins.lock"

// pluginsLockOptions are the flags of plugins lock.
type pluginsLockOptions struct {
	planFlags
	to   string
	json bool
}

func pluginsLockCommand(a *app) *cobra.Command {
	var o pluginsLockOptions
	c := &cobra.Command{
		Use:   "lock [PLAN]",
		Short: "pin plugins by their checksums",
		Long: `Write the SHA-256 of the plugins that a plan uses into the file that its run
block names:

  plugins { lock = "plugins.lock" }

Runs of such a plan start no plugin with another checksum, nor one that the file
does not name; it is compared at every start. No plugin is started by this
command. Where the plan names no file it is plugins.lock beside the plan.

Without a plan all installed plugins are pinned, in plugins.lock or --to FILE.
The file is one of sha256sum; what else it pins stays in it.`,
		Args: takes(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			path := ""
			if len(args) == 1 {
				path = args[0]
			}
			return runPluginsLock(a, path, o)
		},
	}
	o.register(c)
	c.Flags().StringVar(&o.to, "to", "", "write this `FILE`")
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON document")
	return c
}

// lockDocument is what plugins lock --json prints.
type lockDocument struct {
	FormatVersion string       `json:"format_version"`
	File          string       `json:"file"`
	Plugins       []pinnedJSON `json:"plugins"`
}

type pinnedJSON struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Change string `json:"change"` // "added", "changed", "same"
	Script bool   `json:"script"` // executed by its name, not from the file that was compared
}

func runPluginsLock(a *app, path string, o pluginsLockOptions) error {
	rig, err := a.ownRig()
	if err != nil {
		return err
	}
	defer rig.close()
	file, names, hint := lockName, rig.names(), ""
	if path != "" {
		p, err := a.pinnedPlan(path, o.planFlags)
		if err != nil {
			return err
		}
		names, file = driversOf(p), p.Run.Plugins.Lock
		if file == "" {
			file = filepath.Join(filepath.Dir(path), lockName)
			hint = fmt.Sprintf("the plan does not use it yet; write into its run block: plugins { lock = %q }", cmp.Or(o.to, lockName))
		}
	}
	file = cmp.Or(o.to, file)
	if err := rig.checkNames(names); err != nil {
		return err
	}
	if len(names) == 0 {
		return &failure{cause: causeDevice, err: errors.New("there is nothing to pin: no plugin is installed"), advice: "looked in " + strings.Join(rig.folders, ", ")}
	}
	pinned, err := host.Pin(file, rig.named(names))
	if err != nil {
		return &failure{cause: causeDisk, err: err, advice: "if the file is spoilt, remove it and pin again"}
	}
	doc := lockDocument{FormatVersion: formatVersion, File: file}
	for _, p := range pinned {
		doc.Plugins = append(doc.Plugins, pinnedJSON{
			Name: p.Plugin.Name, Path: p.Plugin.Path, SHA256: fmt.Sprintf("%x", p.Sum), Change: p.Change, Script: p.Script,
		})
	}
	return printPinned(a, doc, o.json, hint)
}

func printPinned(a *app, doc lockDocument, asJSON bool, hint string) error {
	for _, p := range doc.Plugins {
		if p.Script {
			a.warn("%s is a script: it is executed by its name after its checksum was compared, and its interpreter is not checked", p.Name)
		}
	}
	if hint != "" {
		a.say("%s", hint)
	}
	if asJSON {
		return writeJSON(a.stdout, doc)
	}
	t := newTable("NAME", "SHA-256", "CHANGE", "PATH")
	for _, p := range doc.Plugins {
		t.add(p.Name, p.SHA256, p.Change, p.Path)
	}
	if err := t.write(a.stdout, a.color); err != nil {
		return err
	}
	return emit(a.stdout, fmt.Sprintf("%s pinned in %s\n", plural(len(doc.Plugins), "plugin"), doc.File))
}

// pinnedPlan reads a plan without starting any plugin.
func (a *app) pinnedPlan(path string, f planFlags) (*plan.Plan, error) {
	text, err := a.openPlan(path)
	if err != nil {
		return nil, err
	}
	vars, err := f.variables()
	if err != nil {
		return nil, err
	}
	p, diags := plan.Parse(text.source, text.name, plan.Options{Vars: vars, VarFiles: f.varFiles, Env: a.lookupEnv, Home: xdg.Home})
	if diags.HasErrors() {
		return nil, &diagnosed{what: "the plan is not valid", diags: diags, files: p.Files()}
	}
	return p, nil
}

// driversOf are the drivers of a plan, each once, sorted.
func driversOf(p *plan.Plan) []string {
	var names []string
	for _, d := range p.Devices {
		names = append(names, d.Driver)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// named are the installed plugins of some names.
func (r *rig) named(names []string) []host.Plugin {
	var list []host.Plugin
	for _, p := range r.plugins {
		if slices.Contains(names, p.Name) {
			list = append(list, p)
		}
	}
	return list
}
