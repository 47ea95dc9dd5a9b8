package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// unit is one device of the plan with its plugin process, opened and configured.
type unit struct {
	plan     *plan.Device
	instance *host.Instance
	device   *rpc.Device
	who      driver.Description
	info     driver.UnitInfo
	config   driver.Config
	tune     func(*driver.Config) // of a unit that was started again; nil: the plan's configuration
	applied  driver.Applied
	gone     error // why it has no plugin and no device yet: they are looked for again; nil: it has
}

// pid is the process of its plugin, 0 when there is none.
func (u *unit) pid() int {
	if u.instance == nil {
		return 0
	}
	return u.instance.Pid()
}

// kill ends its plugin at once.
func (u *unit) kill() {
	if u.instance != nil {
		u.instance.Kill()
	}
}

// name is the unit as people read it.
func (u *unit) name() string {
	text := u.info.Model + " " + u.info.Serial
	if u.info.Emulated {
		text += " (emulated)"
	}
	return text
}

// notes tells in words what was applied otherwise than it was asked for.
func (u *unit) notes() []string {
	list := append([]string{}, u.applied.Notes...)
	if g := u.applied.Generator; g != nil {
		for _, text := range g.Notes {
			list = append(list, "generator: "+text)
		}
	}
	return list
}

// opener starts plugins and opens devices.
type opener struct {
	plan  *plan.Plan
	host  *host.Host
	log   hclog.Logger
	early func(Notice) // nil: nobody listens
	// resume says how the configuration of a device that goes on differs from the plan's; nil: no run goes on.
	resume func(*plan.Device) func(*driver.Config)
	// spare: other devices record already, so that whatever cannot be opened is left out.
	spare bool
}

// startPlugin starts the plugin process of a device and asks who it is.
func (o *opener) startPlugin(ctx context.Context, d *plan.Device) (*unit, error) {
	inst, err := o.host.Start(ctx, d.Driver, host.StartOptions{
		Device: d.Name, Orphan: o.plan.Run.Adopt, HangAfter: d.HangAfter, Library: d.Library, Files: optionFiles(d),
	})
	if err != nil {
		return nil, o.deviceError(d, err)
	}
	u := &unit{plan: d, instance: inst}
	if o.resume != nil {
		u.tune = o.resume(d)
	}
	if u.who, err = inst.Client().Describe(ctx); err != nil {
		return nil, errors.Join(o.deviceError(d, err), u.close(ctx))
	}
	return u, nil
}

// optionFiles are the files that a device's own blocks name.
func optionFiles(d *plan.Device) []string {
	var files []string
	var look func(o driver.Options)
	look = func(o driver.Options) {
		for _, v := range o.Values {
			if v.Kind == driver.OptionPath && v.Text != "" {
				files = append(files, v.Text)
			}
		}
		for _, b := range o.Blocks {
			look(b.Options)
		}
	}
	look(d.Options)
	for _, c := range d.Channels {
		look(c.Options)
	}
	return files
}

// open opens the device and checks the plan against what this very unit can do.
func (o *opener) open(ctx context.Context, u *unit) error {
	dev, err := u.instance.Client().Open(ctx, u.plan.OpenRequest())
	if err != nil {
		return o.deviceError(u.plan, err)
	}
	u.device, u.info = dev, dev.Info()
	caps, err := dev.Capabilities(ctx)
	if err != nil {
		return o.deviceError(u.plan, err)
	}
	diags := o.plan.Check(u.plan.Name, caps)
	if u.info.Power == driver.PowerStateUSB {
		diags = o.plan.CheckUnpowered(u.plan.Name, caps, suppliedOf(u.who, caps.Model))
	}
	if diags.HasErrors() {
		return &Error{Class: o.refused(), Device: u.plan.Name, Diags: diags, Err: errors.New("the plan asks for what this unit cannot do")}
	}
	return nil
}

// suppliedOf is what units of a model can do at best, which is with their power supply.
func suppliedOf(who driver.Description, model string) driver.Capabilities {
	i := slices.IndexFunc(who.Models, func(c driver.Capabilities) bool { return c.Model == model })
	if i < 0 || !slices.Contains(who.Models[i].Power, driver.PowerSupply) {
		return driver.Capabilities{}
	}
	return who.Models[i]
}

// configure sets the device up and keeps what was applied.
func (o *opener) configure(ctx context.Context, u *unit) error {
	if u.config = u.plan.Config(); u.tune != nil {
		u.tune(&u.config)
	}
	applied, err := u.device.Configure(ctx, u.config)
	if err != nil {
		return o.deviceError(u.plan, err)
	}
	if err := checkApplied(applied); err != nil {
		return &Error{Class: ClassDevice, Device: u.plan.Name, Err: fmt.Errorf("the driver answered nonsense: %w", err)}
	}
	u.applied = applied
	return nil
}

// checkApplied refuses what driver/rpc, which has checked the answer by itself, cannot know to be impossible: a
// stream's interval that no file can state exactly, waveforms that do not fit together.
func checkApplied(a driver.Applied) error {
	for _, s := range a.Streams {
		if _, err := a.Interval.Mul(units.Rat(s.Ratio, 1)); err != nil {
			return fmt.Errorf("stream %s %s: ratio %d", s.Channel, s.Kind, s.Ratio)
		}
	}
	return checkWaveforms(a)
}

// close ends the device and its plugin.
func (u *unit) close(ctx context.Context) error {
	if u.instance == nil {
		return nil
	}
	return u.instance.Close(ctx)
}

// deviceError makes an *Error of what a plugin answered: with the plan's place where the fault is a setting.
func (o *opener) deviceError(d *plan.Device, err error) error {
	e := &Error{Class: ClassDevice, Device: d.Name, Err: o.redacted(err)}
	if errors.Is(err, shmring.ErrFileLimit) {
		e.Class, e.Advice = ClassDisk, "raise the limit of file sizes of the process: ulimit -f unlimited, or LimitFSIZE=infinity of a systemd service"
	}
	var de *driver.Error
	if errors.As(err, &de) {
		e.Advice = o.plan.Redact(de.Advice)
		if who := o.holder(d, de.Kind); who != "" {
			e.Err, e.Advice = fmt.Errorf("%w; %s", e.Err, who), "wait until that process has ended, or end it, then try again"
		}
		if de.Kind == driver.KindUnsupported && de.Field != "" {
			if diags := o.plan.Diagnose(d.Name, de); diags.HasErrors() {
				e.Class, e.Diags = o.refused(), diags
			}
		}
	}
	if OutOfFiles(err) {
		e.Class, e.Advice = ClassDisk, AdviceFiles
	}
	return e
}

// refused is the class of a plan that a unit refuses. A run that goes on has recorded by its plan: what is wrong is the unit as it is now, which may
// have come up without its power supply, and trying again can help.
func (o *opener) refused() Class {
	if o.resume != nil {
		return ClassDevice
	}
	return ClassPlan
}

// redactedError is an error of a plugin without the values that the plan keeps secret.
type redactedError struct {
	error
	text string
}

func (e *redactedError) Error() string { return e.text }
func (e *redactedError) Unwrap() error { return e.error }

// redacted takes secrets out of an error's text: a driver may quote the options that it was given.
func (o *opener) redacted(err error) error {
	if text := o.plan.Redact(err.Error()); text != err.Error() {
		return &redactedError{err, text}
	}
	return err
}

// openAll starts all plugins at once, then opens the devices: one after another per driver, those with a serial
// first. Devices that are optional and cannot be opened are left out and reported. When it fails, all is closed.
func (o *opener) openAll(ctx context.Context) (opened []*unit, left []*Error, err error) {
	if err := fitFiles(leastFiles(o.plan), filesAllowed()); err != nil && !o.spare {
		return nil, nil, err
	}
	if err := o.awaitOrphans(ctx); err != nil && (!o.spare || ctx.Err() != nil) {
		return nil, nil, err
	}
	list, errs := o.startAll(ctx)
	groups := map[string][]int{}
	for i, d := range o.plan.Devices {
		groups[d.Driver] = append(groups[d.Driver], i)
	}
	var wg sync.WaitGroup
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b int) int {
			return cmp.Compare(anySerial(o.plan.Devices[a]), anySerial(o.plan.Devices[b]))
		})
		wg.Go(func() {
			for _, i := range group {
				if errs[i] != nil {
					continue
				}
				if errs[i] = o.open(ctx, list[i]); errs[i] == nil {
					errs[i] = o.configure(ctx, list[i])
				}
			}
		})
	}
	wg.Wait()
	return o.sortOut(ctx, list, errs)
}

func anySerial(d *plan.Device) int {
	if d.Serial == "" {
		return 1
	}
	return 0
}

func (o *opener) startAll(ctx context.Context) ([]*unit, []error) {
	list, errs := make([]*unit, len(o.plan.Devices)), make([]error, len(o.plan.Devices))
	var wg sync.WaitGroup
	for i, d := range o.plan.Devices {
		wg.Go(func() { list[i], errs[i] = o.startPlugin(ctx, d) })
	}
	wg.Wait()
	return list, errs
}

// sortOut keeps what was opened, drops optional devices that were not, and closes all if another one failed.
func (o *opener) sortOut(ctx context.Context, list []*unit, errs []error) (opened []*unit, left []*Error, err error) {
	var fatal []*Error
	for i, d := range o.plan.Devices {
		if errs[i] == nil {
			opened = append(opened, list[i])
			continue
		}
		var e *Error
		if !errors.As(errs[i], &e) {
			e = &Error{Class: ClassDevice, Device: d.Name, Err: errs[i]}
		}
		if d.Optional && e.Class == ClassDevice || o.spare && ctx.Err() == nil {
			left = append(left, e)
		} else {
			fatal = append(fatal, e)
		}
		if list[i] != nil {
			o.closeUnit(ctx, list[i])
		}
	}
	if len(fatal) == 0 && (len(opened) > 0 || o.spare) {
		return opened, left, nil
	}
	for _, u := range opened {
		o.closeUnit(ctx, u)
	}
	if len(fatal) == 0 {
		return nil, nil, left[0]
	}
	return nil, nil, joined(fatal)
}

func (o *opener) closeUnit(ctx context.Context, u *unit) {
	if err := u.close(context.WithoutCancel(ctx)); err != nil {
		o.log.Warn("closing a device", "device", u.plan.Name, "error", err)
	}
}

// joined makes one error of several: the first device's, with the diagnostics of all.
func joined(list []*Error) *Error {
	if len(list) == 1 {
		return list[0]
	}
	e := &Error{Class: list[0].Class, Advice: list[0].Advice}
	var texts []error
	var diags hcl.Diagnostics
	for _, f := range list {
		texts = append(texts, f)
		diags = append(diags, f.Diags...)
		if f.Class == ClassDevice {
			e.Class = ClassDevice
		}
	}
	e.Err, e.Diags = errors.Join(texts...), diags
	return e
}
