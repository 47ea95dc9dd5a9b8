package main

import (
	"testing"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/units"
)

func TestValidateTellsTimebases(t *testing.T) {
	one := plan.TimebaseInterval{Interval: units.Seconds(32, 1e9), Models: []string{"5444D"}}
	other := plan.TimebaseInterval{Interval: units.Seconds(48, 1e9), Models: []string{"2406B", "2407B"}}
	for _, c := range []struct {
		name string
		list []plan.TimebaseInterval
		want string
	}{
		{"no timebase", nil, "a.hcl: valid, 1 device\n"},
		{"one", []plan.TimebaseInterval{one}, "a.hcl: valid, 1 device\n  cell: the timebase is 32 ns\n"},
		{"models differ", []plan.TimebaseInterval{one, other}, "a.hcl: valid, 1 device\n  cell: the timebase is 32 ns on 5444D\n  cell: the timebase is 48 ns on 2406B, 2407B\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, out := newTestApp(t, nil)
			doc := validateDocument{Devices: []validatedDevice{{Name: "cell", Driver: "scope", Checked: "model", Timebases: timebases(&plan.Device{Timebases: c.list})}}}
			if err := printValid(a, "a.hcl", doc); err != nil {
				t.Fatal(err)
			}
			if got := out.stdout.String(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
