package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/driver"
)

func pluginsCommand(a *app) *cobra.Command {
	return family("plugins COMMAND", "list, info, check, lock: driver plugins", groupRig,
		pluginsListCommand(a), pluginsInfoCommand(a), pluginsCheckCommand(a), pluginsLockCommand(a))
}

// pluginsDocument is what plugins list --json prints.
type pluginsDocument struct {
	FormatVersion string       `json:"format_version"`
	Plugins       []pluginJSON `json:"plugins"`
	Folders       []string     `json:"folders"` // where plugins are looked for, in this order
}

type pluginJSON struct {
	Name         string   `json:"name"`
	Path         string   `json:"path"`
	Version      string   `json:"version,omitempty"`
	Summary      string   `json:"summary,omitempty"`
	ContractMin  int      `json:"contract_min,omitempty"`
	ContractMax  int      `json:"contract_max,omitempty"`
	NeedsLibrary bool     `json:"needs_library"`
	Models       []string `json:"models,omitempty"`
	Error        string   `json:"error,omitempty"`
	Advice       string   `json:"advice,omitempty"`
}

func pluginsListCommand(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "list the plugins that are installed",
		Args:  takes(0, 0),
		RunE:  func(c *cobra.Command, _ []string) error { return runPluginsList(c.Context(), a, asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

func runPluginsList(ctx context.Context, a *app, asJSON bool) error {
	rig, err := a.ownRig()
	if err != nil {
		return err
	}
	defer rig.close()
	doc := pluginsDocument{FormatVersion: formatVersion, Plugins: rig.describeAll(ctx), Folders: rig.folders}
	var errs []error
	for _, p := range doc.Plugins {
		if p.Error != "" {
			errs = append(errs, quiet(causeDevice, "plugin "+p.Name+" is broken"))
		}
	}
	if asJSON {
		return errors.Join(append(errs, writeJSON(a.stdout, doc))...)
	}
	return errors.Join(append(errs, printPlugins(a, doc))...)
}

func printPlugins(a *app, doc pluginsDocument) error {
	if len(doc.Plugins) == 0 {
		return emit(a.stdout, "no plugins found in:\n  "+strings.Join(doc.Folders, "\n  ")+"\n")
	}
	t := newTable("NAME", "VERSION", "PATH", "SUMMARY")
	for _, p := range doc.Plugins {
		if p.Error != "" {
			p.Summary = paint(a.color, red, "broken:") + " " + p.Error
		}
		t.add(p.Name, p.Version, p.Path, strings.ReplaceAll(p.Summary, "\n", " "))
	}
	return t.write(a.stdout, a.color)
}

func pluginsInfoCommand(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "info NAME",
		Short: "describe a plugin, and what it takes in plans",
		Args:  takes(1, 1),
		RunE:  func(c *cobra.Command, args []string) error { return runPluginsInfo(c.Context(), a, args[0], asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

// pluginDocument is what plugins info --json prints.
type pluginDocument struct {
	FormatVersion  string            `json:"format_version"`
	Plugin         pluginJSON        `json:"plugin"`
	Models         []capabilityLines `json:"models"`
	DeviceOptions  optionBodyJSON    `json:"device_options"`
	ChannelOptions optionBodyJSON    `json:"channel_options"`
}

func runPluginsInfo(ctx context.Context, a *app, name string, asJSON bool) error {
	rig, err := a.ownRig()
	if err != nil {
		return err
	}
	defer rig.close()
	if err := rig.checkNames([]string{name}); err != nil {
		return err
	}
	desc, err := rig.host.Describe(ctx, name)
	if err != nil {
		return err
	}
	doc := pluginDocument{
		FormatVersion: formatVersion, Plugin: rig.pluginOf(name, desc, nil), Models: []capabilityLines{},
		DeviceOptions: describeOptions(desc.DeviceOptions), ChannelOptions: describeOptions(desc.ChannelOptions),
	}
	for _, m := range desc.Models {
		doc.Models = append(doc.Models, describeCapabilities(m))
	}
	if asJSON {
		return writeJSON(a.stdout, doc)
	}
	return printPlugin(a, doc)
}

func printPlugin(a *app, doc pluginDocument) error {
	var b strings.Builder
	p := doc.Plugin
	fmt.Fprintf(&b, "%s %s: %s\n%s\ncontract %d to %d\n", paint(a.color, bold, p.Name), p.Version, p.Summary, p.Path, p.ContractMin, p.ContractMax)
	if p.NeedsLibrary {
		b.WriteString("needs a vendor library to open units\n")
	}
	models := newTable("MODEL", "CHANNELS", "DIGITAL", "RESOLUTIONS", "MODES")
	for _, m := range doc.Models {
		var channels, modes []string
		for _, c := range m.Channels {
			channels = append(channels, c.Name)
		}
		for _, o := range m.Modes {
			if o.Ready {
				modes = append(modes, o.Mode)
			}
		}
		models.add(m.Model, strings.Join(channels, " "), strings.Join(m.Digital, " "), strings.Trim(fmt.Sprint(m.Resolutions), "[]"), strings.Join(modes, " "))
	}
	b.WriteByte('\n')
	if err := models.write(&b, a.color); err != nil {
		return err
	}
	for _, o := range []struct {
		where string
		body  optionBodyJSON
	}{{"a device", doc.DeviceOptions}, {"a channel", doc.ChannelOptions}} {
		if len(o.body.Attributes)+len(o.body.Blocks) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\nIn %s:\n  %s {\n", o.where, p.Name)
		writeOptions(&b, o.body, "    ")
		b.WriteString("  }\n")
	}
	return emit(a.stdout, b.String())
}

// describeAll asks every plugin what it is, at the same time.
func (r *rig) describeAll(ctx context.Context) []pluginJSON {
	names := r.names()
	out := make([]pluginJSON, len(names))
	each(names, func(i int, name string) {
		desc, err := r.host.Describe(ctx, name)
		out[i] = r.pluginOf(name, desc, err)
	})
	return out
}

func (r *rig) pluginOf(name string, desc driver.Description, err error) pluginJSON {
	p := pluginJSON{Name: name, Path: r.path(name)}
	if err != nil {
		p.Error, p.Advice = err.Error(), adviceOf(err)
		return p
	}
	p.Version, p.Summary, p.ContractMin, p.ContractMax, p.NeedsLibrary = desc.Version, desc.Summary, desc.ContractMin, desc.ContractMax, desc.NeedsLibrary
	for _, m := range desc.Models {
		p.Models = append(p.Models, m.Model)
	}
	return p
}
