package scope

import (
	"testing"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// TestWhatTheLibraryCannot: what the library of a family lacks is told before a unit is opened, as limits of all its models.
func TestWhatTheLibraryCannot(t *testing.T) {
	f := fakeFamily
	for _, lacks := range []bool{false, true} {
		f.Generator.NoSweepCount, f.Generator.NoLevel = lacks, lacks
		for _, m := range (&Driver{family: f}).describe().Models {
			if g := m.Generator; g.NoSweepCount != lacks || g.FixedLevel != lacks {
				t.Errorf("%s: %+v, want %v", m.Model, g, lacks)
			}
			if m.Trigger.MaxInput != 5*units.Volt {
				t.Errorf("%s: inputs to %v", m.Model, m.Trigger.MaxInput)
			}
		}
	}
	m := fakeModel("none", 2, 0)
	m.Generator, m.Trigger.External = nil, false
	if c := f.capabilities(m, picosdk.State{}); c.Generator != nil || c.Trigger.MaxInput != 0 {
		t.Errorf("%+v, inputs to %v", c.Generator, c.Trigger.MaxInput)
	}
}
