package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
)

// initOptions are the flags of init.
type initOptions struct {
	drivers []string
}

func initCommand(a *app) *cobra.Command {
	var o initOptions
	c := &cobra.Command{
		Use:   "init [FILE]",
		Short: "write a plan for the units that are attached",
		Long: `Look for attached units and write a plan that records them, with comments that
say what can be changed: to FILE, plan.hcl without it, "-" for standard output.
A file that exists is never overwritten. Without any unit the plan records a
simulated one.`,
		GroupID: groupCapture,
		Args:    takes(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			file := "plan.hcl"
			if len(args) == 1 {
				file = args[0]
			}
			return runInit(c.Context(), a, file, o)
		},
	}
	c.Flags().StringArrayVar(&o.drivers, "driver", nil, "look for units of this driver only; may be repeated")
	return c
}

func runInit(ctx context.Context, a *app, file string, o initOptions) error {
	if _, err := os.Lstat(file); err == nil && file != "-" {
		return existsError(a, file)
	}
	rig, err := a.ownRig()
	if err != nil {
		return err
	}
	defer rig.close()
	if err := rig.checkNames(o.drivers); err != nil {
		return err
	}
	units, err := a.unitsForPlan(rig.probe(ctx, o.drivers...))
	if err != nil {
		return err
	}
	text := plan.Format([]byte(planFor(a.name, units)))
	if file == "-" {
		return emit(a.stdout, string(text))
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return existsError(a, file)
	}
	if err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return emit(a.stdout, fmt.Sprintf("wrote %s: %s; next: %s plan %s\n", file, plural(len(units), "device"), a.name, file))
}

func existsError(a *app, file string) error {
	return &failure{cause: causeOther, err: fmt.Errorf("%s exists already", file), advice: fmt.Sprintf("name another file: %s init FILE", a.name)}
}

// unitsForPlan chooses what to write a plan for: attached units that a model table is known of; without any, one
// unit of each simulation.
func (a *app) unitsForPlan(found []probed) ([]foundUnit, error) {
	var real, made []foundUnit
	for _, p := range found {
		if p.err != nil {
			a.warnPlugin(p.name, p.err)
			continue
		}
		for _, u := range p.units {
			can, ok := p.model(u.Model)
			switch {
			case !ok:
				a.warn("%s: the model %q of unit %s is not known to its driver; it is left out", p.name, u.Model, u.Serial)
			case p.desc.OptionalSerials:
				made = append(made, foundUnit{driver: p.name, info: u, can: can, made: true})
			default:
				real = append(real, foundUnit{driver: p.name, info: u, can: can})
			}
		}
		if p.desc.OptionalSerials && len(p.units) == 0 && len(p.desc.Models) > 0 {
			made = append(made, foundUnit{driver: p.name, info: driver.UnitInfo{Model: p.desc.Models[0].Model}, can: p.desc.Models[0], made: true})
		}
	}
	if len(real) > 0 {
		return real, nil
	}
	if len(made) > 0 {
		a.say("no instrument is attached; the plan records a simulation")
		return made[:1], nil
	}
	return nil, &failure{cause: causeDevice, err: errors.New("no units found"), advice: a.name + " doctor tells what is missing"}
}
