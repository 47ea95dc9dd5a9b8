package driver

import (
	"errors"
	"fmt"
)

// Kind says what can be done about an [Error].
type Kind uint8

// The kinds of errors. The plugin-* kinds are given by the host's side only.
const (
	KindPermanent     Kind = iota // trying again does not help
	KindTransient                 // trying again can help
	KindUnsupported               // the request cannot be met by this device; Field says which part
	KindNotFound                  // no such unit is attached
	KindBusy                      // the unit is in use by another program
	KindNoLibrary                 // the vendor library is missing or unusable
	KindDeviceGone                // the unit was unplugged or lost its power
	KindBug                       // a rule of this contract was broken by our own code
	KindPluginGone                // the plugin process has ended
	KindPluginHung                // the plugin process does not answer
	KindPluginVersion             // the plugin speaks another version
	KindNotPlugin                 // the program is not a driver plugin, or cannot be started
)

var kindNames = [...]string{
	"permanent", "transient", "unsupported", "not found", "busy", "no library", "device gone",
	"bug", "plugin gone", "plugin hung", "plugin version", "not a plugin",
}

// String returns the kind in words.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Status is what a vendor library answered.
type Status struct {
	Call string // the function, as the vendor names it
	Code uint32 // the vendor's number
	Name string // the vendor's name of the number, empty when unknown
}

// Error is an error of a driver that crosses the process border with all its parts. Only Message and Kind are
// always set.
type Error struct {
	Kind    Kind
	Op      string // what was attempted: "open", "configure" ...
	Field   string // the part of the [Config] that is at fault, as a path like "channel.A.range" or "stream.sample_interval"; empty: none
	Message string // what happened, in words for the user
	Advice  string // what to do; empty when there is nothing to say
	Nearest string // nearest possible value in the plan's syntax, with KindUnsupported; empty when there is none
	Status  Status // zero when no vendor call failed
	Err     error  // the cause; it stays in its process, its text is part of Message
}

// Errorf makes an *Error of a kind. A %w operand becomes Err.
func Errorf(kind Kind, op, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Op: op, Message: err.Error(), Err: errors.Unwrap(err)}
}

func (e *Error) Error() string {
	s := e.Message
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Status.Call != "" {
		s += fmt.Sprintf(" (%s: 0x%08x", e.Status.Call, e.Status.Code)
		if e.Status.Name != "" {
			s += " " + e.Status.Name
		}
		s += ")"
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, &Error{Kind: k}) true for every error of the kind.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && *t == Error{Kind: t.Kind} && t.Kind == e.Kind
}

// KindOf returns the kind of the first *Error in err's chain, KindPermanent when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindPermanent
}
