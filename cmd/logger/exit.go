package main

import (
	"context"
	"errors"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// The exit codes. docs/command.md tells them to users.
const (
	exitDone        = 0   // done; also after the first Ctrl-C, once sealed
	exitOther       = 1   // any other error; fmt --check found differences
	exitUsage       = 2   // wrong command line or plan
	exitLost        = 3   // finished, but samples were lost
	exitDevice      = 4   // device, vendor library or plugin
	exitDisk        = 5   // disk full or a limit
	exitDamage      = 6   // damage found
	exitInterrupted = 130 // second Ctrl-C, or one before there was anything to seal
)

// cause is one reason why a command did not simply end well. Several can meet in one error.
type cause uint8

const (
	causeOther cause = iota
	causeUsage
	causeInterrupted
	causeDamage
	causeDisk
	causeDevice
	causeLost
)

// failure is an error of the command with the cause that decides the exit code.
type failure struct {
	cause   cause
	err     error
	advice  string // what to do; may be empty
	printed bool   // the result told it already: nothing is printed for it
}

func (f *failure) Error() string { return f.err.Error() }

// Unwrap returns the cause of the failure.
func (f *failure) Unwrap() error { return f.err }

// usageError makes an error of a wrong command line.
func usageError(err error, advice string) error {
	return &failure{cause: causeUsage, err: err, advice: advice}
}

// quiet makes an error that only sets the exit code, since the result told what is to be told.
func quiet(c cause, text string) error {
	return &failure{cause: c, err: errors.New(text), printed: true}
}

// exitCode chooses the exit code: the first that applies, in this order.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	has := map[cause]bool{}
	for _, e := range leaves(err) {
		has[causeOf(e)] = true
	}
	switch {
	case has[causeUsage]:
		return exitUsage
	case has[causeInterrupted]:
		return exitInterrupted
	case has[causeDamage]:
		return exitDamage
	case has[causeDisk]:
		return exitDisk
	case has[causeDevice]:
		return exitDevice
	case has[causeLost]:
		return exitLost
	}
	return exitOther
}

// leaves takes joined errors apart; each part stands for itself.
func leaves(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || err.Error() != errors.Join(joined.Unwrap()...).Error() {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, leaves(e)...)
	}
	return out
}

// causeOf tells why one error ends the command.
func causeOf(err error) cause {
	var (
		own   *failure
		run   *session.Error
		dev   *driver.Error
		diags hcl.Diagnostics
	)
	switch {
	case errors.As(err, &own) && own.cause != causeOther:
		return own.cause
	case errors.Is(err, context.Canceled):
		return causeInterrupted
	case errors.As(err, &run) && run.Class != session.ClassOther:
		return map[session.Class]cause{
			session.ClassPlan: causeUsage, session.ClassDevice: causeDevice,
			session.ClassDisk: causeDisk,
		}[run.Class]
	case errors.As(err, &diags):
		return causeUsage
	case session.OutOfFiles(err):
		return causeDisk
	case errors.As(err, &dev):
		return causeDevice
	case errors.Is(err, recording.ErrNotRegular):
		return causeDamage
	case diskFull(err):
		return causeDisk
	}
	return causeOther
}

// adviceOf returns what an error says can be done about it.
func adviceOf(err error) string {
	var (
		own *failure
		run *session.Error
		dev *driver.Error
	)
	switch {
	case errors.As(err, &own) && own.advice != "":
		return own.advice
	case errors.As(err, &run) && run.Advice != "":
		return run.Advice
	case session.OutOfFiles(err):
		return session.AdviceFiles
	case errors.As(err, &dev) && dev.Advice != "":
		return dev.Advice
	}
	return ""
}
