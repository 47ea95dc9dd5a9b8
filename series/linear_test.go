package series

import (
	"math"
	"testing"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

func TestLinear(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*recording.Global)
		q      convert.Quantity
		ok     bool
		scale  float64
		offset float64
	}{
		{"volts", func(*recording.Global) {}, convert.Unit, true, 0.001, 0},
		{"with an offset", func(g *recording.Global) { g.Offset = 2 }, convert.Unit, true, 0.001, 2},
		{"turned", func(g *recording.Global) { g.Scale = -0.5 }, convert.Unit, true, -0.5, 0},
		{"counts", func(g *recording.Global) { g.Offset = 2 }, convert.Counts, true, 1, 0},
		{"another type", func(g *recording.Global) { g.Datatype = recording.Float32 }, convert.Unit, false, 0, 0},
		{"an equation", func(g *recording.Global) { g.Equation = "v * 2" }, convert.Unit, false, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := recordingtest.Analog("A")
			c.change(&a.Global)
			if a.Global.Datatype != "" {
				a.Datatype = a.Global.Datatype
			}
			l := recordingtest.New(t, recordingtest.Device(a))
			l.Add(100)
			list, err := Of(All(l.Open().Streams()...), c.q)
			if err != nil {
				t.Fatal(err)
			}
			scale, offset, ok := list[0].Linear()
			if ok != c.ok || math.Abs(scale-c.scale) > 1e-15 || math.Abs(offset-c.offset) > 1e-12 {
				t.Errorf("%v x code + %v, %v", scale, offset, ok)
			}
		})
	}
}
