package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
)

// explain makes the errors of a session ones that tell more: places in the plan, and which run uses a unit.
func (a *app) explain(ctx context.Context, p *plan.Plan, err error) error {
	if err == nil {
		return nil
	}
	var errs []error
	for _, e := range leaves(err) {
		errs = append(errs, a.explainOne(ctx, p, e))
	}
	return errors.Join(errs...)
}

func (a *app) explainOne(ctx context.Context, p *plan.Plan, err error) error {
	var run *session.Error
	if !errors.As(err, &run) {
		return err
	}
	if len(run.Diags) > 0 {
		shown := &diagnosed{what: err.Error(), diags: run.Diags, files: p.Files()}
		if run.Class == session.ClassDevice { // the plan is right, and the unit is not as it was
			return &failure{cause: causeDevice, err: shown, advice: run.Advice}
		}
		return shown
	}
	kind := driver.KindOf(run.Err)
	d := p.Device(run.Device)
	if d == nil || kind != driver.KindBusy && kind != driver.KindNotFound {
		return err
	}
	for unit, user := range a.usedUnits(ctx) {
		if unit[0] == d.Driver && (d.Serial == "" || d.Serial == unit[1]) {
			return &failure{
				cause:  causeDevice,
				err:    fmt.Errorf("device %s: %s %s is in use by run %s (pid %d)", d.Name, unit[0], unit[1], user.dir, user.pid),
				advice: fmt.Sprintf("wait for it, or end it with: %s stop %s", a.name, user.dir),
			}
		}
	}
	return err
}
