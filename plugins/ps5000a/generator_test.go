//go:build cgo

package main

import (
	"testing"

	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
	"github.com/scopelog/scopelog/units"
)

func TestGenerator(t *testing.T) {
	t.Parallel()
	scopetest.Generator(t, scopetest.EmulatorDir(t, family.File), scopetest.GeneratorUnit{Model: "5444D", Input: "external", Level: -500 * units.Millivolt, Sweeps: true})
}
