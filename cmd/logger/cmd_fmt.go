package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/plan"
)

// fmtOptions are the flags of fmt.
type fmtOptions struct {
	check bool
	diff  bool
}

func fmtCommand(a *app) *cobra.Command {
	var o fmtOptions
	c := &cobra.Command{
		Use:   "fmt [PLAN...]",
		Short: "put plans into the usual form",
		Long: `Rewrite plans in the usual form: indentation, blanks, aligned equals signs. The
meaning does not change. The names of files that changed are printed. Without
PLAN, or with "-", standard input is formatted to standard output.`,
		GroupID: groupCapture,
		RunE:    func(_ *cobra.Command, args []string) error { return runFmt(a, args, o) },
	}
	c.Flags().BoolVar(&o.check, "check", false, "write nothing; list plans that would change and end with 1 if there are any")
	c.Flags().BoolVar(&o.diff, "diff", false, "write nothing; show what would change")
	return c
}

func runFmt(a *app, paths []string, o fmtOptions) error {
	if len(paths) == 0 {
		paths = []string{"-"}
	}
	differs := false
	var errs []error
	for _, path := range paths {
		changed, err := formatPlan(a, path, o)
		differs = differs || changed
		errs = append(errs, err)
	}
	if differs && o.check {
		errs = append(errs, quiet(causeOther, "plans are not in the usual form"))
	}
	return errors.Join(errs...)
}

// formatPlan formats one plan and tells whether that changes it.
func formatPlan(a *app, path string, o fmtOptions) (bool, error) {
	name := path
	read := func() ([]byte, error) { return os.ReadFile(path) }
	if path == "-" {
		name = "standard input"
		read = func() ([]byte, error) { return io.ReadAll(io.LimitReader(a.stdin, plan.MaxSize+1)) }
	}
	source, err := read()
	if err != nil {
		return false, usageError(fmt.Errorf("read the plan: %w", err), "")
	}
	if err := checkSyntax(source, name); err != nil {
		return false, err
	}
	formatted := plan.Format(source)
	changed := !bytes.Equal(source, formatted)
	switch {
	case o.diff:
		return changed, emit(a.stdout, string(diff.Diff(name, source, name+" (formatted)", formatted)))
	case o.check && changed:
		return changed, emit(a.stdout, name+"\n")
	case o.check:
		return changed, nil
	case path == "-":
		return changed, emit(a.stdout, string(formatted))
	case changed:
		if err := replaceFile(path, formatted); err != nil {
			return changed, err
		}
		return changed, emit(a.stdout, path+"\n")
	}
	return changed, nil
}

// replaceFile gives a file a new content at once: whoever reads it finds the old one or the new one. A link stays
// a link.
func replaceFile(path string, content []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

// checkSyntax refuses a text that is not HCL.
func checkSyntax(source []byte, name string) error {
	if len(source) > plan.MaxSize {
		return usageError(fmt.Errorf("%s is larger than a plan may be (%s)", name, formatBytes(plan.MaxSize)), "")
	}
	parser := hclparse.NewParser()
	if _, diags := parser.ParseHCL(bytes.Clone(source), name); diags.HasErrors() {
		return &diagnosed{what: name + " is not a plan", diags: diags, files: parser.Files()}
	}
	return nil
}
