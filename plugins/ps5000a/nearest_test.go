//go:build cgo

package main

import (
	"errors"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
	"github.com/scopelog/scopelog/units"
)

// TestNearestInterval: the unit gives three channels the share of four, which the table does not know. The nearest interval
// that it takes is told, not just one that it takes.
func TestNearestInterval(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	p := scopetest.Start(t, libraries, "[unit TE57/0001]\nmodel = 5444D\n")
	d := p.Open()
	cfg := scopetest.Config(1_000_000, []string{"A", "B", "C"}, nil)
	cfg.Stream.Interval = units.Seconds(24, 1e9)
	_, err := d.Configure(t.Context(), cfg)
	var e *driver.Error
	if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != "stream.sample_interval" || e.Nearest != `"32ns"` {
		t.Fatalf("got %v", err)
	}
	cfg.Stream.Interval = units.Seconds(32, 1e9)
	if a, err := d.Configure(t.Context(), cfg); err != nil || a.Interval.Cmp(cfg.Stream.Interval.Rational) != 0 {
		t.Errorf("%v, %v", a.Interval, err)
	}
}
