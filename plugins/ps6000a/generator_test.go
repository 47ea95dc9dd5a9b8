//go:build cgo

package main

import (
	"testing"

	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
)

func TestGenerator(t *testing.T) {
	t.Parallel()
	scopetest.Generator(t, scopetest.EmulatorDir(t, family.File), scopetest.GeneratorUnit{Model: "6824E", Input: "aux"})
}
