package toproto

import (
	"errors"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// Error carries a driver error; nil stays nil.
func Error(e *driver.Error) *driverpb.ErrorDetail {
	if e == nil {
		return nil
	}
	return &driverpb.ErrorDetail{
		Kind: driverpb.ErrorKind(e.Kind), Op: text(e.Op), Field: text(e.Field), Message: text(e.Message),
		Advice: text(e.Advice), Nearest: text(e.Nearest), Status: status(e.Status),
	}
}

// AnyError carries any error: the first *driver.Error in its chain, with the text of the whole chain where that says
// more; else one of kind permanent.
func AnyError(err error) *driverpb.ErrorDetail {
	if err == nil {
		return nil
	}
	var e *driver.Error
	if !errors.As(err, &e) {
		return &driverpb.ErrorDetail{Message: text(err.Error())}
	}
	detail := Error(e)
	if err != error(e) {
		// The wrapping text already names the call and its status, which are not to be said twice.
		detail.Op, detail.Status = "", nil
		detail.Message = text(err.Error())
	}
	return detail
}

func status(s driver.Status) *driverpb.Status {
	if s == (driver.Status{}) {
		return nil
	}
	return &driverpb.Status{Call: text(s.Call), Code: s.Code, Name: text(s.Name)}
}
