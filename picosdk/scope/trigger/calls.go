package trigger

import (
	"fmt"

	"github.com/scopelog/scopelog/picosdk"
)

// Call is one of the calls of a library that make up a trigger.
type Call struct {
	Name string // as the vendor's, without the family
	Do   func() picosdk.Status
	// Digital tells that the call is about pins, which units without ports refuse in words of their own.
	Digital bool
}

// Calls are the calls of a library, in order.
type Calls []Call

// Arm clears and makes the calls. The first refusal ends it: then everything is cleared again, and the error is that of the call.
// Warnings are no refusals. prefix is how the names of the library's functions begin.
func (c Calls) Arm(prefix string, clear func() error) error {
	err := clear() // what a call does not mention would stay as it was
	for _, call := range c {
		if err != nil {
			break
		}
		if s := call.Do(); !s.IsWarning() {
			err = picosdk.Err(prefix+call.Name, s)
		}
	}
	if err != nil {
		if e := clear(); e != nil {
			return fmt.Errorf("%w; and what was set cannot be cleared: %w", err, e)
		}
		return err
	}
	return nil
}

// Clear makes every call, whatever those before it have answered, and returns the first error. fine are statuses of units and
// libraries that have nothing to clear there; to a digital call, any refusal of the request says that.
func (c Calls) Clear(prefix string, fine ...picosdk.Status) (first error) {
	for _, call := range c {
		s := call.Do()
		err := picosdk.Err(prefix+call.Name, s)
		if first == nil && !picosdk.Tolerable(err) && !picosdk.IsStatus(err, fine...) && !(call.Digital && s.Class() == picosdk.ClassUser) {
			first = err
		}
	}
	return first
}
