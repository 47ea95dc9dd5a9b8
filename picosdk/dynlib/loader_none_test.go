//go:build !cgo || !(linux || darwin)

package dynlib

import (
	"errors"
	"testing"
)

func TestNoBinding(t *testing.T) {
	lib, err := Open(Request{Names: []string{"libm.so.6"}})
	var binding *BindingError
	if lib != nil || !errors.Is(err, ErrNoBinding) || !errors.As(err, &binding) || binding.Advice == "" {
		t.Errorf("%v, %v", lib, err)
	}
}
