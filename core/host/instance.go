package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// StartOptions say what a plugin is started for.
type StartOptions struct {
	Device    string        // name of the device in the plan, for log lines; empty: none
	Env       []string      // further variables, "NAME=value"
	Orphan    time.Duration // how long the plugin goes on without a host; 0: it ends at once, and nobody can take it over
	HangAfter time.Duration // the plan's hang_after: no call's budget is shorter; 0: the driver's budgets alone

	// Library is the vendor library that the plan names for the device, Files are the files that it names in the driver's
	// own blocks, as absolute paths. A confined plugin may write the files, and where one is not there yet make files in
	// its folder, unless that holds a home, the plugins, or what this host keeps.
	Library string
	Files   []string

	describeOnly bool // no unit is looked for
}

// Instance is one plugin process. Its methods may be called from any goroutine.
type Instance struct {
	host   *Host
	number int
	plugin Plugin
	device string
	jailed bool // it runs in a sandbox
	// adopted: another host has started it.
	adopted bool
	orphan  time.Duration
	dir     string // within the state folder
	client  *rpc.Client
	log     hclog.Logger

	freeOnce sync.Once
	freeErr  error
}

// Start starts the plugin of a driver. Several can be started at the same time. It returns when the plugin has said
// who it is; a plugin that calls itself otherwise than its file is refused. Errors are *[driver.Error] of the kinds
// [driver.KindNotPlugin], [driver.KindPluginVersion], [driver.KindPluginHung] and [driver.KindPluginGone], or the
// context's; after an error nothing is left of the plugin.
func (h *Host) Start(ctx context.Context, name string, o StartOptions) (*Instance, error) {
	p, err := h.Find(name)
	if err != nil {
		return nil, err
	}
	number, err := h.begin()
	if err != nil {
		return nil, err
	}
	defer h.starting.Done()
	file, err := h.o.Lock.open(p)
	if err != nil {
		return nil, err
	}
	if file != nil {
		defer file.Close()
	}
	dir, err := h.stateDir()
	if err != nil {
		return nil, driver.Errorf(driver.KindPermanent, "start plugin", "%w", err)
	}
	in := &Instance{host: h, number: number, plugin: p, device: o.Device, dir: filepath.Join(dir, strconv.Itoa(number))}
	in.log = h.o.Logger.Named(name)
	if o.Device != "" {
		in.log = in.log.With("device", o.Device)
	}
	if err := os.Mkdir(in.dir, 0o700); err != nil {
		return nil, driver.Errorf(driver.KindPermanent, "start plugin", "%w", err)
	}
	env := pluginEnviron(h.o.Environ, o.Env)
	sandbox, err := h.confinement(p, o, environmentOf(env))
	if err != nil {
		return nil, withCleanup(driver.Errorf(driver.KindPermanent, "start plugin", "%w", err), os.RemoveAll(in.dir))
	}
	if in.jailed = sandbox != nil; in.jailed {
		h.tellLevel(rpc.SandboxLevel())
	}
	in.client, err = rpc.Start(ctx, rpc.StartOptions{
		Path: p.Path, File: file, Env: env, Sandbox: sandbox, SocketDir: in.dir, Host: h.o.Program,
		Logger: in.log, RunID: h.run(), Orphan: o.Orphan, MinBudget: o.HangAfter, StartTimeout: h.o.Timeout,
	})
	if err != nil {
		return nil, withCleanup(err, os.RemoveAll(in.dir))
	}
	if got := in.client.Program().Name; got != name {
		in.client.Kill()
		err := driver.Errorf(driver.KindNotPlugin, "start plugin", "the plugin %s calls itself %q: a file is named like its driver", p.Path, got)
		return nil, withCleanup(err, os.RemoveAll(in.dir))
	}
	if err := in.keep(o.Orphan, o.HangAfter); err != nil {
		in.client.Kill()
		return nil, withCleanup(driver.Errorf(driver.KindPermanent, "start plugin", "%w", err), os.RemoveAll(in.dir))
	}
	h.mu.Lock()
	h.instances[in] = struct{}{}
	h.mu.Unlock()
	h.log.Debug("plugin started", "driver", in.client.Program().String(), "pid", in.Pid(), "device", o.Device)
	return in, nil
}

// withCleanup keeps the kind of err.
func withCleanup(err, cleanup error) error {
	if cleanup == nil {
		return err
	}
	return fmt.Errorf("%w (and: %w)", err, cleanup)
}

// begin counts a start; [Host.Close] waits for those it has counted.
func (h *Host) begin() (number int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return 0, driver.Errorf(driver.KindPermanent, "start plugin", "%w", ErrClosed)
	}
	h.starting.Add(1)
	h.started++
	return h.started, nil
}

// Client is the connection to the plugin.
func (in *Instance) Client() *rpc.Client { return in.client }

// Plugin is the file that was started.
func (in *Instance) Plugin() Plugin { return in.plugin }

// Device is the name of the device that it was started for.
func (in *Instance) Device() string { return in.device }

// Confined tells whether the plugin runs in a sandbox, see [Options].Sandbox.
func (in *Instance) Confined() bool { return in.jailed }

// Pid is the number of the process.
func (in *Instance) Pid() int { return in.client.Pid() }

// Done is closed when the process has ended, for whatever reason.
func (in *Instance) Done() <-chan struct{} { return in.client.Done() }

// ExitError says how the process ended: nil while it runs and when its end was wanted ([Instance.Close],
// [Instance.Kill]); else an *[driver.Error] of kind [driver.KindPluginGone] with the plugin's last words.
func (in *Instance) ExitError() error { return in.client.ExitError() }

// Kill ends the process and its group at once, and frees everything. It takes some milliseconds.
func (in *Instance) Kill() {
	in.client.Kill()
	if err := in.free(); err != nil {
		in.log.Warn("plugin was not cleaned up", "error", err)
	}
}

// Close closes the open devices within their budgets, has the plugin end in order, and kills it where it does not.
// Then it frees everything. It returns the first error of closing a device. When ctx ends the plugin is killed.
func (in *Instance) Close(ctx context.Context) error {
	err := in.client.Close(ctx)
	return errors.Join(err, in.free())
}

// free forgets the instance, whose process has ended.
func (in *Instance) free() error {
	in.freeOnce.Do(func() {
		h := in.host
		h.mu.Lock()
		delete(h.instances, in)
		h.mu.Unlock()
		in.client.OnHeld(nil)
		if err := os.RemoveAll(in.dir); err != nil {
			in.freeErr = fmt.Errorf("remove what a plugin has left: %w", err)
		}
	})
	return in.freeErr
}
