package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// resumeOptions are the flags of resume.
type resumeOptions struct {
	planFlags
	allowGaps bool
	force     bool
	json      bool
}

func resumeCommand(a *app) *cobra.Command {
	var o resumeOptions
	c := &cobra.Command{
		Use:   "resume RUN",
		Short: "go on with a recording that was cut off",
		Long: `Go on with a recording whose recorder was killed or lost its power, or which was
stopped before its end: what is there is repaired, the same units are opened
again, and every stream continues in the same run behind a gap. The plan is the
one in the run's folder; what it takes from the environment is looked up again,
and secrets are given again by --var. Time goes on meanwhile: a run of 8 hours
ends 8 hours after it began, and one whose time has passed is sealed.

Exit codes are those of run. Samples that were missed are lost: 3, unless the
run had been stopped on purpose.`,
		GroupID: groupCapture,
		Args:    takes(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			dir, err := a.findRun(args[0])
			if err != nil {
				return err
			}
			return runResume(c.Context(), a, dir, o)
		},
	}
	o.register(c)
	c.Flags().BoolVar(&o.allowGaps, "allow-gaps", false, "end with 0 although samples were lost")
	c.Flags().BoolVar(&o.force, "force", false, "go on with another unit than before, or although the disk has no room for the rest")
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON object a line: what happens, and how it ended")
	return c
}

// runResume goes on with the run in a folder.
func runResume(ctx context.Context, a *app, dir string, o resumeOptions) error {
	text, vars, err := a.storedPlan(dir)
	if err != nil {
		return err
	}
	o.vars = append(vars, o.vars...) // those of the command line win
	a.interrupts.keepBrokenPipes()
	o.claim = dir
	p, err := a.usablePlan(ctx, text, o.planFlags)
	if err != nil {
		return nothingRecorded(ctx, err)
	}
	if err := ofSchedule(p, dir); err != nil {
		return errors.Join(err, p.rig.close())
	}
	r := newReporter(a, o.json, time.Now)
	defer r.close()
	summary, err := goOn(ctx, a, dir, p, o, r)
	if exitCode(err) == exitInterrupted {
		err = errors.Join(err, p.rig.host.Kill())
	} else {
		err = errors.Join(a.explain(ctx, p.Plan, err), p.rig.close())
	}
	if summary != nil { // last: whoever reads it may be slow
		r.ended(summary)
	}
	return err
}

// ofSchedule makes the plan of a schedule that of the one recording which the run is.
func ofSchedule(p *loadedPlan, dir string) error {
	if p.Run.Schedule == nil {
		return nil
	}
	run, err := readRun(dir)
	if err != nil {
		return err
	}
	began := run.Started.Time()
	if slot, ok := p.Timetable(began).Next(began); ok {
		p.Plan = p.For(slot, began)
	}
	return nil
}

// goOn records from the opening of the devices to the sealed recording. Without a summary nothing was sealed.
func goOn(ctx context.Context, a *app, dir string, p *loadedPlan, o resumeOptions, r *reporter) (*session.Summary, error) {
	defer a.stayAwake().release()
	s, err := session.Resume(ctx, dir, session.Options{
		Plan: p.Plan, Host: p.rig.host, RunID: p.rig.id, Logger: a.logger, Program: programVersion(), Force: o.force, AllowGaps: o.allowGaps,
		Early: r.notice, Claim: p.rig.claim,
	})
	if err != nil {
		return nil, nothingRecorded(ctx, a.explainResume(dir, err))
	}
	summary, err := watch(a, s, r)
	if summary != nil {
		err = errors.Join(err, judgeRun(summary, o.allowGaps))
	}
	return summary, err
}

// explainResume says what can be done about a run that cannot go on.
func (a *app) explainResume(dir string, err error) error {
	var locked *recording.LockedError
	var ended *recording.EndedError
	switch {
	case errors.As(err, &locked):
		return &failure{cause: causeOther, err: err, advice: fmt.Sprintf("see how it does with: %s status %s", a.name, dir)}
	case errors.As(err, &ended):
		return &failure{cause: causeOther, err: err, advice: fmt.Sprintf("record anew by the same plan with: %s run %s", a.name, filepath.Join(dir, recording.FilePlan))}
	}
	return err
}

// storedPlan reads the plan that a run began with, and the values of its variables as --var has them.
func (a *app) storedPlan(dir string) (planText, []string, error) {
	stored, err := recording.ReadPlan(nil, dir)
	var changed *recording.PlanChangedError
	switch {
	case errors.As(err, &changed):
		return planText{}, nil, &failure{cause: causeUsage, err: err, advice: "put the file back as it was; to record by another plan, begin a new run"}
	case err != nil:
		return planText{}, nil, &failure{cause: causeOther, err: err, advice: fmt.Sprintf("seal what is there with: %s repair %s", a.name, dir)}
	}
	// Files that the plan names are relative to where it lay.
	text := planText{name: stored.Path, source: stored.Text}
	if text.name == "" {
		text.name = filepath.Join(dir, recording.FilePlan)
	}
	var vars []string
	if stored.Run != nil {
		for _, name := range slices.Sorted(maps.Keys(stored.Run.Variables)) {
			vars = append(vars, name+"="+stored.Run.Variables[name])
		}
	}
	return text, vars, nil
}

// cutRun finds the run that run --resume goes on with: the newest one of the plan's name in its output, when it was cut off or ended by its disk, nobody
// records it any more, and it began with the same plan. Empty: there is none, why says what there is instead.
func cutRun(p *loadedPlan) (dir, why string) {
	list, err := recording.List(nil, p.Run.Output)
	if err != nil {
		return "", "" // there is no run yet
	}
	for _, e := range slices.Backward(list) {
		if e.Run == nil || e.Run.Name != p.Run.Name {
			continue
		}
		if e.Live || !e.Run.Cut() && !e.Run.EndedByDisk() {
			return "", ""
		}
		was := "was cut off"
		if e.Run.EndedByDisk() {
			was = "was ended by its disk"
		}
		stored, err := recording.ReadPlan(nil, e.Dir)
		switch {
		case err != nil:
			return "", fmt.Sprintf("%s %s and cannot be resumed: %v", e.Dir, was, err)
		case string(stored.Text) != string(p.Source()):
			return "", fmt.Sprintf("%s %s, and the plan is another one now", e.Dir, was)
		case !maps.Equal(given(p), e.Run.Variables):
			return "", fmt.Sprintf("%s %s, and the plan's variables have other values now", e.Dir, was)
		}
		return e.Dir, ""
	}
	return "", ""
}

// cutBefore is cutRun for a plan that was not checked with any plugin: so those that still work for the run that was cut off need not wait for it.
func (a *app) cutBefore(text planText, f planFlags) string {
	options, err := a.planOptions(f)
	if err != nil {
		return "" // it is told later
	}
	p, diags := plan.Parse(text.source, text.name, options)
	if diags.HasErrors() || p.Run.Schedule != nil {
		return ""
	}
	dir, _ := cutRun(&loadedPlan{Plan: p})
	return dir
}

// given are the values that the plan's variables were given, secrets left out: what a run keeps of them.
func given(p *loadedPlan) map[string]string {
	vars := map[string]string{}
	for _, v := range p.Variables {
		if v.Given && !v.Sensitive {
			vars[v.Name] = v.Value
		}
	}
	return vars
}
