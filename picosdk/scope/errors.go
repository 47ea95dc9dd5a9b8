package scope

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// errClosed is told by calls of a unit after Close.
var errClosed = driver.Errorf(driver.KindPermanent, "", "the unit is closed")

// refuse makes the error for a part of a request that cannot be met.
func refuse(op, field, nearest, format string, args ...any) *driver.Error {
	e := driver.Errorf(driver.KindUnsupported, op, format, args...)
	e.Field, e.Nearest = field, nearest
	return e
}

// quoted writes a value as it would stand in a plan.
func quoted(v any) string { return `"` + strings.ReplaceAll(fmt.Sprint(v), " ", "") + `"` }

// failed makes any error one of the contract. Errors of contexts stay what they are.
func failed(err error, op, field string) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return picosdk.DriverError(err, op, field)
}

// isStatus tells whether the library answered one of these.
func isStatus(err error, list ...picosdk.Status) bool {
	s, ok := picosdk.StatusOf(err)
	for _, l := range list {
		if ok && s == l {
			return true
		}
	}
	return false
}

// tolerable tells whether a call did what it was asked, perhaps with a remark.
func tolerable(err error) bool {
	s, ok := picosdk.StatusOf(err)
	return err == nil || ok && s.IsWarning()
}
