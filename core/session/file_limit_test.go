package session

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/shmring"
)

// TestFileLimitIsALimit: where the process may not make files as large as a ring it is no device's fault, and the advice names the limit.
func TestFileLimitIsALimit(t *testing.T) {
	o := &opener{plan: &plan.Plan{}}
	var e *Error
	err := o.deviceError(&plan.Device{Name: "a"}, fmt.Errorf("make the ring: %w", fmt.Errorf("reserve: %w", shmring.ErrFileLimit)))
	if !errors.As(err, &e) || e.Class.ExitCode() != ExitDisk || !strings.Contains(e.Advice, "ulimit -f") || !strings.Contains(e.Advice, "LimitFSIZE=") {
		t.Errorf("%+v", err)
	}
}
