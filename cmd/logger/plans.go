package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/adrg/xdg"
	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
)

// planFlags are the flags of all commands that read a plan.
type planFlags struct {
	vars     []string
	varFiles []string

	claim string // folder of the run that is to be resumed; empty: none is
}

func (f *planFlags) register(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.vars, "var", nil, "give a variable of the plan a value, `NAME=TEXT`; may be repeated")
	c.Flags().StringArrayVar(&f.varFiles, "var-file", nil, "read variables from a `FILE` of NAME = VALUE lines; may be repeated")
}

// variables takes the NAME=TEXT of the flags apart.
func (f *planFlags) variables() (map[string]string, error) {
	out := map[string]string{}
	for _, v := range f.vars {
		name, text, ok := strings.Cut(v, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, usageError(fmt.Errorf("--var %q has no name or no value", v), "write --var NAME=TEXT")
		}
		out[name] = text
	}
	return out, nil
}

// planText is the text of a plan and its name for messages.
type planText struct {
	name   string
	source []byte
}

// openPlan reads the text of a plan, "-" being standard input. A plan that cannot be read is a usage error.
func (a *app) openPlan(path string) (planText, error) {
	in, name := a.stdin, "standard input"
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return planText{}, usageError(fmt.Errorf("read the plan: %w", err), a.otherPlan(path, err))
		}
		defer f.Close()
		in, name = f, path
	}
	source, err := io.ReadAll(io.LimitReader(in, plan.MaxSize+1))
	if err != nil {
		return planText{}, usageError(fmt.Errorf("read the plan: %w", err), "")
	}
	return planText{name: name, source: source}, nil
}

// otherPlan is advice for a plan that is not there: one that is called alike, or how to get one.
func (a *app) otherPlan(path string, err error) string {
	if !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	dir, name := filepath.Split(path)
	there, _ := os.ReadDir(filepath.Clean(dir)) // without it there is no advice
	var names []string
	for _, e := range there {
		if filepath.Ext(e.Name()) == ".hcl" {
			names = append(names, e.Name())
		}
	}
	near := suggest(name, names)
	switch {
	case near != "":
		return fmt.Sprintf("did you mean %s?", filepath.Join(dir, near))
	case len(names) > 0 && len(names) <= mostPlans:
		return fmt.Sprintf("the plans there are %s; %s init FILE writes one for the units that are attached", strings.Join(names, ", "), a.name)
	}
	return a.name + " init FILE writes a plan for the units that are attached"
}

// mostPlans is how many plans of a folder are named.
const mostPlans = 8

// loadedPlan is a plan as it was read, valid or not, with the plugins that it was checked with.
type loadedPlan struct {
	*plan.Plan
	diags hcl.Diagnostics
	rig   *rig
}

// errMistakes says why a plugin is not asked what it can do.
var errMistakes = errors.New("no plugin is started while the plan has mistakes")

// parsePlan checks a plan with the plugins that are there. When the plan pins its plugins, no other is started; while
// it has mistakes, which may hide what it pins, none is. The caller closes the rig.
func (a *app) parsePlan(ctx context.Context, text planText, f planFlags) (*loadedPlan, error) {
	options, err := a.planOptions(f)
	if err != nil {
		return nil, err
	}
	trust, known, err := readTrust(text, options)
	if err != nil {
		return nil, err
	}
	rig, err := a.openRig(trust)
	if err != nil {
		return nil, err
	}
	if f.claim != "" { // before plugins are asked: those that still work for the run do not wait for long
		if rig.claim, err = session.ClaimRun(ctx, f.claim, rig.host); err != nil {
			return nil, errors.Join(a.explainResume(f.claim, err), rig.close())
		}
	}
	options.Drivers, options.Describe = rig.names(), rig.describer(ctx)
	if !known {
		options.Describe = func(string) (driver.Description, error) { return driver.Description{}, errMistakes }
	}
	p, diags := plan.Parse(text.source, text.name, options)
	if err := ctx.Err(); err != nil {
		rig.close()
		return nil, err
	}
	return &loadedPlan{Plan: p, diags: diags, rig: rig}, nil
}

// lockWord is the attribute's name as a word of its own.
var lockWord = regexp.MustCompile(`\block\b`)

// planOptions are those with which a plan is read before any plugin is asked.
func (a *app) planOptions(f planFlags) (plan.Options, error) {
	vars, err := f.variables()
	return plan.Options{Vars: vars, VarFiles: f.varFiles, Env: a.lookupEnv, Home: xdg.Home, Ready: []plan.Feature{plan.FeatureSchedule, plan.FeatureEvents}}, err
}

// readTrust reads how far a plan trusts plugins, before any is started: its sandbox, and the checksum file that it names. known
// is false when the plan has mistakes and may pin something, so that nobody can tell what.
func readTrust(text planText, options plan.Options) (t trust, known bool, err error) {
	t.sandbox = host.SandboxAuto
	p, diags := plan.Parse(text.source, text.name, options)
	if diags.HasErrors() {
		// A plan without the word cannot pin anything, whatever else is wrong with it.
		return t, !lockWord.Match(text.source), nil
	}
	t.sandbox = host.Sandbox(p.Run.Plugins.Sandbox)
	if p.Run.Plugins.Lock == "" {
		return t, true, nil
	}
	t.lock, err = host.ReadLock(p.Run.Plugins.Lock)
	if err != nil {
		place := p.At("run.plugins.lock", hcl.DiagError, "The checksum file cannot be read", err.Error()+".")
		return t, false, &diagnosed{what: "the plan is not valid", diags: hcl.Diagnostics{place}, files: p.Files()}
	}
	return t, true, nil
}

// judge prints the warnings of a plan, and makes its mistakes an error.
func (a *app) judge(l *loadedPlan) error {
	if l.diags.HasErrors() {
		what := "the plan is not valid"
		if a.planOfFlags {
			what = "the flags do not make a valid plan"
		}
		return &diagnosed{what: what, diags: l.diags, files: l.Files()}
	}
	a.writeDiagnostics(l.diags, l.Files())
	return nil
}

// usablePlan reads, checks and judges a plan. The caller closes its rig.
func (a *app) usablePlan(ctx context.Context, text planText, f planFlags) (*loadedPlan, error) {
	l, err := a.parsePlan(ctx, text, f)
	if err != nil {
		return nil, err
	}
	if err := a.judge(l); err != nil {
		l.rig.close()
		return nil, err
	}
	return l, nil
}
