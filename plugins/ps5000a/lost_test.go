//go:build cgo

package main

import (
	"testing"

	"github.com/scopelog/scopelog/picosdk/scope/scopetest"
	"github.com/scopelog/scopelog/shmring"
)

// TestLostInside: half a second that the library counted and did not deliver is told at the end, since the loop had polled
// until nothing was left. Without a loss nothing is.
func TestLostInside(t *testing.T) {
	libraries := scopetest.EmulatorDir(t, family.File)
	for _, c := range []struct {
		name, fault string
		want        int64
	}{
		{"some", "fault = lose sample=20000 count=100000 run=2\n", 100_000},
		{"none", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			const second = 200_000
			p := scopetest.Start(t, libraries, powerRig+c.fault)
			d := p.Open()
			r := p.Begin(d, scopetest.Config(second, []string{"A"}, nil))
			seen := uint32(0)
			r.Drain(func(desc shmring.Desc) {
				if desc.Type == shmring.DescData {
					seen += desc.Count
				}
			}, func() bool { return seen > second/2 })
			if err := d.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.Drain(func(shmring.Desc) {}, scopetest.Never)
			info, err := d.Wait(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			// What comes between the last poll and the stop is counted, too.
			if lost := max(info.DriverLost, 0); lost < c.want || lost > c.want*2 {
				t.Errorf("%d samples lost, want about %d", info.DriverLost, c.want)
			}
		})
	}
}
