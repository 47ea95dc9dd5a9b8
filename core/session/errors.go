package session

import "github.com/hashicorp/hcl/v2"

// Class tells who can mend an [Error]; the command's exit codes follow it.
type Class uint8

// The classes.
const (
	ClassOther  Class = iota
	ClassPlan         // the plan is wrong, or asks for what a device cannot do; Diags says where
	ClassDevice       // a device, its vendor library or its plugin
	ClassDisk         // no space, no right to write, or a limit
)

// Error ends a run, or says why it could not start.
type Error struct {
	Class  Class
	Device string // empty: none
	Advice string // what to do; empty when the error says it
	Diags  hcl.Diagnostics
	Err    error
}

func (e *Error) Error() string {
	if e.Device != "" {
		return "device " + e.Device + ": " + e.Err.Error()
	}
	return e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
