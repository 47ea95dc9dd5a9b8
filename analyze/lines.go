package analyze

import (
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/spectrum"
)

// mostLines is how many lines of a spectrum are told.
const mostLines = 10

// lines tells the strongest lines of each spectrum of a table: its greatest value, the frequency between the values, and the rms of a sine that has as
// much power, of which each value around it has a part.
func (s *psdState) lines(t *Table, list []*spectrum.Spectrum) *Table {
	b := &Table{Operation: "the strongest lines"}
	b.text("stream")
	b.value("frequency", "Hz")
	b.value("value", "")
	b.text("unit")
	b.value("rms", s.parts[0].src.Unit())
	for _, i := range t.Drawn.Y {
		c := &t.Columns[i]
		k := slices.IndexFunc(s.parts, func(p *psdPart) bool { return p.src.name == c.Name })
		b.sharedUnit(s.parts[k].src.Unit(), "rms")
		found := list[k].Strongest(mostLines)
		if len(found) > 0 {
			t.watch(c.Name, quantity("", found[0].Frequency, "Hz"), quantity("with", c.Values[found[0].Bin], c.Unit))
		}
		for _, l := range found {
			b.row(c.Name, l.Frequency, c.Values[l.Bin], c.Unit, math.Sqrt(l.Power))
		}
	}
	return b
}
