package picosdk

import (
	"errors"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
)

// StatusError is a call of a vendor library that answered anything but OK. Branch on the status with errors.Is(err,
// picosdk.StatusBusy), or take it out with errors.As or [StatusOf].
type StatusError struct {
	Call   string // the function, as the vendor names it
	Status Status
}

// Err returns nil for [StatusOK] and else a *[StatusError]. Warnings are errors too: who can live with one asks
// [Status.IsWarning] first.
func Err(call string, s Status) error {
	if s == StatusOK {
		return nil
	}
	return &StatusError{Call: call, Status: s}
}

func (e *StatusError) Error() string {
	if n := e.Status.Name(); n != "" {
		return e.Call + ": " + e.Status.Explanation() + " (" + n + ", " + e.Status.Hex() + ")"
	}
	return e.Call + ": " + e.Status.Explanation() + " (" + e.Status.Hex() + ")"
}

// Unwrap returns the status, so that errors.Is finds it.
func (e *StatusError) Unwrap() error { return e.Status }

// Driver is the error for the driver contract: op is what was attempted, field the part of the configuration that is
// at fault; an empty field is filled from the status where that alone tells. Nearest is left to the caller.
func (e *StatusError) Driver(op, field string) *driver.Error {
	d := &driver.Error{
		Kind: e.Status.Kind(), Op: op, Field: field, Message: e.Status.Explanation(), Advice: e.Status.Advice(), Status: e.Status.Driver(e.Call), Err: e,
	}
	if d.Field == "" {
		d.Field = e.Status.Field()
	}
	return d
}

// StatusOf returns the status of the first *[StatusError] or [Status] in err's chain; ok is false when there is none.
func StatusOf(err error) (s Status, ok bool) {
	var e *StatusError
	if errors.As(err, &e) {
		return e.Status, true
	}
	ok = errors.As(err, &s)
	return s, ok
}

// IsStatus tells whether the library answered one of these.
func IsStatus(err error, list ...Status) bool {
	s, ok := StatusOf(err)
	return ok && slices.Contains(list, s)
}

// Tolerable tells whether a call did what it was asked, perhaps with a remark.
func Tolerable(err error) bool {
	s, ok := StatusOf(err)
	return err == nil || ok && s.IsWarning()
}

// DriverError turns any error into one of the contract: a *[driver.Error] in the chain is returned as it is, a
// *[StatusError] is converted with the text around it kept, anything else becomes permanent. It returns nil for nil.
func DriverError(err error, op, field string) *driver.Error {
	if err == nil {
		return nil
	}
	var d *driver.Error
	if errors.As(err, &d) {
		return d
	}
	var s *StatusError
	if !errors.As(err, &s) {
		return &driver.Error{Kind: driver.KindPermanent, Op: op, Field: field, Message: err.Error(), Err: err}
	}
	out := s.Driver(op, field)
	if err != error(s) {
		out.Message, out.Err = strings.Replace(err.Error(), s.Error(), s.Status.Explanation(), 1), err
	}
	return out
}
