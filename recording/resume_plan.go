package recording

import (
	"fmt"
	"path/filepath"
	"slices"
)

// PlanChangedError is returned by [Resume] when a plan file of the run is not the one that the run began with.
type PlanChangedError struct {
	File string // plan.hcl or plan.resolved.json
	Err  error  // what is wrong
}

func (e *PlanChangedError) Error() string { return fmt.Sprintf("%s: %v", e.File, e.Err) }

// Unwrap returns what is wrong.
func (e *PlanChangedError) Unwrap() error { return e.Err }

// changedPlans compares the plan files with what run.json says of them. Runs of before it did say nothing; nothing is compared there.
func (v *inventory) changedPlans() []*PlanChangedError {
	if v.run == nil {
		return nil
	}
	var list []*PlanChangedError
	for _, name := range slices.Sorted(keysOf(v.run.Plans)) {
		if name != FilePlan && name != FileResolved {
			continue
		}
		want := v.run.Plans[name]
		b, err := v.fs.ReadFile(filepath.Join(v.dir, name))
		if have := (FileSum{Bytes: int64(len(b)), CRC32C: UpdateChecksum(0, b)}); err == nil && have != want {
			err = fmt.Errorf("%d bytes with checksum %s are not the %d bytes with checksum %s that the run began with: %w",
				have.Bytes, have.CRC32C, want.Bytes, want.CRC32C, ErrChecksum)
		}
		if err != nil {
			list = append(list, &PlanChangedError{name, err})
		}
	}
	return list
}

// planFiles reports plan files that are not those that the run began with.
func (v *verifier) planFiles() {
	for _, e := range v.changedPlans() {
		v.report.problem(e.File, "%v", e.Err)
	}
}

// StoredPlan is the plan of a run as it lies in the run's folder.
type StoredPlan struct {
	Text []byte
	Path string   // where it lay when the run began; empty: not known
	Run  *RunFile // nil: run.json cannot be read, and nothing vouches for the text
}

// ReadPlan reads the plan that a run began with. One that was changed since is a [*PlanChangedError]. fsys nil: the operating system's files.
func ReadPlan(fsys FS, dir string) (*StoredPlan, error) {
	if fsys == nil {
		fsys = OSFS()
	}
	v := &inventory{fs: fsys, dir: dir}
	if err := v.readRun(); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	for _, e := range v.changedPlans() {
		return nil, fmt.Errorf("%s: %w", dir, e)
	}
	text, err := fsys.ReadFile(filepath.Join(dir, FilePlan))
	if err != nil {
		return nil, fmt.Errorf("read the plan of %s: %w", dir, err)
	}
	p := &StoredPlan{Text: text, Run: v.run}
	if v.run != nil {
		p.Path = v.run.PlanPath
	}
	return p, nil
}
