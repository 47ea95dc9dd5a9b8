package fromproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Error never fails: of an error as much as possible is shown. A kind that this side does not know becomes
// permanent. nil stays nil.
func Error(e *driverpb.ErrorDetail) *driver.Error {
	if e == nil {
		return nil
	}
	kind := driver.KindPermanent
	if _, known := driverpb.ErrorKind_name[int32(e.GetKind())]; known {
		kind = driver.Kind(e.GetKind())
	}
	return &driver.Error{
		Kind: kind, Op: e.GetOp(), Field: e.GetField(), Message: e.GetMessage(), Advice: e.GetAdvice(),
		Nearest: e.GetNearest(),
		Status:  driver.Status{Call: e.GetStatus().GetCall(), Code: e.GetStatus().GetCode(), Name: e.GetStatus().GetName()},
	}
}
