package capi

import (
	"testing"

	"github.com/scopelog/scopelog/internal/abicheck/fakelib"
)

func TestWithoutCgo(t *testing.T) { fakelib.SameAPI(t, ".") }
