package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
)

// pluginTime bounds what a command asks one plugin: to start, describe itself, and look for units.
const pluginTime = 60 * time.Second

// rig is the plugins that are installed here. Its methods may be called from any goroutine.
type rig struct {
	host    *host.Host
	id      [16]byte // of a run that uses it
	folders []string // where plugins are looked for
	plugins []host.Plugin
	claim   *session.Claim // of the run that is to be resumed; nil: none is
}

// trust says how far plugins are trusted.
type trust struct {
	lock    *host.Lock   // only plugins that it names may be started; nil: any
	sandbox host.Sandbox // which are confined
}

// ownRig is the rig of a command without a plan. The caller closes it.
func (a *app) ownRig() (*rig, error) { return a.openRig(trust{sandbox: host.SandboxAuto}) }

// openRig looks for plugins. The caller closes the rig.
func (a *app) openRig(t trust) (*rig, error) {
	id, err := session.NewRunID()
	if err != nil {
		return nil, fmt.Errorf("make a run id: %w", err)
	}
	executable, err := os.Executable()
	if err != nil {
		a.logger.Debug("the program's own path is not known", "error", err)
	}
	r := &rig{id: id, folders: append(slices.Clone(a.settings.Plugins), host.DefaultDirs(executable)...)}
	r.host = host.New(host.Options{
		Logger: a.logger, Dirs: r.folders, RunID: id, Lock: t.lock, Sandbox: t.sandbox, Environ: a.environ(), Runtime: host.DefaultRuntime(),
		Program: host.Program{Name: "scopelog", Version: version},
	})
	if r.plugins, err = r.host.List(); err != nil {
		a.warn("%v", err)
	}
	return r, nil
}

// environ is this process's environment with the settings that plugins are told by it.
func (a *app) environ() []string {
	env := os.Environ()
	if a.settings.Rig != "" {
		env = append(env, envRig+"="+a.settings.Rig)
	}
	return env
}

// close ends all plugins that still run.
func (r *rig) close() error { return errors.Join(r.claim.Release(), r.host.Close()) }

// names lists the plugins by name, sorted.
func (r *rig) names() []string {
	names := make([]string, len(r.plugins))
	for i, p := range r.plugins {
		names[i] = p.Name
	}
	return names
}

// path returns where a plugin was found.
func (r *rig) path(name string) string {
	for _, p := range r.plugins {
		if p.Name == name {
			return p.Path
		}
	}
	return ""
}

// checkNames refuses names of plugins that are not there.
func (r *rig) checkNames(names []string) error {
	for _, n := range names {
		if slices.Contains(r.names(), n) {
			continue
		}
		advice := didYouMean(n, r.names())
		if advice == "" {
			_, err := r.host.Find(n)
			advice = adviceOf(err)
		}
		return &failure{cause: causeDevice, err: fmt.Errorf("no plugin %s is installed", n), advice: advice}
	}
	return nil
}

// describer returns a function that starts a plugin to have it describe itself.
func (r *rig) describer(ctx context.Context) func(string) (driver.Description, error) {
	return func(name string) (driver.Description, error) { return r.host.Describe(ctx, name) }
}

// probed is what one plugin found.
type probed struct {
	name  string
	desc  driver.Description
	units []driver.UnitInfo
	err   error
}

// probe asks the named plugins, all without names, for their units, at the same time.
func (r *rig) probe(ctx context.Context, names ...string) []probed {
	if len(names) == 0 {
		names = r.names()
	}
	found := make([]probed, len(names))
	each(names, func(i int, name string) {
		p := probed{name: name}
		p.err = r.ask(ctx, name, func(ctx context.Context, c *host.Client) error {
			var err error
			if p.desc, err = c.Describe(ctx); err != nil {
				return err
			}
			p.units, err = c.Discover(ctx, driver.DiscoverRequest{})
			return err
		})
		found[i] = p
	})
	return found
}

// ask starts a plugin, lets fn ask it, and ends it.
func (r *rig) ask(ctx context.Context, name string, fn func(context.Context, *host.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, pluginTime)
	defer cancel()
	instance, err := r.host.Start(ctx, name, host.StartOptions{})
	if err != nil {
		return err
	}
	err = fn(ctx, instance.Client())
	return errors.Join(err, instance.Close(context.WithoutCancel(ctx)))
}

// model returns the capabilities of a unit's model as its driver's tables have them.
func (p probed) model(name string) (driver.Capabilities, bool) {
	for _, m := range p.desc.Models {
		if m.Model == name || m.Model == "" {
			return m, true
		}
	}
	return driver.Capabilities{}, false
}

// each calls fn for all names at the same time and returns when all have.
func each(names []string, fn func(i int, name string)) {
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { fn(i, name) })
	}
	wg.Wait()
}
