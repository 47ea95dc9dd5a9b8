package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/session"
)

// runOptions are the flags of run.
type runOptions struct {
	planFlags
	quick     quickFlags
	allowGaps bool
	force     bool
	printPlan bool
	resume    bool
	json      bool
}

func runCommand(a *app) *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run PLAN",
		Short: "record: what a plan says, or what flags say",
		Long: `Record what a plan describes, or, without a plan, what the flags say:

  ` + a.name + ` run plan.hcl
  ` + a.name + ` run --device sim --channel A:5V --rate 1MS/s --for 10s

Each run gets a folder of its own. The first Ctrl-C stops the devices in order
and seals the recording, a second one ends at once and leaves it to be repaired.
PLAN "-" is standard input.

Exit codes: 0 done, 2 wrong plan, 3 done but samples were lost, 4 device or
plugin, 5 disk, 130 second Ctrl-C.`,
		GroupID: groupCapture,
		Args:    takes(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			path := ""
			if len(args) == 1 {
				path = args[0]
			}
			return runRun(c.Context(), a, path, o)
		},
	}
	o.register(c)
	o.quick.register(c)
	c.Flags().BoolVar(&o.allowGaps, "allow-gaps", false, "end with 0 although samples were lost")
	c.Flags().BoolVar(&o.force, "force", false, "begin although the recording does not fit on the disk")
	c.Flags().BoolVar(&o.resume, "resume", false, "go on with the newest run of this plan when it was cut off or its disk was full, else begin a new one")
	c.Flags().BoolVar(&o.printPlan, "print-plan", false, "print the plan that the flags mean, and record nothing")
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON object a line: what happens, and how it ended")
	return c
}

func runRun(ctx context.Context, a *app, path string, o runOptions) error {
	text, err := o.text(a, path)
	if err != nil {
		return err
	}
	if o.printPlan {
		return emit(a.stdout, string(text.source))
	}
	a.interrupts.keepBrokenPipes()
	if o.resume {
		if dir := a.cutBefore(text, o.planFlags); dir != "" {
			return runResume(ctx, a, dir, resumeOptions{planFlags: o.planFlags, allowGaps: o.allowGaps, force: o.force, json: o.json})
		}
	}
	p, err := a.usablePlan(ctx, text, o.planFlags)
	if err != nil {
		return nothingRecorded(ctx, err)
	}
	if p.Run.Schedule != nil {
		return runSeries(ctx, a, text, p, o)
	}
	if o.resume {
		dir, why := cutRun(p)
		if dir != "" {
			return errors.Join(p.rig.close(), runResume(ctx, a, dir, resumeOptions{planFlags: o.planFlags, allowGaps: o.allowGaps, force: o.force, json: o.json}))
		}
		if why != "" {
			a.warn("%s; a new run begins", why)
		}
	}
	r := newReporter(a, o.json, time.Now)
	defer r.close()
	summary, err := record(ctx, a, p, o, r)
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

// nothingRecorded is the error of a run that did not begin: after Ctrl-C that alone counts, not what it broke off.
func nothingRecorded(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return &failure{cause: causeInterrupted, err: errors.New("ended before anything was recorded")}
}

// text is the plan that is given, or the one that the flags mean.
func (o *runOptions) text(a *app, path string) (planText, error) {
	switch {
	case path == "":
		return o.quick.text(a)
	case o.quick.given != "":
		return planText{}, usageError(fmt.Errorf("the plan %s and the flag %s exclude each other", path, o.quick.given), "the flag stands for a part of a plan; write that in the plan instead: "+inPlan[o.quick.given])
	case o.printPlan:
		return planText{}, usageError(errors.New("--print-plan prints the plan that flags mean; there is a plan already"), "")
	}
	return a.openPlan(path)
}

// record runs a plan from the opening of its devices to the sealed recording. Without a summary nothing was sealed.
func record(ctx context.Context, a *app, p *loadedPlan, o runOptions, r *reporter) (*session.Summary, error) {
	defer a.stayAwake().release()
	if err := checkOutput(p.Run.Output); err != nil {
		return nil, err
	}
	s, err := session.Start(ctx, session.Options{
		Plan: p.Plan, Host: p.rig.host, RunID: p.rig.id, Logger: a.logger, Program: programVersion(), Force: o.force, AllowGaps: o.allowGaps,
		Early: r.notice,
	})
	if err != nil {
		return nil, nothingRecorded(ctx, err)
	}
	summary, err := watch(a, s, r)
	if summary != nil {
		err = errors.Join(err, judgeRun(summary, o.allowGaps))
	}
	return summary, err
}

// checkOutput refuses an output folder that is a link to nothing: making it would say that it exists.
func checkOutput(path string) error {
	for dir := filepath.Clean(path); ; dir = filepath.Dir(dir) {
		_, err := os.Stat(dir)
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return nil // there, or for the session to judge
		}
		target, err := os.Readlink(dir)
		if err != nil {
			continue
		}
		return &failure{
			cause: causeDisk, err: fmt.Errorf("the output folder %s cannot be made: %s is a link to %s, which is not there", path, dir, target),
			advice: "make that folder, or mount its disk; or choose another with output in run {}",
		}
	}
}
