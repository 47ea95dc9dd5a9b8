package main

import (
	"os"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/drivertest"
	"github.com/scopelog/scopelog/units"
)

// TestConformance runs the kit for all drivers against this one, as a plugin process.
func TestConformance(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	which := models[:1] // the others share all code with the first
	if os.Getenv("SCOPELOG_LONG") == "1" {
		which = models
	}
	for _, m := range which {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			drivertest.Run(t, drivertest.Target{
				Path: self, Model: m.name, Slack: 4,
				Env:       []string{actVariable + "=plugin", rigVariable + "=" + t.TempDir(), "GORACE=atexit_sleep_ms=0"},
				Configure: func(c *driver.Config) { c.Stream.Interval = units.Seconds(1, 100_000) },
			})
		})
	}
}
