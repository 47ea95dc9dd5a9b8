package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

func TestExitCode(t *testing.T) {
	var (
		usage       = usageError(errors.New("wrong flag"), "")
		interrupted = quiet(causeInterrupted, "second Ctrl-C")
		damage      = quiet(causeDamage, "damage found")
		disk        = &session.Error{Class: session.ClassDisk, Err: errors.New("full")}
		device      = &session.Error{Class: session.ClassDevice, Device: "cell", Err: errors.New("gone")}
		lost        = quiet(causeLost, "samples were lost")
		other       = errors.New("anything else")
	)
	for _, tc := range []struct {
		name string
		err  error
		want int
	}{
		{"nothing", nil, 0},
		{"usage", usage, 2},
		{"plan of a session", &session.Error{Class: session.ClassPlan, Err: errors.New("no such range")}, 2},
		{"diagnostics", &diagnosed{what: "the plan is wrong", diags: hcl.Diagnostics{{Severity: hcl.DiagError}}}, 2},
		{"cancelled", fmt.Errorf("verify: %w", context.Canceled), 130},
		{"cancelled while a device was opened", &session.Error{Class: session.ClassDevice, Err: context.Canceled}, 130},
		{"second Ctrl-C", interrupted, 130},
		{"damage", damage, 6},
		{"disk", disk, 5},
		{"disk full", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, 5},
		{"no descriptor left", &fs.PathError{Op: "open", Path: "x", Err: syscall.EMFILE}, 5},
		{"no descriptor left for a plugin", driver.Errorf(driver.KindNotPlugin, "find plugin", "read: %w", syscall.ENFILE), 5},
		{"a pipe in the place of a file", fmt.Errorf("read journal: %w", recording.ErrNotRegular), 6},
		{"device", device, 4},
		{"driver", fmt.Errorf("open: %w", driver.Errorf(driver.KindNotFound, "open", "no unit")), 4},
		{"session without a class keeps the driver's", &session.Error{Err: driver.Errorf(driver.KindPluginGone, "", "gone")}, 4},
		{"lost", lost, 3},
		{"other", other, 1},
		{"session other", &session.Error{Err: other}, 1},
		{"differences", quiet(causeOther, "differs"), 1},
		{"deadline", context.DeadlineExceeded, 1},
		{"usage before all", errors.Join(lost, disk, damage, interrupted, usage), 2},
		{"interrupted before damage", errors.Join(damage, interrupted), 130},
		{"damage before disk", errors.Join(disk, damage), 6},
		{"disk before device", errors.Join(device, disk), 5},
		{"device before loss", errors.Join(lost, device), 4},
		{"loss before other", errors.Join(other, lost), 3},
		{"nested joins", errors.Join(other, errors.Join(lost, errors.Join(device))), 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := exitCode(tc.err); got != tc.want {
				t.Errorf("exit code %d, want %d", got, tc.want)
			}
		})
	}
}

func TestAdvice(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"own", usageError(errors.New("x"), "do this"), "do this"},
		{"session", fmt.Errorf("run: %w", &session.Error{Advice: "do that", Err: errors.New("x")}), "do that"},
		{"driver", fmt.Errorf("run: %w", &driver.Error{Message: "x", Advice: "plug it in"}), "plug it in"},
		{"driver in a session error", &session.Error{Err: &driver.Error{Message: "x", Advice: "plug it in"}}, "plug it in"},
		{"none", errors.New("x"), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := adviceOf(tc.err); got != tc.want {
				t.Errorf("advice %q, want %q", got, tc.want)
			}
		})
	}
}
