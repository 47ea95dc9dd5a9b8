package rpc

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/driver/rpc/internal/fromproto"
	"github.com/scopelog/scopelog/driver/rpc/internal/toproto"
)

// statusOf turns a driver's error into a gRPC status with all its parts as a detail.
func statusOf(op string, err error) error {
	if err == nil {
		return nil
	}
	var de *driver.Error
	if !errors.As(err, &de) && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return status.FromContextError(err).Err()
	}
	detail := toproto.AnyError(err)
	if detail.Op == "" && de == nil {
		detail.Op = op
	}
	s, withErr := status.New(codeOf(driver.Kind(detail.GetKind())), detail.GetMessage()).WithDetails(detail)
	if withErr != nil {
		return status.New(codes.Internal, detail.GetMessage()).Err()
	}
	return s.Err()
}

// codeOf gives readers of bare gRPC statuses a hint; the detail is what counts.
func codeOf(k driver.Kind) codes.Code {
	switch k {
	case driver.KindTransient:
		return codes.Aborted
	case driver.KindUnsupported:
		return codes.InvalidArgument
	case driver.KindNotFound:
		return codes.NotFound
	case driver.KindBusy, driver.KindNoLibrary, driver.KindDeviceGone, driver.KindPluginVersion:
		return codes.FailedPrecondition
	case driver.KindBug:
		return codes.Internal
	}
	return codes.Unknown
}

// detailOf returns the driver error inside a gRPC status, nil when there is none. Kinds that only a host gives are
// not believed: a plugin that says of itself that it is gone is not.
func detailOf(err error) *driver.Error {
	for _, d := range status.Convert(err).Details() {
		detail, ok := d.(*driverpb.ErrorDetail)
		if !ok {
			continue
		}
		e := fromproto.Error(detail)
		if e.Kind == driver.KindPluginGone || e.Kind == driver.KindPluginHung || e.Kind == driver.KindNotPlugin {
			e.Kind = driver.KindPermanent
		}
		return cleanError(e)
	}
	return nil
}

// cleanError makes the texts of a plugin fit for a terminal.
func cleanError(e *driver.Error) *driver.Error {
	for _, s := range []*string{&e.Op, &e.Field, &e.Message, &e.Nearest, &e.Status.Call, &e.Status.Name} {
		*s = printable(*s, maxText)
	}
	e.Advice = printableLines(e.Advice, maxText)
	if e.Message == "" {
		e.Message = "the driver gives no reason"
	}
	return e
}
