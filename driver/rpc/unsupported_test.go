//go:build !linux

package rpc

import (
	"errors"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

// TestNotSupported: where plugins cannot run yet, that is what is said.
func TestNotSupported(t *testing.T) {
	_, err := Start(t.Context(), StartOptions{Path: "/nonexistent", SocketDir: t.TempDir()[:1]})
	if !errors.Is(err, ErrNotSupported) || driver.KindOf(err) != driver.KindUnsupported {
		t.Errorf("got %v", err)
	}
	if _, err := prepareProcess(); !errors.Is(err, ErrNotSupported) {
		t.Errorf("serve: %v", err)
	}
}
