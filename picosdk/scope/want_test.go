package scope

import (
	"errors"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

// wantError wants an error of the contract.
func wantError(t *testing.T, err error, kind driver.Kind, field, nearest string) *driver.Error {
	t.Helper()
	var e *driver.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an error of kind %s", err, kind)
	}
	if e.Kind != kind || e.Field != field || e.Nearest != nearest {
		t.Errorf("got kind %s, field %q, nearest %s; want %s, %q, %s: %v", e.Kind, e.Field, e.Nearest, kind, field, nearest, err)
	}
	return e
}

// wantCalls wants calls of some names, in this order.
func wantCalls(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("calls\n got %q\nwant %q", got, want)
	}
}
