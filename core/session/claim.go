package session

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/recording"
)

// Claim is a run that is about to be resumed: its lock, and the plugins that have outlived its recorder. They wait for a short time only, and no longer
// once they are claimed, whatever time it takes to read the plan.
type Claim struct {
	dir       string
	lock      io.Closer
	instances []*host.Instance
	err       error // of those that could not be taken over
	used      bool
}

// ClaimRun takes the lock of the run in dir, and over the plugins that still work for it. Give it to [Resume] with the same host, or release it. The error is
// that of Resume.
func ClaimRun(ctx context.Context, dir string, h *host.Host) (*Claim, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	lock, err := recording.LockRun(ctx, nil, dir)
	if err != nil {
		return nil, resumeError(err)
	}
	c := &Claim{dir: dir, lock: lock}
	b, err := recording.OSFS().ReadFile(filepath.Join(dir, recording.FileRun))
	if err != nil {
		return c, nil // what there is of the run is for Resume to tell
	}
	run, err := recording.ParseRun(b)
	if err != nil || !run.Cut() {
		return c, nil
	}
	id, err := runIDOf(run.Run)
	if err != nil {
		return c, nil
	}
	h.WorkFor(id)
	c.instances, c.err = h.TakeOver(ctx, id)
	return c, nil
}

// Release gives the run back, and ends its plugins in order, unless Resume has taken it. It may be called more than once, and on nil.
func (c *Claim) Release() error {
	if c == nil || c.used {
		return nil
	}
	c.used = true
	errs := []error{c.lock.Close()}
	for _, in := range c.instances {
		errs = append(errs, in.Close(context.Background()))
	}
	return errors.Join(errs...)
}

// take hands the run over; ok is false when the claim is of another one.
func (c *Claim) take(dir string) (lock io.Closer, ok bool) {
	if c == nil || c.used || c.dir != dir {
		return nil, false
	}
	c.used = true
	return c.lock, true
}
