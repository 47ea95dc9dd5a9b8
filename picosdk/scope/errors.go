package scope

import (
	"context"
	"errors"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// errClosed is told by calls of a unit after Close.
var errClosed = driver.Errorf(driver.KindPermanent, "", "the unit is closed")

// failed makes any error one of the contract. Errors of contexts stay what they are.
func failed(err error, op, field string) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return picosdk.DriverError(err, op, field)
}
